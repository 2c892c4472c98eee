"""Which of a page's pieces are items, and which rule leaves the others out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from closeout.domain.document import Incident
from closeout.domain.item import Field, Item
from closeout.markdown.blocks import Code, Entry, Table
from closeout.reading import columns, entries, rows
from closeout.reading.people import People
from closeout.reading.reader import Reader
from closeout.reading.region import Piece, Region, Section
from closeout.reading.vocabulary import Says, Vocabulary

_HOUR = re.compile(r"\b\d{1,2}:\d\d\b")
_OFTEN = 3  # a label that stands in so many sections is a form's own


@dataclass(frozen=True, slots=True)
class Judged:
    """A piece with the items that were read in it; `why` says what leaves them out, and is empty if nothing does."""

    piece: Piece
    items: tuple[Item, ...]
    why: str = ""


def judge(pieces: Sequence[Piece], base: Reader, incidents: tuple[Incident, ...], *, account: bool) -> list[Judged]:
    """Return every piece with its items.

    `base` is the page's reader; `account` tells that the page is about something that happened.
    """
    labels = _owners_above(pieces, base.people)
    found = [(piece, _numbered(piece, base, owners, incidents)) for piece, owners in zip(pieces, labels, strict=True)]
    return _chosen(found, account=account)


def _owners_above(pieces: Sequence[Piece], people: People) -> list[tuple[str, ...]]:
    """The people that each piece's label names; where one label of a section names one, so do others of that shape."""
    labels = [piece.region.label if piece.region else "" for piece in pieces]
    told = {label: people.parts(label) if label else [] for label in set(labels)}
    parts = [told[label] for label in labels]
    sure = {piece.section for piece, names in zip(pieces, parts, strict=True) if any(map(people.known, names))}
    return [tuple(names) if piece.section in sure else () for piece, names in zip(pieces, parts, strict=True)]


def _numbered(piece: Piece, base: Reader, owners: tuple[str, ...], incidents: tuple[Incident, ...]) -> tuple[Item, ...]:
    if piece.silent:
        return ()
    if piece.region is None and not isinstance(piece.block, Table):
        return tuple(entries.from_tagged(piece.block, base)) if isinstance(piece.block, Entry) else ()
    number = 0 if piece.incident is None else piece.incident + 1
    date = incidents[number].date
    return tuple(
        _items(piece, replace(base, incident=number, incident_date=date, region=piece.region, owners_above=owners))
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """What the pieces of a page say of each other.

    `explicit` and `account` tell whether any part names the follow-ups, or tells of something that happened. `tables`,
    `others` and `closing` are sections: with a table of items, with any items below the heading, with nothing but
    ticked boxes. `often` counts the sections of each region's name.
    """

    explicit: bool
    account: bool
    tables: frozenset[int]
    others: frozenset[int]
    closing: frozenset[int]
    often: Mapping[str, int]

    def why(self, piece: Piece, items: tuple[Item, ...]) -> str:
        """Return what leaves a piece out.

        A page that names its follow-ups may also tell of prevention, or give advice, as prose: without a box, an owner
        or any other field that is no item. Nor is what a manual's label says again and again, or shows commands for;
        nor a list above a table of the same section, which explains it; nor the boxes that close a form.
        """
        block, region = piece.block, piece.region
        if isinstance(block, Section):
            return "the entries below the heading are the items" if piece.section in self.others else ""
        aside = region is not None and self.explicit and not region.explicit
        if aside and region and piece.section in self.closing:
            return f"{region.name!r} beside the follow-ups holds ticked boxes alone: the form's own steps"
        if isinstance(block, Table) or all(map(_told_more, items)):
            return ""
        if piece.section in self.tables:
            return "a table of the same section holds the items, and this has no owner, day, ticket or box"
        if aside and region:
            return f"{region.name!r} may be advice: other parts name the follow-ups, and this has no field of one"
        return self._doubt(block, region) if region and region.perhaps else ""

    def _doubt(self, block: Entry, region: Region) -> str:
        if not self.account:
            return f"{region.name!r} may be advice, and no part of the page tells of an incident"
        if any(isinstance(below, Code) for below in block.children):
            return f"{region.name!r} may be instructions, and this shows commands"
        count = self.often.get(region.name, 0)
        return f"{region.name!r} stands in {count} sections, as a form's label does" if count >= _OFTEN else ""


def _chosen(found: list[tuple[Piece, tuple[Item, ...]]], *, account: bool) -> list[Judged]:
    """Leave out what only looks like follow-ups beside what certainly is."""
    full = [(piece, items) for piece, items in found if items]
    ticked = {
        piece.section for piece, items in full if piece.region and piece.region.perhaps and all(map(_ticked, items))
    }
    page = _Page(
        explicit=any(piece.region and piece.region.explicit for piece, _ in full),
        account=account,
        tables=frozenset(piece.section for piece, _ in full if isinstance(piece.block, Table)),
        others=frozenset(piece.section for piece, _ in full if not isinstance(piece.block, Section)),
        closing=frozenset(ticked - {piece.section for piece, items in full if not all(map(_ticked, items))}),
        often=Counter(name for _, name in {(piece.section, piece.region.name) for piece, _ in full if piece.region}),
    )
    return [Judged(piece, items, page.why(piece, items) if items else "") for piece, items in found]


def _ticked(item: Item) -> bool:
    """Whether an item is a ticked box and nothing else."""
    status = item.stated.get(Field.STATUS)
    return bool(status and status.box and item.closed and not (item.owners or item.due_text or item.tickets))


def _told_more(item: Item) -> bool:
    """Whether an item has an owner, a day, a ticket or a box, and not only a sign in front."""
    status = item.stated.get(Field.STATUS)
    return bool(item.owners or item.due_text or item.tickets or (status and status.box))


def _items(piece: Piece, reader: Reader) -> Iterator[Item]:
    match piece.block:
        case Entry() if piece.region:
            yield from entries.from_entry(piece.block, reader)
        case Section() if piece.region and piece.region.explicit:
            yield from entries.from_section(piece.block, reader)
        case Table() if not piece.barred:
            found = columns.read(piece.block, reader.vocabulary)
            if Field.TITLE in found and (piece.region or _speaks_for_itself(piece.block, found, reader.vocabulary)):
                yield from rows.from_table(piece.block, found, reader)
        case _:
            return


def _speaks_for_itself(table: Table, found: Mapping[Field, int], vocabulary: Vocabulary) -> bool:
    """Whether a table outside of any region is one of action items by its header and its states alone.

    A list of incidents has a column of actions too, but nobody is named for each, and no state; a time line has hours.
    """
    head = table.header.cells[found[Field.TITLE]].text.value.strip("*_ ")
    said = vocabulary.headings.exact(head)
    told = {Field.OWNERS, Field.STATUS, Field.TICKET} & set(found)
    if said in {Says.EXPLICIT, Says.STRONG}:
        return bool(told)
    if any(_HOUR.search(cell.text.value) for row in table.rows for cell in row.cells[:2]):
        return False
    if said in {Says.WEAK, Says.ALONE}:
        return (Field.OWNERS in told and len(found) > 2) or columns.all_states(table, found, vocabulary)
    return Field.OWNERS in told and len({Field.DUE, Field.STATUS, Field.TICKET} & set(found)) > 1
