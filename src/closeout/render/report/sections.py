"""What stands in each section of the page, in which order, and how many are only counted there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from closeout.domain.report.rows import Case, Mark, Tracked, Waiting
from closeout.domain.report.summary import DUE_SOON, Group, Summary
from closeout.render.report import lists
from closeout.render.report.words import Words

LISTED = 1000  # open items
_CLOSED = 200
_GROUPS = 100
THEMES = 12
_PROCESS = 50
_FEW = 12  # open items are seen at a glance
_COLUMNS = {
    "open-items": ("item", "incident", "owner", "team", "severity", "due", "age", "state"),
    "done-items": ("item", "incident", "owner", "team", "severity", "closed", "took"),
    "declined-items": ("item", "incident", "owner", "closed", "by", "reason"),
}
_TILES = ("open", "overdue", "due_soon", "without_owner", "without_date")
_ODD = (Mark.HELD, Mark.CLASH, Mark.DONE_HERE, Mark.DONE_THERE)


@dataclass(frozen=True, slots=True)
class Tile:
    """One headline number, its change since the period before, and whether it is bad news."""

    name: str
    number: int
    change: str = ""
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Lead:
    """The few items to look at first, each with its most telling number."""

    name: str
    rows: tuple[tuple[Tracked, str], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A table of items; `unlisted` of them are only counted."""

    id: str
    name: str
    rows: tuple[Tracked, ...]
    unlisted: int


@dataclass(frozen=True, slots=True)
class Groups:
    """A table of groups: what its first column and the group without a name are called, and which filter it sets."""

    id: str
    name: str
    column: str
    none: str
    rows: tuple[Group, ...]
    unlisted: int
    filters: str


@dataclass(frozen=True, slots=True)
class Part:
    """A list of the section about the process; a row is a text, its address and what is said of it."""

    name: str
    rows: tuple[tuple[str, str, str], ...]
    unlisted: int


def tiles(summary: Summary, words: Words) -> tuple[Tile, ...]:
    """Return the numbers that lead the page; what was done comes last, if anybody could know."""
    now = tuple(
        Tile(
            words.say(f"labels.{name.replace('_', '-')}"),
            getattr(summary.counts, name),
            words.change(getattr(summary.counts, name) - getattr(summary.before, name)) if summary.before else "",
            bad=name == "overdue" and summary.counts.overdue > 0,
        )
        for name in _TILES
    )
    if not summary.done and not summary.closings():
        return now
    period = words.period(summary.scope.period)
    return (*now, Tile(words.say("page.closed-now", period=period), len(summary.done)))


def sentences(summary: Summary, words: Words) -> tuple[str, ...]:
    """Return what the numbers say about how long things take."""
    told = []
    ages, took = summary.ages, summary.to_close
    if ages.median is not None and ages.p90 is not None:
        told.append(words.say("page.ages", median=words.days(ages.median), most=words.days(ages.p90)))
    if took.median is not None and took.p90 is not None:
        told.append(words.say("closing.known", median=words.days(took.median), most=words.days(took.p90)))
    if summary.undated:
        told.append(words.say("rows.undated", count=summary.undated))
    return tuple(told)


def listed(summary: Summary) -> tuple[Tracked, ...]:
    """Return the open items of the page: those overdue longest, then the oldest, as many as the page has room for."""
    overdue = summary.overdue()
    late = set(map(id, overdue))
    return (*overdue, *(item for item in summary.open if id(item) not in late))[:LISTED]


def columns(summary: Summary) -> dict[str, tuple[str, ...]]:
    """Return the columns of each table of items; without teams and severities where nobody has one."""
    kept = {
        "team": any(group.name for group in summary.teams),
        "severity": any(case.severity for case in summary.cases),
    }
    return {table: tuple(name for name in names if kept.get(name, True)) for table, names in _COLUMNS.items()}


def leading(summary: Summary, words: Words) -> tuple[Lead, ...]:
    """Return the items overdue longest and the oldest others; none where all open items are seen at a glance."""
    if len(summary.open) <= _FEW:
        return ()
    found = lists.lists(summary)
    late = (
        (item, words.say("rows.due", day=words.day(item.due))) for item in found["overdue"][: lists.OLDEST] if item.due
    )
    aged = ((item, item.age(summary.as_of)) for item in found["oldest"])
    old = ((item, words.say("rows.open-for", age=words.age(age))) for item, age in aged if age is not None)
    leads = (Lead(words.say("page.longest-overdue"), tuple(late)), Lead(words.say("headings.oldest"), tuple(old)))
    return tuple(lead for lead in leads if lead.rows)


def states(item: Tracked, as_of: date, words: Words) -> tuple[tuple[str, bool], ...]:
    """Return what is to be said of an open item, and whether it is bad: overdue, its status, what is odd about it."""
    told = []
    if item.due is not None and item.due < as_of:
        told.append((words.say("page.states.overdue"), True))
    elif item.due is not None and (item.due - as_of).days <= DUE_SOON:
        told.append((words.say("page.states.due-soon"), False))
    told.append((words.say(f"page.states.{item.status or 'unknown'}"), False))
    told.extend(
        (words.say(f"page.states.{mark}"), mark in {Mark.HELD, Mark.CLASH}) for mark in Mark if mark in item.marks
    )
    return tuple(told)


def closed(summary: Summary, words: Words) -> tuple[Items, ...]:
    """Return the tables of what was done and what nobody will do."""
    found = (("done", summary.done), ("declined", summary.declined))
    return tuple(
        Items(name, words.say(f"headings.{name}"), rows[:_CLOSED], max(len(rows) - _CLOSED, 0))
        for name, rows in found
        if rows
    )


def groups(summary: Summary, words: Words) -> tuple[Groups, ...]:
    """Return the tables by team, owner, severity and incident; not those that would only have a group without name."""
    told = lists.groups(summary)
    kinds = (("teams", "team"), ("owners", "owner"), ("severities", "severity"), ("incidents", "incident"))
    return tuple(
        Groups(
            id=name,
            name=words.say(f"headings.{name}"),
            column=words.say(f"page.columns.{one}"),
            none=words.say("page.nobody" if one == "owner" else "page.no-team" if one == "team" else "columns.none"),
            rows=tuple(rows[:_GROUPS]),
            unlisted=max(len(rows) - _GROUPS, 0),
            filters="" if one == "incident" else one,
        )
        for name, one in kinds
        if (rows := told[name])
    )


def process(summary: Summary, words: Words) -> Iterator[Part]:
    """Yield the lists about the process itself: late postmortems, what differs, write-backs that wait."""
    late = [(titled(case), case.address, told) for case, told in lists.late(summary, words)]
    odd = (
        (item.title, item.address, words.listed(words.say(f"marks.{mark}") for mark in _ODD if mark in item.marks))
        for item in summary.open
    )
    parts = (
        ("late", late),
        ("odd", [row for row in odd if row[2]]),
        ("waiting", [(one.address, one.address, _waits(summary, one, words)) for one in summary.waiting]),
    )
    for name, rows in parts:
        if rows:
            yield Part(words.say(f"headings.{name}"), tuple(rows[:_PROCESS]), max(len(rows) - _PROCESS, 0))


def _waits(summary: Summary, one: Waiting, words: Words) -> str:
    if one.since is None:
        return words.say("waiting.unknown")
    return words.say("waiting.for", age=words.age(max((summary.as_of - one.since).days, 0)))


def titled(case: Case) -> str:
    """Return what an incident is called: its identifier and title."""
    return f"{case.id} · {case.title}" if case.id and case.id not in case.title else case.title
