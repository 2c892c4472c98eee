"""The model of the rules and closeout itself, played side by side: random worlds, and every state that one field can get
into by the shortest way there. After each act both must hold the same, to the last word.
"""

from __future__ import annotations

import itertools
from functools import cache

from closeout.domain.item import Field
from closeout.domain.sync.merge import Rule
from model import lockstep
from model.reach import NEAR, Act, everywhere, start

KINDS = tuple(itertools.product(("commit", "pull-request"), Rule, NEAR))


def play(seed: int) -> None:
    lockstep.play(seed)


def go(number: int) -> None:
    """Go to the end of one way, of another kind with each number."""
    turn, kind = divmod(number, len(KINDS))
    publish, rule, what = KINDS[kind]
    ways = _ways(what, publish, rule)
    both = lockstep.Lockstep(start(what, publish, rule))
    for name, *arguments in ways[turn % len(ways)]:
        both.act(str(name), *arguments)


@cache
def _ways(what: Field, publish: str, rule: Rule) -> tuple[tuple[Act, ...], ...]:
    return everywhere(what, publish, rule).ways
