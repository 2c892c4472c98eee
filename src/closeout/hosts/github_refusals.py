"""What GitHub refuses: why, by status and message, and what a person can do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from closeout.errors import TrackerError
from closeout.hosts.pacing import Errand, Reply

_DISABLED = re.compile(r"issues?\b.*\bdisabled", re.IGNORECASE)


class Refused(TrackerError):  # noqa: N818 - it names what happened
    """GitHub surely did not do it; `status` and `message` are its answer, `said` that with its details, `assignees` the logins that it named as
    no assignees; None where it is about something else.
    """

    def __init__(self, errand: Errand, reply: Reply) -> None:
        why, advice = _told(reply)
        super().__init__(str(errand.failed(why, advice)))
        self.status = reply.status
        self.message = reply.message
        self.said = "; ".join([reply.message, *_details(reply)])
        self.assignees = _refused_logins(reply)

    @property
    def disabled(self) -> bool:
        """Whether the reason is that the repository's issues are switched off."""
        return self.status == 410 and bool(_DISABLED.search(self.message))


def spent(reply: Reply) -> Reply:
    """Return a reply; where GraphQL says with status 200 that its rate limit is used up, as a refusal like any other."""
    if any(error.get("type") in {"RATE_LIMITED", "RATE_LIMIT"} for error in _errors(reply)):
        return Reply(403, reply.headers, {"message": "API rate limit exceeded"})
    return reply


def _told(reply: Reply) -> tuple[str, str]:
    """Why it was refused, and what to do."""
    why, advice = _by_status(reply.status, reply.message.lower())
    details = "; ".join([reply.message, *_details(reply)] if reply.message else _details(reply))
    return f"{why} ({reply.status}{': ' if details else ''}{details})", advice


def _by_status(status: int, message: str) -> tuple[str, str]:
    if "archived" in message or status == 423:
        return "the repository is archived or locked", "Unarchive it, or name another project"
    if status == 403 and "saml" in message:
        return "the organisation asks for single sign-on", "Authorise the token for this organisation"
    if status == 403 and "locked" in message:
        return "the issue is locked", "Unlock it, or change it by hand"
    if status == 410 and _DISABLED.search(message):
        return (
            "issues are disabled in this repository",
            "Switch them on in the repository's settings, or name another project",
        )
    if 300 <= status < 400:
        return "the repository has another name now", "Run again, so that the new name is looked up"
    return _BY_STATUS.get(status, ("the host refused", "Look at the answer, and run again when its cause is gone"))


_BY_STATUS = {
    401: ("the token was not accepted", "Check that it is whole and has not expired"),
    403: (
        "the token may not do this",
        "Give it read and write access to this repository's issues (`issues: write`)",
    ),
    404: (
        "it is not there, or the token may not see it",
        "Check the name of the project, and that the token may read and write its issues",
    ),
    410: ("it was deleted", "Run again; nothing is written to what is gone"),
    422: ("the host does not accept these values", "Correct what it names, and run again"),
}


def _errors(reply: Reply) -> Iterator[Mapping[str, object]]:
    told = reply.data.get("errors") if isinstance(reply.data, dict) else None
    for error in told[:20] if isinstance(told, list) else ():
        if isinstance(error, dict):
            yield error


def _details(reply: Reply) -> list[str]:
    found = []
    for error in _errors(reply):
        parts = (error.get(name) for name in ("field", "code", "value", "message"))
        words = " ".join(" ".join(str(part).split()) for part in parts if part)
        found.append("".join(char for char in words if char.isprintable())[:200])
    return found[:3]


def _refused_logins(reply: Reply) -> frozenset[str] | None:
    if reply.status != 422:
        return None
    values = [error.get("value") for error in _errors(reply) if error.get("field") in {"assignees", "assignee"}]
    listed = [login for value in values for login in (value if isinstance(value, list) else [value])]
    return frozenset(login.lower() for login in listed if isinstance(login, str)) if values else None
