"""The tables of a document that hold its items, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from closeout.domain.item import Item
from closeout.markdown import parse
from closeout.markdown.blocks import Block, Entry, List, Quote, Row, Table


def blocks(found: Iterable[Block]) -> Iterator[Block | Entry]:
    """Yield every block and list entry, at any depth, in order."""
    for block in found:
        yield block
        match block:
            case Quote():
                yield from blocks(block.children)
            case List():
                for entry in block.entries:
                    yield entry
                    yield from blocks(entry.children)
            case _:
                pass


def with_items(text: str, items: Iterable[Item]) -> Iterator[Table]:
    """Yield the tables that hold one of the items, if every row of them was found on its line."""
    lines = {item.line - 1 for item in items}
    for block in blocks(parse.parse(text).blocks):
        if isinstance(block, Table) and not lines.isdisjoint(row.line for row in block.rows) and _is_found(block):
            yield block


def _is_found(table: Table) -> bool:
    return all(row.cells and all(cell.extent for cell in row.cells) for row in all_rows(table))


def all_rows(table: Table) -> tuple[Row, ...]:
    """Return header, delimiter and rows."""
    return (table.header, table.delimiter, *table.rows)
