"""Match: which issue is an item's. Tickets first, then places, then what can only have been reworded or moved.

    1  the ticket in its row
    2  the entry whose last seen place (document, folded title, ordinal) is this row's
    3  an entry of the same document that lost its row, alone with one new row between the same neighbours
    4  an entry whose row is gone everywhere, when exactly one new row anywhere has its title
    5  none yet

3 and 4 hold only while the entry's ticket never stood in the document, and for open rows: a closed one has none. A document that got another name takes all its
entries with it, once 1 or 4 have found some of them there. Similarity alone never decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from closeout.domain.finding import Finding
from closeout.domain.ledger import UNLINKED, Entry, Ledger
from closeout.domain.sync.claims import Claims, Seat
from closeout.domain.sync.moves import follow_documents, hold_doubtful


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
    """Every row in order, the entries whose rows left the documents, those that followed their document to another
    name without a row, the keys that no row has, and what a person should look at.
    """

    rows: tuple[Row, ...]
    left: tuple[Entry, ...] = ()
    followed: tuple[Entry, ...] = ()
    lost: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


def match(
    seats: Sequence[Seat],
    ledger: Ledger,
    read: frozenset[str] | None = None,
    said_new: frozenset[int] = frozenset(),
) -> Matching:
    """Give every seat its entry. `read` are the ids of the documents that could be read, None if all could; `said_new`
    the numbers of the seats that a person says are new, which get none.
    """
    claims = Claims(seats, dict(ledger.entries), read, said_new)
    _by_ticket(claims)
    _by_place(claims)
    _by_gap(claims)
    _by_title(claims)
    followed = follow_documents(claims)
    if followed:
        _by_place(claims)
        _by_gap(claims)
    hold_doubtful(claims)
    rows = tuple(_row(claims, index) for index in range(len(seats)))
    unclear = {(seats[index].document, seats[index].title) for index in claims.blocked}
    gone = (entry for entry in claims.free() if entry.place[:2] not in unclear)
    left = tuple(entry for entry in gone if entry.issue and entry.owned and not entry.no)
    lost = frozenset(entry.key for entry in claims.free())
    return Matching(rows, left, followed, lost, tuple(claims.findings))


def _row(claims: Claims, index: int) -> Row:
    seat, entry = claims.seats[index], claims.of.get(index)
    holder = claims.followers.get(index, "")
    if entry is not None and not (seat.refs and seat.item.tickets and index in claims.followers):
        entry = replace(entry, document=seat.document, title=seat.title, position=seat.order)
    return Row(seat, entry, index in claims.followers, holder, index in claims.blocked)


_OfIssue = Mapping[tuple[str, str], Sequence[Entry]]


def _by_ticket(claims: Claims) -> None:
    naming: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, seat in enumerate(claims.seats):
        for ref in seat.refs:
            naming[ref].append(index)
    known = sorted(claims.entries.values(), key=lambda entry: not entry.no)  # who was let go comes last
    of_issue: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in claims.entries.values():
        of_issue[entry.tracker, entry.issue].append(entry)
    held = [entry for entry in known if entry.holder and entry.issue]
    holders = {(entry.tracker, entry.gave_way): entry for entry in held if entry.gave_way}
    holders |= {(entry.tracker, entry.issue): entry for entry in held}
    for ref in sorted(naming, key=lambda ref: not _named_at_home(claims, naming[ref], holders.get(ref))):
        # who copies a row with several tickets follows all of it: none of them is the copy's own for being left over
        left = [index for index in naming[ref] if index not in claims.of and index not in claims.followers]
        _share(claims, holders.get(ref), left, ref, of_issue)


def _named_at_home(claims: Claims, indexes: list[int], holder: Entry | None) -> bool:
    """Whether the row that a ticket is known from names it still: a row of several tickets keeps its own one."""
    seats = [claims.seats[index] for index in indexes]
    return holder is not None and any((seat.document, seat.title) == holder.place[:2] for seat in seats)


def _share(claims: Claims, holder: Entry | None, indexes: list[int], ref: tuple[str, str], of_issue: _OfIssue) -> None:
    """Find the row that a ticket belongs to; the others follow it."""
    own, indexes = None, [index for index in indexes if not _let_go(claims, index, of_issue.get(ref, ()), holder)]
    if holder is not None and holder.key not in claims.used and not claims.unread(holder):
        here = [index for index in indexes if claims.seats[index].document == holder.document]
        exact = [index for index in here if claims.seats[index].title == holder.title]
        there = [index for index in exact if claims.seats[index].order == holder.position]
        groups = (there, exact, here, indexes)
        own = next((group[0] for group in groups if len(group) == 1), exact[0] if exact else None)
        if own is not None:
            claims.claim(own, holder)
        elif indexes:
            claims.used.add(holder.key)  # several rows name it, so no other row can be its own
    if own is None and holder is None and len(indexes) == 1:
        return  # the first row to name an issue: first contact
    seat = claims.seats[own] if own is not None else None
    place = f"{seat.path}:{seat.item.line}" if seat else ""
    for index in indexes:
        if index != own:
            claims.followers[index] = place
            _follow(claims, index, of_issue)
            told = f"the ticket belongs to {place}; " if place else ""
            way = (
                ""
                if place
                else f". `closeout adopt {claims.place(index)} TICKET` makes this row the one that it belongs to"
            )
            claims.tell(
                index, "follower", f"{told}copied? Then clear the ticket here, and the row gets its own issue{way}"
            )


def _let_go(claims: Claims, index: int, known: Sequence[Entry], holder: Entry | None) -> bool:
    """Give a row that was unlinked from an issue its *no*, whatever it still names, and whoever has the issue now."""
    seat = claims.seats[index]
    for entry in known:
        gone = entry.no == UNLINKED and entry is not holder and entry.key not in claims.used
        if gone and entry.place[:2] == (seat.document, seat.title):
            claims.claim(index, entry)
            return True
    return False


def _follow(claims: Claims, index: int, of_issue: _OfIssue) -> None:
    seat = claims.seats[index]
    for entry in (entry for ref in seat.refs for entry in of_issue.get(ref, ())):
        free = not entry.holder and entry.key not in claims.used
        if free and entry.place[:2] == (seat.document, seat.title):
            claims.claim(index, entry)
            return


def _by_place(claims: Claims) -> None:
    def place(index: int) -> tuple[str, str]:
        return claims.seats[index].document, claims.seats[index].title

    pools: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in claims.free():
        pools[entry.document, entry.title].append(entry)
    fresh = [index for index in claims.new() if index not in claims.blocked]
    for spot, group in groupby(sorted(fresh, key=place), key=place):
        indexes, pool = sorted(group), _in_order(pools.get(spot, ()))
        if not pool:
            continue
        if len(indexes) == len(pool):
            for index, entry in zip(indexes, pool, strict=True):
                claims.claim(index, entry)
            continue
        for index in indexes:
            claims.blocked.add(index)
            issues = ", ".join(entry.issue for entry in pool if entry.issue)
            known = f"{len(pool)} are known" + (f" (issue {issues})" if issues else "")
            told = (
                f"{len(indexes)} rows have this title and no ticket, but {known}; write in their tickets, "
                f"or say which row is new: `closeout sync --new {claims.place(index)}`"
            )
            claims.tell(index, "ambiguous", told)


def _in_order(pool: Iterable[Entry]) -> list[Entry]:
    """Entries of one title as their rows stood last; by their ordinals where one had lost its row before."""
    known = sorted(pool, key=lambda entry: entry.ordinal)
    placed = all(entry.position >= 0 for entry in known)
    return sorted(known, key=lambda entry: entry.position) if placed else known


def _by_gap(claims: Claims) -> None:
    elsewhere = {claims.seats[index].title for index in claims.new()}  # what kept its title was moved, not reworded
    lost_in = defaultdict(list)
    for entry in claims.free():
        if not entry.landed and entry.title not in elsewhere:
            lost_in[entry.document].append(entry)
    anchored: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for index, entry in claims.of.items():
        if entry.document == claims.seats[index].document and entry.position >= 0:  # else it may stand anywhere
            anchored[entry.document].append((entry.position, claims.seats[index].order))
    new_in: dict[str, list[int]] = defaultdict(list)
    for index in claims.new():
        new_in[claims.seats[index].document].append(index)
    for document, lost in lost_in.items():
        anchors, fresh = sorted(anchored[document]), new_in[document]
        gaps: dict[tuple[int, int], list[Entry]] = defaultdict(list)
        for entry in (entry for entry in lost if entry.position >= 0):
            before = max((order for position, order in anchors if position < entry.position), default=-1)
            after = min((order for position, order in anchors if position > entry.position), default=1 << 30)
            gaps[before, after].append(entry)
        fitting: dict[int, list[Entry]] = defaultdict(list)  # gaps overlap where two documents became one
        for (before, after), found in gaps.items():
            inside = [index for index in fresh if before < claims.seats[index].order < after]
            if len(inside) == 1 and _may_claim(claims, inside[0]):
                fitting[inside[0]] += found
        for index, found in fitting.items():
            if len(found) == 1:
                claims.claim(index, found[0])


def _may_claim(claims: Claims, index: int) -> bool:
    """Whether a row may get a lost entry: a closed one was there before, for all we know, and would close the issue."""
    return index not in claims.blocked and not claims.seats[index].item.closed


def _by_title(claims: Claims) -> None:
    lost = defaultdict(list)
    for entry in claims.free():
        if not entry.landed:
            lost[entry.title].append(entry)
    fresh = defaultdict(list)
    for index in claims.new():
        fresh[claims.seats[index].title].append(index)
    for title, found in lost.items():
        if len(found) == 1 and len(fresh[title]) == 1 and _may_claim(claims, fresh[title][0]):
            claims.claim(fresh[title][0], found[0])
