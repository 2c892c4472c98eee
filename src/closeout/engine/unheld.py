"""What trackers cannot hold of the rows that have issues there: counted, so that a plan says it once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from closeout.domain.sync.match import Row
from closeout.engine.boards import Board


def unheld(rows: Iterable[Row], boards: Mapping[str, Board]) -> dict[str, dict[str, int]]:
    """Return by tracker how many rows say what it cannot hold, by the name of a field or of a status."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        entry = row.entry
        if entry is not None and entry.owned and entry.holder and entry.tracker in boards:
            found.setdefault(entry.tracker, Counter()).update(boards[entry.tracker].fitting.unheld(row.seat.item))
    return {tracker: dict(sorted(counts.items())) for tracker, counts in found.items() if counts}
