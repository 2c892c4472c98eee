"""Why is a line an item, or none? In plain words, one statement a line."""

from __future__ import annotations

from collections.abc import Iterator

from closeout.domain.item import Field, Item
from closeout.markdown.blocks import Entry, List, Table
from closeout.reading.choice import Judged
from closeout.reading.document import Understood
from closeout.reading.reader import IGNORED
from closeout.reading.region import Piece, Section


def explain(page: Understood, line: int) -> list[str]:
    """Tell why the line (counted from 1) of a page is an item and where its fields come from, or why it is none."""
    for one in page.judged:
        for item in one.items:
            if item.line == line:
                return [*_place(page, one), *_fields(item)]
    return [_nothing(page, line)]


def _place(page: Understood, one: Judged) -> Iterator[str]:
    left_out = page.silent or page.form or one.why
    yield f"it would be an item, but is left out: {left_out}" if left_out else "it is an item"
    region = one.piece.region
    if region is None:
        yield "region: none; the table's own header, or the entry itself, says that it is a follow-up"
    else:
        kind = "names the follow-ups" if region.explicit else "perhaps" if region.perhaps else "is meant for follow-ups"
        yield f"region: {region.name!r} ({kind})" + (f", group {region.label!r}" if region.label else "")


def _fields(item: Item) -> Iterator[str]:
    for what in Field:
        stated = item.stated.get(what)
        if stated is None:
            yield f"{what}: nothing is stated"
            continue
        value = "not understood" if stated.value is None else repr(str(stated.value))
        place = "" if stated.place else "; nothing can be written there"
        yield f"{what}: {value} from {stated.text!r} ({stated.reason}){place}"


def _nothing(page: Understood, line: int) -> str:
    piece = next((one.piece for one in page.judged if line in _lines(one.piece)), None)
    if piece is None:
        return "it is no item: it is no list entry, and no row of a table"
    if piece.silent:
        return "it is no item: a comment `closeout: ignore` leaves out its section"
    if piece.barred:
        return f"it is no item: {piece.barred!r} above is not meant for follow-ups"
    if piece.region is None:
        return "it is no item: no heading or label above says that follow-ups stand here"
    return f"it is no item, though {piece.region.name!r} is meant for follow-ups: {_because(piece.block, line)}"


def _because(block: Entry | Table | Section, line: int) -> str:
    """What keeps a line of a region from being an item."""
    ignored = "a comment `closeout: ignore` leaves it out"
    match block:
        case Table():
            row = next((row for row in block.rows if row.line + 1 == line), None)
            if row is None:
                return "it is the header of a table"
            marked = any(IGNORED.search(cell.text.value) for cell in row.cells)
            return ignored if marked else "its title is empty, or a placeholder, or no column is known as the title"
        case Entry():
            if IGNORED.search(block.text.value):
                return ignored
            if line > block.line + 1 + block.text.value.count("\n"):
                return "it is a detail of the entry above, or a placeholder"
            nested = any(isinstance(below, (List, Table)) for below in block.children)
            return "it is the name of a group" if nested else "it is a placeholder, or a field of something else"
        case _:
            return "the heading has neither a number nor a field below it"


def _lines(piece: Piece) -> set[int]:
    """The lines of a piece that may be items, counted from 1."""
    match piece.block:
        case Table():
            return {row.line + 1 for row in (piece.block.header, *piece.block.rows)}
        case Entry():
            return set(_entry_lines(piece.block))
        case _:
            return {piece.block.heading.line + 1}


def _entry_lines(entry: Entry) -> Iterator[int]:
    yield from range(entry.line + 1, entry.line + entry.text.value.count("\n") + 2)
    for below in entry.children:
        for child in below.entries if isinstance(below, List) else ():
            yield from _entry_lines(child)
