"""Unlink: an item lets go of its issue for good; nothing but the ledger changes."""

from __future__ import annotations

from dataclasses import replace

from closeout.domain.ledger import UNLINKED, Entry
from closeout.domain.sync.match import Row
from closeout.engine.boards import Trackers
from closeout.engine.naming import named, spoken, typed
from closeout.engine.view import View, Word, settled
from closeout.engine.world import Options
from closeout.errors import ConfigurationError


def unlink(view: View, trackers: Trackers, options: Options, name: str) -> Word:
    """Decide what letting go of an item's issue does. Raises ConfigurationError for a name that is nobody's."""
    row, entry = named(name, view.rows, view.ledger.entries.values(), trackers, options.folder)
    settled(row, entry)
    here = spoken(row, entry)
    title = row.seat.item.title if row is not None else entry.title if entry is not None else ""
    if entry is not None and entry.no == UNLINKED:
        return Word((f"{here}: {title}", "  it is unlinked already"))
    if entry is None and row is not None:
        entry = _never_had(view, row, trackers, options)
    if entry is None:
        message = f"{name}: could not be unlinked: it is no item. Name one that `closeout plan` prints"
        raise ConfigurationError(message)
    after = replace(entry, no=UNLINKED, holder=True, landed=False, memory={}, version="")
    told = [f"{here}: {title}"]
    if entry.issue:
        told.append(f"  issue {entry.issue} is let go; it stays as it is")
        if row is not None and row.seat.item.tickets:
            told.append("  the ticket in the row is left to you")
    told.append(
        f"  from now on neither side is touched, and no issue is made for it, until `closeout adopt {typed(row, entry)} TICKET`"
    )
    return Word(tuple(told), put=(after,))


def _never_had(view: View, row: Row, trackers: Trackers, options: Options) -> Entry:
    seat = row.seat
    if seat.item.tickets and not seat.refs:
        known = " or ".join(tracker.name for tracker in trackers)
        message = (
            f"{spoken(row, None)}: could not be unlinked: {', '.join(seat.item.tickets)} is no issue of {known}, so "
            "nothing is done for this row anyway. Leave it as it is"
        )
        raise ConfigurationError(message)
    key, ordinal = view.fresh(row)
    tracker, ref = seat.refs[0] if seat.refs else (trackers.of(view.library.documents[seat.path]).name, "")
    kept = Entry(key, tracker, seat.document, seat.title, ordinal, seat.order, ref, owned=False)
    return replace(kept, first_seen=options.today)
