"""Proofs: each plays one world from a number; `make test` plays a few of each, `make prove` as many as it can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from proofs import (
    edits,
    faults,
    ledger_races,
    one_field,
    oracle,
    pull_requests,
    races,
    sweep,
    uncommitted,
    whole_worlds,
)


@dataclass(frozen=True)
class Proof:
    """`play` raises AssertionError if the world of a number ends badly; `few` and `full` say how many to play."""

    name: str
    play: Callable[[int], None]
    few: int
    full: int


PROOFS = (
    Proof("one field, edited on both sides, runs dying anywhere", one_field.play, 150, 200_000),
    Proof("write-backs thrown away and committed at will", uncommitted.play, 80, 50_000),
    Proof("pull requests merged, declined, thrown away and edited at will", pull_requests.play, 2, 1_000),
    Proof("whole worlds, with rewording, reordering and deaths", whole_worlds.play, 60, 10_000),
    Proof("every tracker and publisher, killed at every effect", sweep.play, 1, 3_000),
    Proof("every trouble at every request of a run", faults.play, 1, 3_000),
    Proof("two processes at once on one repository", races.play, 2, 200),
    Proof("concurrent pushes of the ledger: exactly one wins", ledger_races.play, 1, 200),
    Proof("blocks as the oracle sees them", oracle.play, 150, 20_000),
    Proof("edits of generated documents, and their undoing", edits.play, 60, 20_000),
)
