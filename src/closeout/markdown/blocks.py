"""The blocks of a document, each with the lines it stands on."""

from __future__ import annotations

from dataclasses import dataclass

from closeout.markdown import cells
from closeout.markdown.source import Text


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 to 6, `line` counted from 0 as in every block."""

    level: int
    text: Text
    line: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of running text."""

    text: Text
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: its first text, and the blocks below it."""

    line: int
    ordered: bool
    text: Text
    children: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class List:
    """A bulleted or numbered list."""

    entries: tuple[Entry, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table row: its text with escapes, and the document's bounds from pipe to pipe (None: not found)."""

    text: Text
    extent: tuple[int, int] | None


def cut(line: Text) -> tuple[Cell, ...]:
    """Return the cells of a row's text, which is one line: where that stands in the document is asked once for all."""
    value, at = line.value, line.starts[0][1] if line.starts else None
    row = []
    for start, end in cells.scan(value):
        first, last = cells.content(value, (start, end))
        if at is None:
            row.append(Cell(Text(value[first:last]), None))
        else:
            found = ((0, at + first),) if last else ()
            row.append(Cell(Text(value[first:last], found), (at + start, at + end)))
    return tuple(row)


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; it may have fewer or more cells than the header."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A GFM table; `delimiter` is the row of dashes."""

    header: Row
    delimiter: Row
    rows: tuple[Row, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quote."""

    children: tuple[Block, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Code:
    """A code block; nothing in it is read. `closed` is False for a fence that runs to the end of the document."""

    line: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Html:
    """A block of HTML, comments included."""

    raw: str
    line: int


@dataclass(frozen=True, slots=True)
class Break:
    """A thematic break."""

    line: int


Block = Heading | Paragraph | List | Table | Quote | Code | Html | Break
