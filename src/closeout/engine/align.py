"""Align: new padding for the tables of a document, where it reads the same with it."""

from __future__ import annotations

from collections.abc import Iterator

from closeout.domain.document import Document
from closeout.domain.finding import Finding
from closeout.editing.realign import realign, uneven
from closeout.editing.verify import verify
from closeout.engine.library import Library
from closeout.engine.world import Options
from closeout.errors import VerificationError


def aligned(text: str, document: Document, library: Library, options: Options) -> tuple[str, Document] | None:
    """Return a document's text with new padding and how it reads; None if it would read otherwise."""
    padded = realign(text, document.items)
    after = library.parse(document.path, padded, options.vocabulary, templates=options.templates)
    try:
        verify(document, after, {})
    except VerificationError:
        return None
    return padded, after


def planned(library: Library, options: Options) -> Iterator[tuple[str, int]]:
    """Yield the path of every document that gets new padding by itself, and for how many tables; 0 if it would read
    otherwise. One that new columns are made for is aligned once a value is written there.
    """
    for path, document in library.documents.items() if options.realign else ():
        count = uneven(library.bases[path], document.items) if path not in library.columns else 0
        if count:
            yield path, count if aligned(library.bases[path], document, library, options) else 0


def refused(path: str) -> Finding:
    """Return what to tell of a document that would read otherwise."""
    told = "its tables are not realigned: with other padding it would be read otherwise"
    return Finding(path, 0, "not-realigned", told)
