"""A few worlds of every proof; `make prove` plays the rest."""

from __future__ import annotations

import pytest

from proofs import PROOFS, Proof


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.name)
def test_a_few_worlds_end_well(proof: Proof) -> None:
    for number in range(proof.few):
        proof.play(number)


def test_every_effect_of_a_first_run_and_of_a_later_one_is_died_at() -> None:
    deaths = next(proof for proof in PROOFS if "deaths at every effect" in proof.name)
    for number in range(deaths.few, 72):
        deaths.play(number)
