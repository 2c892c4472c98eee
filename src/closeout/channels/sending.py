"""A program of its own that sends one message through Apprise: what libraries print and log ends with it.

It reads JSON (`address`, `title`, `text`) from its input and writes nothing but one word: `sent`; `wrong`, for an address
that Apprise does not know; `refused`, with the number of an answer where there was one, if surely nobody got it; or
`unknown`. Nothing of the address is in it.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import re
import sys

_ANSWER = re.compile(r"\berror\W{1,3}(4\d\d)\b|\b(?:Failed to send|status)\b[^\n]*?\b(4\d\d)\b")
_ROOM = 20  # characters that a service may put around a title
_MAYBE = frozenset({"408", "409", "425"})  # answers of 400 that do not say that nothing was done
_UNHEARD = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeoutError|Connection refused|getaddrinfo failed"
    r"|Name or service not known|nodename nor servname|Temporary failure in name resolution|No route to host"
)


class _Heard(logging.Handler):
    """What Apprise logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        with contextlib.suppress(Exception):
            self.lines.append(record.getMessage())


def outcome(address: str, title: str, text: str) -> str:
    """Send a message, once, and return the word for what came of it."""
    import apprise  # noqa: PLC0415 - it is large, and others import this module for its name
    from apprise.plugins.email import NotifyEmail  # noqa: PLC0415

    heard = _Heard()
    logger = logging.getLogger("apprise")
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    logger.handlers = [heard]
    asset = apprise.AppriseAsset(
        async_mode=False, app_id="closeout", app_desc="closeout", app_url="", image_url_mask="", image_url_logo=""
    )
    service = apprise.Apprise.instantiate(address, asset=asset)
    if not isinstance(service, apprise.NotifyBase):
        return "wrong"
    service.retry = 0  # whether a lost answer was a message, nobody knows
    if isinstance(service, NotifyEmail):
        service.headers.setdefault("Auto-Submitted", "auto-generated")  # RFC 3834: no holiday note comes back
    one = apprise.Apprise(asset=asset)
    one.add(service)
    plain, marked = apprise.NotifyFormat.TEXT, apprise.NotifyFormat.MARKDOWN
    # to a service that reads Markdown it goes as it is: nothing in it acts there, and escaped addresses are no links
    form = marked if service.resolve_format(plain) is marked else plain
    if one.notify(body=_within(text, service.body_maxlen - len(title) - _ROOM), title=title, body_format=form):
        return "sent"
    return _failure("\n".join(heard.lines), alone=len(service) == 1)


def _within(text: str, limit: int) -> str:
    """Leave out lines until a text fits, from below; the last one, which has the link, stays."""
    lines = text.split("\n")
    while len(lines) > 2 and sum(len(line) + 1 for line in lines) > limit:
        del lines[-2]
    return "\n".join(lines)


def _failure(told: str, *, alone: bool) -> str:
    """Tell what a failure was; of an address with several people behind it some may have got the message."""
    answers = {answer for pair in _ANSWER.findall(told) for answer in pair if answer}
    if alone and len(answers) == 1 and not answers & _MAYBE:
        return f"refused {answers.pop()}"
    return "refused" if alone and not answers and _UNHEARD.search(told) else "unknown"


def main() -> None:
    """Do what the input says; the way out for the word is kept from everything else that prints."""
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    asked = json.load(sys.stdin)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        word = outcome(asked["address"], asked["title"], asked["text"])
    os.write(out, word.encode())


if __name__ == "__main__":
    main()
