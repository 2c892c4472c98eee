"""Every trouble at every request of a run, once and from there on, for every host and its publishers that write."""

from __future__ import annotations

from functools import cache

from benches import bench
from fault_sweep import begun, goes_wrong
from registry import PAIRS, Kind
from story import DOCUMENTS, Story
from troubles import TROUBLES, Trouble

Case = tuple[Kind, str, Trouble, int, bool]


def play(seed: int) -> None:
    """Let one thing go wrong with one request."""
    every = cases()
    kind, publisher, trouble, at, stays = every[seed % len(every)]
    with bench(kind, publisher, DOCUMENTS) as made:
        story = Story(made)
        goes_wrong(story, trouble, begun(story), at, stays=stays)
        story.at_rest()


@cache
def cases() -> tuple[Case, ...]:
    """Request by request, each with every trouble that fits it."""
    found: list[tuple[int, Case]] = []
    for kind, publisher in PAIRS:
        if kind.in_tree or publisher == "none":
            continue
        with bench(kind, publisher, DOCUMENTS) as made:
            asked = begun(Story(made))
        for trouble in TROUBLES:
            for at in range(sum(trouble.fits(*one) for one in asked)):
                found += [(at, (kind, publisher, trouble, at, stays)) for stays in (False, True)]
    return tuple(case for _, case in sorted(found, key=lambda one: one[0]))
