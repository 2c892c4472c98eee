"""Show: the edit that puts a wanted value into its document, in the document's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from closeout.domain import priority
from closeout.domain.document import Document
from closeout.domain.finding import Finding
from closeout.domain.item import Field, Item, quoted, visible
from closeout.domain.sync.fit import Fitting
from closeout.domain.sync.match import Row
from closeout.editing import owners, words
from closeout.editing.splice import Edit, splice
from closeout.editing.tables import with_items
from closeout.editing.verify import verify
from closeout.engine.library import Library
from closeout.engine.world import Options
from closeout.errors import VerificationError
from closeout.reading import headers
from closeout.reading.fields import dates
from closeout.reading.reader import Reader

_MEANT = {Field.OWNERS: owners.meant, Field.TITLE: visible, Field.PRIORITY: visible}
_WORDS = re.compile(r"[\w @.,/-]+")


@dataclass(frozen=True, slots=True)
class Shown:
    """An edit, and the value that its words mean to a reader of the document."""

    edit: Edit
    value: str


def edit(
    path: str, index: int, what: Field, value: str, library: Library, options: Options, fitting: Fitting
) -> Shown | None:
    """Return the edit for one field of the item number `index`; None if the document has no place or no words for it.

    Outside of table cells the words around a value decide how it is read, so there the edit is tried on its own first;
    so it is where a cell would be emptied, which may be no cell any more, or gets more than words, and for a title.
    A title goes only where a ticket is: else a row that is thrown away would be known by neither.
    """
    document = library.documents[path]
    item: Item = document.items[index]
    stated = item.stated[what]
    if stated.place is None or (what is Field.TITLE and not item.tickets):
        return None
    if what is Field.OWNERS and fitting.capabilities.logins:
        value = options.people.written(value, stated, fitting.tracker)
    if what is Field.PRIORITY and fitting.capabilities.levels and value:
        value = priority.spoken(value, [one.priority for one in document.items if one.priority])
    reader = Reader(options.vocabulary, document.incidents[item.incident or 0].date, {})
    tongue = _tongue(path, item, library) if what is Field.STATUS else 0
    said = words.say(what, value, item, document, reader, tongue=tongue)
    if said is None or not library.can_say(path, said):
        return None
    meant = _MEANT[what](value) if what in _MEANT else value
    tried = [Shown(Edit(stated.place, said), meant)]
    # 25/12/2026 tells how the page's other dates are read: before it was changed, and after
    settles_order = what is Field.DUE and any(map(dates.is_settled, (stated.text, said)))
    if stated.place.cell and _WORDS.fullmatch(said) and not settles_order and what is not Field.TITLE:
        return tried[0]
    if not said:
        tried.append(Shown(Edit(stated.place, "-"), meant))
    if what is Field.DUE and said not in {"", value}:
        tried.append(Shown(Edit(stated.place, value), meant))
    return _first(tried, path, index, what, library, options)


def _tongue(path: str, item: Item, library: Library) -> int:
    """Return the number of the language that the headers of an item's table speak, where no status word tells it."""
    if path not in library.tongues:
        library.tongues[path] = _tongues(library.bases[path], library.documents[path])
    return library.tongues[path].get(item.line - 1, 0)


def _tongues(text: str, document: Document) -> dict[int, int]:
    """Return the languages of a document's tables by the lines of their rows, counted from 0; none where words tell."""
    if any(Field.STATUS in item.stated and item.stated[Field.STATUS].text for item in document.items):
        return {}
    spoken = (
        (table, headers.language(cell.text.value for cell in table.header.cells))
        for table in with_items(text, document.items)
    )
    return {row.line: number for table, number in spoken for row in table.rows}


def ticket(
    path: str, index: int, spelt: words.Ticket, library: Library, options: Options, *, careful: bool = True
) -> Shown | None:
    """Return the edit that writes a ticket for the item number `index`; None if it has no place where it reads back.

    Behind a title the words before it decide how it is read, so a `careful` one tries other ways to set it apart.
    """
    document = library.documents[path]
    place = document.items[index].stated[Field.TICKET].place
    if place is None:
        return None
    said = words.ticket(spelt, document)
    if not library.can_say(path, said):
        return None
    spots = [place]
    if not careful:
        return Shown(Edit(place, said), spelt.bare)
    if not place.text and place.before.startswith(" "):
        spots += [replace(place, before=" (", after=")"), replace(place, before=" — ", after="")]
    return _first((Shown(Edit(spot, said), spelt.bare) for spot in spots), path, index, Field.TICKET, library, options)


def takes_tickets(path: str, spelt: words.Ticket, library: Library, options: Options) -> bool:
    """Whether a ticket like this one reads back in every row of a document that has none, all of them at once."""
    document = library.documents[path]
    spots = ((index, item.stated[Field.TICKET].place) for index, item in enumerate(document.items) if not item.tickets)
    places = {index: place for index, place in spots if place is not None}
    try:
        text = splice(library.bases[path], [Edit(place, words.ticket(spelt, document)) for place in places.values()])
        after = library.parse(path, text, options.vocabulary, templates=options.templates)
        verify(document, after, {index: {Field.TICKET: spelt.bare} for index in places})
    except (VerificationError, ValueError):
        return False
    return True


def no_ticket(row: Row, ticket: str) -> Finding:
    """Return what to tell where a ticket has no place that reads back."""
    told = f"ticket {ticket} has no place here where it would be read again: write it into the row"
    return Finding(row.seat.path, row.seat.item.line, "no-place", told)


def no_words(row: Row, what: Field, value: str) -> Finding:
    """Return what to tell where a wanted value cannot be written."""
    told = f"the issue says {what} {quoted(value)}; no place or words for it here: write it"
    if what is Field.TITLE:
        told = f"the issue's title is {value!r}; it goes only where plain words and a committed ticket stand: write it"
    return Finding(row.seat.path, row.seat.item.line, "retitled" if what is Field.TITLE else "no-words", told)


def _first(
    tried: Iterable[Shown], path: str, index: int, what: Field, library: Library, options: Options
) -> Shown | None:
    return next((made for made in tried if _reads_back(made, path, index, what, library, options)), None)


def _reads_back(made: Shown, path: str, index: int, what: Field, library: Library, options: Options) -> bool:
    try:
        text = splice(library.bases[path], [made.edit])
        after = library.parse(path, text, options.vocabulary, templates=options.templates)
        verify(library.documents[path], after, {index: {what: made.value}})
    except (VerificationError, ValueError):
        return False
    return True
