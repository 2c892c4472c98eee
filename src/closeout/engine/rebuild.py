"""Rebuild: a ledger that was lost is made again from the issues' keys, and only when asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from closeout.domain.issue import Issue
from closeout.domain.item import Field
from closeout.domain.ledger import Entry, Ledger
from closeout.domain.sync.identity import fresh_keys
from closeout.domain.sync.match import Row, Seat
from closeout.engine.settle import accounts, vouched
from closeout.engine.world import Options
from closeout.errors import ConfigurationError
from closeout.ports.tracker import TrackerReader


def known(
    loaded: Ledger, listed: Sequence[Issue], sat: Sequence[Seat], tracker: TrackerReader, options: Options
) -> Ledger:
    """Return the ledger with its head filled in; rebuilt if that was asked for.

    Raises ConfigurationError if there is none but issues of closeout are there.
    """
    ledger = replace(
        loaded,
        repository=loaded.repository or options.repository,
        trackers={**loaded.trackers, tracker.name: tracker.address},
    )
    if loaded.exists and not options.rebuild:
        return ledger
    if listed and not options.rebuild:
        message = (
            f"{tracker.address}: {len(listed)} issues were made by closeout, but the ledger that knows them is gone. "
            "Bring it back from git, or look at `closeout plan --rebuild-ledger` and then run "
            "`closeout sync --rebuild-ledger`"
        )
        raise ConfigurationError(message)
    return _rebuilt(ledger, listed, sat, tracker)


def _rebuilt(ledger: Ledger, listed: Sequence[Issue], sat: Sequence[Seat], tracker: TrackerReader) -> Ledger:
    """Know issues again by the place that their key was derived from, or by a ticket that names them.

    One that another account made is not ours to write to; its row gets no second one either.
    """
    ledger = replace(ledger, entries={})
    ours = accounts(tracker, ledger) if listed else frozenset()
    places = {key: (row.seat, ordinal) for row, key, ordinal in fresh_keys([Row(seat) for seat in sat], ledger)}
    for issue in listed:
        seat, ordinal = places.get(issue.key, (None, 0))
        place = (seat.document, seat.title, ordinal) if seat else ("", issue.values.get(Field.TITLE, ""), 0)
        entry = Entry(issue.key, tracker.name, *place, issue=issue.ref, landed=seat is None, opened=issue.opened)
        ledger = ledger.put(entry if vouched(issue, ours) else replace(entry, no="unvouched"))
    return ledger
