"""The run is killed at every kind of effect, for every tracker and every publisher of the registry.

One full run tells which effects there are. Then each round people edit both sides, and the run is killed at the first
effect of another kind, before it or after it; those that are killed in between have died on the way to rest. `make
prove` kills real processes at every single effect, each in a world of its own.
"""

from __future__ import annotations

import pytest

from benches import bench
from mortal import Point
from registry import PAIRS, Kind
from story import DOCUMENTS, Story


def points(effects: tuple[str, ...]) -> list[Point]:
    """Before and after the first effect of each kind; what is the same moment is there once."""
    found: dict[object, Point] = {}
    for at, kind in enumerate(effects):
        if kind in effects[:at]:
            continue
        found.setdefault(at, Point(kind))
        is_sent = kind[0].isupper()
        found.setdefault((at,) if is_sent else at + 1, Point(kind, after=True))
    return list(found.values())


@pytest.mark.parametrize(("kind", "publisher"), PAIRS, ids=lambda told: getattr(told, "name", told))
def test_killed_at_every_kind_of_effect_nothing_is_twice_lost_or_left_over(kind: Kind, publisher: str) -> None:
    with bench(kind, publisher, DOCUMENTS) as made:
        story = Story(made)
        assert made.sync().code == 0
        made.merge()
        story.edit_both()
        for point in points(made.sync().effects):
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
    story.whole()
    return ran.code is None
