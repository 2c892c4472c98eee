"""The short message of what changed, and the digest of what is overdue of one owner: plain text for chat and mail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from closeout.domain.item import folded
from closeout.domain.report.rows import Tracked
from closeout.domain.report.summary import Summary
from closeout.render.report.chatting import address, shown
from closeout.render.report.telling import telling
from closeout.render.report.words import Words

_TITLE, _NAME = 100, 60  # characters
_MOST = 20  # overdue items that a digest names
_OWNERS = 3  # that the oldest item names
_DOT = "• "


@dataclass(frozen=True, slots=True)
class Message:
    """A title on one line, a text of several, and what names all that it is made of, the day apart."""

    title: str
    text: str
    facts: str = ""


def message(summary: Summary, place: str = "", words: Words | None = None) -> Message | None:
    """Return what changed in the period, with a link to the whole report; None if nothing did.

    It changed if items were closed, or are more or fewer, open or overdue, than before the period began. Where nobody
    knows what was before, `facts` tell whether it is the same as last time.
    """
    counts, before = summary.counts, summary.before
    closed = len(summary.done) + len(summary.declined)
    same = before is not None and (counts.open, counts.overdue) == (before.open, before.overdue)
    if not closed and (same or (before is None and not summary.open)):
        return None
    words = words or telling()
    figures = [words.say("figures.open", count=counts.open)]
    if counts.overdue:
        figures.append(words.say("figures.overdue", count=counts.overdue))
    title = words.say("message.of", repository=shown(summary.repository, _NAME), figures=words.listed(figures))
    lines = [_period(summary, words), *(f"{_DOT}{line}" for line in _lines(summary, words))]
    if there := address(place):
        lines.append(words.say("whole", place=there))
    return Message(title, "\n".join(lines), _facts(summary))


def _period(summary: Summary, words: Words) -> str:
    scope = summary.scope
    narrowed = (shown(name, _NAME) for name in (scope.team, scope.owner, scope.severity) if name)
    return words.listed((words.period(scope.period), *narrowed))


def _lines(summary: Summary, words: Words) -> Iterator[str]:
    """Yield at most five lines: what came and went, what is overdue, the oldest, and what asks to be looked at."""
    counts, before = summary.counts, summary.before
    closed = len(summary.done) + len(summary.declined)
    new = max(counts.open - before.open + closed, 0) if before else 0
    moved = [("new", new), ("done", len(summary.done)), ("declined", len(summary.declined))]
    if told := [words.say(f"message.{name}", count=count) for name, count in moved if count]:
        yield words.listed(told)
    if told := list(_late(summary, words)):
        yield words.listed(told)
    oldest = next((item for item in summary.open if item.since), None)
    if oldest:
        yield _oldest(oldest, summary, words)
    if summary.late:
        yield words.say("message.late", count=len(summary.late))
    if summary.notes:
        yield words.say("message.unseen")


def _late(summary: Summary, words: Words) -> Iterator[str]:
    counts, before = summary.counts, summary.before
    change = counts.overdue - before.overdue if before else 0
    if counts.overdue or change:
        told = words.say("figures.overdue", count=counts.overdue)
        yield f"{told} ({words.change(change)})" if change else told
    if counts.due_soon:
        yield words.say("figures.due-soon", count=counts.due_soon)


def _oldest(item: Tracked, summary: Summary, words: Words) -> str:
    told = [words.say("message.oldest", title=shown(item.title, _TITLE)), *_named(item)]
    told.append(words.say("rows.open-for", age=words.age(item.age(summary.as_of) or 0)))
    return words.listed(filter(None, (*told, address(item.address))))


def _named(item: Tracked) -> Iterator[str]:
    return (shown(owner, _NAME) for owner in item.owners[:_OWNERS])


def _facts(summary: Summary) -> str:
    """Name what a message is made of: who looks at the same items in the same state finds the same."""
    today = summary.as_of
    left = [
        (item.path, item.title, item.status, str(item.due), bool(item.due and item.due < today))
        for item in summary.open
    ]
    gone = [(item.path, item.title) for item in (*summary.done, *summary.declined)]
    told = json.dumps([sorted(left, key=str), sorted(gone), len(summary.late)])
    return sha256(told.encode()).hexdigest()[:20]


def digest(
    summary: Summary, owner: str, accounts: frozenset[str] = frozenset(), place: str = "", words: Words | None = None
) -> Message | None:
    """Return the overdue items of an owner (a name, a team, or the accounts), the one due first, first; None if there are
    none.
    """
    names = {folded(owner), *map(folded, accounts)} - {""}
    found = [item for item in summary.overdue() if names & set(map(folded, (*item.owners, *item.teams, *item.logins)))]
    if not found:
        return None
    words = words or telling()
    lines = [words.say("digest.whose", name=shown(owner, _NAME)), *(_due(item, words) for item in found[:_MOST])]
    if len(found) > _MOST:
        lines.append(words.say("rows.more", count=len(found) - _MOST))
    lines.append(words.say("digest.rarely"))
    if there := address(place):
        lines.append(words.say("whole", place=there))
    return Message(words.say("digest.title", count=len(found)), "\n".join(lines))


def _due(item: Tracked, words: Words) -> str:
    day = words.say("rows.due", day=words.day(item.due)) if item.due else ""
    ticket = address(item.address) or shown(item.ticket, _NAME) or shown(item.path, _TITLE)
    return f"{_DOT}{words.listed((shown(item.title, _TITLE), day, ticket))}"
