"""New check boxes: in front of the list entries whose state has no place."""

from __future__ import annotations

from collections.abc import Iterable

from closeout.domain.item import Field, Item, Place
from closeout.editing.splice import Edit, splice
from closeout.editing.tables import blocks
from closeout.markdown import parse
from closeout.markdown.blocks import Entry


def add_boxes(text: str, items: Iterable[Item]) -> tuple[str, int]:
    """Return the text with an empty box in front of every entry of the items that states no status, and how many."""
    wanting = {item.line - 1 for item in items if Field.STATUS not in item.stated}
    edits = [
        Edit(Place(*spot, ""), "[ ] ")
        for block in blocks(parse.parse(text).blocks)
        if isinstance(block, Entry) and block.line in wanting and (spot := block.text.span(0, 0))
    ]
    return splice(text, edits), len(edits)
