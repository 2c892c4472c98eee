"""The rows of a table of action items to items with the place of every field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from closeout.domain.item import Field, Item, Place, Room, Stated, Status, stated_item
from closeout.markdown import cells, inline
from closeout.markdown.blocks import Cell, Row, Table
from closeout.markdown.source import Text
from closeout.reading import annotations as notes_of
from closeout.reading.fields import tickets
from closeout.reading.reader import CHECKBOX, IGNORED, LEAD_EMOJI, Reader
from closeout.reading.repair import repaired

_READ = (Field.OWNERS, Field.DUE, Field.STATUS, Field.PRIORITY)
_Found = tuple[str, Place | None]


def from_table(table: Table, columns: Mapping[Field, int], reader: Reader) -> Iterator[Item]:
    """Yield the items of a table's rows; a row of placeholders yields none."""
    aligned = {what: _aligned(table, index) for what, index in columns.items()}
    for row in table.rows:
        if item := _row(row, columns, aligned, reader):
            yield item


def _aligned(table: Table, index: int) -> str:
    """Tell on which side the cells of a column have their text, `<`, `>` or `^`, if its pipes stand below each other."""
    widths = {
        _width(row.cells[index].text, row.cells[index].extent) if index < len(row.cells) else -1
        for row in (table.header, table.delimiter, *table.rows)
    }
    if len(widths) != 1 or -1 in widths:
        return ""
    dashes = table.delimiter.cells[index].text.value
    return "^" if dashes.startswith(":") and dashes.endswith(":") else ">" if dashes.endswith(":") else "<"


def _width(text: Text, extent: tuple[int, int] | None) -> int:
    return -1 if extent is None else extent[1] - extent[0] - len(text.value) + cells.width(text.value)


def _row(row: Row, columns: Mapping[Field, int], aligned: Mapping[Field, str], reader: Reader) -> Item | None:
    """Read one row; None for a row of placeholders, and for one that ends before its title."""
    there = {what: row.cells[index] for what, index in columns.items() if index < len(row.cells)}
    compact = _is_compact(row)
    found = {what: _found(cell, aligned=aligned[what], compact=compact) for what, cell in there.items()}
    if Field.TITLE not in found or any(IGNORED.search(cell.text.value) for cell in row.cells):
        return None
    raw, place = found[Field.TITLE]
    stated: dict[Field, Stated] = {}
    lead = _leading_status(raw, place, columns, stated, reader)
    noted = notes_of.read(raw[lead:], reader.vocabulary, reader.people)
    noted = notes_of.linked(noted, raw[lead:], reader.links)
    if not all(note.what is Field.TICKET or note.what not in columns for note in noted.notes):
        noted = notes_of.Noted((0, len(raw) - lead), (), None)
    title_raw = raw[lead + noted.title[0] : lead + noted.title[1]]
    title = reader.plain(title_raw)
    if not title or reader.vocabulary.is_placeholder(title_raw) or reader.vocabulary.is_placeholder(title):
        return None
    for what in (what for what in _READ if what in found):
        found[what] = _before_ticket(found[what], reader.vocabulary.tickets) if what is Field.STATUS else found[what]
        seen = reader.field(what, found[what][0])
        stated[what] = replace(seen, place=_box_place(found[what]) if seen.box else found[what][1])
    for note in noted.notes:
        if note.what is not Field.TICKET and note.what not in columns:
            stated.setdefault(note.what, reader.field(note.what, note.text))
    reader.given(stated)
    if inline.struck(title_raw, reader.links) and not _in_words(stated.get(Field.STATUS), reader):
        stated[Field.STATUS] = replace(
            stated.get(Field.STATUS, Stated("~~", "")), value=Status.DONE, reason="struck out"
        )
    ends = (lead + noted.title[0], lead + noted.title[1])
    stated[Field.TITLE] = Stated(title_raw, title, _part_of(found[Field.TITLE], *ends), "the cell's text")
    in_title = [note.text for note in noted.notes if note.what is Field.TICKET]
    if Field.TICKET not in found:
        in_title += _elsewhere(row, columns, reader.vocabulary.tickets)
    stated[Field.TICKET] = _ticket_of_row(found.get(Field.TICKET), in_title, found[Field.TITLE], reader)
    return stated_item(stated, row.line, reader.incident)


def _before_ticket(found: _Found, own: frozenset[str]) -> _Found:
    """A status without the reference behind it (`Done (#12)`), which a new status must not take away."""
    text, place = found
    first = next(iter(tickets.find(text, own)), None)
    if first is None:
        return found
    words = text[: first.start].rstrip(" ([:—–-")
    if not words or place is None or place.text != text:
        return words, None
    return words, replace(place, end=place.start + len(words), text=words, before="", after="", room=None)


def _in_words(stated: Stated | None, reader: Reader) -> bool:
    """Whether a status is said by a known word, not by an emoji alone."""
    return bool(
        stated and stated.value and reader.vocabulary.read_status(re.sub(r"[^\w\s]", "", repaired(stated.text)))
    )


def _part_of(found: _Found, start: int, end: int) -> Place | None:
    """The place of a part of a cell's text; what stands behind it goes along, so that an aligned cell stays so."""
    text, place = found
    if place is None or (start, end) == (0, len(text)):
        return place
    if place.text != text:
        return None
    if start == 0:
        return replace(place, after=text[end:])
    return Place(place.start + start, place.start + end, text[start:end], cell=True)


def _elsewhere(row: Row, columns: Mapping[Field, int], own: frozenset[str]) -> list[str]:
    """The references beside a status, and those that are most of a cell of no known column."""
    found = []
    for index, cell in enumerate(row.cells):
        text = cells.decode(cell.text.value)
        status = index == columns.get(Field.STATUS)
        refs = tickets.find(text, own) if status or index not in columns.values() else []
        if status or 2 * sum(ref.end - ref.start for ref in refs) > len(text):
            found += [text[ref.start : ref.end] for ref in refs]
    return found


def _is_compact(row: Row) -> bool:
    """Whether the texts of a row have no blanks between them and their pipes."""
    texts = [cell for cell in row.cells if cell.text.value and cell.extent]
    return all(cell.extent == cell.text.span(0, len(cell.text.value)) for cell in texts)


def _found(cell: Cell, *, aligned: str, compact: bool) -> _Found:
    """Return a cell's text, and its place if it was found on its line."""
    raw = cell.text.value
    span = cell.text.span(0, len(raw))
    if span is None or cell.extent is None:
        return cells.decode(raw), None
    left, right = span[0] - cell.extent[0], cell.extent[1] - span[1]
    if compact and left == right == 0 and not raw:
        return raw, Place(*span, "", cell=True)
    if aligned == ">" and not raw and right > 1:  # the text of an empty cell would stand at its end
        left, right, span = left + right - 1, 1, (cell.extent[1] - 1, cell.extent[1] - 1)
    # an empty cell may have no blank to keep around what is written into it
    before, after = ("" if left or raw else " "), ("" if right or raw else " ")
    room = Room(aligned, left, right) if aligned else None
    return cells.decode(raw), Place(*span, raw, before, after, cell=True, room=room)


def _leading_status(
    raw: str, place: Place | None, columns: Mapping[Field, int], stated: dict[Field, Stated], reader: Reader
) -> int:
    """Read a box or a status emoji in front of a cell's title; return where the title starts."""
    match = CHECKBOX.match(raw) or LEAD_EMOJI.match(raw)
    if match is None:
        return 0
    if Field.STATUS not in columns:
        text = raw[match.start() : match.end()].strip() if "[" in match.group() else match[1]
        seen = reader.status(text)
        spot = place and Place(place.start + match.start(1), place.start + match.end(1), match[1])
        exact = spot if place and place.text == raw else None
        stated[Field.STATUS] = replace(seen, place=exact)
    return match.end()


def _box_place(found: _Found) -> Place | None:
    """The place between the brackets of a cell that holds a check box."""
    text, place = found
    match = CHECKBOX.match(text)
    if place is None or match is None or place.text != text:
        return None
    return Place(place.start + match.start(1), place.start + match.end(1), match[1])


def _ticket_of_row(column: _Found | None, in_title: list[str], main: _Found, reader: Reader) -> Stated:
    """The ticket cell, or the end of the title's cell where the table has no column for it."""
    own = reader.vocabulary.tickets
    refs = [ticket.ref for ref in in_title for ticket in tickets.find(ref, own)]
    if column:
        text, place = column
        found = [ticket.ref for ticket in tickets.find(repaired(text), own)]
        if not found:
            found = [url for _, url in inline.read(repaired(text), reader.links).links if tickets.is_address(url)]
        if found:
            return Stated(text, ", ".join([*found, *refs]), None, "a reference")
        if not refs and (reader.vocabulary.is_placeholder(text) or not text):
            return Stated(text, "", place, "none; it goes into the ticket column")
        if not refs:
            return Stated(text, "", None, "a ticket column with a text that is no reference")
    if refs:
        return Stated(", ".join(in_title), ", ".join(refs), None, "a reference")
    place = main[1]
    room = Room("<", 0, place.room.behind) if place and place.room else None
    behind = place and Place(place.end, place.end, "", " ", "", cell=True, room=room)
    return Stated("", "", behind, "none; it goes to the end of the cell")
