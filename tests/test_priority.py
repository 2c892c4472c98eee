"""Priorities: what words mean to a tracker with levels, and what a level is called in a document."""

from __future__ import annotations

import pytest

from closeout.domain.issue import Capabilities
from closeout.domain.item import Field
from closeout.domain.priority import LEVELS, level, spoken
from closeout.domain.sync.fit import fit

LEVELLED, FREE = Capabilities("plane", levels=frozenset(LEVELS)), Capabilities("folder")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("P0", "urgent"),
        ("p0: now", "urgent"),
        ("CRITICAL", "urgent"),
        ("P1 (high)", "high"),
        ("High", "high"),
        ("Priority: medium", "medium"),
        ("normal", "medium"),
        ("low", "low"),
        ("P4", "low"),
        ("high/low", None),
        ("highly likely", None),
        ("P10", None),
        ("as soon as possible", None),
        ("", None),
    ],
)
def test_a_priority_means_a_level_or_nothing(text: str, meant: str | None) -> None:
    assert level(text) == meant


@pytest.mark.parametrize(
    ("value", "used", "word"),
    [
        ("high", ["P0", "P1"], "P1"),
        ("urgent", ["P1", "P2"], "P0"),
        ("low", ["p1"], "p3"),
        ("urgent", ["Critical", "Low"], "Critical"),
        ("high", ["Medium"], "High"),
        ("high", ["medium"], "high"),
        ("high", [], "High"),
        ("anything", ["P1"], "Anything"),
    ],
)
def test_a_level_is_said_in_the_words_of_the_document(value: str, used: list[str], word: str) -> None:
    assert spoken(value, used) == word


def test_what_is_said_means_the_level_again() -> None:
    for value in ("urgent", "high", "medium", "low"):
        for used in ([], ["P2"], ["Trivial"], ["blocker", "P1"]):
            assert level(spoken(value, used)) == value


def test_a_tracker_with_levels_is_sent_levels_and_never_what_nobody_understands() -> None:
    assert fit({Field.PRIORITY: "P1"}, LEVELLED) == {Field.PRIORITY: "high"}
    assert fit({Field.PRIORITY: ""}, LEVELLED) == {Field.PRIORITY: ""}
    assert fit({Field.PRIORITY: "soon"}, LEVELLED) == {}
    assert fit({Field.PRIORITY: "P1"}, FREE) == {Field.PRIORITY: "P1"}
