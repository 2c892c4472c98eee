"""New columns: a status and a ticket at the end of tables of action items that lack them, in every row at once."""

from __future__ import annotations

from closeout.domain.item import Field, Item, Place
from closeout.editing.splice import Edit, splice
from closeout.editing.tables import all_rows, with_items
from closeout.markdown import cells
from closeout.markdown.blocks import Cell, Row, Table
from closeout.reading import columns, headers
from closeout.reading.vocabulary import Vocabulary

NEW = (Field.STATUS, Field.TICKET)


def widen(text: str, items: tuple[Item, ...], vocabulary: Vocabulary) -> tuple[str, int]:
    """Return the text with the missing columns added, and how many tables got some.

    Only a table with an open item, or one with a ticket, is widened. Left as it is: a table whose rows are not all
    found on their lines, one with a row that has more cells than the header, and one whose rows say their status in
    front of their titles.
    """
    edits: list[Edit] = []
    count = 0
    for table in with_items(text, (item for item in items if not item.closed or item.tickets)):
        missing = _missing(table, items, vocabulary)
        if missing and all(len(row.cells) <= len(table.header.cells) for row in table.rows):
            edits.extend(_row_edit(text, row, table, missing) for row in all_rows(table))
            count += 1
    return (splice(text, edits), count) if edits else (text, 0)


def _missing(table: Table, items: tuple[Item, ...], vocabulary: Vocabulary) -> list[str]:
    """Return the headers of the columns that a table lacks, in its language."""
    known = columns.read(table, vocabulary)
    if Field.TITLE not in known:
        return []
    lines = {row.line + 1 for row in table.rows}
    stated = any(Field.STATUS in item.stated for item in items if item.line in lines)
    lacking = [what for what in NEW if what not in known and not (what is Field.STATUS and stated)]
    heads = headers.shipped()[headers.language(cell.text.value for cell in table.header.cells)]
    return [heads[what][0][:1].upper() + heads[what][0][1:] for what in lacking]


def _row_edit(text: str, row: Row, table: Table, missing: list[str]) -> Edit:
    """Fill a ragged row up to the header's width, then add a cell for each missing column."""
    end = _extent(row.cells[-1])[1]
    blank, here = _blank(text, table.header), _blank(text, row)
    fill = [" " * max(_width(cell) - 2 * len(here), 0) for cell in table.header.cells[len(row.cells) :]]
    widths = [max(3, cells.width(name)) for name in missing]
    if row is table.header:
        new = [name + " " * (width - cells.width(name)) for name, width in zip(missing, widths, strict=True)]
    elif row is table.delimiter:
        new = [_dashes(width + 2 * (len(blank) - len(here)), table) for width in widths]
    else:
        new = [" " * width if here else "" for width in widths]
    added = "".join(f"|{here}{cell}{here}" for cell in [*fill, *new])
    closed = text[end : end + 1] == "|"
    return Edit(Place(end, end, ""), added if closed else f"{here}{added}|")


def _dashes(width: int, table: Table) -> str:
    """Align a new column as all others are."""
    others = [cell.text.value for cell in table.delimiter.cells]
    left, right = all(one.startswith(":") for one in others), all(one.endswith(":") for one in others)
    return (":" if left else "-") + "-" * (width - 2) + (":" if right else "-")


def _blank(text: str, row: Row) -> str:
    """The blank that a row has between pipes and text, if it has."""
    starts = [_extent(cell)[0] for cell in row.cells]
    return " " if any(text[start - 1 : start + 1] == "| " for start in starts) else ""


def _width(cell: Cell) -> int:
    start, end = _extent(cell)
    return end - start - len(cell.text.value) + cells.width(cell.text.value)


def _extent(cell: Cell) -> tuple[int, int]:
    return cell.extent or (0, 0)
