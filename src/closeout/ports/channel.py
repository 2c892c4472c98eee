"""Channels: where a report goes; and walls: where the postings of one kind hang in a tracker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from closeout.domain.ledger import Report


@dataclass(frozen=True, slots=True)
class Posting:
    """A report that is to be posted.

    `name` is the report's, of which there is one posting (or one for each `period`, as in `2026-W47`) whatever becomes of
    its `title`; `text` gives it as Markdown in at most so many characters (ValueError: it cannot be that short), and
    is posted again when `facts`, which name all that it says but for the day, are others.
    Of the logins in `mentions` alone a mention may be made.
    """

    name: str
    title: str
    period: str
    text: Callable[[int], str]
    facts: str = ""
    mentions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of a posting: what the ledger is to remember, where people find it, whether anything was written, what a
    person should know, and why nothing was written where something held it.
    """

    report: Report
    address: str = ""
    changed: bool = False
    remarks: tuple[str, ...] = ()
    held: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a channel is told: the time (UTC, ISO 8601 to the second), whose the postings are (the documents' repository),
    whether every run sees what this one remembers, how a write is announced, and how the right to write is kept for as
    long as one takes: each write comes after one of these two, which raise MovedError where that right is lost.
    """

    now: str
    repository: str
    shared: Callable[[], bool]
    announce: Callable[[Report], None]
    hold: Callable[[], None]


class Channel(Protocol):
    """Where a report goes."""

    @property
    def tracker(self) -> str:
        """The name of the tracker."""

    @property
    def write_seconds(self) -> float:
        """How long one write may take at most."""

    def knows_us(self) -> bool:
        """Tell whether what we wrote is known by its author: an account that nobody shares."""

    def post(self, posting: Posting, known: Report, told: Told) -> Posted:
        """Post a report, or bring what was posted up to date; nothing is asked where it is known to be the same.

        Raises TrackerError where it cannot be posted, LaterError where nobody can tell yet whether it was.
        """


@dataclass(frozen=True, slots=True)
class Note:
    """A posting as the tracker holds it: a comment, or an issue. `author` is an account in lower case, `mark` the one it
    carries, `made` when (UTC, ISO 8601), `open` whether people see it among what is open; a `pull` request is none. An
    issue has at least so many `comments`.
    """

    id: str
    body: str
    author: str = ""
    mark: str = ""
    made: str = ""
    address: str = ""
    open: bool = True
    pull: bool = False
    comments: int = 0


class Paper(Protocol):
    """What a host takes as text, and how it counts it."""

    @property
    def limit(self) -> int:
        """How much of it, in the host's units."""

    def size(self, body: str) -> int:
        """Count a body as the host does."""

    def body(self, text: str, mark: str, aloud: frozenset[str], there: str = "") -> str:
        """Return what is sent for a text of Markdown, carrying a mark where the host has no other place for one.

        It mentions nobody but those who are named `aloud`, and refers to nothing that would tell of it. Of what is
        `there` all that is not ours is kept.
        """

    def emptied(self, line: str, there: str) -> str:
        """Return what is `there` with a line in the place of ours, without a mark."""


class Wall(Protocol):
    """Where postings hang. Every method raises TrackerError (LaterError) where it cannot answer; none answers "nothing"
    for "could not see". Those that write raise OutcomeUnknown, and what may have been made is looked for by its mark.
    """

    @property
    def tracker(self) -> str:
        """The name of the tracker."""

    @property
    def ticket(self) -> str:
        """The issue whose comments these are; empty where each posting is an issue."""

    @property
    def where(self) -> str:
        """How an error names it."""

    @property
    def lists_lag(self) -> bool:
        """Whether a new posting may be missing from the listing for minutes."""

    @property
    def write_seconds(self) -> float:
        """How long one write may take at most."""

    @property
    def paper(self) -> Paper:
        """What it takes as text."""

    def whoami(self) -> str:
        """Return our account; empty where the tracker does not tell."""

    def look(self) -> tuple[str, ...]:
        """Make sure that something can hang here; return what a person should know."""

    def notes(self, mark: str) -> Sequence[Note]:
        """Return what carries a mark, all pages, the oldest first."""

    def get(self, name: str) -> Note | None:
        """Return a posting by its id; None if it was deleted."""

    def put(self, title: str, body: str, mark: str) -> Note:
        """Hang a new one."""

    def edit(self, name: str, body: str) -> Note:
        """Replace a posting's text."""

    def retire(self, note: Note, body: str) -> None:
        """Let one of ours be no posting any more: it has this text, its mark goes, an issue is closed."""

    def close(self, note: Note) -> None:
        """Close one whose time is over; a comment stays as it is."""
