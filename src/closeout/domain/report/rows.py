"""What a report is made of: every action item and every postmortem as they stood on one day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from closeout.domain.item import Status

UNREADABLE = "unreadable"  # the note of a document that could not be read


class Mark(StrEnum):
    """What is odd about an item."""

    HELD = "held"
    CLASH = "clash"
    DONE_HERE = "done-here"  # the document says that it is closed, its issue is open
    DONE_THERE = "done-there"  # its issue is closed, the document says that it is open
    UNSENT = "unsent"  # it has no issue yet


@dataclass(frozen=True, slots=True)
class Case:
    """One incident with its postmortem.

    `day` is the incident's; `published` the day on which its document first stood on the shared branch, where
    git tells; `address` is a URL of the document, empty where a path is enough; `items` counts what it has of them; `private` that
    its document is for some people only; `causes` say why it happened, as the document does.
    """

    path: str
    title: str
    id: str = ""
    day: date | None = None
    severity: str = ""
    published: date | None = None
    address: str = ""
    items: int = 0
    private: bool = False
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tracked:
    """One action item, once, however many rows follow it.

    `case` is the number of its incident among the report's; `ticket` is as people write it and `address` its URL;
    `since` is the day from which its age counts: its incident's, else the one on which its issue was opened, else the
    one on which it was first seen; `closed` the day on which it was closed. All are None where nobody knows. `reason`
    says why nobody will do it, and `by` who said so. `logins` are the owners' accounts where its issue lives.
    """

    title: str
    path: str
    line: int
    case: int
    owners: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    status: Status | None = None
    due: date | None = None
    priority: str = ""
    ticket: str = ""
    address: str = ""
    since: date | None = None
    closed: date | None = None
    reason: str = ""
    by: str = ""
    marks: frozenset[Mark] = frozenset()

    @property
    def open(self) -> bool:
        """Whether something is left to be done; an unknown status counts as open."""
        return self.status is None or not self.status.closed

    def age(self, today: date) -> int | None:
        """Return the days since its age began, up to the day on which it was closed; None where nobody knows."""
        if self.since is None:
            return None
        until = today if self.open or self.closed is None else min(self.closed, today)
        return max((until - self.since).days, 0)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Write-backs that wait to be merged: where, and since which day."""

    address: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Rows:
    """All that a report is made of, on the day `as_of`.

    `notes` are (code, words) of what it could not see: a tracker that was away, a document that could not be read.
    `tracked` tells that a tracker, or what was last seen of it, was looked at: else all is from documents alone.
    """

    as_of: date
    items: tuple[Tracked, ...] = ()
    cases: tuple[Case, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    repository: str = ""
    tracked: bool = False


def without_private(rows: Rows) -> Rows:
    """Return the rows without incidents of private documents and their items, for people who may not read these.

    Nobody knows whether a document that could not be read is private, so none of those is named.
    """
    kept = [number for number, case in enumerate(rows.cases) if not case.private]
    at = {number: place for place, number in enumerate(kept)}
    items = tuple(replace(item, case=at[item.case]) for item in rows.items if item.case in at)
    notes = [note for note in rows.notes if note[0] != UNREADABLE]
    if unread := len(rows.notes) - len(notes):
        notes.append((UNREADABLE, f"{unread} of the documents could not be read; the run that posted this names which"))
    return replace(rows, items=items, cases=tuple(rows.cases[number] for number in kept), notes=tuple(notes))
