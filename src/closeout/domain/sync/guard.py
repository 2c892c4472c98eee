"""Guards: they hold the changes they object to, and let the rest go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from closeout.domain.item import Field, Status
from closeout.domain.plan import Change, Create, Held, Show, Update


@dataclass(frozen=True, slots=True)
class Limits:
    """How many changes of a kind one run makes; None for as many as there are."""

    max_creates: int | None = None
    max_closes: int | None = None
    max_edits: int | None = None


def guard(changes: Sequence[Change], limits: Limits) -> tuple[tuple[Change, ...], tuple[Held, ...]]:
    """Return the changes that go, in order, and those that wait for the next run."""
    caps = {"max-creates": limits.max_creates, "max-closes": limits.max_closes, "max-edits": limits.max_edits}
    going: list[Change] = []
    held: list[Held] = []
    count: Counter[str] = Counter()
    for change in changes:
        name = _cap(change)
        cap = caps.get(name)
        count[name] += 1
        if cap is not None and count[name] > cap:
            held.append(Held(change, name, later=True))
        else:
            going.append(change)
    return tuple(going), tuple(held)


def _cap(change: Change) -> str:
    match change:
        case Create():
            return "max-creates"
        case Update(values=values) if Field.STATUS in values and Status(values[Field.STATUS][1]).closed:
            return "max-closes"
        case Update():
            return "max-edits"
        case Show():
            return ""
