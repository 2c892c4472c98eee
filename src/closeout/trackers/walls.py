"""Where reports hang in a tracker on a host: in a comment of an issue, or in an issue each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from closeout.domain.issue import Capabilities
from closeout.errors import TrackerError
from closeout.hosts.pacing import Pace
from closeout.ports.channel import Note, Paper

T = TypeVar("T")
SENT_WITHIN = 300.0  # a write is sent within this time of being asked for, or not at all


class Desk(Protocol):
    """What is asked of a kind of tracker so that reports can hang there: issues without key and label, by what the ledger
    calls them, and their comments.
    """

    name: str
    pace: Pace
    capabilities: Capabilities

    @property
    def paper(self) -> Paper:
        """What it takes as text."""

    @property
    def address(self) -> str:
        """The project's page."""

    def whoami(self) -> str:
        """Return our account, in lower case; empty where nobody tells."""

    def issue(self, ref: str) -> Note | None:
        """Look at an issue with its text; None if it is not there, or may not be seen."""

    def issues(self, mark: str) -> Iterable[Note]:
        """List the issues that carry a mark, with their texts, in the order of their numbers; no label narrows it."""

    def create(self, title: str, body: str, mark: str) -> Note:
        """Make an issue, and nothing else of it than that."""

    def change(self, ref: str, body: str | None = None, *, close: bool = False, unmark: bool = False) -> Note:
        """Change an issue's text, close it, take its mark off where that is not in the text."""

    def comments(self, ref: str) -> Iterable[Note]:
        """List the comments of an issue, all pages, the oldest first."""

    def comment(self, ref: str, name: str) -> Note | None:
        """Look at a comment of an issue; None if it is not there any more."""

    def add(self, ref: str, body: str, mark: str) -> Note:
        """Write a comment."""

    def edit(self, ref: str, name: str, body: str, *, unmark: bool = False) -> Note:
        """Replace a comment's text."""


@dataclass
class _Wall:
    desk: Desk

    @property
    def tracker(self) -> str:
        return self.desk.name

    @property
    def lists_lag(self) -> bool:
        return self.desk.capabilities.lists_lag

    @property
    def write_seconds(self) -> float:
        return self.desk.capabilities.write_seconds

    @property
    def paper(self) -> Paper:
        return self.desk.paper

    def whoami(self) -> str:
        return self.desk.whoami()


@dataclass
class Comments(_Wall):
    """The comments of an issue of the project, named by what the ledger calls it; `pulls`: of a pull request."""

    ticket: str
    pulls: bool = False
    _known: int = field(default=0, repr=False)

    @property
    def where(self) -> str:
        """The project and the issue."""
        return f"{self.desk.address}: issue {self.ticket}"

    def look(self) -> tuple[str, ...]:
        """Make sure that the issue is there, and no pull request; a closed one takes comments, too."""
        found = self.desk.issue(self.ticket)
        if found is None or found.pull is not self.pulls:
            why = (
                f"it is {'no' if self.pulls else 'a'} pull request"
                if found
                else "it is not there, or the token may not see it"
            )
            message = f"{self.where}: could not post the report: {why}. Let `post` below [report] name an issue of this project"
            raise TrackerError(message)
        self._known = found.comments
        return (
            ()
            if found.open or self.pulls
            else (f"issue {self.ticket} is closed; the report is posted there all the same",)
        )

    def notes(self, mark: str) -> Sequence[Note]:
        """Return the comments that carry a mark. Raises TrackerError for an empty list of an issue that had some."""
        found = list(self.desk.comments(self.ticket))
        if not found and self._known:
            raise TrackerError(_empty(self.where, f"comments: the list is empty, but there are {self._known}"))
        return [note for note in found if note.mark == mark]

    def get(self, name: str) -> Note | None:
        """Look at a comment."""
        return self.desk.comment(self.ticket, name)

    def put(self, title: str, body: str, mark: str) -> Note:  # noqa: ARG002 - a comment has no title
        """Write a comment."""
        with self.desk.pace.within(SENT_WITHIN):
            return self.desk.add(self.ticket, body, mark)

    def edit(self, name: str, body: str) -> Note:
        """Replace a comment's text."""
        with self.desk.pace.within(SENT_WITHIN):
            return self.desk.edit(self.ticket, name, body)

    def retire(self, note: Note, body: str) -> None:
        """Leave a comment of one line."""
        with self.desk.pace.within(SENT_WITHIN):
            self.desk.edit(self.ticket, note.id, body, unmark=True)

    def close(self, note: Note) -> None:
        """Leave a comment as it is."""


@dataclass
class Issues(_Wall):
    """Issues of the project, with no label and no key: none is taken for an item's."""

    ticket: str = ""

    @property
    def where(self) -> str:
        """The project."""
        return self.desk.address

    def look(self) -> tuple[str, ...]:
        """Leave it to the first request."""
        return ()

    def notes(self, mark: str) -> Sequence[Note]:
        """Return the issues that carry a mark."""
        return [note for note in self.desk.issues(mark) if note.mark == mark and not note.pull]

    def get(self, name: str) -> Note | None:
        """Look at an issue."""
        return self.desk.issue(name)

    def put(self, title: str, body: str, mark: str) -> Note:
        """Make an issue."""
        held = self.desk.capabilities
        title = title[: held.title_limit] if held.title_limit else title
        title = title.encode()[: held.title_bytes].decode(errors="ignore") if held.title_bytes else title
        with self.desk.pace.within(SENT_WITHIN):
            return self.desk.create(title, body, mark)

    def edit(self, name: str, body: str) -> Note:
        """Replace an issue's text."""
        with self.desk.pace.within(SENT_WITHIN):
            return self.desk.change(name, body)

    def retire(self, note: Note, body: str) -> None:
        """Leave a closed issue of one line."""
        with self.desk.pace.within(SENT_WITHIN):
            self.desk.change(note.id, body, close=note.open, unmark=True)

    def close(self, note: Note) -> None:
        """Close an issue."""
        with self.desk.pace.within(SENT_WITHIN):
            self.desk.change(note.id, close=True)


def believed(found: Sequence[T], opened: int | None, where: str) -> Sequence[T]:
    """Return a full listing of a project's issues. Raises TrackerError for an empty one if some are open."""
    if not found and opened:
        raise TrackerError(_empty(where, f"issues: the list is empty, but {opened} are open"))
    return found


def _empty(where: str, what: str) -> str:
    return f"{where}: could not list the {what}. Run again later; nothing was posted"
