"""What templates see: rows with all that is shown of an item, and what else a section has lines of; every text is safe."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the counts: its `key` (`due-soon`), how many, and by how many it `changed`; empty where it did not, or nobody knows."""

    key: str
    count: int
    changed: str


@dataclass(frozen=True, slots=True)
class Row:
    """An item as templates show it, every text of it safe.

    `title` links to its issue, or is plain; `ticket` is the issue's number; `owners` is empty where there are none; `due`,
    `age` and `closed` are written out, `age` up to the day on which it was closed; `incident` links to the document;
    `marks` are `held`, `clash`, `done-here`, `done-there`, `unsent`.
    """

    title: str
    ticket: str
    owners: str
    teams: str
    due: str
    age: str
    closed: str
    overdue: bool
    unknown: bool
    incident: str
    severity: str
    reason: str
    by: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is told of an incident, or of anything else that has a `name`."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Share:
    """A group of items: `name` is empty for those of none; `oldest` is the age of the oldest open one, written out."""

    name: str
    open: int
    overdue: int
    done: int
    declined: int
    oldest: str


@dataclass(frozen=True, slots=True)
class Span:
    """How many open items are of an age."""

    name: str
    open: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A month; `completed` and `on_time` are percents, written out."""

    name: str
    opened: int
    closed: int
    open: int
    completed: str
    on_time: str


@dataclass(frozen=True, slots=True)
class Alike:
    """A theme: what its members share, how alike they are at least, and of how many incidents they are.

    `likeness` is empty for those of the same words; `of` is `items` or `causes`; the former are `rows`, the latter `causes`, each with the incident's name and its text.
    """

    name: str
    likeness: str
    incidents: int
    rows: tuple[Row, ...]
    of: str
    causes: tuple[Remark, ...]
