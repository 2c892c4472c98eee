"""Survey: every tracker of a run is listed and looked at; one of several that cannot be read leaves the others to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from closeout.domain.ledger import Ledger
from closeout.domain.sync.claims import Seat
from closeout.domain.sync.fit import Fitting
from closeout.engine.boards import Board, Trackers
from closeout.engine.observe import listings, observe
from closeout.engine.rebuild import known
from closeout.engine.settle import Settled, settle
from closeout.engine.world import Options
from closeout.errors import CloseoutError, LaterError, TrackerError

Boards = Mapping[str, Board]
Failed = tuple[CloseoutError, ...]


def listed(
    trackers: Trackers, seats: Sequence[Seat], loaded: Ledger, options: Options
) -> tuple[Boards, Settled, Failed]:
    """List every tracker and settle what a dead run had announced there; return the boards of those that could be read.

    Raises TrackerError or LaterError where that was the only one, or where all are needed: to rebuild the ledger, or to
    know that there never was one. Raises ConfigurationError if the ledger was lost but its issues are there.
    """
    settled, boards, failed = Settled(loaded), {}, []
    alone = len(trackers.by_name) == 1 or options.rebuild or not loaded.exists
    for tracker in trackers:
        try:
            found = listings(tracker, loaded, rebuild=options.rebuild)
            first = found.first.issues
            ledger = known(settled.ledger, first, seats, tracker, options)
            settled = settled.and_then(settle(ledger, tracker, first, options.now))
        except (TrackerError, LaterError) as error:
            if alone:
                raise
            failed.append(error)
        else:
            boards[tracker.name] = Board(tracker, found, Fitting(tracker.name, tracker.capabilities, options.people))
    if not boards:
        raise failed[0]
    return boards, settled, tuple(failed)


def observed(boards: Boards, ledger: Ledger, seats: Sequence[Seat]) -> tuple[Boards, Failed]:
    """Look at every issue that matters; return the boards of the trackers that told."""
    seen, failed = {}, []
    for name, board in boards.items():
        try:
            seen[name] = replace(board, sights=observe(board.tracker, ledger, seats, board.listings))
        except (TrackerError, LaterError) as error:
            if len(boards) == 1:
                raise
            failed.append(error)
    if not seen:
        raise failed[0]
    return seen, tuple(failed)
