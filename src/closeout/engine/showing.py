"""What the documents are to show and do not yet, row by row: the plan's changes to documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from closeout.domain.finding import Finding
from closeout.domain.issue import Issue
from closeout.domain.item import Field, Item
from closeout.domain.ledger import Entry
from closeout.domain.plan import Show, Where
from closeout.domain.sync.match import Row
from closeout.editing.words import Ticket
from closeout.engine import show
from closeout.engine.boards import Board, sight
from closeout.engine.library import Library
from closeout.engine.spots import Spot, edited, is_ours, said, taken_back, text
from closeout.engine.world import Options


@dataclass
class Showing:
    """What it is told from; what cannot be said goes to `findings`, and `plain` keeps by path whether tickets read back."""

    boards: Mapping[str, Board]
    library: Library
    options: Options
    findings: list[Finding]
    plain: dict[str, bool] = field(default_factory=dict)

    def of(self, row: Row, entry: Entry) -> Iterator[Show]:
        """Yield what a row's document is to show, but for what a person edited where it is written."""
        item, path = row.seat.item, row.seat.path
        there = self.library.standing(path, row.seat.order)
        if there is None:
            if any(memory.want is not None for memory in entry.memory.values()):
                self.findings.append(edited(path, item.line, "this row"))
            return
        standing = there[1]
        spot = Spot(replace(row, seat=replace(row.seat, order=there[0], item=standing)), entry, item)
        yield from self._ticket(spot, row)
        yield from self._values(spot, row)
        for what, edit, _ in taken_back(spot):
            reason = f"{what} is wanted no more"
            yield Show(entry.key, what, text(standing, what), edit.value, where_of(row), reason)

    def _shown(self, spot: Spot, row: Row) -> tuple[Item, ...]:
        """The item as it was read, as it stands where it is written, and as it waits to be merged."""
        offered = self.library.offered(row.seat.path, row.seat.order)
        return spot.read, spot.row.seat.item, *([offered] if offered else [])

    def _ticket(self, spot: Spot, row: Row) -> Iterator[Show]:
        item, path, entry = spot.read, row.seat.path, spot.entry
        named = sight(self.boards, (entry.tracker, entry.issue))
        shown = any(one.tickets for one in self._shown(spot, row)[1:])
        if not (entry.holder and isinstance(named, Issue)) or shown or not item.stated[Field.TICKET].place:
            return
        spelt = Ticket(*self.boards[entry.tracker].tracker.spell(named, path))
        if path not in self.plain:
            self.plain[path] = show.takes_tickets(path, spelt, self.library, self.options)
        careful = not self.plain[path]
        if show.ticket(path, row.seat.order, spelt, self.library, self.options, careful=careful) is None:
            self.findings.append(show.no_ticket(row, spelt.bare))
        else:
            before, reason = item.stated[Field.TICKET].text, "its ticket is not written in yet"
            yield Show(entry.key, Field.TICKET, before, entry.issue, where_of(row), reason)

    def _values(self, spot: Spot, row: Row) -> Iterator[Show]:
        item, standing, path, entry = spot.read, spot.row.seat.item, row.seat.path, spot.entry
        fitting = self.boards[entry.tracker].fitting
        for what, memory in entry.memory.items():
            if memory.want is None or what not in item.stated:
                continue
            made = show.edit(path, row.seat.order, what, memory.want, self.library, self.options, fitting)
            if made is None:
                self.findings.append(show.no_words(row, what, memory.want))
            elif what in standing.stated and not is_ours(spot, what, made.edit.value):
                self.findings.append(edited(path, standing.line, what))
            elif made.edit.value not in {said(one, what) for one in self._shown(spot, row)}:
                before = item.stated[what].text
                yield Show(entry.key, what, before, made.edit.value, where_of(row), f"{what} changed in the issue")


def where_of(row: Row) -> Where:
    """Return the place of a row, for a person."""
    return Where(row.seat.path, row.seat.item.line, row.seat.item.title)
