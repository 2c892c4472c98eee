"""A few worlds of every proof; `make prove` plays the rest."""

from __future__ import annotations

from collections import Counter

import pytest

from proofs import PROOFS, Proof, whole_worlds

WHOLE = next(proof for proof in PROOFS if proof.name.startswith("whole worlds"))


@pytest.mark.parametrize("proof", [one for one in PROOFS if one.few and one is not WHOLE], ids=lambda proof: proof.name)
def test_a_few_worlds_end_well(proof: Proof) -> None:
    for number in range(proof.few):
        proof.play(number)


def test_a_hundred_whole_worlds_end_well_and_all_that_may_happen_does() -> None:
    happened = sum((whole_worlds.play(number) for number in range(WHOLE.few)), Counter[str]())
    assert not whole_worlds.ACTS - set(happened), f"never happened: {whole_worlds.ACTS - set(happened)}"
