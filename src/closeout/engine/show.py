"""Show: the edit that puts a wanted value into its document, in the document's own words."""

from __future__ import annotations

from dataclasses import dataclass

from closeout.domain.item import Field, Item
from closeout.domain.sync.fit import Fitting
from closeout.editing import words
from closeout.editing.splice import Edit, splice
from closeout.editing.verify import verify
from closeout.engine.read import Library
from closeout.engine.world import Options
from closeout.errors import VerificationError
from closeout.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class Shown:
    """An edit, and the value that its words mean to a reader of the document."""

    edit: Edit
    value: str


def edit(
    path: str, index: int, what: Field, value: str, library: Library, options: Options, fitting: Fitting
) -> Shown | None:
    """Return the edit for one field of the item number `index`; None if the document has no place or no words for it.

    Outside of table cells the words around a value decide how it is read, so there the edit is tried on its own first.
    """
    document = library.documents[path]
    item: Item = document.items[index]
    stated = item.stated[what]
    if stated.place is None:
        return None
    if what is Field.OWNERS and fitting.capabilities.logins:
        value = options.people.written(value, stated, fitting.tracker)
    reader = Reader(options.vocabulary, document.incidents[item.incident or 0].date, {})
    said = words.say(what, value, item, document, reader)
    if said is None:
        return None
    made = Shown(Edit(stated.place, said), value.replace("@", "") if what is Field.OWNERS else value)
    return made if stated.place.cell or _reads_back(made, path, index, what, library, options) else None


def _reads_back(made: Shown, path: str, index: int, what: Field, library: Library, options: Options) -> bool:
    try:
        text = splice(library.bases[path], [made.edit])
        after = library.parse(path, text, options.vocabulary, templates=options.templates)
        verify(library.documents[path], after, {index: {what: made.value}})
    except (VerificationError, ValueError):
        return False
    return True
