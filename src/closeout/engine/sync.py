"""Plan and sync: the data flow, in order. A plan is a sync that stops before its first effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from closeout.domain.finding import Finding
from closeout.domain.ledger import Ledger
from closeout.domain.outcome import Outcome
from closeout.engine.again import again
from closeout.engine.apply import Applied, apply
from closeout.engine.consider import Considered, consider
from closeout.engine.doubles import without_doubles
from closeout.engine.nesting import nested
from closeout.engine.read import read
from closeout.engine.standing import standing
from closeout.engine.world import Options, World
from closeout.engine.writeback import Written, write_back
from closeout.errors import Exit

Tick = Callable[[str, int, int], None]


def _silent(_step: str, _done: int, _total: int) -> None:
    return


def plan(world: World, options: Options, tick: Tick = _silent) -> Outcome:
    """Decide what a sync would do, and do none of it."""
    considered = _considered(world, options, tick)
    return _refused(_outcome(considered), considered.options)


def sync(world: World, options: Options, tick: Tick = _silent) -> Outcome:
    """Bring documents and tracker together, once.

    A tracker that cannot be read raises TrackerError before anything is written; a change that fails is in the
    outcome, and the next run does it. If somebody else was faster, all is read and planned again: three times where
    another run took the lease first, and as often as the publisher says where documents changed.
    """
    return again(lambda: _synced(world, options, tick))


def _synced(world: World, options: Options, tick: Tick) -> Outcome:
    with world.ledger.lease():
        outcome = _round(world, options, tick, last=not world.publisher.retries)
        for left in reversed(range(world.publisher.retries)):
            if Exit.MOVED not in outcome.exits:
                break
            limits = options.limits.after([result.change for result in outcome.results if not result.error])
            told = replace(options.circumstances, approve="")  # what was approved is done by now
            again = replace(options, limits=limits, circumstances=told, new=())  # they are no longer new
            outcome = _together(outcome, _round(world, again, tick, last=not left))
    return outcome


def _together(first: Outcome, again: Outcome) -> Outcome:
    return replace(
        again,
        results=(*first.results, *again.results),
        written=tuple(dict.fromkeys((*first.written, *again.written))),
        places=(*first.places, *again.places),
        offered=first.offered | again.offered,
    )


def _round(world: World, options: Options, tick: Tick, *, last: bool) -> Outcome:
    """Read, plan, apply and write back; the lease goes with the `last` save, which one without a lost race is too."""
    considered = _considered(world, options, tick)
    options = considered.options
    if considered.plan.stop:
        return _refused(_outcome(considered), options)
    applied = apply(considered, world, options, lambda done, total: tick("writing issues", done, total))
    applied = nested(without_doubles(applied, considered, world, options.now), considered, world)
    written = write_back(considered, applied, world, options)
    lost = any(code is Exit.MOVED for code, _ in written.errors)
    if applied.announced or options.circumstances.behind or _differs(written.ledger, considered.before):
        seen_at = considered.library.snapshot.revision or written.ledger.revision
        world.ledger.save(replace(written.ledger, revision=seen_at), last=last or not lost)
    return _carried_out(_outcome(considered), applied, written)


def _carried_out(base: Outcome, applied: Applied, written: Written) -> Outcome:
    refused = tuple(
        Finding(change.where.path, change.where.line, "refused", message) for change, message in applied.told
    )
    failed = [
        (Exit.TRACKER, f"{result.change.where.path}:{result.change.where.line}: {result.error}")
        for result in applied.results
        if result.error
    ]
    later = [(Exit.LATER, applied.later)] if applied.later else []
    return Outcome(
        plan=replace(base.plan, held=(*base.plan.held, *applied.held)),
        results=applied.results,
        written=written.paths,
        findings=tuple(dict.fromkeys((*base.findings, *refused, *applied.findings, *written.findings))),
        errors=(*base.errors, *failed, *later, *written.errors),
        places=written.places,
        offered=written.offered,
        done=True,
    )


def _differs(ledger: Ledger, before: Ledger) -> bool:
    """Whether there is anything new to remember; a first run that found nothing leaves no ledger behind."""
    return ledger.entries != before.entries or (before.exists and ledger.trackers != before.trackers)


def _considered(world: World, options: Options, tick: Tick) -> Considered:
    loaded = world.ledger.load()
    told = partial(tick, "reading documents")
    library = read(world.source, options, world.publisher, tick=told, spread=world.spread)
    return consider(world.trackers, library, loaded, standing(world, options, library.snapshot, loaded))


def _refused(outcome: Outcome, options: Options) -> Outcome:
    """Say with a plan that a copy is not to be synced: that is for a person to settle, and no wait ends it."""
    told = options.circumstances
    if not told.copied:
        return outcome
    message = f"{options.repository}: could not be synced: {told.plans_only(first=False)}"
    return replace(outcome, errors=(*outcome.errors, (Exit.CONFIGURATION, message)))


def _outcome(considered: Considered) -> Outcome:
    errors = [(Exit.DOCUMENTS, error.message) for error in considered.library.errors]
    errors += [(error.exit, str(error)) for error in considered.errors]
    if considered.waits:
        told = "an issue that a run was about to make when it died may not be listed yet; the next run looks again"
        errors.append((Exit.LATER, told))
    return Outcome(considered.plan, findings=considered.plan.findings, errors=tuple(errors))
