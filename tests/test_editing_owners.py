"""Names that hold a word that divides a list: what is written is read as the one name it is."""

from __future__ import annotations

import pytest

from closeout.editing.owners import escaped
from closeout.reading.fields import owners
from closeout.reading.vocabulary import shipped


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Trust and Safety", '"Trust and Safety"'),
        ("A & B", r"A \& B"),
        ("R&D and Ops", r'"R\&D and Ops"'),
        ('Bob "Bobby" Lee', 'Bob "Bobby" Lee'),
        ('Bob "Bobby" and Lee', r'"Bob \"Bobby\" and Lee"'),
        ("山田、太郎", '"山田、太郎"'),
        ("@acme/sre", "@acme/sre"),
        ("@dependabot[bot]", r"@dependabot\[bot\]"),
    ],
)
def test_a_name_that_holds_a_divider_is_written_so_that_it_stays_one(name: str, said: str) -> None:
    assert escaped(name) == said
    assert owners.read(said, shipped()) == (name.removeprefix("@"),)
    assert owners.read(f"Ann, {said} & Bob", shipped()) == ("Ann", name.removeprefix("@"), "Bob")
    assert owners.pieces(f"Ann, {said} & Bob") == (["Ann", said, "Bob"], ", ")


def test_quotes_without_a_divider_in_them_are_read_as_before() -> None:
    assert owners.read('"SRE", Ann "Annie" Lee and Bob', shipped()) == ('"SRE"', 'Ann "Annie" Lee', "Bob")
