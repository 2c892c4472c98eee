"""The proof: read the result again, and only the intended fields may differ."""

from __future__ import annotations

from collections.abc import Mapping

from closeout.domain.document import Document
from closeout.domain.item import Field, Item, same
from closeout.errors import VerificationError


def verify(before: Document, after: Document, intended: Mapping[int, Mapping[Field, str]]) -> None:
    """Check that `after` is `before` with the intended values (by index of the item), and nothing else.

    Raises VerificationError, naming the document and the line.
    """
    if len(before.items) != len(after.items):
        message = (
            f"{before.path}: the edit would leave {len(after.items)} items of {len(before.items)}; nothing was written"
        )
        raise VerificationError(message)
    for index, (old, new) in enumerate(zip(before.items, after.items, strict=True)):
        wanted = intended.get(index, {})
        for what in Field:
            if not _right(what, old, new, wanted.get(what)):
                message = (
                    f"{before.path}:{old.line}: the edit would make the {what} {_value(what, new)!r}; nothing was written. "
                    "This is a bug of closeout: please report the row"
                )
                raise VerificationError(message)


def _right(what: Field, old: Item, new: Item, wanted: str | None) -> bool:
    if what is Field.TITLE and old.line != new.line:
        return False
    if wanted is None:
        # a title's own text may end in a colon that stands between it and a new ticket
        return _value(what, old) == _value(what, new) and (what is Field.TITLE or _text(what, old) == _text(what, new))
    if what is Field.TICKET:
        return wanted in new.tickets and set(new.tickets) - {wanted} == set(old.tickets)
    value = new.stated[what].value if what in new.stated else None
    return value is not None and same(what, value, wanted)


def _text(what: Field, item: Item) -> str:
    return item.stated[what].text if what in item.stated else ""


def _value(what: Field, item: Item) -> str | None:
    return item.stated[what].value if what in item.stated else ""
