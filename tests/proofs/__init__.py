"""Proofs: each plays one world from a number; `make test` plays a few of each, `make prove` as many as it can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from proofs import (
    alike,
    edits,
    faults,
    host_races,
    image,
    installing,
    interrupted,
    ledger_races,
    one_field,
    oracle,
    pull_requests,
    races,
    soak,
    sweep,
    uncommitted,
    whole_worlds,
)


@dataclass(frozen=True)
class Proof:
    """`play` raises AssertionError if the worlds of a number end badly; `few` and `full` say how many numbers to play (few: none
    where that takes too long, or `make test` tries the same in a cheaper way), and `each` how many worlds a number has.
    """

    name: str
    play: Callable[[int], object]
    few: int
    full: int
    each: int = 1


PROOFS = (
    Proof("one field, edited on both sides, runs dying anywhere", one_field.play, 50, 200_000),
    Proof("closeout and the model of its rules, alike to the last word", alike.play, 60, 100_000),
    Proof("closeout and the model in every state of one field", alike.go, 10, 55_240),
    Proof("write-backs thrown away and committed at will", uncommitted.play, 40, 50_000),
    Proof("pull requests merged, declined, thrown away and edited at will", pull_requests.play, 2, 1_000),
    Proof(
        "whole worlds: people on both sides, and runs that die, lag and lose",
        whole_worlds.play,
        6,
        400,
        whole_worlds.EACH,
    ),
    Proof("every tracker and publisher, killed at every effect", sweep.play, 0, 3_000),
    Proof("every trouble at every request of a run", faults.play, 0, 3_000),
    Proof("two processes at once on one repository", races.play, 1, 200),
    Proof("two processes at once on two clones of one remote, and people who push", host_races.play, 0, 200),
    Proof("concurrent pushes of the ledger: exactly one wins", ledger_races.play, 1, 200),
    Proof("a daemon's repositories over weeks, with runs that are killed", soak.play, 0, 200),
    Proof("a daemon cut off at a request in every way, and begun again", interrupted.play, 0, 128),
    Proof("blocks as the oracle sees them", oracle.play, 150, 20_000),
    Proof("edits of generated documents, and their undoing", edits.play, 20, 20_000),
    Proof("the Action, installed from nothing by pip", installing.play, 0, 1),
    Proof("the container image's own steps, in a clean environment", image.play, 0, 1),
)
