"""A document's text to its incidents, items and findings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from closeout.domain.document import Document, Incident
from closeout.domain.finding import Finding
from closeout.domain.item import Field, Item
from closeout.markdown import frontmatter, parse
from closeout.markdown.blocks import Code, Entry, Paragraph, Table
from closeout.reading import columns, entries, regions, rows, templates
from closeout.reading.fields import dates
from closeout.reading.incidents import Notes
from closeout.reading.people import People
from closeout.reading.reader import Reader
from closeout.reading.regions import Piece, Section
from closeout.reading.vocabulary import Says, Vocabulary

_HOUR = re.compile(r"\b\d{1,2}:\d\d\b")
_OFTEN = 3  # a label that stands in so many sections is a form's own


def read(path: str, text: str, vocabulary: Vocabulary, *, templates_too: bool = False) -> Document:
    """Read one document; `path` is relative, with forward slashes.

    A page that is a form nobody has filled in yields no items, unless `templates_too`.
    """
    findings: list[Finding] = []
    try:
        metadata = frontmatter.metadata(text)
    except ValueError as error:
        metadata = {}
        findings.append(Finding(path, 1, "front-matter", f"the front matter cannot be read and was ignored: {error}"))
    parsed = parse.parse(text)
    notes = Notes(vocabulary, path, metadata, title=str(metadata.get("title", "")))
    pieces = list(regions.walk(parsed.source, parsed.blocks, vocabulary, notes))
    incidents = notes.result()
    people = People(text, vocabulary)
    labels = _owners_above(pieces, people)
    order = dates.order_of(text) if "/20" in text or "-20" in text else dates.Order.UNKNOWN
    base = Reader(vocabulary, "", parsed.links, people, order=order)
    read_as = [(piece, _numbered(piece, base, owners, incidents)) for piece, owners in zip(pieces, labels, strict=True)]
    found = _chosen(read_as, account=notes.account)
    titles = [notes.title, *_first_lines(parsed.blocks)]
    form = templates.reason(path, titles, text, len(found), vocabulary)
    if found and form and not templates_too:
        told = f"{form}: its {len(found)} items are left out (--include-templates reads them)"
        findings.append(Finding(path, 0, "template", told))
    silent = _silenced(metadata)
    if found and silent:
        findings.append(Finding(path, 1, "left-out", f"{silent}: its {len(found)} items are left out"))
    kept = tuple(found) if not silent and (templates_too or not form) else ()
    findings.extend(_told(path, kept))
    findings.extend(_unmapped(path, (piece.block for piece, items in read_as if items and kept), vocabulary))
    findings.extend(
        Finding(path, block.line + 1, "unclosed-fence", "this code fence is never closed: all below it is code")
        for block in parsed.blocks
        if isinstance(block, Code) and not block.closed
    )
    identity = str(metadata.get("slug") or "") or incidents[0].id
    return Document(path, notes.title, identity, bool(form), incidents, kept, tuple(sorted(findings)))


def _owners_above(pieces: list[Piece], people: People) -> list[tuple[str, ...]]:
    """The people that each piece's label names; where one label of a section names one, so do others of that shape."""
    parts = [people.parts(piece.region.label) if piece.region and piece.region.label else [] for piece in pieces]
    sure = {piece.section for piece, names in zip(pieces, parts, strict=True) if any(map(people.known, names))}
    return [tuple(names) if piece.section in sure else () for piece, names in zip(pieces, parts, strict=True)]


def _numbered(piece: Piece, base: Reader, owners: tuple[str, ...], incidents: tuple[Incident, ...]) -> tuple[Item, ...]:
    if piece.silent:
        return ()
    if piece.region is None and not isinstance(piece.block, Table):
        return tuple(entries.from_tagged(piece.block, base)) if isinstance(piece.block, Entry) else ()
    number = 0 if piece.incident is None else piece.incident + 1
    reader = replace(base, incident_date=incidents[number].date, region=piece.region, owners_above=owners)
    return tuple(replace(item, incident=number) for item in _items(piece, reader))


def _chosen(found: list[tuple[Piece, tuple[Item, ...]]], *, account: bool) -> list[Item]:
    """Leave out what only looks like follow-ups beside what certainly is.

    A page that names its follow-ups (`Action items`) may also have prevention or advice told as prose: without a box,
    an owner or any other field that is no item; nor is what a manual's label says again and again, or shows commands for. Advice
    counts only in an `account` of something that happened. So is a list above a table of the same section, which explains it.
    """
    explicit = any(items and piece.region and piece.region.explicit for piece, items in found)
    tables = {piece.section for piece, items in found if items and isinstance(piece.block, Table)}
    places = {(piece.section, piece.region.name) for piece, items in found if items and piece.region}
    others = {piece.section for piece, items in found if items and not isinstance(piece.block, Section)}
    often = Counter(name for _, name in places)
    chosen: list[Item] = []
    for piece, items in found:
        told = isinstance(piece.block, Table) or (all(map(_told_more, items)) and not isinstance(piece.block, Section))
        explained = isinstance(piece.block, Entry) and piece.section in tables
        region = piece.region
        aside = region is not None and explicit and not region.explicit
        if region is not None and region.perhaps and isinstance(piece.block, Entry):
            commands = any(isinstance(below, Code) for below in piece.block.children)
            aside = aside or not account or commands or often[region.name] >= _OFTEN
        if isinstance(piece.block, Section):
            aside = piece.section in others
        if told or not (aside or explained):
            chosen.extend(items)
    return chosen


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


def _silenced(metadata: Mapping[str, Any]) -> str:
    """Why the front matter says that nothing is to be read; empty if it does not."""
    if str(metadata.get("closeout", "")).casefold() in {"false", "no", "off"}:
        return "the front matter says `closeout: false`"
    return "the front matter says `status: draft`" if str(metadata.get("status", "")).casefold() == "draft" else ""


def _first_lines(blocks: tuple[object, ...]) -> list[str]:
    first = blocks[0] if blocks else None
    return [first.text.value.split("\n", 1)[0]] if isinstance(first, Paragraph) else []


def _unmapped(path: str, blocks: Iterable[object], vocabulary: Vocabulary) -> Iterator[Finding]:
    for table in (block for block in blocks if isinstance(block, Table)):
        for head in columns.unmapped(table, vocabulary):
            told = f"column {head!r} is not read: its header is no known name of a field (see [reading] columns)"
            yield Finding(path, table.line + 1, "unread-column", told)


def _told(path: str, items: tuple[Item, ...]) -> Iterator[Finding]:
    for item in items:
        due, status = item.stated.get(Field.DUE), item.stated.get(Field.STATUS)
        if due and due.value is None:
            yield Finding(path, item.line, "unreadable-due", f"due date {due.text!r} is not understood: {due.reason}")
        if status and status.value is None:
            yield Finding(
                path, item.line, "unknown-status", f"status {status.text!r} is not understood: it counts as open"
            )
