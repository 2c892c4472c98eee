"""Which parts of a document are meant for follow-ups: headings, bold labels, lines that end in a colon.

The walk goes over the blocks in order and keeps the headings it stands under and the last label. A list or table
belongs to a region if the nearest of these that says something says "follow-ups".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from closeout.domain.document import Incident
from closeout.markdown import html
from closeout.markdown.blocks import Block, Break, Code, Entry, Heading, Html, List, Paragraph, Quote, Table
from closeout.markdown.source import Source, Text
from closeout.reading import headings
from closeout.reading.headings import FOLLOW_UPS, UNSAID, Meaning, Said
from closeout.reading.incidents import Notes
from closeout.reading.region import Piece, Region, Section
from closeout.reading.vocabulary import EMOJI, Vocabulary

EMOJI_CHARACTERS = "".join(character for characters in EMOJI.values() for character in characters)
_BOLD = re.compile(r"^\s*(?:\*\*|__)(.+?)(?:\*\*|__)\s*(?:\([^()]{1,60}\))?\s*[:：]?\s*$")
_LABEL = re.compile(r"^\s*(?:\*\*|__)?([^\W\d_][^:：*|]{0,119}?)(?:\*\*|__)?\s*[:：]\s*(?:\*\*|__)?\s*$")
_LEAD = re.compile(r"^(?:\*\*)?[^\W\d_][\w' ]{2,40}(?: \([^()]{1,40}\))?(?:\*\*)?:(?:\*\*)?(?:\s|$)")
_SAID = re.compile(r"<!--\s*closeout:\s*(ignore|items)\b", re.I)
_BULLET = re.compile(r"[ \t]*(?:[•·▪◦‣●○◉➤►▶–—]|\d{1,2}[、．）]|[①-⑳]|[（(]\d{1,2}[)）])[ \t]*")
_PSEUDO = re.compile(rf"^(?:{_BULLET.pattern}|[ \t]*[{EMOJI_CHARACTERS}]\ufe0f?[ \t]|[ \t]*\[[ xX]\][ \t])(?=\S)", re.M)
_DATED = re.compile(r"^\s*(?:\*\*)?(\d{4}-\d{2}-\d{2})\b\s*[:—–-]?\s*(.*?)(?:\*\*)?\s*$")


@dataclass
class _Walk:
    """Where the walk stands; `silent` is the level of the heading whose section a comment leaves out, 0 for all."""

    source: Source
    vocabulary: Vocabulary
    notes: Notes
    headings: list[tuple[int, Said]] = field(default_factory=list)
    label: Said = UNSAID
    group: Said = UNSAID
    used: bool = False
    section: int = 0
    silent: int | None = None
    fresh: bool = False
    last: tuple[int, Said, Said, tuple[Region | None, str]] | None = None

    def here(self) -> tuple[Region | None, str]:
        """The region here, as last found if neither heading nor label has changed."""
        last = self.last
        if last is None or last[0] != self.section or last[1] is not self.label or last[2] is not self.group:
            last = self.last = (self.section, self.label, self.group, self.region())
        return last[3]

    def region(self) -> tuple[Region | None, str]:
        """The region here, and whether something speaks against one."""
        said = [self.group, self.label, *(one for _, one in reversed(self.headings))]
        first = next((one for one in said if one.meaning not in (Meaning.NOTHING, Meaning.THEME)), UNSAID)
        barred = first.text if first.meaning is Meaning.OTHER else ""
        if first.meaning is Meaning.PERHAPS:
            outer = next(
                (one for one in said if one.meaning in (*FOLLOW_UPS, Meaning.OTHER) and one is not first), UNSAID
            )
            barred = outer.text if outer.meaning is Meaning.OTHER else ""
        if barred or first.meaning is Meaning.NOTHING:
            return None, barred
        near = said[: said.index(first) + 1]
        stated = next((one for one in near if one.status), UNSAID)
        label = self.group.text or self.label.text
        explicit = any(one.meaning is Meaning.EXPLICIT for one in said)
        perhaps = not any(one.meaning in FOLLOW_UPS for one in said)
        return Region(first.text, explicit, perhaps, label, stated.status, stated.text), ""

    def heading(self, level: int, text: str, line: int) -> None:
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        if self.silent is not None and 0 < level <= self.silent:
            self.silent = None
        said = headings.read(text, self.vocabulary)
        if not self.section and level == 1 and said.meaning is not Meaning.EXPLICIT:
            said = UNSAID  # a title says what the page is about, not what its sections hold
        self.notes.account |= said.meaning is Meaning.OTHER
        self.headings.append((level, said))
        self.label = self.group = UNSAID
        self.section += 1
        self.notes.heading(text, level, line)

    def lines(self, text: Text) -> None:
        for line in text.value.split("\n"):
            self.text_line(line)

    def text_line(self, line: str) -> None:
        self.notes.line(line)
        match = _label(line)
        if dated := _DATED.match(line):
            self.notes.incident(Incident(title=dated[2].strip(), date=dated[1]))
            self.label = self.group = UNSAID
        elif match:
            self.labelled(headings.read(line.strip(), self.vocabulary))
        elif self.label.meaning is not Meaning.NOTHING and (self.used or _LEAD.match(line)):
            self.label = self.group = UNSAID
        elif line.strip():
            self.group = UNSAID
        self.used = False

    def labelled(self, said: Said) -> None:
        """A label opens a region of its own, or names a group within the one that is open."""
        self.notes.account |= said.meaning is Meaning.OTHER
        inside = self.label.meaning in FOLLOW_UPS and said.meaning in (Meaning.PERHAPS, Meaning.THEME)
        if inside or (said.meaning in (Meaning.NOTHING, Meaning.THEME) and self.label.meaning is Meaning.NOTHING):
            self.group = said
        else:
            self.label, self.group = said, UNSAID


def _label(line: str) -> re.Match[str] | None:
    """A line that is all bold, or that ends in a colon."""
    end = line.rstrip()
    bold = _BOLD.match(line) if end.endswith(("**", "__", ":", "：", ")")) else None
    return bold or (_LABEL.match(line) if end.endswith((":", "：", "**", "__")) else None)


def walk(source: Source, blocks: Iterable[Block], vocabulary: Vocabulary, notes: Notes) -> Iterator[Piece]:
    """Yield every list entry and table of a document in order, each with its region; `notes` gathers the incidents."""
    state = _Walk(source, vocabulary, notes)
    notes.own_issue.among_items = lambda: state.here()[0] is not None
    yield from _blocks(state, blocks)


def _blocks(state: _Walk, blocks: Iterable[Block]) -> Iterator[Piece]:
    blocks = tuple(blocks)
    for index, block in enumerate(blocks):
        state.fresh = index > 0 and isinstance(blocks[index - 1], Heading)
        match block:
            case Heading():
                state.heading(block.level, block.text.value, block.line)
                if state.headings[-1][1].meaning is Meaning.NOTHING and len(state.headings) > 1:
                    yield _piece(state, Section(block, _below(blocks, index)))
            case Paragraph():
                if _PSEUDO.match(block.text.value) and state.here()[0]:
                    yield from _pseudo_entries(state, block.text)
                    continue
                state.lines(block.text)
            case List():
                for entry in block.entries:
                    yield from _entry(state, entry)
                state.used = True
            case Table():
                state.notes.rows(block)
                yield _piece(state, block)
                state.used = True
            case Quote():
                yield from _blocks(state, block.children)
            case Html():
                yield from _html(state, block)
            case Code() | Break():
                pass


def _below(blocks: tuple[Block, ...], index: int) -> tuple[Block, ...]:
    end = next((at for at in range(index + 1, len(blocks)) if isinstance(blocks[at], Heading)), len(blocks))
    return blocks[index + 1 : end]


def _html(state: _Walk, block: Html) -> Iterator[Piece]:
    """Follow what is said by hand in a comment, labels in HTML, and tables in it."""
    if said := _SAID.search(block.raw):
        if said[1].lower() == "items":
            state.label = Said(Meaning.EXPLICIT, "closeout: items")
        elif not state.section or state.fresh:
            state.silent = state.headings[-1][0] if state.headings else 0
    for label in html.labels(block.raw):
        state.label, state.group = headings.read(label, state.vocabulary), UNSAID
    if table := html.table(block.raw, block.line):
        yield _piece(state, table)
    if "</details" in block.raw.lower():
        state.label = state.group = UNSAID


def _pseudo_entries(state: _Walk, text: Text) -> Iterator[Piece]:
    """The lines of a paragraph that is a list to its reader: bullets, counts or signs that Markdown does not know."""
    starts = [match.start() for match in _PSEUDO.finditer(text.value)]
    line = state.source.line_of(text)
    for start, end in zip(starts, [*starts[1:], len(text.value) + 1], strict=True):
        mark = _BULLET.match(text.value, start)
        part = text.part(mark.end() if mark else start, end - 1)
        yield _piece(state, Entry(line + text.value.count("\n", 0, start), ordered=False, text=part, children=()))
    state.used = True


def _piece(state: _Walk, block: Entry | Table | Section) -> Piece:
    region, barred = state.here() if state.silent is None else (None, "")
    return Piece(block, region, state.notes.current, barred, state.section, state.silent is not None)


def _entry(state: _Walk, entry: Entry) -> Iterator[Piece]:
    """Yield an entry up to the line where, by laziness, the text behind the list starts."""
    below = [child for child in entry.children if isinstance(child, List)]
    label = headings.read(entry.text.value, state.vocabulary) if below and _label(entry.text.value) else UNSAID
    if label.meaning in (*FOLLOW_UPS, Meaning.OTHER):
        outer, state.label = state.label, label
        yield from _blocks(state, entry.children)
        state.label = outer
        return
    end = _lazy_end(state, entry.text)
    state.notes.entry(entry.text.value)
    if end is None:
        yield _piece(state, entry)
        yield from (_piece(state, table) for table in _tables(entry.children))
        return
    kept, rest = entry.text.part(0, end), entry.text.part(end + 1, len(entry.text.value))
    yield _piece(state, Entry(entry.line, entry.ordered, kept, ()))
    state.used = True
    state.lines(rest)
    yield from _blocks(state, entry.children)


def _tables(blocks: Iterable[Block]) -> Iterator[Table]:
    """The tables in a list entry, at any depth."""
    for block in blocks:
        match block:
            case Table():
                yield block
            case List():
                for entry in block.entries:
                    yield from _tables(entry.children)
            case Quote():
                yield from _tables(block.children)
            case _:
                pass


def _lazy_end(state: _Walk, text: Text) -> int | None:
    """Return where an entry's text ends before a line that is no longer its own: a label or a dated heading at the
    line's very start, which CommonMark counts in (a copied page has lost the empty lines).
    """
    offset = text.value.find("\n")
    starts = dict(text.starts) if offset >= 0 else {}
    while offset >= 0:
        position = starts.get(offset + 1)
        end = text.value.find("\n", offset + 1)
        line = text.value[offset + 1 : end if end >= 0 else None]
        at_margin = position is not None and (position == 0 or state.source.text[position - 1] in "\r\n")
        if at_margin and (_DATED.match(line) or _LABEL.match(line) or _LEAD.match(line)):
            return offset
        offset = end
    return None
