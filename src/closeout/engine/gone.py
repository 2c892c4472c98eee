"""Gone: which rows that were known are in no document any more, and what of that nobody believes yet."""

from __future__ import annotations

from collections.abc import Iterator

from closeout.domain.finding import Finding
from closeout.domain.ledger import MISSING, NOWHERE, Entry, Ledger
from closeout.domain.sync.guard import Guarded
from closeout.domain.sync.match import Matching
from closeout.domain.sync.share import Seen, Share
from closeout.engine.library import Library


def emptied(library: Library, ledger: Ledger, share: Share) -> frozenset[str]:
    """Return the ids of the documents that had items when they were last read, and can be read, but have none now."""
    if share.percent is None:
        return frozenset()
    empty = {document.id for document in library.documents.values() if not document.items}
    return frozenset(entry.document for entry in ledger.entries.values() if entry.document in empty and _placed(entry))


def _placed(entry: Entry) -> bool:
    return entry.holder and not entry.no and entry.position != NOWHERE


def readable(library: Library, ledger: Ledger, empty: frozenset[str]) -> frozenset[str] | None:
    """Return the ids of the documents that may have lost rows, None for all: an emptied one lost nothing so far."""
    if not empty:
        return library.known
    read = frozenset(document.id for document in library.documents.values())
    known = frozenset(entry.document for entry in ledger.entries.values())
    return (read if library.errors else read | known) - empty


def seen(matching: Matching, ledger: Ledger, empty: frozenset[str]) -> Seen:
    """Count the rows whose issues are ours, those that vanished, and those of emptied documents."""
    entries = [row.entry for row in matching.rows if row.entry is not None]
    return Seen(
        sum(_ours(entry) for entry in entries),
        tuple(entry.key for entry in matching.left if entry.position != NOWHERE),
        {
            name: tuple(
                entry.key
                for entry in ledger.entries.values()
                if entry.document == name and _ours(entry) and _placed(entry)
            )
            for name in sorted(empty)
        },
    )


def _ours(entry: Entry) -> bool:
    return bool(entry.issue) and entry.owned and entry.holder and not entry.no


def settled(ledger: Ledger, matching: Matching, found: Seen, guarded: Guarded) -> Ledger:
    """Return the ledger without the places of rows that are gone; what nobody believes stays to be asked about."""
    ledger = ledger.lose(matching.lost)
    if guarded.missing:
        return ledger.lose(found.vanished, MISSING)
    if guarded.approved:
        return ledger.lose(
            entry.key for entry in ledger.entries.values() if entry.document in found.emptied and entry.holder
        )
    return ledger


def told(library: Library, matching: Matching, found: Seen, share: Share) -> Iterator[Finding]:
    """Yield what is to be told of emptied documents, and of rows that vanished in great number."""
    paths = {document.id: path for path, document in library.documents.items()}
    for name in found.emptied:
        why = "it had items when it was last read, and has none now: a heading or a table that is not read any more?"
        left = "Its issues are left as they are, and so are rows elsewhere that have their tickets"
        yield Finding(paths[name], 0, "emptied", f"{why} {left}, until its items are back or that is approved")
    if why := share.vanished(found):
        where = next((entry.document for entry in matching.left if entry.key in found.vanished), "")
        where = where or next(iter(found.emptied))
        yield Finding(
            where, 0, "vanished", f"{why}; creates, closes and edits wait until they are back or that is approved"
        )
