"""Every item that was read, as a seat that an issue may have."""

from __future__ import annotations

from collections.abc import Sequence

from closeout.domain.sync.claims import Seat
from closeout.engine.boards import Trackers
from closeout.engine.library import Library


def seats(library: Library, trackers: Trackers) -> Sequence[Seat]:
    """Return every item in the order of the documents, with the issues that its tickets name."""
    found = []
    for path, document in library.documents.items():
        for order, item in enumerate(document.items):
            refs = (place for ticket in item.tickets if (place := trackers.named(ticket, path, document)))
            found.append(Seat(path, document.id, order, item, tuple(dict.fromkeys(refs))))
    return found
