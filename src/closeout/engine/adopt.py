"""Adopt: the issue that a ticket names becomes an item's own, because a person says so.

The ledger says whose the issue is; its mark only lets it be known again after the ledger was lost. So the ledger is
saved first, and an issue that never got its mark is no less the item's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from closeout.domain.issue import Gone, Hidden, Issue, Moved
from closeout.domain.item import Field
from closeout.domain.ledger import UNLINKED, Entry
from closeout.domain.sync.decide import decide
from closeout.domain.sync.fit import Fitting
from closeout.domain.sync.match import Row
from closeout.engine.boards import Trackers
from closeout.engine.naming import named, spoken, typed
from closeout.engine.view import View, Word, settled
from closeout.engine.world import Options
from closeout.errors import ConfigurationError
from closeout.ports.tracker import Tracker


@dataclass(frozen=True, slots=True)
class _Pair:
    """The row, the issue that shall be its own, and the entry that the issue belonged to so far."""

    view: View
    tracker: Tracker
    row: Row
    issue: Issue
    other: Entry | None = None

    @property
    def here(self) -> str:
        return spoken(self.row, None)

    @property
    def mine(self) -> Entry | None:
        return self.row.entry

    def has(self, entry: Entry) -> bool:
        """Whether an entry's issue is this one."""
        return (entry.tracker, entry.issue) == (self.tracker.name, self.issue.ref)

    def refuse(self, why: str) -> ConfigurationError:
        return ConfigurationError(f"{self.here}: could not adopt issue {self.issue.ref}: {why}")


def adopt(view: View, trackers: Trackers, options: Options, name: str, ticket: str) -> Word:
    """Decide what adopting an issue does. Raises ConfigurationError with the reason if it cannot be done."""
    row, entry = named(name, view.rows, view.ledger.entries.values(), trackers, options.folder)
    if row is None:
        message = f"{name}: could not adopt an issue: its row left the documents. Name the row by PATH:LINE"
        raise ConfigurationError(message)
    settled(row, entry)
    pair = _Pair(view, *_there(view, trackers, ticket, row))
    pair = replace(pair, other=_other(pair))
    _may_be_marked(pair)
    mine = pair.mine
    head = f"{pair.here}: {row.seat.item.title}"
    mark = (pair.tracker.name, pair.issue.ref, mine.key) if mine is not None and not pair.issue.key else None
    if mine is not None and mine.owned and mine.holder and not mine.no and pair.has(mine):
        told = "gets its mark again" if mark else "is its own already"
        return Word((head, f"  issue {pair.issue.ref} {told}"), mark=mark)
    _may(pair)
    after, *others = _entries(pair, options)
    kept = {one.key for one in (after, *others)}
    drop = (mine.key,) if mine is not None and mine.key not in kept and mine.key in view.ledger.entries else ()
    mark = None if pair.issue.key else (pair.tracker.name, pair.issue.ref, after.key)
    return Word((head, *_told(pair), *_next(pair, after, options)), (after, *others), drop, mark)


def _there(view: View, trackers: Trackers, ticket: str, row: Row) -> tuple[Tracker, Row, Issue]:
    """Look at the issue that a ticket names. Raises ConfigurationError for one that is in no tracker."""
    document = view.library.documents[row.seat.path]
    place = trackers.named(ticket, row.seat.path, document)
    if place is None:
        known = " or ".join(tracker.address for tracker in trackers)
        message = (
            f"{ticket}: could not be adopted: it names no issue of {known}. Write it as the documents do, like #12"
        )
        raise ConfigurationError(message)
    tracker = trackers[place[0]]
    return tracker, row, _issue(tracker, ticket, place[1])


def _issue(tracker: Tracker, ticket: str, ref: str) -> Issue:
    """Look at an issue by its reference. Raises ConfigurationError for one that can be nobody's own."""
    failed, read = f"{ticket}: could not be adopted", "which is only read. Write it into the row to follow it"
    if "#" in ref:
        raise ConfigurationError(f"{failed}: it is an issue of another repository, {read}")
    match tracker.get(ref):
        case Moved(address=address):
            raise ConfigurationError(
                f"{failed}: it was moved to {address}. Write that address into the row to follow it"
            )
        case Gone():
            raise ConfigurationError(f"{failed}: it was deleted. Name another")
        case Hidden():
            raise ConfigurationError(f"{failed}: it cannot be seen or read. Check the number, and the token's rights")
        case Issue(pull_request=True):
            raise ConfigurationError(f"{failed}: it is a pull request, {read}")
        case Issue(report=True):
            raise ConfigurationError(f"{failed}: it is a report's own, which closeout writes and closes. Name another")
        case Issue(ignored=True):
            raise ConfigurationError(f"{failed}: its label asks to leave it alone. Take the label off first")
        case Issue() as issue:
            return issue


def _other(pair: _Pair) -> Entry | None:
    """The entry, not the row's own, that the issue belongs to: by the ledger first, then by the mark it carries."""
    mine = pair.mine.key if pair.mine is not None else ""
    held = [
        entry for entry in pair.view.ledger.entries.values() if entry.holder and pair.has(entry) and entry.key != mine
    ]
    going = [entry for entry in held if not entry.no] or held
    if going:
        return going[0]
    return pair.view.ledger.entries.get(pair.issue.key) if pair.issue.key != mine else None


def _may_be_marked(pair: _Pair) -> None:
    """Raise ConfigurationError for the mark of an item that the ledger does not know, and whose place is not the row's:
    another repository's closeout may have made the issue.
    """
    keys = {entry.key for entry in (pair.mine, pair.other) if entry is not None}
    if pair.issue.key and pair.issue.key not in keys and (keys or pair.issue.key != pair.view.fresh(pair.row)[0]):
        why = f"it carries the mark of another item ({pair.issue.key})"
        raise pair.refuse(f"{why}. Take that line out of its text if the item is no more")


def _may(pair: _Pair) -> None:
    """Raise ConfigurationError where the row has another issue, or the issue another item."""
    row, mine, other, ref = pair.row, pair.mine, pair.other, pair.issue.ref
    named_here = (pair.tracker.name, ref) in row.seat.refs
    if row.seat.item.tickets and not named_here:
        raise pair.refuse(f"the row names {', '.join(row.seat.item.tickets)}. Write the other ticket there, or none")
    if mine is not None and mine.owned and not mine.no and not pair.has(mine):
        raise pair.refuse(f"the row has issue {mine.issue}. `closeout unlink {typed(pair.row)}` lets that go")
    if other is not None:
        _may_leave(pair, other)
    rivals = [
        one
        for one in pair.view.rows
        if one is not row and (pair.tracker.name, ref) in one.seat.refs and not (one.entry is not None and one.entry.no)
    ]
    if rivals and not named_here:
        there = spoken(rivals[0], None)
        raise pair.refuse(f"{there} names it, and this row does not. Clear its ticket there, or write it in here, too")


def _may_leave(pair: _Pair, other: Entry) -> None:
    """Raise ConfigurationError where an issue is another item's, and that item is still there."""
    there = pair.view.row_of(other.key)
    settled(there, other)
    place = f"{spoken(there, other)} ({other.key})" if there is not None else f"{other.key} of {other.document}"
    if other.issue and not pair.has(other):
        raise pair.refuse(
            f"it carries the mark of {place}, whose issue is {other.issue}. Take that line out of its text first"
        )
    if there is not None and other.owned and not other.no:
        raise pair.refuse(f"it belongs to {place}. `closeout unlink {typed(there, other)}` lets it go")
    if there is None and other.holder and other.key not in pair.view.lost:
        raise pair.refuse(f"it belongs to {place}, a page that could not be read. Mend that first")


def _entries(pair: _Pair, options: Options) -> Iterator[Entry]:
    """Yield the row's entry with the issue as its own, then those that it changes."""
    mine, other = pair.mine, pair.other
    there = pair.view.row_of(other.key) if other is not None else None
    if other is not None and there is None:
        yield _own(pair, other)
    elif pair.issue.key:
        yield _own(pair, replace(mine or _blank(pair, options), key=pair.issue.key))
    elif mine is not None and (not mine.owned or not mine.issue or pair.has(mine)):
        yield _own(pair, mine)
    else:
        yield _own(pair, _blank(pair, options))
    if other is not None and there is not None:
        again = other if other.key != pair.issue.key else replace(other, key=pair.view.fresh(there)[0])
        yield again if other.no else replace(again, holder=False)
    if mine is not None and mine.owned and mine.issue and not pair.has(mine):
        yield replace(mine, holder=False)


def _own(pair: _Pair, base: Entry) -> Entry:
    """The entry of the row; what was seen counts on where it was seen of this issue, for this item."""
    seat, issue = pair.row.seat, pair.issue
    known = base.holder and not base.no and pair.has(base)
    return replace(
        base,
        tracker=pair.tracker.name,
        document=seat.document,
        title=seat.title,
        position=seat.order,
        issue=issue.ref,
        owned=True,
        adopted=base.adopted if known and base.owned else True,
        holder=True,
        landed=base.landed and pair.has(base),
        opened=issue.opened,
        closed=issue.closed,
        author=base.author if known else "",
        no="",
        version="",
        memory=base.memory if known else {},
        parent=base.parent if pair.has(base) else "",
    )


def _blank(pair: _Pair, options: Options) -> Entry:
    key, ordinal = pair.view.fresh(pair.row)
    seat = pair.row.seat
    return Entry(key, pair.tracker.name, seat.document, seat.title, ordinal, seat.order, first_seen=options.today)


def _told(pair: _Pair) -> Iterator[str]:
    title = pair.issue.values.get(Field.TITLE, "")
    yield f"  issue {pair.issue.ref} ({title!r}) becomes its own: changes go both ways"
    if pair.mine is not None and pair.mine.no:
        yield f"  it was left alone ({pair.mine.no}), and is not any more"
    if not pair.issue.key:
        yield "  the issue's text gets closeout's mark, which nobody sees"
    there = pair.view.row_of(pair.other.key) if pair.other is not None else None
    if pair.other is not None and there is None:
        yield f"  it was the issue of {pair.other.title!r} in {pair.other.document or 'a page'}, whose row is gone"
    for row in pair.view.rows:
        if row is not pair.row and (pair.tracker.name, pair.issue.ref) in row.seat.refs:
            alone = row.entry is not None and row.entry.no == UNLINKED
            yield f"  {spoken(row, None)} names it too, and {'is left alone' if alone else 'follows it'}"


def _next(pair: _Pair, after: Entry, options: Options) -> Iterator[str]:
    """Yield what the next sync does with the fields."""
    fitting = Fitting(pair.tracker.name, pair.tracker.capabilities, options.people)
    decision = decide(pair.row.seat.item, after, pair.issue, fitting, options.rules)
    for what, (old, new) in decision.send.items():
        yield f"  the next sync sends {what}: {old or 'nothing'} → {new or 'nothing'}"
    for what, memory in decision.entry.memory.items():
        if memory.want is not None:
            yield f"  the next sync writes {what} into the row: {memory.want or 'nothing'}"
    for _, message in decision.told:
        yield f"  {message}"
