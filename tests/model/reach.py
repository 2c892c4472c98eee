"""Every state that a world can get into, found by doing everything that can be done in each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from closeout.domain.item import Field
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from model.fields import FIELDS
from model.rules import Case
from model.world import Start, World, begin

Act = tuple[object, ...]  # the name of what is done, and with what
Near = tuple[Sequence[str], Sequence[str]]
NEAR: dict[
    Field, Near
] = {  # of each field's words and values enough to tell all apart, and few enough to go everywhere
    Field.TITLE: (FIELDS[Field.TITLE].values[:2], FIELDS[Field.TITLE].values),
    Field.STATUS: (["OPEN", "DONE", "BREWING"], ["todo", "done"]),
    Field.OWNERS: (["ann", "ann, bob", "bob, ann"], ["ann", "ann, bob"]),
    Field.DUE: (["2026-06-15", "", "soon"], ["2026-06-15", ""]),
    Field.PRIORITY: (["P1", "P2"], ["P1", "P3"]),
}


@dataclass(frozen=True)
class Reached:
    """How many states there are, all that a run is asked to decide in one of them, and the shortest ways to those
    behind which nothing new lies: together they lead through every state.
    """

    states: int
    cases: frozenset[Case]
    ways: tuple[tuple[Act, ...], ...]


def acts(what: Field, words: Sequence[str], values: Sequence[str], deaths: int = 6) -> list[Act]:
    """What people edit, and a run that comes to its end or dies before one of its effects."""
    return [
        *(("edit_cell", 0, what, word) for word in words),
        *(("edit_issue", what, value) for value in values),
        *(("run", number) for number in (*range(deaths), None)),
        ("merge",),
        ("decline",),
    ]


def reach(begun: Start, doings: Sequence[Act]) -> Reached:
    """Go through all states, nearest first."""
    world = begin(begun)
    ways: dict[object, tuple[Act, ...]] = {world.state: ()}
    inner: set[tuple[Act, ...]] = set()
    cases: set[Case] = set()
    waiting = deque([world])
    while waiting:
        before = waiting.popleft()
        for act, after in _after(before, doings):
            cases.update(after.judged)
            if after.state not in ways:
                way = ways[before.state]
                ways[after.state] = (*way, act)
                inner.add(way)
                waiting.append(after)
    return Reached(len(ways), frozenset(cases), tuple(way for way in ways.values() if way not in inner))


def everywhere(what: Field, publish: str, rule: Rule, near: Near | None = None) -> Reached:
    """All that can become of one field of an issue that closeout made."""
    return reach(start(what, publish, rule), acts(what, *(near or NEAR[what])))


def start(what: Field, publish: str, rule: Rule) -> Start:
    """A table with one column beside the title, or the title alone."""
    return Start(publish, {**DEFAULT_RULES, what: rule}, fields=tuple(dict.fromkeys([Field.TITLE, what])))


def _after(world: World, doings: Sequence[Act]) -> Iterator[tuple[Act, World]]:
    for act in doings:
        name, *arguments = act
        after = world.copy()
        getattr(after, str(name))(*arguments)
        yield act, after
