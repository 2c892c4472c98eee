"""Match: which issue is an item's. Tickets first, then places, then what can only have been reworded or moved.

    1  the ticket in its row
    2  the entry whose last seen place (document, folded title, ordinal) is this row's
    3  an entry of the same document that lost its row, alone with one new row between the same neighbours
    4  an entry whose row is gone everywhere, when exactly one new row anywhere has its title
    5  none yet

3 and 4 hold only while the entry's ticket never stood in the document. Similarity alone never decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from closeout.domain.finding import Finding
from closeout.domain.item import Item, folded
from closeout.domain.ledger import Entry, Ledger


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


@dataclass(frozen=True, slots=True)
class Row:
    """An item with its entry; without one nothing is known of it yet.

    `follower` says that the ticket belongs to another row, of which `holder` tells the place.
    """

    seat: Seat
    entry: Entry | None = None
    follower: bool = False
    holder: str = ""
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Matching:
    """Every row in order, the entries whose rows left the documents, and what a person should look at."""

    rows: tuple[Row, ...]
    left: tuple[Entry, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass
class _Claims:
    """Who has which entry so far."""

    seats: Sequence[Seat]
    entries: Mapping[str, Entry]
    read: frozenset[str] | None
    of: dict[int, Entry] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    followers: dict[int, str] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def claim(self, index: int, entry: Entry) -> None:
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
        """The rows without a ticket of ours that nobody knows yet."""
        return [index for index, seat in enumerate(self.seats) if index not in self.of and not seat.item.tickets]

    def tell(self, index: int, code: str, message: str) -> None:
        seat = self.seats[index]
        self.findings.append(Finding(seat.path, seat.item.line, code, message))


def match(seats: Sequence[Seat], ledger: Ledger, read: frozenset[str] | None = None) -> Matching:
    """Give every seat its entry. `read` are the ids of the documents that could be read; None if all could."""
    claims = _Claims(seats, ledger.entries, read)
    _by_ticket(claims)
    _by_place(claims)
    _by_gap(claims)
    _by_title(claims)
    _perhaps_reworded(claims)
    rows = tuple(_row(claims, index) for index in range(len(seats)))
    left = tuple(entry for entry in claims.free() if entry.issue and not entry.no)
    return Matching(rows, left, tuple(claims.findings))


def _row(claims: _Claims, index: int) -> Row:
    seat, entry = claims.seats[index], claims.of.get(index)
    holder = claims.followers.get(index, "")
    if entry is not None and not (seat.refs and seat.item.tickets and index in claims.followers):
        entry = replace(entry, document=seat.document, title=seat.title, position=seat.order)
    return Row(seat, entry, index in claims.followers, holder, index in claims.blocked)


def _by_ticket(claims: _Claims) -> None:
    naming: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, seat in enumerate(claims.seats):
        for ref in seat.refs:
            naming[ref].append(index)
    holders = {(entry.tracker, entry.issue): entry for entry in claims.entries.values() if entry.holder and entry.issue}
    for ref, indexes in naming.items():
        _share(claims, holders.get(ref), [index for index in indexes if index not in claims.of], ref)


def _share(claims: _Claims, holder: Entry | None, indexes: list[int], ref: tuple[str, str]) -> None:
    """Find the row that a ticket belongs to; the others follow it."""
    own = None
    if holder is not None and holder.key not in claims.used and not claims.unread(holder):
        here = [index for index in indexes if claims.seats[index].document == holder.document]
        exact = [index for index in here if claims.seats[index].title == holder.title]
        own = next((group[0] for group in (exact, here, indexes) if len(group) == 1), exact[0] if exact else None)
        if own is not None:
            claims.claim(own, holder)
    if own is None and holder is None and len(indexes) == 1:
        return  # the first row to name an issue: first contact
    seat = claims.seats[own] if own is not None else None
    place = f"{seat.path}:{seat.item.line}" if seat else ""
    for index in indexes:
        if index != own:
            claims.followers[index] = place
            _follow(claims, index, ref)
            told = f"the ticket belongs to {place}; " if place else ""
            claims.tell(index, "follower", f"{told}copied? Then clear the ticket here, and the row gets its own issue")


def _follow(claims: _Claims, index: int, ref: tuple[str, str]) -> None:
    seat = claims.seats[index]
    for entry in claims.entries.values():
        known = not entry.holder and entry.key not in claims.used and (entry.tracker, entry.issue) == ref
        if known and (entry.document, entry.title) == (seat.document, seat.title):
            claims.claim(index, entry)
            return


def _by_place(claims: _Claims) -> None:
    def place(index: int) -> tuple[str, str]:
        return claims.seats[index].document, claims.seats[index].title

    pools: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in claims.free():
        pools[entry.document, entry.title].append(entry)
    for spot, group in groupby(sorted(claims.new(), key=place), key=place):
        indexes, pool = sorted(group), sorted(pools.get(spot, ()), key=lambda entry: entry.ordinal)
        if not pool:
            continue
        if len(indexes) == len(pool):
            for index, entry in zip(indexes, pool, strict=True):
                claims.claim(index, entry)
            continue
        for index in indexes:
            claims.blocked.add(index)
            told = (
                f"{len(indexes)} rows have this title and no ticket, but {len(pool)} are known; write in their tickets"
            )
            claims.tell(index, "ambiguous", told)


def _by_gap(claims: _Claims) -> None:
    lost_in = defaultdict(list)
    for entry in claims.free():
        if not entry.landed:
            lost_in[entry.document].append(entry)
    for document, lost in lost_in.items():
        anchors = sorted(
            (entry.position, claims.seats[index].order)
            for index, entry in claims.of.items()
            if entry.document == document == claims.seats[index].document
        )
        fresh = [index for index in claims.new() if claims.seats[index].document == document]
        gaps: dict[tuple[int, int], list[Entry]] = defaultdict(list)
        for entry in lost:
            before = max((order for position, order in anchors if position < entry.position), default=-1)
            after = min((order for position, order in anchors if position > entry.position), default=1 << 30)
            gaps[before, after].append(entry)
        for (before, after), found in gaps.items():
            inside = [index for index in fresh if before < claims.seats[index].order < after]
            if len(found) == 1 and len(inside) == 1 and inside[0] not in claims.blocked:
                claims.claim(inside[0], found[0])


def _by_title(claims: _Claims) -> None:
    lost = defaultdict(list)
    for entry in claims.free():
        if not entry.landed:
            lost[entry.title].append(entry)
    fresh = defaultdict(list)
    for index in claims.new():
        if index not in claims.blocked:
            fresh[claims.seats[index].title].append(index)
    for title, found in lost.items():
        if len(found) == 1 and len(fresh[title]) == 1:
            claims.claim(fresh[title][0], found[0])


def _perhaps_reworded(claims: _Claims) -> None:
    """Hold new rows of a document that lost an entry whose ticket never stood there."""
    lost = {entry.document: entry for entry in claims.free() if not entry.landed and not entry.no}
    for index in claims.new():
        seat = claims.seats[index]
        if seat.document in lost and index not in claims.blocked and not seat.item.closed:
            entry = lost[seat.document]
            claims.blocked.add(index)
            name = f"issue {entry.issue}" if entry.issue else "an issue that was about to be made"
            told = (
                f"perhaps {name} ({entry.title!r}) reworded; write its ticket into this row, or restore the old title"
            )
            claims.tell(index, "perhaps-reworded", told)
