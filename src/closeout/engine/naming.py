"""Naming: which item a person means by a ticket, `path:line`, or the start of a key."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterable, Sequence

from closeout.domain.ledger import Entry, Ledger
from closeout.domain.sync.claims import Seat
from closeout.domain.sync.match import Row
from closeout.engine.boards import Trackers
from closeout.errors import ConfigurationError

_PLACE = re.compile(r"(?P<path>.+):(?P<line>[0-9]{1,9})", re.DOTALL)
_KEY = re.compile(r"v\d{1,3}:[0-9A-Za-z]{1,64}")
_WAYS = "Name it by its ticket, by PATH:LINE as `closeout plan` prints it, or by the start of its key"


def is_key(name: str) -> bool:
    """Tell whether a name is the start of a key; `v1:12` is, and no line of a file `v1`."""
    return _KEY.fullmatch(name) is not None


def place_of(name: str) -> tuple[str, int] | None:
    """Return the path and the line that a name tells; None if it is no `path:line`."""
    match = _PLACE.fullmatch(name)
    return (match["path"], int(match["line"])) if match else None


def seat_at(name: str, seats: Sequence[Seat], folder: str = "") -> int:
    """Return the number of the row at `path:line`; `folder` is where the path may start, relative to the repository.

    Raises ConfigurationError if there is none.
    """
    place = place_of(name)
    if place is None:
        message = f"{name}: could not find this row: it names no line. Write PATH:LINE, as `closeout plan` prints it"
        raise ConfigurationError(message)
    paths = (posixpath.normpath(place[0]), posixpath.normpath(posixpath.join(folder, place[0])))
    path = next((path for path in paths if any(seat.path == path for seat in seats)), paths[0])
    lines = {seat.item.line: index for index, seat in enumerate(seats) if seat.path == path}
    if place[1] not in lines:
        known = f"its items are in lines {', '.join(map(str, sorted(lines)))}" if lines else "it has no items"
        message = f"{name}: could not find an item there: {known}. {_WAYS}"
        raise ConfigurationError(message)
    return lines[place[1]]


def new_row(name: str, rows: Sequence[Row], ledger: Ledger, folder: str = "") -> int:
    """Return the number of the row that a person says is new, where that can be: also one that was only taken for a
    lost one. Raises ConfigurationError for a row that names an issue, or is known at this very place.
    """
    index = seat_at(name, [row.seat for row in rows], folder)
    row, failed = rows[index], f"{name}: could not be taken for new"
    if row.seat.item.tickets:
        raise ConfigurationError(f"{failed}: it names {', '.join(row.seat.item.tickets)}. Clear the ticket there first")
    known = ledger.entries.get(row.entry.key) if row.entry is not None else None
    if known is not None and known.place[:2] == (row.seat.document, row.seat.title):
        had = (
            f"it gets no issue ({known.no})"
            if known.no
            else f"it has issue {known.issue or 'that is about to be made'}"
        )
        here = shlex.quote(name)
        message = f"{failed}: {had}. `closeout adopt {here} TICKET` gives it another, after `closeout unlink {here}`"
        raise ConfigurationError(message)
    return index


def named(
    name: str, rows: Sequence[Row], entries: Iterable[Entry], trackers: Trackers, folder: str = ""
) -> tuple[Row | None, Entry | None]:
    """Return the row and the entry that a name stands for; an item whose row is gone has its entry only.

    Raises ConfigurationError if it is nobody's, or not one's alone.
    """
    if is_key(name):
        found = [entry for entry in entries if entry.key.startswith(name)]
        return _one(name, [(_row_of(entry, rows), entry) for entry in found])
    if (place := trackers.named(name, "")) is not None:
        return _by_issue(name, place, rows, entries)
    row = rows[seat_at(name, [row.seat for row in rows], folder)]
    return row, row.entry


def _by_issue(
    name: str, place: tuple[str, str], rows: Sequence[Row], entries: Iterable[Entry]
) -> tuple[Row | None, Entry | None]:
    held = [entry for entry in entries if entry.holder and (entry.tracker, entry.issue) == place]
    going = [entry for entry in held if not entry.no] or held
    if going:
        return _one(name, [(_row_of(entry, rows), entry) for entry in going])
    return _one(name, [(row, row.entry) for row in rows if place in row.seat.refs])


def _row_of(entry: Entry, rows: Sequence[Row]) -> Row | None:
    return next((row for row in rows if row.entry is not None and row.entry.key == entry.key), None)


def _one(name: str, found: Sequence[tuple[Row | None, Entry | None]]) -> tuple[Row | None, Entry | None]:
    if len(found) == 1:
        return found[0]
    if not found:
        message = f"{name}: could not find this item: neither a row nor the ledger has it. {_WAYS}"
        raise ConfigurationError(message)
    told = [spoken(row, entry) for row, entry in found]
    message = f"{name}: could not tell which item is meant: {', '.join(told)}. {_WAYS}"
    raise ConfigurationError(message)


def typed(row: Row | None, entry: Entry | None = None) -> str:
    """Return the name of an item as a person types it into a shell."""
    return shlex.quote(spoken(row, entry))


def spoken(row: Row | None, entry: Entry | None) -> str:
    """Return how a person names an item: by its place, else by its key."""
    if row is not None:
        return f"{row.seat.path}:{row.seat.item.line}"
    return entry.key if entry is not None else ""
