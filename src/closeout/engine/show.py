"""Show: the edit that puts a wanted value into its document, in the document's own words."""

from __future__ import annotations

from closeout.domain.item import Field, Item
from closeout.editing import words
from closeout.editing.splice import Edit, splice
from closeout.editing.verify import verify
from closeout.engine.read import Library
from closeout.engine.world import Options
from closeout.errors import VerificationError
from closeout.reading.reader import Reader


def edit(path: str, index: int, what: Field, value: str, library: Library, options: Options) -> Edit | None:
    """Return the edit for one field of the item number `index`; None if the document has no place or no words for it.

    Outside of table cells the words around a value decide how it is read, so there the edit is tried on its own first.
    """
    document = library.documents[path]
    item: Item = document.items[index]
    place = item.stated[what].place
    if place is None:
        return None
    reader = Reader(options.vocabulary, document.incidents[item.incident or 0].date, {})
    said = words.say(what, value, item, document, reader)
    if said is None:
        return None
    made = Edit(place, said)
    return made if place.cell or _reads_back(made, path, index, what, value, library, options) else None


def _reads_back(made: Edit, path: str, index: int, what: Field, value: str, library: Library, options: Options) -> bool:
    try:
        after = library.parse(
            path, splice(library.bases[path], [made]), options.vocabulary, templates=options.templates
        )
        verify(library.documents[path], after, {index: {what: value}})
    except (VerificationError, ValueError):
        return False
    return True
