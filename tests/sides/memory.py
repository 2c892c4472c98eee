"""The tracker in memory, for the laws alone: it is no kind that anybody can choose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from closeout.domain.issue import Gone, Sight
from closeout.trackers.memory import MemoryTracker


@dataclass
class MemorySubject:
    """Issues in a dict, which is seen at once."""

    memory: MemoryTracker = field(default_factory=MemoryTracker)
    owners: tuple[str, ...] = ("ann", "cid", "Bob Müller")
    deleted: Sight = Gone()

    def tracker(self) -> MemoryTracker:
        return self.memory

    def remove(self, ref: str) -> None:
        self.memory.delete(ref)

    def break_listing(self) -> None:
        self.memory.unreadable = True

    def lose(self) -> None:
        self.memory.faults.append("lost after")

    def lag(self, reads: int) -> None:
        """There is one dict."""


@contextmanager
def opened(_folder: Path) -> Iterator[MemorySubject]:
    yield MemorySubject()
