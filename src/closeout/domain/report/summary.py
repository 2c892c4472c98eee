"""The summary: every number of a report, once; whatever it is shown as takes them from here.

It holds codes and values, no sentence: what they are called is the renderers' matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from closeout.domain.report.rows import Case, Tracked, Waiting
from closeout.domain.report.scope import Scope

DUE_SOON = 7  # days
AGES = (7, 30, 90, 180, 365)  # the last day, in days, of each age bucket but the one without an end


@dataclass(frozen=True, slots=True)
class Counts:
    """Open items, and how many of them are of each kind; one item may be of several.

    `overdue`: due before the day of the report; `due_soon`: on it or within DUE_SOON days after it.
    """

    open: int = 0
    overdue: int = 0
    due_soon: int = 0
    without_owner: int = 0
    without_date: int = 0
    status_unknown: int = 0
    held: int = 0
    clashing: int = 0
    drifting: int = 0


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many open items are `first` to `last` days old, both included; `last` None: or older; both None: nobody knows."""

    first: int | None
    last: int | None
    open: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Of how many numbers of days the median and the 90th percentile (nearest rank) are; None of none."""

    count: int = 0
    median: int | None = None
    p90: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one team, owner, severity or incident; `name` is empty for those of none.

    An item of several owners or teams is in each of their groups. `done` and `declined` are those closed in the period;
    `oldest` is the age of the oldest open one, in days; `case` the number of the incident where the group is one.
    """

    name: str
    open: int = 0
    overdue: int = 0
    done: int = 0
    declined: int = 0
    oldest: int | None = None
    case: int | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """One month (`2026-11`).

    `opened`: items whose age began in it; `closed`: items closed in it, done or not; `open`: those open at its end, or
    on the day of the report; `completed`: of `opened`, those done by the day of the report, and `declined` those nobody
    will do; `due`: items due in it, before the day of the report or done by it, without the declined and those done on a
    day that nobody knows; `on_time`: of these, those done on their due date or before.
    """

    name: str
    opened: int = 0
    closed: int = 0
    open: int = 0
    completed: int = 0
    declined: int = 0
    due: int = 0
    on_time: int = 0


class Of(StrEnum):
    """What a theme is of."""

    ITEMS = "items"
    CAUSES = "causes"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an incident happened, as its document says; `case` is its number."""

    case: int
    text: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Items, or causes, of several postmortems that are alike: what they share, and how alike the least alike pair is that
    joins them. Of `items` and `causes` one is empty, as `of` says.
    """

    words: tuple[str, ...]
    items: tuple[Tracked, ...]
    cases: tuple[int, ...]
    likeness: int
    of: Of = Of.ITEMS
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Late:
    """A postmortem that surely came later than the policy says: hours allowed, and days from the incident until it came."""

    case: int
    allowed: int
    took: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A report.

    `before` are the counts on the day before the period began, None where nobody knows; `open` are all open items,
    oldest first, those of unknown age last; `done` and `declined` those closed in the period, latest first, and at the end
    those that were open before it and are closed now, nobody knows since when; `undated` counts closed items of which
    nobody knows the day. `ages` and `to_close` are days, of open items and of those closed in the period. Groups are
    those with most open items first. `cases` are all incidents; `late` and `without_items` are about those whose day, or
    whose publication, is in the period.
    """

    as_of: date
    scope: Scope
    repository: str
    tracked: bool
    counts: Counts
    before: Counts | None
    buckets: tuple[Bucket, ...]
    ages: Spread
    to_close: Spread
    open: tuple[Tracked, ...]
    done: tuple[Tracked, ...]
    declined: tuple[Tracked, ...]
    undated: int
    teams: tuple[Group, ...]
    owners: tuple[Group, ...]
    severities: tuple[Group, ...]
    incidents: tuple[Group, ...]
    months: tuple[Month, ...]
    themes: tuple[Theme, ...]
    cases: tuple[Case, ...]
    late: tuple[Late, ...]
    without_items: tuple[int, ...]
    waiting: tuple[Waiting, ...]
    notes: tuple[tuple[str, str], ...] = ()

    def closings(self) -> bool:
        """Tell whether anybody knows on which days items were closed: documents alone do not say it."""
        return self.tracked or any(month.closed for month in self.months)

    def overdue(self) -> tuple[Tracked, ...]:
        """Return the open items that are overdue, the one due first, first."""
        found = (item for item in self.open if item.due is not None and item.due < self.as_of)
        return tuple(sorted(found, key=lambda item: (item.due or date.max, item.path, item.line)))
