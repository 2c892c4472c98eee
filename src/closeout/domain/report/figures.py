"""Figures: what is counted of the items of a report, and by what they are put together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import dropwhile
from math import ceil

from closeout.domain.item import Status, folded, visible
from closeout.domain.policy import severity_key
from closeout.domain.report.period import month_of, months
from closeout.domain.report.rows import Case, Mark, Tracked
from closeout.domain.report.scope import Period
from closeout.domain.report.summary import AGES, DUE_SOON, Bucket, Counts, Group, Month, Spread

_MONTHS = 12  # that are always told of
_DRIFT = frozenset({Mark.DONE_HERE, Mark.DONE_THERE})
Names = Callable[[Tracked], Sequence[str]]
Place = tuple[str, str]


def counts(items: Sequence[Tracked], as_of: date) -> Counts:
    """Count the open items, and those of each kind."""
    left = [item for item in items if item.open]
    dated = [item.due for item in left if item.due is not None]
    return Counts(
        open=len(left),
        overdue=sum(due < as_of for due in dated),
        due_soon=sum(as_of <= due <= as_of + timedelta(days=DUE_SOON) for due in dated),
        without_owner=sum(not item.owners for item in left),
        without_date=len(left) - len(dated),
        status_unknown=sum(item.status is None for item in left),
        held=sum(Mark.HELD in item.marks for item in left),
        clashing=sum(Mark.CLASH in item.marks for item in left),
        drifting=sum(bool(item.marks & _DRIFT) for item in left),
    )


def buckets(items: Iterable[Tracked], as_of: date) -> tuple[Bucket, ...]:
    """Put every open item into the one bucket of its age."""
    found = Counter(_bucket(item.age(as_of)) for item in items if item.open)
    firsts = (0, *(last + 1 for last in AGES))
    spans = [*zip(firsts, (*AGES, None), strict=True), (None, None)]
    return tuple(Bucket(first, last, found[first]) for first, last in spans)


def _bucket(age: int | None) -> int | None:
    if age is None:
        return None
    return max((0, *(last + 1 for last in AGES if age > last)))


def spread(days: Iterable[int | None]) -> Spread:
    """Return the median and the 90th percentile, by nearest rank, of the days that are known."""
    known = sorted(day for day in days if day is not None)
    if not known:
        return Spread()
    return Spread(len(known), known[ceil(len(known) / 2) - 1], known[ceil(len(known) * 9 / 10) - 1])


def closed_in(
    items: Iterable[Tracked], period: Period, as_of: date, were_open: Container[Place] = ()
) -> tuple[Tracked, ...]:
    """Return the items that were closed in a period, latest first; then those of which nobody knows the day, if they
    were open before a period that has come to the day of the report.
    """
    found = list(items)
    dated = ((closing, item) for item in found if (closing := closed_on(item, as_of)) is not None)
    inside = [(closing, item) for closing, item in dated if period.first <= closing <= period.last]
    ended = [item for closing, item in sorted(inside, key=lambda one: (-one[0].toordinal(), *_at(one[1])))]
    since = [item for item in found if not item.open and item.closed is None and place(item) in were_open]
    return (*ended, *(sorted(since, key=_at) if period.first <= as_of <= period.last else ()))


def open_places(items: Iterable[Tracked]) -> frozenset[Place]:
    """Return the places where there were open items, and no others."""
    found: dict[Place, bool] = {}
    for item in items:
        found[place(item)] = found.get(place(item), True) and item.open
    return frozenset(where for where, were_open in found.items() if were_open)


def place(item: Tracked) -> Place:
    """Return where an item stands: its document and its title, as it is compared."""
    return item.path, folded(item.title)


def closed_on(item: Tracked, as_of: date) -> date | None:
    """Return the day on which an item was closed, at the latest the report's: the clocks of hosts differ."""
    return None if item.open or item.closed is None else min(item.closed, as_of)


def _begun(item: Tracked, as_of: date) -> date | None:
    """The day on which its age began, never after the day on which it was closed."""
    return None if item.since is None else min(item.since, closed_on(item, as_of) or as_of)


def oldest_first(items: Iterable[Tracked]) -> tuple[Tracked, ...]:
    """Return the open items, the oldest first and those of unknown age last."""
    left = (item for item in items if item.open)
    return tuple(sorted(left, key=lambda item: (item.since is None, item.since or date.max, *_at(item))))


def _at(item: Tracked) -> tuple[str, int, str]:
    return item.path, item.line, item.title


def groups(items: Iterable[Tracked], names: Names, closed: frozenset[int], as_of: date) -> tuple[Group, ...]:
    """Put items together by what they are named after, those with most open ones first; `closed` are the `id`s of those
    closed in the period. A group of nothing but what was closed before it is left out.
    """
    members: dict[str, list[Tracked]] = defaultdict(list)
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        for key, name in ({alike(name): visible(name) for name in names(item)} or {"": ""}).items():
            members[key].append(item)
            spelt[key][name] += 1
    found = (_group(_spelling(spelt[key]), some, closed, as_of) for key, some in members.items())
    return most_open_first(group for group in found if group.open or group.done or group.declined)


def incidents(
    items: Iterable[Tracked], cases: Sequence[Case], closed: frozenset[int], as_of: date
) -> tuple[Group, ...]:
    """Put items together by their incident."""
    members: dict[int, list[Tracked]] = defaultdict(list)
    for item in items:
        members[item.case].append(item)
    found = (
        _group(cases[number].id or cases[number].title, some, closed, as_of, number) for number, some in members.items()
    )
    return most_open_first(group for group in found if group.open or group.done or group.declined)


def alike(name: str) -> str:
    """Return the name of a person or a team as it is compared."""
    return visible(name).casefold().removeprefix("@")


def _spelling(found: Counter[str]) -> str:
    return min(found, key=lambda name: (-found[name], name))


def most_open_first(found: Iterable[Group]) -> tuple[Group, ...]:
    """Return groups in the order in which they are shown."""
    return tuple(sorted(found, key=lambda group: (-group.open, -group.overdue, alike(group.name), group.case or 0)))


def _group(name: str, items: Sequence[Tracked], closed: frozenset[int], as_of: date, case: int | None = None) -> Group:
    left = [item for item in items if item.open]
    ended = [item for item in items if id(item) in closed]
    return Group(
        name=name,
        open=len(left),
        overdue=sum(item.due is not None and item.due < as_of for item in left),
        done=sum(item.status is Status.DONE for item in ended),
        declined=sum(item.status is Status.WONT_DO for item in ended),
        oldest=max((age for item in left if (age := item.age(as_of)) is not None), default=None),
        case=case,
    )


def severity_names(cases: Sequence[Case]) -> Names:
    """Return what names the severity of an item: that of its incident, as its incidents spell it most often."""
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        spelt[severity_key(case.severity)][visible(case.severity)] += 1
    shown: Mapping[str, str] = {key: _spelling(found) for key, found in spelt.items() if key}

    def names(item: Tracked) -> Sequence[str]:
        name = shown.get(severity_key(cases[item.case].severity), "")
        return (name,) if name else ()

    return names


def by_month(items: Sequence[Tracked], period: Period, as_of: date) -> tuple[Month, ...]:
    """Return the last twelve months, and those from the beginning of the period where it began earlier; none before the
    first in which there was anything.
    """
    year = months(_back(as_of, _MONTHS - 1), as_of)
    listed = months(min(period.first, year[0].first), as_of)
    begun = [(month_of(day), item) for item in items if (day := _begun(item, as_of)) is not None]
    opened = Counter(month for month, _ in begun)
    completed = Counter(month for month, item in begun if item.status is Status.DONE)
    declined = Counter(month for month, item in begun if item.status is Status.WONT_DO)
    closed = Counter(month_of(day) for item in items if (day := closed_on(item, as_of)) is not None)
    promised = [(month_of(item.due), item) for item in items if item.due is not None and _promised(item, as_of)]
    due = Counter(month for month, _ in promised)
    on_time = Counter(month for month, item in promised if _kept(item, as_of))
    standing = _standing(items, listed, as_of)
    found = (
        Month(
            name, opened[name], closed[name], standing[name], completed[name], declined[name], due[name], on_time[name]
        )
        for name in (one.name for one in listed)
    )
    return tuple(dropwhile(lambda month: not (month.opened or month.closed or month.open or month.due), found))


def _standing(items: Iterable[Tracked], listed: Sequence[Period], as_of: date) -> Mapping[str, int]:
    """How many items were open at the end of each month; one whose beginning nobody knows was always there."""
    known = [(item, closed_on(item, as_of)) for item in items]
    begins = Counter(_begun(item, as_of) or date.min for item, day in known if item.open or day is not None)
    ends = Counter(day for _, day in known if day is not None)
    return {one.name: _until(begins, one.last) - _until(ends, one.last) for one in listed}


def _promised(item: Tracked, as_of: date) -> bool:
    """Whether it is known, on the day of the report, that a due date was kept or not."""
    if item.due is None or item.status is Status.WONT_DO:
        return False
    return item.due < as_of if item.open else item.closed is not None and item.due <= as_of


def _kept(item: Tracked, as_of: date) -> bool:
    day = closed_on(item, as_of)
    return day is not None and item.due is not None and day <= item.due


def _until(days: Mapping[date, int], last: date) -> int:
    return sum(count for day, count in days.items() if day <= last)


def _back(day: date, count: int) -> date:
    number = max(day.year * 12 + day.month - 1 - count, 12)
    return date(number // 12, number % 12 + 1, 1)
