"""What a report lists, whatever it is shown as: which items, in which order, and what is said of postmortems."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from closeout.domain.item import visible
from closeout.domain.report.rows import Case, Tracked, Waiting
from closeout.domain.report.summary import DUE_SOON, Bucket, Group, Month, Summary
from closeout.render.report.words import Words

_ISSUE = re.compile(r"/([\w.-]+)/(?:-/)?(?:issues|pulls?|merge_requests|work_items)/(\d+)")
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


def groups(one: Summary) -> Mapping[str, Sequence[Group]]:
    """Return the groups of each kind that has any but the one for those of none, in the order in which they are told."""
    kinds = {"incidents": one.incidents, "teams": one.teams, "owners": one.owners, "severities": one.severities}
    return {
        name: found if any(group.name or group.case is not None for group in found) else ()
        for name, found in kinds.items()
    }


def ages(one: Summary) -> Sequence[Bucket]:
    """Return the ages that open items are of; nothing where nobody knows of any."""
    found = [bucket for bucket in one.buckets if bucket.open]
    return found if any(bucket.first is not None for bucket in found) else ()


def months(one: Summary) -> Sequence[Month]:
    """Return the months; none where nothing happened in any: what was always there tells nothing of them."""
    return one.months if any(month.opened or month.closed or month.due for month in one.months) else ()


def address(item: Tracked) -> str:
    """Return where an item's issue is: its address, or what the document has for one."""
    return item.address or (item.ticket if "://" in item.ticket else "")


def ticket(item: Tracked) -> str:
    """Return what an item's issue is called in few characters: `#12`, `OPS-12`, `shop#12` for an address."""
    if "://" not in item.ticket:
        return visible(item.ticket)
    found = _ISSUE.search(item.ticket)
    return visible(f"{found[1]}#{found[2]}") if found else visible(item.ticket.rstrip("/").rpartition("/")[2])


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


def span(bucket: Bucket, words: Words) -> str:
    """Return what a bucket of ages is called."""
    if bucket.first is None:
        return words.say("ages.unknown")
    if bucket.last is None:
        return words.say("ages.over", first=bucket.first)
    return words.say("ages.between", first=bucket.first, last=bucket.last)
