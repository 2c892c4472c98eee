"""Nesting: the issues of an incident's items are put below the incident's own issue, where a document names one.

It is the last that is written to trackers, as it is the least: by then every issue is known that was made, and which one
gives way to another clone's. Whether it is there already is read first, so that what a run left that died, or whose
reply was lost, is done again without harm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from closeout.domain.finding import Finding
from closeout.domain.issue import Nested
from closeout.domain.nesting import due, possible, refused, word
from closeout.domain.plan import Create, Nest
from closeout.domain.result import Result
from closeout.engine.apply import Applied
from closeout.engine.consider import Considered
from closeout.engine.parents import REASON
from closeout.engine.world import World
from closeout.errors import LaterError, TrackerError
from closeout.ports.tracker import Nests


def nested(applied: Applied, considered: Considered, world: World) -> Applied:
    """Put issues below others, one by one; one that fails is done by the next run, one that is refused is told once."""
    todo = [] if applied.later else list(_due(applied, considered))
    if not todo:
        return applied
    world.ledger.save(applied.ledger)  # what was made is known from here on
    applied = replace(applied, announced=True)
    for change in todo:
        tracker = world.trackers[change.tracker]
        if isinstance(tracker, Nests) and possible(change.parent, refused(applied.ledger, change.tracker)):
            world.ledger.hold(tracker.capabilities.write_seconds)
            try:
                told = tracker.nest(change.ref, change.parent)
            except LaterError as error:
                return replace(applied, later=str(error))
            except TrackerError as error:
                applied = replace(applied, results=(*applied.results, Result(change, error=str(error))))
            else:
                applied = _remembered(applied, change, told)
    return applied


def _due(applied: Applied, considered: Considered) -> Iterator[Nest]:
    """What was planned, and what belongs to issues that were made."""
    for change in considered.plan.changes:
        match change:
            case Nest(key=key, ref=ref, parent=parent):
                planned = True
            case Create(key=key, parent=parent):
                ref, planned = "", False
            case _:
                continue
        entry = applied.ledger.entries.get(key)
        if entry is not None and entry.issue and due(entry, parent) and (entry.issue == ref or not planned):
            yield Nest(key, change.tracker, entry.issue, parent, change.where, REASON)


def _remembered(applied: Applied, change: Nest, told: Nested) -> Applied:
    """Remember the answer; a parent that a person chose is theirs, and nothing is to be said of it."""
    entry = applied.ledger.entries[change.key]
    applied = replace(applied, ledger=applied.ledger.put(replace(entry, parent=word(change.parent, told))))
    if told.parent == change.parent:
        return replace(applied, results=(*applied.results, Result(change, ref=change.ref)))
    if told.parent:
        return applied
    whole = "; no issue of this tracker is put below another from now on" if told.everywhere else ""
    message = f"issue {change.ref} could not be put below issue {change.parent}: {told.refused}{whole}"
    found = Finding(change.where.path, change.where.line, "not-nested", f"{message}. It is not tried again")
    return replace(applied, findings=(*applied.findings, found))
