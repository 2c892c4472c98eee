"""Real processes, killed before and after every effect, for every tracker and publisher of the registry.

Each world has one death: in the first run, in the one after people edited both sides, or in that one while a pull
request waits; people edit both sides again before the next run. From the second round on lists lag, every run may have
a clone of its own, both sides may change one field, and the next run may die, too.

    python tests/proofs/sweep.py --table

prints how many effects of each kind there are, by tracker and publisher;

    python tests/proofs/sweep.py --effects > tests/effects.json

notes which kinds there are, for `test_crash_sweep.py`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Literal

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benches import Bench, bench
from mortal import Point
from registry import PAIRS, named
from story import DOCUMENTS, Story

When = Literal["first", "later", "waiting"]  # which run it is: of all, after edits, and while a pull request waits
Moment = tuple[str, str, When, Point]  # tracker, publisher, the run that dies, where it does


def play(seed: int, *, real: bool = True) -> None:
    """Die once at the point of a number, and come to rest."""
    every = moments()
    rounds, at = divmod(seed, len(every))
    name, publisher, when, point = every[at]
    dice = Random(seed)
    with bench(named(name), publisher, DOCUMENTS) as made:
        made.real = real
        made.fresh = bool(rounds) and fits_fresh(made) and dice.random() < 0.5
        story = Story(made)
        begun(story, when)
        if rounds:
            made.side.lag(dice.randrange(4))
        _dies(story, point)
        if when == "first":
            story.edit_some()
        else:
            made.later()
            story.edit_both()
        if rounds and dice.random() < 0.5:
            made.later()
            made.sync(dice.choice([one for *pair, _, one in every if pair == [name, publisher]]))
        elif rounds and when != "first":
            story.dispute()
        story.at_rest()


def begun(story: Story, when: When) -> None:
    """Come to where the run begins: but for the first one there was a run, and edits on both sides."""
    if when != "first":
        assert story.bench.sync().code == 0
        if when == "later":
            story.bench.merge()
        story.bench.later()
        story.edit_both()


def fits_fresh(made: Bench) -> bool:
    """Whether a run may have a clone of its own: what is written into a work tree stays in it."""
    return not made.kind.in_tree and made.publisher not in {"worktree", "api"}


def _dies(story: Story, point: Point) -> None:
    ran = story.bench.sync(point)
    story.deaths.append(str(point))
    assert ran.code is None, f"{story.bench.kind.name} x {story.bench.publisher}: not dead {point}: {ran}"
    story.whole()


@cache
def effects(name: str, publisher: str, when: When) -> tuple[str, ...]:
    """What a run does that comes to its end, in its order."""
    with bench(named(name), publisher, DOCUMENTS) as made:
        begun(Story(made), when)
        return made.sync().effects


def runs(publisher: str) -> tuple[When, ...]:
    return ("first", "later", "waiting") if publisher == "pull-request" else ("first", "later")


@cache
def moments() -> tuple[Moment, ...]:
    """Every point of every run, those of all trackers and publishers in turn."""
    found: list[tuple[float, Moment]] = []
    for kind, publisher in PAIRS:
        for when in runs(publisher):
            told = effects(kind.name, publisher, when)
            points = [Point(one, told[:at].count(one)) for at, one in enumerate(told)]
            late = [replace(one, after=True) for at, one in enumerate(points) if is_sent(one) or at + 1 == len(told)]
            points += late
            found += [(at / len(points), (kind.name, publisher, when, one)) for at, one in enumerate(points)]
    return tuple(moment for _, moment in sorted(found, key=lambda one: one[0]))


def is_sent(point: Point) -> bool:
    """Whether it is between a request and its answer: after anything else is before the next."""
    return point.kind[0].isupper()


def table() -> str:
    """Effects by tracker and publisher: how many there are in a first run, a later one, one while something waits."""
    counts = {
        (kind.name, publisher): [Counter(effects(kind.name, publisher, when)) for when in runs(publisher)]
        for kind, publisher in PAIRS
    }
    kinds = sorted(
        {one for several in counts.values() for told in several for one in told},
        key=lambda one: (one[0].isupper(), one),
    )
    head = ["effect", *(f"{name} x {publisher}" for name, publisher in counts)]
    rows = [[kind, *(_cell(kind, several) for several in counts.values())] for kind in kinds]
    deaths = Counter((name, publisher) for name, publisher, _, _ in moments())
    rows.append(["points to die at", *(str(deaths[pair]) for pair in counts)])
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])


def _cell(kind: str, several: list[Counter[str]]) -> str:
    return " + ".join(str(told[kind]) for told in several) if any(told[kind] for told in several) else ""


def kinds() -> str:
    """The kinds of effects of a run after edits, in their order, by tracker and publisher."""
    rows = {f"{kind.name} {publisher}": effects(kind.name, publisher, "later") for kind, publisher in PAIRS}
    told = (f"  {json.dumps(pair)}: {json.dumps(list(dict.fromkeys(several)))}" for pair, several in rows.items())
    return "{\n" + ",\n".join(told) + "\n}"


if __name__ == "__main__" and sys.argv[1:] == ["--effects"]:
    sys.stdout.write(f"{kinds()}\n")
if __name__ == "__main__" and sys.argv[1:] == ["--table"]:
    sys.stdout.write(f"{table()}\n")
