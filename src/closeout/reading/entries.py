"""The list entries of a region, and what stands below them, to items with the place of every field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from closeout.domain.item import Field, Item, Place, Stated, Status, stated_item
from closeout.markdown import inline
from closeout.markdown.blocks import Block, Entry, List, Paragraph
from closeout.markdown.source import Text
from closeout.reading import annotations as notes_of
from closeout.reading import headings, leads
from closeout.reading.fields import tickets
from closeout.reading.headings import Meaning
from closeout.reading.reader import CHECKBOX, EMOJI_CHARACTERS, IGNORED, LEAD_EMOJI, Reader
from closeout.reading.region import Section

_FLAT = (re.compile(r"(?<=\S)\s?-\s(?=\[[ xX]\]\s)"), re.compile(rf"(?<=\S)\s?-\s(?=[{EMOJI_CHARACTERS}])"))

_SHORT = 60  # characters of a field that stands on a line of its own
_COUNTED = re.compile(
    r"^\s*(?:\d{1,2}|[A-Z]{1,8}-?\d{1,3})\s*[.)、:：—–-]\s+(?=\S)|^\s*[A-Za-z]+ (?:item )?#?\d{1,2}\s*[:：—–-]\s+(?=\S)"
)


def from_entry(entry: Entry, reader: Reader) -> Iterator[Item]:
    """Yield the items of one list entry: itself, or those below it if it is only the name of a group."""
    nested = [child for below in entry.children if isinstance(below, List) for child in below.entries]
    details = [note for child in nested for note in _details(child, reader)]
    if nested and len(details) < len(nested) and _is_group(entry, nested, reader):
        for child in nested:
            yield from from_entry(child, reader)
        return
    if _is_detail(entry, reader):
        return
    for text in _unflattened(entry.text):
        if item := _item(text, entry, details, reader):
            yield item


def from_tagged(entry: Entry, reader: Reader) -> Iterator[Item]:
    """Yield the entries, at any depth, that say of themselves that they are follow-ups, wherever they stand."""
    if leads.tagged(entry.text.value, reader.vocabulary):
        yield from from_entry(entry, reader)
        return
    for below in entry.children:
        for child in below.entries if isinstance(below, List) else ():
            yield from from_tagged(child, reader)


def from_section(section: Section, reader: Reader) -> Iterator[Item]:
    """Yield a section of the follow-ups as one item, where its heading is counted or its lines have fields."""
    lines = [
        (known[0], known[1], part.part(known[2], known[2] + len(known[1])))
        for part in _lines_below(section.below)
        if (known := notes_of.labelled(part.value, reader.vocabulary))
    ]
    number = _COUNTED.match(section.heading.text.value)
    if not (number or lines) or not section.below:
        return
    text = section.heading.text.part(number.end() if number else 0, len(section.heading.text.value))
    if item := _item(text, Entry(section.heading.line, ordered=False, text=text, children=()), lines, reader):
        yield item


def _lines_below(blocks: tuple[Block, ...]) -> Iterator[Text]:
    """The lines of the paragraphs and list entries of a section, each a text of its own."""
    for block in blocks:
        texts = [block.text] if isinstance(block, Paragraph) else []
        texts += [entry.text for entry in block.entries] if isinstance(block, List) else []
        for text in texts:
            start = 0
            for line in text.value.split("\n"):
                yield text.part(start, start + len(line))
                start += len(line) + 1


def _is_detail(entry: Entry, reader: Reader) -> bool:
    """Whether an entry is a field of something else and no item: `- Owner: Bob`."""
    known = notes_of.labelled(entry.text.value, reader.vocabulary)
    if known is None or len(known[1]) > _SHORT:
        return False
    if known[0] is Field.TICKET:
        return bool(tickets.find(known[1], reader.vocabulary.tickets))
    return known[0] is not Field.DUE or bool(reader.due(known[1]).value)


def _is_group(entry: Entry, nested: list[Entry], reader: Reader) -> bool:
    text = entry.text.value.strip()
    boxes = all(CHECKBOX.match(child.text.value) for child in nested)
    bold_only = re.fullmatch(r"(?:\*\*|__)[^*]+(?:\*\*|__):?", text)
    names = headings.read(text, reader.vocabulary).meaning not in {Meaning.NOTHING, Meaning.OTHER} and len(text) < 40
    return not text or text.endswith((":", "：")) or bool(bold_only) or (boxes and not CHECKBOX.match(text)) or names


def _details(child: Entry, reader: Reader) -> list[tuple[Field, str, Text]]:
    known = notes_of.labelled(child.text.value, reader.vocabulary)
    if known:
        return [(known[0], known[1], child.text.part(known[2], known[2] + len(known[1])))]
    found = tickets.find(child.text.value, reader.vocabulary.tickets)
    if found and len(child.text.value) - sum(ticket.end - ticket.start for ticket in found) < 20 and not child.children:
        return [(Field.TICKET, child.text.value, child.text)]
    return []


def _unflattened(text: Text) -> Iterator[Text]:
    """Cut a line that several check-list entries were run together on (a page copied from the web loses the breaks)."""
    start = 0
    flat = _FLAT[0] if CHECKBOX.match(text.value) else _FLAT[1] if LEAD_EMOJI.match(text.value) else None
    for match in flat.finditer(text.value) if flat else ():
        yield text.part(start, match.start())
        start = match.end()
    yield text.part(start, len(text.value)) if start else text


def _item(text: Text, entry: Entry, details: list[tuple[Field, str, Text]], reader: Reader) -> Item | None:
    raw = text.value
    if IGNORED.search(raw):
        return None
    stated: dict[Field, Stated] = {}
    lead = 0
    if match := CHECKBOX.match(raw):
        stated[Field.STATUS] = _placed(reader.status(raw[match.start() : match.end()].strip()), text, match.span(1))
        lead = match.end()
    elif match := LEAD_EMOJI.match(raw):
        stated[Field.STATUS] = _placed(reader.status(match[1]), text, match.span(1))
        lead = match.end()
    noted = notes_of.read(raw[lead:], reader.vocabulary, reader.people, owners=reader.names_owners)
    noted = notes_of.linked(noted, raw[lead:], reader.links)
    title_raw = raw[lead + noted.title[0] : lead + noted.title[1]]
    title = reader.plain(title_raw)
    if not title or reader.vocabulary.is_placeholder(title_raw) or reader.vocabulary.is_placeholder(title):
        return None
    for note in noted.notes:
        span: tuple[int, int] | None = (lead + note.start, lead + note.end)
        if note.fixed and (note.what is not Field.OWNERS or "`" in raw[lead + note.start : lead + note.end]):
            span = None  # another name is tried before it is written, as all outside of cells
        _take(stated, note.what, note.text, text, span, reader)
    for what, value, part in details:
        _take(stated, what, value, part, (0, len(value)), reader)
    reader.given(stated)
    if inline.struck(title_raw, reader.links) and not _is_done(stated):
        stated[Field.STATUS] = Stated("~~", Status.DONE, reason="struck out")
    refs = [note.text for note in noted.notes if note.what is Field.TICKET]
    refs += [value for what, value, _ in details if what is Field.TICKET]
    stated[Field.TICKET] = _ticket_in_text(refs, text, noted, lead, stated.get(Field.TICKET), reader)
    title_span = (lead + noted.title[0], lead + noted.title[1])
    stated[Field.TITLE] = _placed(Stated(title_raw, title, reason="the entry's text"), text, title_span)
    line = entry.line + _raw_line(entry.text, text)
    return stated_item(stated, line, reader.incident)


def _is_done(stated: Mapping[Field, Stated]) -> bool:
    return Field.STATUS in stated and stated[Field.STATUS].value in {Status.DONE, Status.WONT_DO}


def _raw_line(whole: Text, part: Text) -> int:
    """Return how many lines below the start of `whole` its part begins."""
    if whole is part or not part.starts or not whole.starts:
        return 0
    position = part.starts[0][1]
    index = sum(1 for _, start in whole.starts if start <= position) - 1
    return max(index, 0)


def _take(
    stated: dict[Field, Stated], what: Field, value: str, text: Text, span: tuple[int, int] | None, reader: Reader
) -> None:
    if what is Field.TICKET or (what is Field.STATUS and what in stated):
        return
    seen = reader.field(what, value)
    stated.setdefault(what, _placed(seen, text, span) if span else seen)


def _placed(stated: Stated, text: Text, span: tuple[int, int]) -> Stated:
    found = text.span(*span)
    raw = text.value[slice(*span)]
    place = Place(*found, raw) if found else None
    return Stated(stated.text, stated.value, place, stated.reason, stated.box)


def _ticket_in_text(
    refs: list[str], text: Text, noted: notes_of.Noted, lead: int, known: Stated | None, reader: Reader
) -> Stated:
    found = [ticket for ref in refs for ticket in tickets.find(ref, reader.vocabulary.tickets)]
    value = ", ".join(ticket.ref for ticket in found)
    if found or known:
        return Stated(", ".join(refs), value, None, reason="a reference")
    if noted.brackets_end is not None:
        end = lead + noted.brackets_end
        before, after = ", Issue: ", ""
    else:
        end, before, after = len(text.value.rstrip()), " (", ")"
    span = text.span(end, end)
    place = Place(*span, "", before, after) if span else None
    return Stated("", "", place, reason="none; it goes behind the entry's text")
