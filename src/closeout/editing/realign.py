"""New padding: the pipes of a table of action items below each other; no character of any cell changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from closeout.domain.item import Item, Place
from closeout.editing.splice import Edit, splice
from closeout.editing.tables import all_rows, with_items
from closeout.markdown import cells
from closeout.markdown.blocks import Row, Table


def realign(text: str, items: Iterable[Item]) -> str:
    """Return the text with the tables that hold one of the items aligned by display width; else the same text."""
    return splice(text, [edit for table in with_items(text, items) for edit in _edits(text, table)])


def uneven(text: str, items: Iterable[Item]) -> int:
    """Return how many of these tables would get other padding."""
    return sum(any(edit.value != edit.place.text for edit in _edits(text, table)) for table in with_items(text, items))


def _edits(text: str, table: Table) -> Iterator[Edit]:
    count = len(table.header.cells)
    widths = [3] * count
    for row in (table.header, *table.rows):
        for index, cell in enumerate(row.cells[:count]):
            widths[index] = max(widths[index], cells.width(cell.text.value))
    for row in all_rows(table):
        for index, cell in enumerate(row.cells[:count]):
            if cell.extent:
                yield _edit(text, row, cell.extent, _padded(table, row, index, widths[index]))


def _padded(table: Table, row: Row, index: int, width: int) -> str:
    dashes, value = table.delimiter.cells[index].text.value, row.cells[index].text.value
    left, right = dashes.startswith(":"), dashes.endswith(":")
    if row is table.delimiter:
        return (":" if left else "-") + "-" * (width - 2) + (":" if right else "-")
    blanks = width - cells.width(value)
    lead = blanks // 2 if left and right else blanks if right else 0
    return " " * lead + value + " " * (blanks - lead)


def _edit(text: str, row: Row, extent: tuple[int, int], padded: str) -> Edit:
    """Put a cell between its pipes, with a blank on each side.

    Where a row has no pipe at its start the text stays there (four blanks would make it code), and none come behind
    its end.
    """
    start, end = extent
    first, last = extent == row.cells[0].extent, extent == row.cells[-1].extent
    open_left = first and text[start - 1 : start] != "|"
    open_right = last and text[end : end + 1] != "|"
    value = padded.lstrip(" ")
    padded = value + " " * (len(padded) - len(value)) if open_left else padded
    new = ("" if open_left else " ") + (padded.rstrip(" ") if open_right else f"{padded} ")
    return Edit(Place(start, end, text[start:end]), new)
