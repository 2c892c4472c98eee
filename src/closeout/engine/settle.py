"""Settle: what came of the writes that a crashed run had announced. They only decide what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from closeout.domain.issue import Issue
from closeout.domain.item import Field, same
from closeout.domain.ledger import Entry, Intent, Ledger, Memory
from closeout.ports.tracker import TrackerReader


@dataclass(frozen=True, slots=True)
class Settled:
    """The ledger with its intents settled, the fields by key where both sides count as changed, and the keys whose
    create is still open because the listing may lag.
    """

    ledger: Ledger
    unsettled: Mapping[str, frozenset[Field]] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()


def settle(ledger: Ledger, tracker: TrackerReader) -> Settled:
    """Look up every announced write of a run that did not come to its end."""
    unsettled: dict[str, frozenset[Field]] = {}
    waiting = set()
    for entry in list(ledger.entries.values()):
        if entry.intent is None:
            continue
        if entry.issue:
            after, fields = _update(entry, entry.intent, tracker)
            unsettled[entry.key] = fields
            ledger = ledger.put(after)
        elif (found := tracker.find(entry.key)) is not None:
            ledger = ledger.put(_created(entry, entry.intent, found))
        elif tracker.capabilities.lists_lag:
            waiting.add(entry.key)
        else:
            ledger = ledger.drop(entry.key)
    return Settled(ledger, unsettled, frozenset(waiting))


def _created(entry: Entry, intent: Intent, found: Issue) -> Entry:
    memory = {what: Memory(text, new) for what, (_, new, text) in intent.values.items()}
    return replace(entry.remember(memory), issue=found.ref, opened=found.opened, author=found.author, intent=None)


def _update(entry: Entry, intent: Intent, tracker: TrackerReader) -> tuple[Entry, frozenset[Field]]:
    found = tracker.get(entry.issue)
    if not isinstance(found, Issue):
        return entry, frozenset()
    memory, unsettled = {}, set()
    for what, (old, new, text) in intent.values.items():
        now = found.values.get(what, "")
        if same(what, now, new):
            known = entry.memory.get(what, Memory())
            memory[what] = Memory(text, now, None, known.proposed)
        elif not (same(what, now, old) and found.version == intent.version):
            unsettled.add(what)
    return replace(entry.remember(memory), intent=None), frozenset(unsettled)
