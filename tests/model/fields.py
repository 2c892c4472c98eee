"""What people write into the cells and the issue, and what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from closeout.domain.item import Field


@dataclass(frozen=True)
class Words:
    """`means` tells of each word that people write into a cell what it says, None where nobody understands it.

    `values` are what people set in the issue; `own` is how closeout writes a value where people write otherwise.
    """

    means: Mapping[str, str | None]
    values: Sequence[str]
    own: Mapping[str, str]

    def say(self, value: str) -> str:
        return self.own.get(value, value)


def plain(*values: str, opaque: Sequence[str] = ()) -> Words:
    return Words({**{value: value for value in values}, **dict.fromkeys(opaque)}, values, {})


STATUSES = {"OPEN": "todo", "IN PROGRESS": "in_progress", "DONE": "done", "WON'T DO": "wont_do"}
NAMES = ("ann", "bob", "ann, bob", "bob, ann", "")

FIELDS = {
    Field.TITLE: plain("Add an alert", "Raise the limit", "Write a runbook"),
    Field.STATUS: Words(
        {**STATUSES, "BREWING": None, "": ""},
        tuple(STATUSES.values()),
        {value: word for word, value in STATUSES.items()},
    ),
    Field.OWNERS: plain(*NAMES),
    Field.DUE: plain("2026-06-15", "2026-06-16", "2026-06-17", "", opaque=["soon"]),
    Field.PRIORITY: plain("P1", "P2", "P3", ""),
}
CLOSED = {"done", "wont_do"}


def same(what: Field, one: str, other: str) -> bool:
    """Owners are compared as people, everything else as it is written."""
    if what is Field.OWNERS:
        return set(one.split(", ")) == set(other.split(", "))
    return one == other


def projected(what: Field, value: str | None, *, coarse: bool) -> str | None:
    """What a tracker makes of a value that can tell done from open only."""
    if what is not Field.STATUS or not coarse or not value:
        return value
    return "done" if value in CLOSED else "todo"
