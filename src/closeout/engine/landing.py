"""What the ledger notes of write-backs: proposed before they go, seen once they landed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from closeout.domain.document import Document
from closeout.domain.item import Field
from closeout.domain.ledger import Entry, Ledger
from closeout.ports.documents import Rewrite


@dataclass
class Draft:
    """One document's new text while it is made: what is shown per index of the item."""

    rewrite: Rewrite
    after: Document
    shown: dict[int, tuple[Entry, tuple[Field, ...]]] = field(default_factory=dict)


def proposed(ledger: Ledger, drafts: list[Draft]) -> Ledger:
    """Record the texts that are about to be written."""
    after: dict[str, Entry] = {}
    for draft in drafts:
        for index, (entry, fields) in draft.shown.items():
            stated = draft.after.items[index].stated
            memory = {
                what: replace(known, proposed=known.proposed | {stated[what].text})
                for what in fields
                if (known := entry.memory.get(what)) is not None and known.want is not None
            }
            after[entry.key] = after.get(entry.key, ledger.entries[entry.key]).remember(memory)
    return ledger.put(*after.values())


def landed(entry: Entry, draft: Draft, index: int) -> Entry:
    """Return an entry that has seen what was written for the item number `index`."""
    _, fields = draft.shown[index]
    stated = draft.after.items[index].stated
    memory = {
        what: replace(known, document=stated[what].text, want=None, proposed=frozenset())
        for what in fields
        if (known := entry.memory.get(what)) is not None
    }
    return replace(entry.remember(memory), landed=entry.landed or Field.TICKET in fields)
