"""What a report lists, whatever it is shown as: which items, in which order, and what is said of postmortems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from closeout.domain.report.rows import Case, Tracked, Waiting
from closeout.domain.report.summary import DUE_SOON, Summary
from closeout.render.report.words import Words

OLDEST = 5  # items


def lists(one: Summary) -> Mapping[str, Sequence[Tracked]]:
    """Return the items of each list, in the order in which the lists are told."""
    overdue = one.overdue()
    known = set(overdue)
    soon = [item for item in one.open if item.due is not None and 0 <= (item.due - one.as_of).days <= DUE_SOON]
    return {
        "overdue": overdue,
        "oldest": [item for item in one.open if item not in known and item.since][:OLDEST],
        "soon": sorted(soon, key=lambda item: (item.due or one.as_of, item.path, item.line)),
        "done": one.done,
        "declined": one.declined,
        "odd": [item for item in one.open if item.marks],
    }


def late(one: Summary, words: Words) -> Iterator[tuple[Case, str]]:
    """Yield incidents whose postmortem is late or has no items, with what is said of it."""
    for found in one.late:
        case = one.cases[found.case]
        key = "late.took" if case.published else "late.missing"
        yield case, words.say(key, days=words.days(found.took), allowed=words.hours(found.allowed))
    for number in one.without_items:
        yield one.cases[number], words.say("late.without-items")


def waiting(one: Summary, words: Words) -> Iterator[tuple[Waiting, str]]:
    """Yield write-backs that wait to be merged, with for how long they do."""
    for found in one.waiting:
        days = None if found.since is None else words.days(max((one.as_of - found.since).days, 0))
        yield found, words.say("waiting.unknown") if days is None else words.say("waiting.for", age=days)
