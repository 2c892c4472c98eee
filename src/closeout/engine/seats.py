"""Every item that was read, as a seat that an issue may have."""

from __future__ import annotations

from collections.abc import Sequence

from closeout.domain.document import Document
from closeout.domain.finding import Finding
from closeout.domain.sync.claims import Seat
from closeout.engine.boards import Trackers
from closeout.engine.library import Library
from closeout.errors import LaterError, TrackerError


def seats(library: Library, trackers: Trackers) -> Sequence[Seat]:
    """Return every item in the order of the documents, with the issues that its tickets name.

    Raises TrackerError or LaterError where a tracker has to be asked for one of them, and does not tell.
    """
    return [seat for path, document in library.documents.items() for seat in _seats(path, document, trackers)]


def readable_seats(library: Library, trackers: Trackers) -> tuple[Sequence[Seat], Library]:
    """Return the same, and the documents: one whose tickets a tracker could not tell is left as it is by this run, as one that
    cannot be read. Raises TrackerError or LaterError where that was the only tracker.
    """
    found: list[Seat] = []
    errors: list[Finding] = []
    for path, document in library.documents.items():
        try:
            found += _seats(path, document, trackers)
        except (TrackerError, LaterError) as error:
            if len(trackers.by_name) == 1:
                raise
            errors.append(Finding(path, 0, "unreadable", f"{path}: could not tell what its tickets name: {error}"))
    return found, library.without(errors) if errors else library


def _seats(path: str, document: Document, trackers: Trackers) -> list[Seat]:
    found = []
    for order, item in enumerate(document.items):
        refs = (place for ticket in item.tickets if (place := trackers.named(ticket, path, document)))
        found.append(Seat(path, document.id, order, item, tuple(dict.fromkeys(refs))))
    return found
