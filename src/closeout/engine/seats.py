"""Every item that was read, as a seat that an issue may have."""

from __future__ import annotations

from collections.abc import Sequence

from closeout.domain.sync.claims import Seat
from closeout.engine.library import Library
from closeout.ports.tracker import TrackerReader


def seats(library: Library, tracker: TrackerReader) -> Sequence[Seat]:
    """Return every item in the order of the documents, with the issues of a tracker that its tickets name."""
    found = []
    for path, document in library.documents.items():
        for order, item in enumerate(document.items):
            refs = ((tracker.name, ref) for ticket in item.tickets if (ref := tracker.ref(ticket, path)))
            found.append(Seat(path, document.id, order, item, tuple(dict.fromkeys(refs))))
    return found
