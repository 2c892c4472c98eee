"""New columns: `Status` and `Ticket` at the end of tables of action items that lack them, in every row at once."""

from __future__ import annotations

from collections.abc import Iterator

from closeout.domain.item import Field, Item, Place
from closeout.editing.splice import Edit, splice
from closeout.markdown import parse
from closeout.markdown.blocks import List, Quote, Row, Table
from closeout.reading import columns
from closeout.reading.vocabulary import Vocabulary

NAMES = {Field.STATUS: "Status", Field.TICKET: "Ticket"}


def widen(text: str, items: tuple[Item, ...], vocabulary: Vocabulary) -> tuple[str, int]:
    """Return the text with the missing columns added, and how many tables got some.

    Only a table with an open item, or one with a ticket, is widened; a table whose rows are not all found on their
    lines is left as it is.
    """
    wanting = {item.line - 1 for item in items if not item.closed or item.tickets}
    edits: list[Edit] = []
    count = 0
    for table in _tables(parse.parse(text).blocks):
        known = columns.read(table, vocabulary)
        if wanting.isdisjoint(row.line for row in table.rows) or Field.TITLE not in known:
            continue
        missing = [what for what in (Field.STATUS, Field.TICKET) if what not in known]
        rows = (table.header, table.delimiter, *table.rows)
        if missing and all(row.cells and row.cells[-1].extent for row in rows):
            edits.extend(_row_edit(text, row, table, missing) for row in rows)
            count += 1
    return (splice(text, edits), count) if edits else (text, 0)


def _tables(blocks: tuple[object, ...]) -> Iterator[Table]:
    for block in blocks:
        match block:
            case Table():
                yield block
            case Quote():
                yield from _tables(block.children)
            case List():
                for entry in block.entries:
                    yield from _tables(entry.children)
            case _:
                pass


def _row_edit(text: str, row: Row, table: Table, missing: list[Field]) -> Edit:
    """Fill a ragged row up to the header's width, then add a cell for each missing column."""
    extent = row.cells[-1].extent
    end = extent[1] if extent else 0
    closed = text[end : end + 1] == "|"
    fill = [""] * max(0, len(table.header.cells) - len(row.cells))
    if row is table.header:
        new = [NAMES[what] for what in missing]
    elif row is table.delimiter:
        new = ["-" * len(NAMES[what]) for what in missing]
    else:
        new = [" " * len(NAMES[what]) for what in missing]
    added = "".join(f"| {cell} " for cell in [*fill, *new])
    return Edit(Place(end, end, ""), added if closed else f" {added}|")
