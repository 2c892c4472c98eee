"""The key: derived once, at first sight, and from then on only copied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a listing of documents needs keys and nothing else of a sync
    from closeout.domain.ledger import Ledger
    from closeout.domain.sync.match import Row


def key_of(repository: str, document: str, title: str, ordinal: int) -> str:
    """Return `v1:` and a hash of where an item was first seen; `title` is folded, `ordinal` counts equal titles."""
    import hashlib  # noqa: PLC0415 - it loads OpenSSL

    text = "\x1f".join((repository, document, title, str(ordinal)))
    return "v1:" + hashlib.sha256(text.encode()).hexdigest()[:20]


def fresh_keys(rows: Iterable[Row], ledger: Ledger) -> Iterator[tuple[Row, str, int]]:
    """Yield (row, key, ordinal) for every row without an entry; an ordinal that was used is never used again."""
    used: dict[tuple[str, str], int] = defaultdict(int)
    for entry in ledger.entries.values():
        used[entry.document, entry.title] = max(used[entry.document, entry.title], entry.ordinal)
    taken = set(ledger.entries)
    for row in rows:
        if row.entry is not None:
            continue
        spot = (row.seat.document, row.seat.title)
        while True:
            used[spot] += 1
            key = key_of(ledger.repository, *spot, used[spot])
            if key not in taken:
                break
        taken.add(key)
        yield row, key, used[spot]
