"""Approval: the name of a held set, by which a person lets go of exactly that one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from closeout.domain.plan import Change, Create, Nest, Show, Update

Line = tuple[str, str, str, str, str]  # operation, ticket or key, field, from, to
_LENGTH = 16


def digest(changes: Iterable[Change], others: Iterable[Line] = ()) -> str:
    """Return the name of held changes, and of what else is held, in whatever order; empty for nothing."""
    lines = sorted({*(line for change in changes for line in _lines(change)), *others})
    if not lines:
        return ""
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()[:_LENGTH]


def _lines(change: Change) -> Iterator[Line]:
    match change:
        case Create(key=key, tracker=tracker, draft=draft, parent=parent):
            yield "create", key, "", "", tracker
            if parent:
                yield "create", key, "parent", "", parent
            yield from (("create", key, what, "", value) for what, value in draft.values.items())
        case Update(tracker=tracker, ref=ref, values=values):
            yield from (("update", f"{tracker} {ref}", what, old, new) for what, (old, new) in values.items())
        case Nest(tracker=tracker, ref=ref, parent=parent):
            yield "nest", f"{tracker} {ref}", "parent", "", parent
        case Show(key=key, what=what, before=before, value=value):
            yield "show", key, what, before, value
