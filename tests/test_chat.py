"""Chat and mail: what is sent to whom over real connections, what a failure means, and that nobody is shown an address."""

from __future__ import annotations

import email
import json
import logging
import socket
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message as Mail
from email.policy import default
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from closeout.channels import sending
from closeout.channels.chat import Chat
from closeout.errors import ConfigurationError, Exit, OutcomeUnknown, TrackerError
from closeout.render.report.message import digest, message
from fakes.http import Loopback, Reply
from made_summary import made_summary

SECRET = "t0k3n-s3cr3t"
TITLE, TEXT = "Action items: 2 open – für alle", "2026-W46\n• 障害 <b>&amp;</b> *x*\nAll of it: https://example.com/1"


class MailBox:
    """What a mail server took; `refuses` is what it answers to a recipient instead."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.refuses = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(email.message_from_bytes(content, policy=default))
        return "250 OK"


@pytest.fixture
def box() -> MailBox:
    return MailBox()


@pytest.fixture
def smtp(box: MailBox) -> Iterator[str]:
    """A mail server's address, as Apprise has it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"mailto://127.0.0.1:{port}/?from=closeout@example.com&to=ann@example.com&mode=insecure"
    finally:
        controller.stop()


@pytest.fixture
def hook() -> Iterator[Loopback]:
    with Loopback(lambda request: Reply(200)) as server:
        yield server


@pytest.fixture
def quiet() -> Iterator[None]:
    """Apprise's logger, as it was before and after."""
    logger = logging.getLogger("apprise")
    kept = logger.propagate, logger.level, logger.handlers
    yield
    logger.propagate, logger.level, logger.handlers = kept


@pytest.fixture
def here(quiet: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are sent by this process, which is faster."""
    monkeypatch.setattr(Chat, "_word", lambda self, asked: sending.outcome(**json.loads(asked)))


def webhook(server: Loopback, more: str = "") -> str:
    return f"{server.url.replace('http', 'json')}/{SECRET}?cto=1&rto=1{more}"


def posted(server: Loopback) -> list[Any]:
    return [request.sent for request in server.requests]


def test_a_webhook_gets_title_and_text_as_they_are_whatever_lies_in_the_current_folder(
    hook: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "apprise.py").write_text("raise SystemExit(7)\n")
    monkeypatch.chdir(tmp_path)
    Chat("env:CHAT_URL", lambda: webhook(hook)).send(TITLE, TEXT)
    (got,) = posted(hook)
    assert (got["title"], got["message"]) == (TITLE, TEXT)


@pytest.mark.usefixtures("here")
def test_a_mail_is_plain_text_with_a_subject(smtp: str, box: MailBox) -> None:
    Chat("env:MAIL", lambda: smtp).send(TITLE, TEXT)
    (mail,) = box.mails
    assert (mail["Subject"], mail["To"], mail.get_content_type()) == (TITLE, "ann@example.com", "text/plain")
    assert (mail.get_content_charset(), mail["Auto-Submitted"]) == ("utf-8", "auto-generated")
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().replace("\r\n", "\n").strip() == TEXT


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (Reply(200), "sent"),
        (Reply(401), "refused 401"),
        (Reply(404), "refused 404"),
        (Reply(429), "refused 429"),
        (Reply(408), "unknown"),
        (Reply(500), "unknown"),
        (Reply(503), "unknown"),
        (Reply(200, ends="dropped"), "unknown"),
        (Reply(200, ends="held"), "unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.status}-{value.ends}",
)
def test_only_what_surely_nobody_got_counts_as_refused(answer: Reply, word: str) -> None:
    with Loopback(lambda request: answer) as server:
        assert sending.outcome(webhook(server, "&retry=3").replace("rto=1", "rto=0.2"), TITLE, TEXT) == word
    assert len(server.requests) == 1


@pytest.mark.usefixtures("quiet")
def test_where_nobody_listens_nobody_got_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert sending.outcome(f"json://127.0.0.1:{port}/x", TITLE, TEXT) == "refused"
        assert (
            sending.outcome(f"mailto://127.0.0.1:{port}/?from=a@b.example&to=c@d.example&mode=insecure", TITLE, TEXT)
            == "refused"
        )
        two = f"mailto://127.0.0.1:{port}/?from=a@b.example&to=c@d.example,e@f.example&mode=insecure"
        assert sending.outcome(two, TITLE, TEXT) == "unknown"


@pytest.mark.usefixtures("quiet")
def test_a_recipient_that_a_mail_server_refuses_is_a_failure(smtp: str, box: MailBox) -> None:
    box.refuses = "550 no such user"
    assert sending.outcome(smtp, TITLE, TEXT) == "unknown"
    assert not box.mails


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    "address", ["", "nothing", "nosuch://x", "json://", "https://hooks.example.com/x\n", "mailto://"]
)
def test_what_is_no_address_is_told_without_it(address: str) -> None:
    assert sending.outcome(address, TITLE, TEXT) == "wrong"


@pytest.mark.usefixtures("quiet")
def test_a_text_that_is_too_long_for_a_service_keeps_its_first_lines_and_its_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = ["2026-W46", *(f"• item {number} {'x' * 80}" for number in range(30)), "All of it: https://example.com/1"]
    (got,) = services(monkeypatch, "rocket", "\n".join(lines))
    assert "2026-W46\n• item 0 " in got
    assert "All of it: https://example.com/1" in got
    assert len(got.partition('"text": "')[2].partition('"')[0]) <= 1000  # its limit


def test_a_process_that_does_not_end_is_ended(hook: Loopback) -> None:
    held = Loopback(lambda request: Reply(200, ends="held"))
    with (
        held,
        pytest.raises(OutcomeUnknown, match="env:CHAT_URL: could not tell whether the message was sent") as error,
    ):
        Chat("env:CHAT_URL", lambda: webhook(held).replace("rto=1", "rto=600"), seconds=1).send(TITLE, TEXT)
    assert SECRET not in str(error.value)


@pytest.mark.usefixtures("here")
def test_a_refusal_tells_the_answer() -> None:
    with Loopback(lambda request: Reply(401)) as server, pytest.raises(TrackerError, match="the answer was 401"):
        Chat("env:CHAT_URL", lambda: webhook(server)).send(TITLE, TEXT)


def test_a_failure_names_the_channel_and_never_its_address(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Loopback(lambda request: Reply(500)) as server:
        one = Chat("file:/run/secrets/chat", lambda: webhook(server))
        with pytest.raises(OutcomeUnknown) as error:
            one.send(TITLE, TEXT)
    assert str(error.value).startswith("file:/run/secrets/chat: could not tell whether the message was sent")
    assert error.value.exit is Exit.TRACKER
    assert SECRET not in f"{caplog.text}{error.value}{one!r}"
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("here")
def test_an_address_that_cannot_be_understood_is_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConfigurationError, match="env:CHAT_URL: could not send the message") as error:
        Chat("env:CHAT_URL", lambda: f"nosuch://{SECRET}").send(TITLE, TEXT)
    assert SECRET not in str(error.value)
    assert capfd.readouterr() == ("", "")


ADDRESSES = {
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#x",
    "discord": f"discord://1234567890123456789/{'abcdefghij' * 7}",
    "discord as markdown": f"discord://1234567890123456789/{'abcdefghij' * 7}?format=markdown",
    "telegram": "tgram://123456789:abcdefghijklmnopqrstuvwxyz123456789/12345",
    "teams": f"workflows://host/{'643ce3cd17e240cb' * 2}/{'643ce3cd17e240cb' * 2}/",
    "matrix": "matrix://token@localhost/!room:localhost?mode=matrix",
    "mattermost": "mmost://localhost/3ccdd113474722377935511fc85d3dd4",
    "google chat": "gchat://space/key/token",
    "zulip": "zulip://bot@org/a1Na5ZTiEhd5zC4fWbNyb7mxk9gVkWbR/ch",
    "rocket": "rocket://user:pass@localhost/#x?avatar=no",
    "html mail": "json://localhost/x?format=html",
}


class _Answer:
    """Yes, whatever was asked."""

    status_code = 200
    content = text = '{"ok": true, "status": "success", "data": {"userId": "u", "authToken": "t"}, "room_id": "!r:l"}'
    headers = MappingProxyType({"Content-Type": "application/json"})

    def json(self) -> Any:
        return json.loads(self.text)


def services(monkeypatch: pytest.MonkeyPatch, service: str, text: str) -> list[str]:
    """What Apprise would send to a service for a text, as that one reads it."""
    found: list[str] = []

    def asked(*arguments: object, data: object = None, json: object = None, **more: object) -> _Answer:
        sent = data or json
        told = sent if isinstance(sent, str) else _json(sent)
        found.extend([told] if "•" in _plain(told) else [])
        return _Answer()

    for name in ("post", "put", "get", "request"):
        monkeypatch.setattr(requests, name, asked)
    sending.outcome(ADDRESSES[service], TITLE, text)
    return [_plain(one) for one in found]


def _json(sent: object) -> str:
    return json.dumps(sent, default=str)


def _plain(told: str) -> str:
    return (
        told.encode().decode("unicode_escape").encode("utf-16", "surrogatepass").decode("utf-16")
        if told.isascii()
        else told
    )


HOSTILE = "@channel @here @everyone @all @room @ann <!channel> <!here|here> <!subteam^S1> <@U123> <@&9> <users/all> @**all** ＠here [Sign in](https://evil.example/x) <https://evil.example|ok> ``` ||x|| https://evil.example www.evil.example"


CALLS = (
    "@channel", "@here", "@everyone", "@all", "@room", "@ann", "@**", "<!", "<@", "&lt;!", "&lt;@", "<users/", "＠here",
    "](http", "<http", "```", "||", "https://evil", "www.evil",
)  # fmt: skip
LINK = "https://github.com/acme/postmortems/issues/9"


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("service", ADDRESSES)
def test_no_title_calls_anybody_in_any_chat(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = made_summary()
    items = tuple(replace(item, title=HOSTILE, owners=("@here", "<!channel>")) for item in made.open)
    summary = replace(made, open=items, repository="@channel/<!here>")
    for one in (message(summary, LINK), digest(summary, "@here", place=LINK)):
        assert one is not None
        (got,) = services(monkeypatch, service, one.text)
        assert LINK in got
        for acts in CALLS:
            assert acts not in got, acts
        assert '"allow_mentions"' not in got
