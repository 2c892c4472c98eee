"""Claims: the rows of all documents, and which entry of the ledger each of them has so far."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field

from closeout.domain.finding import Finding
from closeout.domain.item import Item, folded
from closeout.domain.ledger import Entry


@dataclass(frozen=True, slots=True)
class Seat:
    """An item in its document: `document` is the document's id, `order` its number there, `refs` the issues that its
    tickets name, as (tracker, reference).
    """

    path: str
    document: str
    order: int
    item: Item
    refs: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """The folded title."""
        return folded(self.item.title)


@dataclass
class Claims:
    """Who has which entry so far."""

    seats: Sequence[Seat]
    entries: dict[str, Entry]
    read: frozenset[str] | None
    said_new: frozenset[int] = frozenset()
    of: dict[int, Entry] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    followers: dict[int, str] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def claim(self, index: int, entry: Entry) -> None:
        """Give a row its entry."""
        self.of[index] = entry
        self.used.add(entry.key)

    def free(self) -> list[Entry]:
        """The entries that no row has yet, and whose row could have been there."""
        return [
            entry
            for entry in self.entries.values()
            if entry.key not in self.used and entry.holder and not self.unread(entry)
        ]

    def unread(self, entry: Entry) -> bool:
        """Whether its document may be one that could not be read: it lost nothing."""
        return self.read is not None and entry.document not in self.read

    def new(self) -> list[int]:
        """The rows without a ticket that nobody knows yet, and that nobody says are new."""
        known = {*self.of, *self.said_new}
        return [index for index, seat in enumerate(self.seats) if index not in known and not seat.item.tickets]

    def place(self, index: int) -> str:
        """Where a row is, as a person types it into a shell."""
        return shlex.quote(f"{self.seats[index].path}:{self.seats[index].item.line}")

    def tell(self, index: int, code: str, message: str) -> None:
        """Note what a person should look at."""
        seat = self.seats[index]
        self.findings.append(Finding(seat.path, seat.item.line, code, message))
