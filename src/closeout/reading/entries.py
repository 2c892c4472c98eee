"""The entries of a region, list entries and table rows, to items with the place of every field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from wcwidth import wcswidth

from closeout.domain.item import Field, Item, Place, Stated, Status
from closeout.markdown import cells, inline
from closeout.markdown.blocks import Entry, List, Row, Table
from closeout.markdown.source import Text
from closeout.reading import annotations as notes_of
from closeout.reading.fields import dates, owners, tickets
from closeout.reading.repair import repaired
from closeout.reading.vocabulary import EMOJI, Vocabulary

_CHECKBOX = re.compile(r"^\s*\[([ xX✓✔])\](?=\s|$)\s*")
_EMOJI = "".join(character for characters in EMOJI.values() for character in characters)
_FLAT = re.compile(rf"(?<=\S)\s?-\s(?=\[[ xX]\]\s|[{_EMOJI}])")
_LEAD_EMOJI = re.compile(rf"^\s*([{_EMOJI}])\ufe0f?\s*")
_TRIM = " \t\n.:;,-–—"


@dataclass(frozen=True, slots=True)
class Reader:
    """What the reading of any field needs: the words, the date of the incident, the document's link definitions."""

    vocabulary: Vocabulary
    incident_date: str
    links: Mapping[str, Any]

    def due(self, text: str) -> Stated:
        """Read a due date's text; the place is not set yet."""
        meant = repaired(text)
        if self.vocabulary.is_placeholder(meant):
            return Stated(text, "", reason="nothing is stated")
        value, reason = dates.read(meant, self.vocabulary, self.incident_date)
        return Stated(text, value, reason=reason)

    def owners(self, text: str) -> Stated:
        """Read the text of an owner's cell or note."""
        return Stated(text, ", ".join(owners.read(repaired(text), self.vocabulary)), reason="names")

    def status(self, text: str) -> Stated:
        """Read a status word or emoji; None where the word is not known."""
        meant = repaired(text)
        if match := _CHECKBOX.match(meant + " "):
            return Stated(text, Status.TODO if match[1] == " " else Status.DONE, reason="a box", box=True)
        value = self.vocabulary.read_status(meant)
        if value is None and self.vocabulary.is_placeholder(meant):
            return Stated(text, "", reason="nothing is stated")
        return Stated(text, value, reason="a word" if value else "not understood")

    def priority(self, text: str) -> Stated:
        """Read a priority: its words without emoji."""
        meant = inline.read(repaired(text), self.links).plain
        bare = re.sub(r"^[^\w]+|[^\w)]+$", "", meant)
        return Stated(text, "" if self.vocabulary.is_placeholder(bare) else bare, reason="a word")

    def plain(self, raw: str) -> str:
        """Return a title's raw text as a person would type it."""
        return inline.read(repaired(raw.strip()), self.links).plain.strip(_TRIM.replace(".", "")).strip()


def from_entry(entry: Entry, reader: Reader) -> Iterator[Item]:
    """Yield the items of one list entry: itself, or those below it if it is only the name of a group."""
    nested = [child for below in entry.children if isinstance(below, List) for child in below.entries]
    details = [note for child in nested for note in _details(child, reader)]
    if nested and len(details) < len(nested) and _is_group(entry, nested):
        for child in nested:
            yield from from_entry(child, reader)
        return
    for text in _unflattened(entry.text):
        if item := _item(text, entry, details, reader):
            yield item


def _is_group(entry: Entry, nested: list[Entry]) -> bool:
    text = entry.text.value.strip()
    boxes = all(_CHECKBOX.match(child.text.value) for child in nested)
    bold_only = re.fullmatch(r"(?:\*\*|__)[^*]+(?:\*\*|__):?", text)
    return not text or text.endswith(":") or bool(bold_only) or (boxes and not _CHECKBOX.match(text))


def _details(child: Entry, reader: Reader) -> list[tuple[Field, str, Text]]:
    known = notes_of.labelled(child.text.value, reader.vocabulary)
    return [(known[0], known[1], child.text.part(known[2], known[2] + len(known[1])))] if known else []


def _unflattened(text: Text) -> Iterator[Text]:
    """Cut a line that several check-list entries were run together on (a page copied from the web loses the breaks)."""
    start = 0
    if _CHECKBOX.match(text.value) or _LEAD_EMOJI.match(text.value):
        for match in _FLAT.finditer(text.value):
            yield text.part(start, match.start())
            start = match.end()
    yield text.part(start, len(text.value)) if start else text


def _item(text: Text, entry: Entry, details: list[tuple[Field, str, Text]], reader: Reader) -> Item | None:
    raw = text.value
    stated: dict[Field, Stated] = {}
    lead = 0
    if match := _CHECKBOX.match(raw):
        stated[Field.STATUS] = _placed(reader.status(raw[match.start() : match.end()].strip()), text, match.span(1))
        lead = match.end()
    elif match := _LEAD_EMOJI.match(raw):
        stated[Field.STATUS] = _placed(reader.status(match[1]), text, match.span(1))
        lead = match.end()
    noted = notes_of.read(raw[lead:], reader.vocabulary)
    title_raw = raw[lead + noted.title[0] : lead + noted.title[1]]
    title = reader.plain(title_raw)
    if not title or reader.vocabulary.is_placeholder(title_raw) or reader.vocabulary.is_placeholder(title):
        return None
    for note in noted.notes:
        _take(stated, note.what, note.text, text, (lead + note.start, lead + note.end), reader)
    for what, value, part in details:
        _take(stated, what, value, part, (0, len(value)), reader)
    if inline.read(title_raw, reader.links).struck and not _is_done(stated):
        stated[Field.STATUS] = Stated("~~", Status.DONE, reason="struck out")
    refs = [note.text for note in noted.notes if note.what is Field.TICKET]
    refs += [value for what, value, _ in details if what is Field.TICKET]
    stated[Field.TICKET] = _ticket_in_text(refs, text, noted, lead, stated.get(Field.TICKET))
    title_span = (lead + noted.title[0], lead + noted.title[1])
    stated[Field.TITLE] = _placed(Stated(title_raw, title, reason="the entry's text"), text, title_span)
    line = entry.line + raw_line(entry.text, text)
    return _assembled(stated, line)


def _is_done(stated: Mapping[Field, Stated]) -> bool:
    return Field.STATUS in stated and stated[Field.STATUS].value in {Status.DONE, Status.WONT_DO}


def raw_line(whole: Text, part: Text) -> int:
    """Return how many lines below the start of `whole` its part begins."""
    if whole is part or not part.starts or not whole.starts:
        return 0
    position = part.starts[0][1]
    index = sum(1 for _, start in whole.starts if start <= position) - 1
    return max(index, 0)


def _take(
    stated: dict[Field, Stated], what: Field, value: str, text: Text, span: tuple[int, int], reader: Reader
) -> None:
    if what is Field.TICKET or (what is Field.STATUS and what in stated):
        return
    read = {
        Field.OWNERS: reader.owners,
        Field.DUE: reader.due,
        Field.STATUS: reader.status,
        Field.PRIORITY: reader.priority,
    }
    stated.setdefault(what, _placed(read[what](value), text, span))


def _placed(stated: Stated, text: Text, span: tuple[int, int]) -> Stated:
    found = text.span(*span)
    raw = text.value[slice(*span)]
    place = Place(*found, raw) if found else None
    return replace(stated, place=place)


def _ticket_in_text(refs: list[str], text: Text, noted: notes_of.Noted, lead: int, known: Stated | None) -> Stated:
    found = [ticket for ref in refs for ticket in tickets.find(ref)]
    value = ", ".join(ticket.ref for ticket in found)
    if found or known:
        return Stated(", ".join(refs), value, None, reason="a reference")
    if noted.brackets_end is not None:
        end = lead + noted.brackets_end
        before, after = ", Issue: ", ""
    else:
        end, before, after = len(text.value.rstrip()), " (", ")"
    span = text.span(end, end)
    place = Place(*span, "", before, after) if span else None
    return Stated("", "", place, reason="none; it goes behind the entry's text")


def _assembled(stated: dict[Field, Stated], line: int) -> Item:
    due, status = stated.get(Field.DUE), stated.get(Field.STATUS)
    priority = stated.get(Field.PRIORITY)
    refs = stated[Field.TICKET].value or ""
    names = stated[Field.OWNERS].value if Field.OWNERS in stated else ""
    return Item(
        title=stated[Field.TITLE].value or "",
        line=line + 1,
        owners=tuple(name for name in (names or "").split(", ") if name),
        due=(due.value or None) if due else None,
        due_text=due.text if due else "",
        status=Status(status.value) if status and status.value else None,
        status_text=status.text if status else "",
        priority=(priority.value or None) if priority else None,
        tickets=tuple(ref for ref in refs.split(", ") if ref),
        stated=stated,
    )


def from_table(table: Table, columns: Mapping[Field, int], reader: Reader) -> Iterator[Item]:
    """Yield the items of a table's rows; a row of placeholders yields none."""
    aligned = {what: _aligned(table, index) for what, index in columns.items()}
    for row in table.rows:
        if item := _row(row, columns, aligned, reader):
            yield item


def _aligned(table: Table, index: int) -> bool:
    """Whether the pipes around a column stand below each other in every row."""
    widths = {
        _width(row.cells[index].text, row.cells[index].extent) if index < len(row.cells) else -1
        for row in (table.header, table.delimiter, *table.rows)
    }
    return len(widths) == 1 and -1 not in widths


def _width(text: Text, extent: tuple[int, int] | None) -> int:
    if extent is None:
        return -1
    return extent[1] - extent[0] - len(text.value) + (len(text.value) if text.value.isascii() else wcswidth(text.value))


def _row(row: Row, columns: Mapping[Field, int], aligned: Mapping[Field, bool], reader: Reader) -> Item | None:
    def cell(what: Field) -> tuple[str, Place | None] | None:
        index = columns.get(what)
        if index is None or index >= len(row.cells):
            return None
        found = row.cells[index]
        raw = found.text.value
        span = found.text.span(0, len(raw))
        if span is None or found.extent is None:
            return cells.decode(raw), None
        left, right = span[0] - found.extent[0], found.extent[1] - span[1]
        # an empty cell may have no blank to keep around what is written into it
        before, after = ("" if left or raw else " "), ("" if right or raw else " ")
        return cells.decode(raw), Place(*span, raw, before, after, cell=True, room=right if aligned[what] else None)

    main = cell(Field.TITLE)
    if main is None:
        return None
    raw, place = main
    stated: dict[Field, Stated] = {}
    lead = _leading_status(raw, place, columns, stated, reader)
    noted = notes_of.read(raw[lead:], reader.vocabulary)
    if not all(note.what is Field.TICKET or note.what not in columns for note in noted.notes):
        noted = notes_of.Noted((0, len(raw) - lead), (), None)
    title_raw = raw[lead + noted.title[0] : lead + noted.title[1]]
    title = reader.plain(title_raw)
    if not title or reader.vocabulary.is_placeholder(title_raw) or reader.vocabulary.is_placeholder(title):
        return None
    for what, read in (
        (Field.OWNERS, reader.owners),
        (Field.DUE, reader.due),
        (Field.STATUS, reader.status),
        (Field.PRIORITY, reader.priority),
    ):
        if found := cell(what):
            seen = read(found[0])
            stated[what] = replace(seen, place=_box_place(found) if seen.box else found[1])
    for note in noted.notes:
        if note.what is not Field.TICKET and note.what not in columns:
            _take(stated, note.what, note.text, Text(""), (0, 0), reader)
    stated[Field.TITLE] = Stated(title_raw, title, None, "the cell's text")
    in_title = [note.text for note in noted.notes if note.what is Field.TICKET]
    stated[Field.TICKET] = _ticket_of_row(cell(Field.TICKET), in_title, main, reader)
    return _assembled(stated, row.line)


def _leading_status(
    raw: str, place: Place | None, columns: Mapping[Field, int], stated: dict[Field, Stated], reader: Reader
) -> int:
    """Read a box or a status emoji in front of a cell's title; return where the title starts."""
    match = _CHECKBOX.match(raw) or _LEAD_EMOJI.match(raw)
    if match is None:
        return 0
    if Field.STATUS not in columns:
        text = raw[match.start() : match.end()].strip() if "[" in match.group() else match[1]
        seen = reader.status(text)
        spot = place and Place(place.start + match.start(1), place.start + match.end(1), match[1])
        exact = spot if place and place.text == raw else None
        stated[Field.STATUS] = replace(seen, place=exact)
    return match.end()


def _box_place(found: tuple[str, Place | None]) -> Place | None:
    """The place between the brackets of a cell that holds a check box."""
    text, place = found
    match = _CHECKBOX.match(text)
    if place is None or match is None or place.text != text:
        return None
    return Place(place.start + match.start(1), place.start + match.end(1), match[1])


def _ticket_of_row(
    column: tuple[str, Place | None] | None, in_title: list[str], main: tuple[str, Place | None], reader: Reader
) -> Stated:
    """The ticket cell, or the end of the title's cell where the table has no column for it."""
    refs = [ticket.ref for ref in in_title for ticket in tickets.find(ref)]
    if column:
        text, place = column
        found = [ticket.ref for ticket in tickets.find(repaired(text))]
        if found:
            return Stated(text, ", ".join([*found, *refs]), None, "a reference")
        if not refs and (reader.vocabulary.is_placeholder(text) or not text):
            return Stated(text, "", place, "none; it goes into the ticket column")
        if not refs:
            return Stated(text, "", None, "a ticket column with a text that is no reference")
    if refs:
        return Stated(", ".join(in_title), ", ".join(refs), None, "a reference")
    place = main[1]
    behind = place and Place(place.end, place.end, "", " ", "", cell=True, room=place.room)
    return Stated("", "", behind, "none; it goes to the end of the cell")
