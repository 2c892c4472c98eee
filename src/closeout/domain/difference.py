"""Difference: what is otherwise between two states of the ledger, item by item and field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from closeout.domain.ledger import Entry, Ledger


class Operation(StrEnum):
    """What became of an item."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Differing:
    """One field; None where it was not there. `name` is the ledger's own, dotted for what was seen: `due.tracker`."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ItemDifference:
    """One key: its entry as it is, or was if it is gone, and the fields that differ."""

    operation: Operation
    entry: Entry
    fields: tuple[Differing, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The fields of the head that differ, and the items by document and place."""

    head: tuple[Differing, ...] = ()
    items: tuple[ItemDifference, ...] = ()


def difference(before: Ledger, after: Ledger) -> Difference:
    """Return what differs between two ledgers; nothing for equal ones."""
    items = [_item(before.entries.get(key), after.entries.get(key)) for key in {**before.entries, **after.entries}]
    kept = [item for item in items if item is not None]
    kept.sort(key=lambda item: (item.entry.document, item.entry.position, item.entry.key))
    return Difference(_differing(_head(before), _head(after)), tuple(kept))


def _item(before: Entry | None, after: Entry | None) -> ItemDifference | None:
    if before == after:
        return None
    operation = Operation.ADDED if before is None else Operation.REMOVED if after is None else Operation.CHANGED
    found = _differing(_flat(before), _flat(after))
    entry = after or before
    return ItemDifference(operation, entry, found) if entry is not None else None


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Differing, ...]:
    names = sorted({**before, **after}, key=lambda name: name if "." in name else "")  # what was seen comes behind
    return tuple(
        Differing(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )


def _head(ledger: Ledger) -> dict[str, str]:
    told = {"repository": ledger.repository, "revision": ledger.revision}
    told |= {f"trackers.{name}": address for name, address in ledger.trackers.items()}
    return {name: value for name, value in told.items() if value}


def _flat(entry: Entry | None) -> dict[str, str]:
    return dict(_told(entry)) if entry is not None else {}


def _told(entry: Entry) -> Iterator[tuple[str, str]]:
    for one in fields(entry):
        value = getattr(entry, one.name)
        if one.name not in {"key", "memory", "intent"} and value != one.default:
            yield one.name, str(value).lower() if isinstance(value, bool) else str(value)
    for what, memory in sorted(entry.memory.items()):
        for name in ("document", "tracker", "want"):
            if (value := getattr(memory, name)) is not None:
                yield f"{what}.{name}", value
        if memory.proposed:
            yield f"{what}.proposed", ", ".join(sorted(memory.proposed))
    if entry.intent is not None:
        for what, (old, new, _) in sorted(entry.intent.values.items()):
            yield f"{what}.announced", f"{old or 'nothing'} → {new or 'nothing'}"
