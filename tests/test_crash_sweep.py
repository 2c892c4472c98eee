"""The run is killed at every kind of effect, for every tracker and every publisher of the registry.

Each round people edit both sides, and the run is killed at the first effect of another kind; those that are killed in
between have died on the way to rest. What is sent to a host dies before and after it is done; what is done here before it
or after it, in turn, as both are done here by the same code. `make prove` kills real processes before and after every single
effect of every tracker with every publisher, each in a world of its own (`proofs/sweep.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from benches import bench
from mortal import Point
from registry import PAIRS, Kind, named
from story import DOCUMENTS, Story

EFFECTS: Mapping[str, Sequence[str]] = json.loads(Path(__file__).with_name("effects.json").read_text("utf-8"))

OLD = "other effects than were noted: `.venv/bin/python tests/proofs/sweep.py --effects > tests/effects.json`"


def scope(kind: Kind, publisher: str, effect: str) -> tuple[str, str]:
    """Whose code does it: a host's adapter does what begins with its method, a publisher what is done here."""
    return (kind.name if effect[0].isupper() or kind.in_tree else publisher), effect


def chosen() -> Mapping[tuple[str, str], Sequence[str]]:
    """The kinds of effects at which a tracker dies with a publisher. What a host is sent is sent by the same code with every
    publisher, and what a publisher does here is the same for every host: so each of the two dies once, with the pair that
    has most kinds of effects, which leaves pairs without any that is their own. What the folder does is all its own.
    """
    order = sorted(PAIRS, key=lambda pair: -len(EFFECTS[f"{pair[0].name} {pair[1]}"]))
    seen: set[tuple[str, str]] = set()
    found: dict[tuple[str, str], Sequence[str]] = {}
    for kind, publisher in order:
        own = {one: scope(kind, publisher, one) for one in EFFECTS[f"{kind.name} {publisher}"]}
        left = [one for one, whose in own.items() if whose not in seen]
        seen.update(own.values())
        found |= {(kind.name, publisher): left} if left else {}
    return found


CHOSEN = chosen()


def points(effects: Sequence[str], turn: int) -> list[Point]:
    """Where to die: at the first effect of each kind, by turns before or after it; what is sent both."""
    found = []
    for number, kind in enumerate(effects, turn):
        is_sent = kind[0].isupper()
        found += [Point(kind)] if is_sent or number % 2 else []
        found += [Point(kind, after=True)] if is_sent or not number % 2 else []
    return found


def test_what_is_chosen_has_every_kind_of_effect_of_every_host_and_every_publisher() -> None:
    every = {scope(kind, publisher, one) for kind, publisher in PAIRS for one in EFFECTS[f"{kind.name} {publisher}"]}
    assert {scope(named(name), publisher, one) for (name, publisher), ones in CHOSEN.items() for one in ones} == every
    assert {name for name, _ in CHOSEN} == {kind.name for kind, _ in PAIRS}
    assert {publisher for _, publisher in CHOSEN} == {publisher for _, publisher in PAIRS}
    assert set(EFFECTS) == {f"{kind.name} {publisher}" for kind, publisher in PAIRS}


@pytest.mark.parametrize(("name", "publisher"), CHOSEN)
def test_killed_at_every_kind_of_effect_nothing_is_twice_lost_or_left_over(name: str, publisher: str) -> None:
    with bench(named(name), publisher, DOCUMENTS) as made:
        story = Story(made)
        assert made.sync().code == 0
        made.merge()
        story.edit_both()
        assert list(dict.fromkeys(made.sync().effects)) == EFFECTS[f"{name} {publisher}"], OLD
        for point in points(CHOSEN[name, publisher], list(CHOSEN).index((name, publisher))):
            assert dies(story, point) or dies(story, point, merged=True), f"no run came to where it was to die: {point}"
        story.at_rest()


def dies(story: Story, point: Point, *, merged: bool = False) -> bool:
    """Whether the run after one more round of edits died there; what waits may have to be merged to be offered anew."""
    story.bench.later()
    if merged:
        story.bench.merge()
    story.edit_both()
    ran = story.bench.sync(point)
    story.deaths += [str(point)] if ran.code is None else []
    story.once()
    return ran.code is None
