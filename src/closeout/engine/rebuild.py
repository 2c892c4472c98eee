"""Rebuild: a ledger that was lost is made again from the issues' keys, and only when asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from closeout.domain.issue import Issue
from closeout.domain.item import Field, folded
from closeout.domain.ledger import Entry, Ledger
from closeout.domain.nesting import LOST
from closeout.domain.sync.claims import Seat
from closeout.domain.sync.identity import fresh_keys
from closeout.domain.sync.match import Row
from closeout.engine.settle import accounts, by_key, vouched
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
    ours = accounts(tracker, loaded) if listed else frozenset()
    known_by = by_key(listed, ours)
    made = sum(vouched(issue, ours) for issue in known_by.values())
    if made and not options.rebuild:
        message = (
            f"{tracker.address}: {made} issues were made by closeout, but the ledger that knows them is gone. "
            "Bring it back from git, or look at `closeout plan --rebuild-ledger` and then run "
            "`closeout sync --rebuild-ledger`"
        )
        raise ConfigurationError(message)
    return _rebuilt(ledger, known_by.values(), sat, tracker, ours)


def _rebuilt(
    ledger: Ledger, marked: Iterable[Issue], sat: Sequence[Seat], tracker: TrackerReader, ours: frozenset[str]
) -> Ledger:
    """Know issues again by the place that their key was derived from, by a ticket that names them, or by their title.

    One that another account made is not ours to write to; its row gets no second one either, and follows it where it
    names it.
    """
    entries = {entry.key: entry for entry in ledger.entries.values() if entry.tracker != tracker.name}
    fresh = fresh_keys([Row(seat) for seat in sat], replace(ledger, entries=entries))
    places = {key: (row.seat, ordinal) for row, key, ordinal in fresh}
    parent = LOST if tracker.capabilities.parents else ""
    for issue in marked:
        seat, ordinal = places.get(issue.key, (None, 0))
        title = folded(issue.values.get(Field.TITLE, ""))
        place = (seat.document, seat.title, ordinal) if seat else ("", title, 0)
        entry = Entry(issue.key, tracker.name, *place, issue=issue.ref, opened=issue.opened, parent=parent)
        if vouched(issue, ours):
            entries[entry.key] = entry
        elif seat is not None and (tracker.name, issue.ref) not in seat.refs:
            entries[entry.key] = replace(entry, no="unvouched")
    return replace(ledger, entries=entries)
