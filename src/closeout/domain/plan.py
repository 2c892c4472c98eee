"""The plan: what a run would do, as data; applying it is a loop over its changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from closeout.domain.finding import Finding
from closeout.domain.issue import Draft
from closeout.domain.item import Field


@dataclass(frozen=True, slots=True)
class Where:
    """Which item a change is about."""

    path: str
    line: int
    title: str


@dataclass(frozen=True, slots=True)
class Create:
    """Make an issue of a draft, put it below its incident's own issue (`parent`, if there is one), and write its ticket
    into the item's row.
    """

    key: str
    tracker: str
    draft: Draft
    where: Where
    reason: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """Change fields of an issue; `values` holds per field the old and the new value."""

    key: str
    tracker: str
    ref: str
    values: Mapping[Field, tuple[str, str]]
    where: Where
    reason: str


@dataclass(frozen=True, slots=True)
class Nest:
    """Put an issue below another, its incident's own."""

    key: str
    tracker: str
    ref: str
    parent: str
    where: Where
    reason: str


@dataclass(frozen=True, slots=True)
class Show:
    """Write a value into its place in a document; `before` is the text that stands there."""

    key: str
    what: Field
    before: str
    value: str
    where: Where
    reason: str


@dataclass(frozen=True, slots=True)
class Write:
    """One value that a new text puts into a document, of which item (its `key`, `line` and `title`), and why."""

    key: str
    line: int
    title: str
    what: str
    before: str
    after: str
    reason: str


Change = Create | Update | Nest | Show


@dataclass(frozen=True, slots=True)
class Held:
    """A change that does not go now: `guard` names who holds it, `later` that the next run takes it up by itself,
    `approvable` that `--approve` lets it go.
    """

    change: Change
    guard: str
    later: bool = False
    approvable: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes in document order, those that are held, what a person should look at, and how much was looked at.

    `without_place` counts the items whose status has no place in their document, `old` those that get no issue because
    their incident is from before `since`, `unassigned` those that are made without assignees,
    `unheld` by tracker the rows that say what it cannot hold, by field or status. `columns`, `boxes` and `realigned` count by path the tables and entries whose
    shape changes, if that was asked for; columns come only with a value. `stop` says why nothing at all is written,
    `open` counts the items that their documents call open, each once, and `overdue` those of them due before today;
    `digest` names what `--approve` lets go, `stale` tells that another set was approved, and
    `several` that there are several trackers.
    """

    changes: tuple[Change, ...] = ()
    held: tuple[Held, ...] = ()
    findings: tuple[Finding, ...] = ()
    documents: int = 0
    items: int = 0
    open: int = 0
    overdue: int = 0
    without_place: int = 0
    old: int = 0
    unassigned: int = 0
    unheld: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    since: str = ""
    columns: Mapping[str, int] = field(default_factory=dict)
    boxes: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    realigned: Mapping[str, int] = field(default_factory=dict)
    stop: str = ""
    digest: str = ""
    stale: bool = False
    several: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.changes or self.held or self.boxes or self.realigned)
