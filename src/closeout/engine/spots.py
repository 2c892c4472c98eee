"""What stands where documents are written: whose it is, ours or a person's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from closeout.domain.document import Document
from closeout.domain.finding import Finding
from closeout.domain.item import Field, Item
from closeout.domain.ledger import Entry, Memory
from closeout.domain.plan import Write
from closeout.domain.sync.match import Row
from closeout.editing.splice import Edit
from closeout.engine.library import Library


@dataclass(frozen=True, slots=True)
class Spot:
    """A row where it is written, with its entry, and its item as it was read."""

    row: Row
    entry: Entry
    read: Item


def taken_back(spot: Spot) -> Iterator[tuple[Field, Edit, str]]:
    """Yield what puts a value that we wrote and nobody pushed back to what it was, once it is wanted no more."""
    for what, memory in spot.entry.memory.items():
        here, read = spot.row.seat.item.stated.get(what), spot.read.stated.get(what)
        if here is None or read is None or here.place is None or read.value is None or memory.want is not None:
            continue
        if here.text != read.text and here.text in memory.proposed:
            yield what, Edit(here.place, said(spot.read, what)), read.value


def is_ours(spot: Spot, what: Field, value: str) -> bool:
    """Whether a field where it is written is as it was read, or as we wrote it; else a person edited it there."""
    here, read = spot.row.seat.item.stated[what].text, spot.read.stated.get(what)
    proposed = spot.entry.memory[what].proposed if what in spot.entry.memory else frozenset()
    return (read is not None and here == read.text) or said(spot.row.seat.item, what) == value or here in proposed


def edited(path: str, line: int, what: str) -> Finding:
    """Return what to tell where a person's own edit is in the way."""
    told = f"{what} was edited here and that is not pushed yet; it is left alone"
    return Finding(path, line, "local-edit", told)


def still_proposed(library: Library, row: Row, entry: Entry) -> Mapping[Field, Memory]:
    """Forget what was proposed and then thrown away: written by a person later, it is that person's.

    What a commit here holds that nobody pushed yet may still come, so then nothing is forgotten.
    """
    standing = library.standing(row.seat.path, row.seat.order)
    if library.snapshot.ahead or row.seat.path not in library.placed or standing is None:
        return entry.memory
    offered = library.offered(row.seat.path, row.seat.order)
    shown = [row.seat.item, standing[1], *([offered] if offered else [])]
    return {
        what: replace(memory, proposed=memory.proposed & {text(item, what) for item in shown})
        for what, memory in entry.memory.items()
    }


def writes_of(
    spots: Sequence[Spot], shown: Mapping[int, tuple[Entry, tuple[Field, ...]]], after: Document
) -> Iterator[Write]:
    """Yield what is written and why, item by item."""
    for spot in spots:
        index, before = spot.row.seat.order, spot.row.seat.item
        for what in shown.get(index, (spot.entry, ()))[1]:
            wanted = what in spot.entry.memory and spot.entry.memory[what].want is not None
            reason = f"{what} changed in the issue" if wanted else "the issue says it no more"
            reason = "its ticket is not written in yet" if what is Field.TICKET else reason
            item = after.items[index]
            told = text(before, what), text(item, what)
            yield Write(spot.entry.key, item.line, before.title, str(what), *told, reason)


def text(item: Item, what: Field) -> str:
    """Return what an item states of a field; empty where it has no place for it."""
    return item.stated[what].text if what in item.stated else ""


def said(item: Item, what: Field) -> str:
    """Return the words that an edit of a field would put there to say the same: of a box only what is within it."""
    told = text(item, what)
    return told.strip("[]") if what in item.stated and item.stated[what].box else told
