"""What differs between two states of the ledger, as text and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from closeout.domain.difference import Difference, Differing, ItemDifference, Operation


def lines(before: str, after: str, found: Difference) -> Iterator[str]:
    """Yield the difference line by line for a person; `before` and `after` name the states."""
    yield f"{_short(before)} → {_short(after)}"
    yield from (f"    {_field(one)}" for one in found.head)
    for item in found.items:
        entry = item.entry
        issue = f", issue {entry.issue}" if entry.issue else ""
        yield f"{entry.document or 'no document'}: {entry.title} ({entry.key}{issue}): {item.operation}"
        yield from (f"    {_field(one)}" for one in item.fields)
    count = Counter(item.operation for item in found.items)
    yield ", ".join(f"{count[operation]} {operation}" for operation in Operation)


def _short(name: str) -> str:
    return name[:12] if name else "nothing"


def _field(one: Differing) -> str:
    return f"{one.name}: {_value(one.before)} → {_value(one.after)}"


def _value(value: str | None) -> str:
    return "nothing" if value is None else repr(value)


def as_json(before: str, after: str, found: Difference) -> str:
    """Return the difference as one JSON object."""
    told = {
        "from": before,
        "to": after,
        "head": [_plain(one) for one in found.head],
        "items": [_item(item) for item in found.items],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _item(item: ItemDifference) -> dict[str, object]:
    entry = item.entry
    told = {"operation": item.operation.value, "key": entry.key, "tracker": entry.tracker, "issue": entry.issue}
    return {**told, "document": entry.document, "title": entry.title, "fields": [_plain(one) for one in item.fields]}


def _plain(one: Differing) -> dict[str, str | None]:
    return {"field": one.name, "before": one.before, "after": one.after}
