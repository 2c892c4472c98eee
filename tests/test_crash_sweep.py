"""The run is killed at every kind of effect, for every tracker and every publisher of the registry.

One full run tells which effects there are. Then each round people edit both sides, and the run is killed at the first
effect of another kind; those that are killed in between have died on the way to rest. What is sent to a host dies
before and after it is done; what is done here before it or after it, in turn from kind to kind and from publisher to
publisher, as both are done here by the same code. What a tracker is sent dies with one of its publishers in turn, what
is done here or sent with documents with one of the hosts. `make prove` kills real processes before and after every single effect, each in a
world of its own.
"""

from __future__ import annotations

import re

import pytest

from benches import bench
from mortal import Point
from registry import PAIRS, REGISTRY, Kind
from story import DOCUMENTS, Story


def points(effects: tuple[str, ...], turn: int) -> list[Point]:
    """Where to die: at the first effect of each kind, by turns before or after it; what is sent both."""
    found = []
    for number, kind in enumerate(dict.fromkeys(effects), turn):
        is_sent = kind[0].isupper()
        found += [Point(kind)] if is_sent or number % 2 else []
        found += [Point(kind, after=True)] if is_sent or not number % 2 else []
    return found


def due(kind: Kind, publisher: str, points: list[Point]) -> list[Point]:
    """Those of the points at which it is this tracker's and this publisher's turn."""
    if kind.in_tree:
        return points
    hosts = [one for one in REGISTRY if publisher in one.publishers and not one.in_tree]
    its_turn = {
        "tracker": (kind.publishers.index(publisher), len(kind.publishers)),
        "documents": (hosts.index(kind), len(hosts)),
    }
    found = []
    for number, one in enumerate(points):
        sent_to_tracker = one.kind[0].isupper() and re.search(r"issues|labels|work-items", one.kind)
        at, of = its_turn["tracker" if sent_to_tracker else "documents"]
        found += [one] if (number + number // of) % of == at else []
    return found


@pytest.mark.parametrize(("kind", "publisher"), PAIRS, ids=lambda told: getattr(told, "name", told))
def test_killed_at_every_kind_of_effect_nothing_is_twice_lost_or_left_over(kind: Kind, publisher: str) -> None:
    with bench(kind, publisher, DOCUMENTS) as made:
        story = Story(made)
        assert made.sync().code == 0
        made.merge()
        story.edit_both()
        for point in due(kind, publisher, points(made.sync().effects, PAIRS.index((kind, publisher)))):
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
