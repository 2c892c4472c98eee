"""What each column of a table is: its header first, then what stands in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from closeout.domain.item import Field
from closeout.markdown import cells, inline
from closeout.markdown.blocks import Table
from closeout.reading.fields import tickets
from closeout.reading.vocabulary import Vocabulary, fold

_NUMBER = re.compile(r"#|no|nr|id|n", re.I)


def read(table: Table, vocabulary: Vocabulary) -> Mapping[Field, int]:
    """Return the column of each field that the table has; without a title column the table holds no items."""
    heads = [fold(inline.read(cells.decode(cell.text.value), {}).plain) for cell in table.header.cells]
    found: dict[Field, int] = {}
    for exact in (True, False):
        for index, head in enumerate(heads):
            what = vocabulary.columns.get(head) if exact else _last_word(head, vocabulary)
            if what and what not in found and index not in found.values():
                found[what] = index
    if Field.TITLE not in found and len(found) >= 1:
        _promote(table, heads, found)
    return found


def _last_word(head: str, vocabulary: Vocabulary) -> Field | None:
    """The field of the known word that ends last: in `Action owner` that is the owner."""
    words = f" {head} "
    if not head or len(head) > 60:
        return None
    hits = [
        (words.rfind(f" {alias} ") + len(alias), len(alias), what)
        for alias, what in vocabulary.columns.items()
        if len(alias) > 1 and f" {alias} " in words
    ]
    return max(hits)[2] if hits else None


def _promote(table: Table, heads: list[str], found: dict[Field, int]) -> None:
    """Take the longest text column that is nothing else as the title; a ticket column without tickets may be it."""
    ticket = found.get(Field.TICKET)
    if ticket is not None and not any(
        tickets.find(row.cells[ticket].text.value) for row in table.rows if ticket < len(row.cells)
    ):
        del found[Field.TICKET]
    free = [index for index, head in enumerate(heads) if index not in found.values() and not _NUMBER.fullmatch(head)]
    if free and found:
        found[Field.TITLE] = max(free, key=lambda index: _length(table, index))


def _length(table: Table, index: int) -> int:
    return sum(len(row.cells[index].text.value) for row in table.rows if index < len(row.cells))
