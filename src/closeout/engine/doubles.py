"""Doubles: where no other run sees our ledger, another clone may have made the same issue; then ours gives way.

Every run looks, until one has looked when the issue was a quarter of an hour old: so long may lists lag.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from closeout.domain.finding import Finding
from closeout.domain.issue import Changed, Issue
from closeout.domain.item import Field, Status
from closeout.domain.ledger import Entry, Intent, Ledger, Memory
from closeout.domain.plan import Create, Update, Where
from closeout.domain.result import Result
from closeout.engine.apply import Applied
from closeout.engine.consider import Considered
from closeout.engine.settle import lately, vouched
from closeout.engine.world import World
from closeout.errors import LaterError, OutcomeUnknown, TrackerError
from closeout.ports.tracker import Tracker


def without_doubles(applied: Applied, considered: Considered, world: World, now: str) -> Applied:
    """List again what this clone made lately; of several issues with one key the lowest stays, and our own is closed.

    This is the only close that no document and no person asked for. Where every run sees the ledger nothing is asked.
    """
    applied = replace(applied, ledger=_noted(applied, considered, world))
    for name in considered.boards:
        young = [entry for entry in applied.ledger.of(name) if entry.made and entry.issue and not entry.no]
        if young:
            applied = _looked_up(young, applied, considered, world, now)
    return replace(applied, findings=(*applied.findings, *_named_still(considered, applied.ledger)))


def _looked_up(young: Sequence[Entry], applied: Applied, considered: Considered, world: World, now: str) -> Applied:
    """Look for the doubles of a tracker's young issues; where it cannot be listed the next run looks."""
    try:
        listed = world.trackers[young[0].tracker].managed()
    except (TrackerError, LaterError) as error:
        told = f"whether another clone made the same issues is looked up by the next run: {error}"
        return replace(applied, later=applied.later or told)
    marked: dict[str, list[Issue]] = defaultdict(list)
    for issue in listed:
        marked[issue.key].append(issue)
    for entry in sorted(young, key=lambda entry: _number(entry.issue)):
        ours = frozenset({entry.author.casefold()})
        alike = [issue for issue in marked[entry.key] if vouched(issue, ours)]
        lowest = min(alike, key=lambda issue: _number(issue.ref), default=None)
        if lowest is not None and not entry.fresh:
            applied = _Double(entry, lowest, considered, world, now).unsure(applied, alike)
        elif lowest is not None and _number(lowest.ref) < _number(entry.issue):
            applied = _Double(entry, lowest, considered, world, now).resolved(applied)
        elif not lately(entry.made, now):
            applied = replace(applied, ledger=applied.ledger.put(_settled(entry)))
    return applied


def _noted(applied: Applied, considered: Considered, world: World) -> Ledger:
    """The ledger, in which what is new is noted as ours alone only if no other clone sees it there."""
    before, ledger = considered.before.entries, applied.ledger
    new = [entry for key, entry in ledger.entries.items() if entry.made and not (key in before and before[key].issue)]
    if new and not applied.announced:
        world.ledger.save(ledger)  # only a save tells who sees it
    return ledger.put(*map(_settled, new)) if world.ledger.shared else ledger


@dataclass(frozen=True, slots=True)
class _Double:
    """An issue of this clone's own, and a lower one of the same key."""

    entry: Entry
    lowest: Issue
    considered: Considered
    world: World
    now: str

    def resolved(self, applied: Applied) -> Applied:
        """Close our own if nobody has touched it since it was made, and go on with the lowest."""
        sight = self._tracker.get(self.entry.issue)
        if not isinstance(sight, Issue):
            return applied
        status = self.entry.memory.get(Field.STATUS, Memory()).tracker
        if status == Status.WONT_DO and self._closing:
            return self._closed(applied, sight)
        if not sight.open or (sight.version != self.entry.fresh and not self.lowest.open):
            return replace(applied, ledger=applied.ledger.put(_settled(self.entry)))
        if sight.version != self.entry.fresh:
            return self._both(applied, self.entry.issue, f"{self.entry.issue} was changed since")
        return self._closed(applied, sight)

    def unsure(self, applied: Applied, alike: Sequence[Issue]) -> Applied:
        """Go on with the lowest and close nothing: the reply was lost, and nobody knows which one is our own."""
        entry = self.entry
        if _number(self.lowest.ref) < _number(entry.issue):
            entry = replace(self._adopted(), made=entry.made)
        higher = [issue.ref for issue in alike if issue.open and _number(issue.ref) > _number(entry.issue)]
        entry = entry if higher or lately(entry.made, self.now) else _settled(entry)
        applied = replace(applied, ledger=applied.ledger.put(entry))
        return self._both(applied, higher[0], "nobody knows which one this clone made") if higher else applied

    def _both(self, applied: Applied, other: str, why: str) -> Applied:
        told = (
            f"issues {self.lowest.ref} and {other} were made for this row, and {why}, so both stay: close one of them"
        )
        return replace(applied, findings=(*applied.findings, Finding(*self._place, "double-issue", told)))

    def _closed(self, applied: Applied, sight: Issue) -> Applied:
        told = self.entry.memory.get(Field.STATUS, Memory()).document or ""
        values = {Field.STATUS: (Status.TODO.value, Status.WONT_DO.value, told)}
        announced = applied.ledger.put(replace(self.entry, intent=Intent(values, sight.version, self.now)))
        self.world.ledger.save(announced)
        self.world.ledger.hold(self._tracker.capabilities.write_seconds)
        why = f"issue {self.lowest.ref} was made for it first, by another clone"
        where = Where(*self._place, self.entry.title)
        change = Update(self.entry.key, self.entry.tracker, self.entry.issue, {Field.STATUS: ("todo", "wont_do")}, where, why)  # fmt: skip
        applied = replace(applied, announced=True)
        try:
            reply = self._tracker.update(self.entry.issue, {Field.STATUS: Status.WONT_DO}, {Field.STATUS: Status.TODO})
        except LaterError as error:
            return replace(applied, later=applied.later or str(error))
        except OutcomeUnknown as error:
            return replace(applied, ledger=announced, results=(*applied.results, Result(change, error=str(error))))
        except TrackerError as error:
            return replace(applied, results=(*applied.results, Result(change, error=str(error))))
        if isinstance(reply, Changed):
            return applied
        results = (self._renamed(result) for result in applied.results)
        done = Result(change, ref=self.entry.issue)
        return replace(applied, ledger=applied.ledger.put(self._adopted()), results=(*results, done))

    def _adopted(self) -> Entry:
        """The entry with the lowest issue, which stands where our own stood before it was closed."""
        known = self.entry.memory.get(Field.STATUS)
        memory = {Field.STATUS: replace(known, tracker=Status.TODO.value)} if known else {}
        lowest, gave_way = self.lowest, self.entry.issue
        there = replace(self.entry.remember(memory), issue=lowest.ref, opened=lowest.opened, closed=lowest.closed)
        return _settled(replace(there, version=lowest.version, gave_way=gave_way, intent=None))

    def _renamed(self, result: Result) -> Result:
        made = isinstance(result.change, Create) and result.change.key == self.entry.key
        return replace(result, ref=self.lowest.ref) if made else result

    @property
    def _tracker(self) -> Tracker:
        return self.world.trackers[self.entry.tracker]

    @property
    def _closing(self) -> bool:
        """Whether a run that died had announced this very close."""
        before = self.considered.before.entries.get(self.entry.key)
        intent = before.intent if before is not None and before.issue else None
        return intent is not None and intent.values.get(Field.STATUS, ("", "", ""))[1] == Status.WONT_DO

    @property
    def _place(self) -> tuple[str, int]:
        row = self.considered.rows.get(self.entry.key)
        return (row.seat.path, row.seat.item.line) if row else (self.entry.document, 0)


def _settled(entry: Entry) -> Entry:
    return replace(entry, made="", fresh="")


def _named_still(considered: Considered, ledger: Ledger) -> Iterator[Finding]:
    """What to tell of rows that name an issue which gave way."""
    for key, row in considered.rows.items():
        entry = ledger.entries.get(key)
        if entry is not None and entry.gave_way and (entry.tracker, entry.gave_way) in row.seat.refs:
            told = (
                f"issue {entry.gave_way} gave way to issue {entry.issue}, which was made for this row first; "
                f"write the ticket of {entry.issue} in its place"
            )
            yield Finding(row.seat.path, row.seat.item.line, "gave-way", told)


def _number(ref: str) -> int:
    return int(re.findall(r"\d+", ref)[-1])
