"""Pull requests on Forgejo and Gitea, where `WIP:` in front of the title is what a draft is elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from closeout.errors import TrackerError
from closeout.hosts import forgejo_pulls
from closeout.hosts.forgejo import Forgejo
from closeout.hosts.forgejo_replies import RawPull
from closeout.hosts.rest import Refused
from closeout.ports.pulls import Pull

_DRAFT = "WIP: "
_DRAFTED = re.compile(r"\s*(WIP:|\[WIP\])", re.IGNORECASE)
_RIGHT = "Give the token read and write access to this repository (`write:repository`)"


@dataclass
class ForgejoPulls:
    """Pull requests of the repository `project` (`owner/name`) onto its default branch."""

    host: Forgejo
    project: str
    _found: tuple[str, str] = field(default=("", ""), repr=False)

    def find(self, branch: str) -> Pull | None:
        """Return the open pull request of a branch, else the newest; one request where it never had any, unless the host
        is too old to be asked for one branch.
        """
        name, base = self._repository
        try:
            if self._never(name, base, branch):
                return None
            listed = (raw for state in ("open", "closed") for raw in forgejo_pulls.pulls(self.host, name, state))
            return next((_pull(raw) for raw in listed if raw.of(branch)), None)
        except Refused as refused:
            raise _explained(refused) from None

    def _never(self, name: str, base: str, branch: str) -> bool:
        """Whether a branch surely never had one; which of several the host would tell of is left to it."""
        try:
            return forgejo_pulls.between(self.host, name, base, branch) is None
        except Refused as refused:
            if refused.status == 404:
                return False
            raise

    def open(self, branch: str, base: str, title: str, text: str) -> Pull:
        """Open one that is not to be merged yet, or take the one that is open."""
        name, _ = self._repository
        try:
            return _pull(forgejo_pulls.create(self.host, name, (branch, base), f"{_DRAFT}{title}", text))
        except Refused as refused:
            if refused.status == 409 and (found := self.find(branch)) and found.state == "open":
                self.update(found.number, title, text)
                return found
            raise _explained(refused) from None

    def update(self, number: int, title: str, text: str) -> None:
        """Replace title and text; whether it is a draft stays as people made it."""
        name, _ = self._repository
        drafted = _DRAFTED.match(forgejo_pulls.pull(self.host, name, number).title)
        told = f"{drafted[1]} {title}" if drafted else title
        forgejo_pulls.edit(self.host, name, number, {"title": told, "body": text})

    def close(self, number: int, text: str) -> None:
        """Close it, with a last text."""
        forgejo_pulls.edit(self.host, self._repository[0], number, {"body": text, "state": "closed"})

    def compare(self, branch: str, base: str) -> str:
        """Return the page on which a person can open it."""
        return f"{self.host.web}/{self.project}/compare/{quote(base)}...{quote(branch)}"

    @property
    def _repository(self) -> tuple[str, str]:
        """Its present name, and its default branch; looked up once."""
        if not self._found[0]:
            found = self.host.repository(self.project)
            self._found = (found.full_name, found.default_branch)
        return self._found


def _explained(refused: Refused) -> TrackerError:
    """Say which right is missing, where that is why."""
    if refused.status == 403:
        return TrackerError(f"{refused.message or 'the token may not do this'} (403). {_RIGHT}")
    return refused


def _pull(raw: RawPull) -> Pull:
    state = "merged" if raw.merged else raw.state
    closed = _moment(raw.closed_at or raw.merged_at)
    return Pull(raw.number, raw.html_url, state, raw.head.sha, raw.body or "", _moment(raw.created_at), closed)


def _moment(when: datetime | None) -> str:
    """A moment in UTC, whatever the server's zone."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if when else ""
