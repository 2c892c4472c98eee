"""Doubles: where no other run sees our ledger, another may have made the same issue; then ours gives way."""

from __future__ import annotations

import re
from dataclasses import replace

from closeout.domain.issue import Issue
from closeout.domain.item import Field, Status
from closeout.domain.ledger import Ledger
from closeout.domain.plan import Create
from closeout.domain.result import Result
from closeout.engine.apply import Applied
from closeout.engine.settle import vouched
from closeout.engine.world import World


def without_doubles(applied: Applied, world: World) -> Applied:
    """List again what was created; of several issues with one key the lowest stays, and our own fresh one is closed.

    This is the only close that no document and no person asked for. Without creates, or with a ledger that every run
    sees, nothing is asked.
    """
    created = [result for result in applied.results if isinstance(result.change, Create) and result.ref]
    if world.ledger.shared or not world.tracker.capabilities.lists_lag or not created:
        return applied
    listed = world.tracker.managed()
    ledger, results = applied.ledger, list(applied.results)
    for result in created:
        ours = frozenset({applied.ledger.entries[result.change.key].author.casefold()})
        same = [issue for issue in listed if issue.key == result.change.key and vouched(issue, ours)]
        lowest = min(same, key=_number, default=None)
        if lowest is not None and _number(lowest) < int(_digits(result.ref)):
            ledger = _given_way(ledger, result, lowest, world)
            results[results.index(result)] = replace(result, ref=lowest.ref)
    return replace(applied, ledger=ledger, results=tuple(results))


def _given_way(ledger: Ledger, ours: Result, lowest: Issue, world: World) -> Ledger:
    world.tracker.update(ours.ref, {Field.STATUS: Status.WONT_DO}, {Field.STATUS: Status.TODO})
    entry = ledger.entries[ours.change.key]
    return ledger.put(replace(entry, issue=lowest.ref, opened=lowest.opened, version=lowest.version))


def _number(issue: Issue) -> int:
    return int(_digits(issue.ref))


def _digits(ref: str) -> str:
    return str(re.findall(r"\d+", ref)[-1])
