"""A few worlds of every proof; `make prove` plays the rest."""

from __future__ import annotations

import pytest

from proofs import PROOFS, Proof


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.name)
def test_a_few_worlds_end_well(proof: Proof) -> None:
    for number in range(proof.few):
        proof.play(number)
