"""Whatever goes wrong with a request of a run, the next run does what is left: nothing is twice, lost or made up.

Every trouble befalls the hosts of the registry in turn: at a request that rotates with it, once or from there on, with one
of two publishers. `make prove` lets each befall each request of a run of every host.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from benches import bench
from closeout.errors import Exit
from fault_sweep import Asked, begun, do_as_told, ended, goes_wrong, mended
from registry import REGISTRY, Kind
from story import DOCUMENTS, Story
from troubles import TROUBLES

HOSTS = [kind for kind in REGISTRY if not kind.in_tree]
LAGGING = [kind for kind in HOSTS if kind.lags]
CASES = [
    pytest.param(kind, number, id=f"{kind.name}: {trouble.name}")
    for at, kind in enumerate(HOSTS)
    for number, trouble in enumerate(TROUBLES)
    if number % len(HOSTS) == at
]


class Worlds:
    """A world for each tracker and publisher, taken again until something is wrong with it."""

    def __init__(self) -> None:
        self.made: dict[tuple[str, str], tuple[ExitStack, Story, Asked]] = {}

    @contextmanager
    def taken(self, kind: Kind, number: int) -> Iterator[tuple[Story, Asked]]:
        ways = [kind.publishers[-1], *(one for one in kind.publishers if one == "worktree")]
        pair = kind.name, ways[-(number % 2)]
        if pair not in self.made:
            stack = ExitStack()
            story = Story(stack.enter_context(bench(kind, pair[1], DOCUMENTS)))
            self.made[pair] = stack, story, begun(story)
        try:
            yield self.made[pair][1:]
        except BaseException:
            self.made.pop(pair)[0].close()
            raise


@pytest.fixture(scope="module")
def worlds() -> Iterator[Worlds]:
    made = Worlds()
    yield made
    for stack, story, _ in made.made.values():
        with stack:
            story.at_rest()


@pytest.mark.parametrize(("kind", "number"), CASES)
def test_a_run_that_meets_trouble_harms_nothing_and_the_next_does_the_rest(
    worlds: Worlds, kind: Kind, number: int
) -> None:
    trouble = TROUBLES[number]
    with worlds.taken(kind, number // len(HOSTS)) as (story, asked):
        goes_wrong(story, trouble, asked, number * 5, stays=number % 3 == 0 and not trouble.slow)


@pytest.mark.parametrize("kind", HOSTS, ids=lambda kind: kind.name)
def test_a_run_that_loses_its_rights_half_way_harms_nothing_and_the_next_does_the_rest(
    worlds: Worlds, kind: Kind
) -> None:
    with worlds.taken(kind, 0) as (story, _):
        story.edit_both()
        story.deaths.append("rights lost after a write")
        story.bench.side.take_rights(after=1)
        ran = story.bench.sync()
        ended(story, ran)
        story.bench.side.give_rights()
        story.bench.later()
        again = story.bench.sync()
        assert again.code == Exit.DONE
        do_as_told(story, ran.told + again.told)
        mended(story)


@pytest.mark.parametrize("reads", [1, 3])
@pytest.mark.parametrize("kind", LAGGING, ids=lambda kind: kind.name)
def test_a_run_whose_lists_lag_harms_nothing_and_the_next_does_the_rest(worlds: Worlds, kind: Kind, reads: int) -> None:
    with worlds.taken(kind, reads // 2) as (story, _):
        story.edit_both()
        story.deaths.append(f"lists lag {reads} reads")
        story.bench.side.lag(reads)
        ended(story, story.bench.sync())
        ended(story, story.bench.sync())
        story.bench.side.lag(0)
        mended(story)
