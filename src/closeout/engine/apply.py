"""Apply: a loop over the plan's changes to the tracker; what was announced, done and read back is in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from closeout.domain.issue import Changed, Issue
from closeout.domain.item import Field, same
from closeout.domain.ledger import Entry, Intent, Ledger, Memory
from closeout.domain.plan import Change, Create, Update
from closeout.domain.result import Result
from closeout.engine.consider import Considered, created_memory
from closeout.engine.world import World
from closeout.errors import OutcomeUnknown, TrackerError

_CHUNK = 20


@dataclass(frozen=True, slots=True)
class Applied:
    """The ledger after the tracker's part, what came of each change, and what a reply held otherwise than asked."""

    ledger: Ledger
    results: tuple[Result, ...]
    told: tuple[tuple[Change, str], ...] = ()


def apply(considered: Considered, world: World, tick: Callable[[int, int], None] = lambda done, total: None) -> Applied:
    """Carry out the creates and updates one by one; one that fails does not stop the others."""
    changes = [change for change in considered.plan.changes if isinstance(change, Create | Update)]
    ledger = considered.ledger
    for change in changes:
        ledger = ledger.put(_announced(change, ledger, considered))
    if changes:
        world.ledger.save(ledger)
    results: list[Result] = []
    told: list[tuple[Change, str]] = []
    for number, change in enumerate(changes, 1):
        entry, result, refused = _carry_out(change, ledger.entries[change.key], considered, world)
        ledger = ledger.put(entry) if entry else ledger.drop(change.key)
        results.append(result)
        told.extend((change, message) for message in refused)
        tick(number, len(changes))
        if number % _CHUNK == 0:
            world.ledger.save(ledger)
    return Applied(ledger, tuple(results), tuple(told))


def _announced(change: Create | Update, ledger: Ledger, considered: Considered) -> Entry:
    stated = considered.rows[change.key].seat.item.stated

    def text(what: Field) -> str:
        return stated[what].text if what in stated else ""

    if isinstance(change, Create):
        entry = considered.rows[change.key].entry
        assert entry is not None  # noqa: S101 - a planned create has its entry
        values = {what: ("", value, text(what)) for what, value in change.draft.values.items()}
        return replace(entry, intent=Intent(values))
    sight = considered.sights.get(change.ref)
    version = sight.version if isinstance(sight, Issue) else ""
    values = {what: (old, new, text(what)) for what, (old, new) in change.values.items()}
    return replace(ledger.entries[change.key], intent=Intent(values, version))


def _carry_out(
    change: Create | Update, entry: Entry, considered: Considered, world: World
) -> tuple[Entry | None, Result, list[str]]:
    try:
        if isinstance(change, Create):
            return _created(change, entry, world.tracker.create(change.draft), considered, world)
        wanted = {what: new for what, (_, new) in change.values.items()}
        expected = {what: old for what, (old, _) in change.values.items()}
        reply = world.tracker.update(change.ref, wanted, expected)
    except OutcomeUnknown as error:
        return entry, Result(change, error=str(error)), []
    except TrackerError as error:
        kept = None if isinstance(change, Create) else replace(entry, intent=None)
        return kept, Result(change, error=str(error)), []
    if isinstance(reply, Changed):
        told = f"issue {change.ref} changed while this run worked; the next run decides again"
        return replace(entry, intent=None), Result(change, error=told), []
    memory = _read_back(change.values, entry, considered, reply)
    refused = _refused({what: new for what, (_, new) in change.values.items()}, reply)
    return replace(entry.remember(memory), intent=None, closed=reply.closed), Result(change, ref=reply.ref), refused


def _created(
    change: Create, entry: Entry, issue: Issue, considered: Considered, world: World
) -> tuple[Entry, Result, list[str]]:
    row = considered.rows[change.key]
    seen = created_memory(row, issue, world.tracker)
    memory = {what: Memory(text, value) for what, (text, value) in seen.items()}
    status = row.seat.item.stated.get(Field.STATUS)
    if status is not None and status.value == "" and Field.STATUS in memory:  # an empty cell is filled
        memory[Field.STATUS] = replace(memory[Field.STATUS], want=issue.values[Field.STATUS])
    after = replace(
        entry.remember(memory),
        issue=issue.ref,
        intent=None,
        opened=issue.opened,
        author=issue.author,
        closed=issue.closed,
    )
    return after, Result(change, ref=issue.ref), _refused(change.draft.values, issue)


def _read_back(
    values: Mapping[Field, tuple[str, str]], entry: Entry, considered: Considered, reply: Issue
) -> Mapping[Field, Memory]:
    """The reply makes seen what each side then says, equal or not."""
    stated = considered.rows[entry.key].seat.item.stated
    return {what: Memory(stated[what].text, reply.values.get(what, "")) for what in values if what in stated}


def _refused(wanted: Mapping[Field, str], reply: Issue) -> list[str]:
    return [
        f"{what} {value!r} was sent, but the issue holds {reply.values.get(what, '') or 'nothing'!r}"
        for what, value in wanted.items()
        if not same(what, reply.values.get(what, ""), value)
    ]
