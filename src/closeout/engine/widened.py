"""A page with places for what it has none for: columns for tickets, boxes for states, as they were asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from closeout.domain.document import Document
from closeout.domain.item import Field, Status
from closeout.editing.boxes import add_boxes
from closeout.editing.columns import widen
from closeout.editing.verify import verify
from closeout.engine.library import Base
from closeout.errors import VerificationError

if TYPE_CHECKING:
    from closeout.engine.read import How


def widened(base: Base, text: str, how: How, parsed: Callable[[str], Document]) -> Base:
    """Return a page of this text with the places that were asked for; `parsed` reads a text as the page was read."""
    if how.add_columns:
        wider, count = widen(text, base.document.items, how.vocabulary)
        if count and _only_places(base.document, after := parsed(wider)):
            base = Base(after, wider, count)
    if how.add_boxes:
        boxed, count = add_boxes(base.text or text, base.document.items)
        if count and _only_places(base.document, after := parsed(boxed)):
            base = Base(after, boxed, base.columns, count)
    return base


def _only_places(before: Document, after: Document) -> bool:
    """Whether new places changed no item: those that state no status may state that they are to be done."""
    boxed = {
        index: {Field.STATUS: Status.TODO.value}
        for index, (old, new) in enumerate(zip(before.items, after.items, strict=False))
        if Field.STATUS not in old.stated and new.status is Status.TODO
    }
    try:
        verify(before, after, boxed)
    except VerificationError:
        return False
    return True
