"""Which parts of a document are meant for follow-ups: headings, bold labels, lines that end in a colon.

The walk goes over the blocks in order and keeps the headings it stands under and the last label. A list or table
belongs to a region if the nearest of these that says something says "follow-ups".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from closeout.domain.document import Incident
from closeout.markdown.blocks import Block, Break, Code, Entry, Heading, Html, List, Paragraph, Quote, Table
from closeout.markdown.source import Source, Text
from closeout.reading.incidents import Notes
from closeout.reading.vocabulary import Vocabulary, fold

_NUMBERING = re.compile(r"^\s*(?:\d+(?:\.\d+)*|[ivxIVX]+|[A-Z])[.)]\s+")
_BOLD = re.compile(r"^\s*(?:\*\*|__)(.+?)(?:\*\*|__)\s*:?\s*$")
_LABEL = re.compile(r"^\s*(?:\*\*|__)?([^\W\d][^:*_|]{1,60}?)(?:\*\*|__)?\s*:\s*(?:\*\*|__)?\s*$")
_LEAD = re.compile(r"^(?:\*\*)?[^\W\d_][\w' ]{2,40}(?: \([^()]{1,40}\))?(?:\*\*)?:(?:\*\*)?(?:\s|$)")
_DATED = re.compile(r"^\s*(?:\*\*)?(\d{4}-\d{2}-\d{2})\b\s*[:—–-]?\s*(.*?)(?:\*\*)?\s*$")


class Meaning(Enum):
    """What a heading or label says about the blocks below it."""

    FOLLOW_UPS = "follow-ups"
    PERHAPS = "perhaps"
    OTHER = "other"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Piece:
    """A list entry or a table, with the heading or label that makes its place one for follow-ups.

    `region` is None outside of them; `barred` says that a heading or label there speaks against it.
    """

    block: Entry | Table
    region: str | None
    incident: int | None
    barred: bool = False


def meaning(text: str, vocabulary: Vocabulary) -> Meaning:
    """Return what a heading or label says."""
    plain = _NUMBERING.sub("", re.sub(r"[*_`]", "", text)).strip()
    candidates = [
        fold(plain),
        fold(re.sub(r"\([^)]*\)|（[^）]*）", "", plain)),
        *map(fold, re.split(r"\s[—–:-]\s|[/|]", plain)),
    ]
    if any(candidate in vocabulary.not_regions for candidate in candidates[:2]):
        return Meaning.OTHER
    if any(candidate in vocabulary.strong for candidate in candidates if candidate):
        return Meaning.FOLLOW_UPS
    if any(candidate in vocabulary.weak for candidate in candidates if candidate):
        inner = " ".join(re.findall(r"\(([^)]*)\)", plain))
        return Meaning.OTHER if fold(inner) in vocabulary.not_regions else Meaning.PERHAPS
    if any(candidate in vocabulary.not_regions for candidate in candidates):
        return Meaning.OTHER
    words = f" {candidates[1]} "
    if len(words) < 80 and any(f" {phrase} " in words for phrase in vocabulary.strong if " " in phrase):
        return Meaning.FOLLOW_UPS
    return Meaning.NOTHING


@dataclass
class _Walk:
    """Where the walk stands."""

    source: Source
    vocabulary: Vocabulary
    notes: Notes
    headings: list[tuple[int, Meaning, str]] = field(default_factory=list)
    label: tuple[Meaning, str] = (Meaning.NOTHING, "")
    used: bool = False

    def region(self) -> tuple[str | None, bool]:
        """The name of the region here, and whether something speaks against one."""
        said, name = self.label
        if said in {Meaning.FOLLOW_UPS, Meaning.OTHER}:
            return (name, False) if said is Meaning.FOLLOW_UPS else (None, True)
        weak = name if said is Meaning.PERHAPS else ""
        for _, said, text in reversed(self.headings):
            if said is Meaning.FOLLOW_UPS:
                return weak or text, False
            if said is Meaning.OTHER:
                return None, True
            if said is Meaning.PERHAPS:
                weak = weak or text
        return weak or None, False

    def heading(self, level: int, text: str, line: int) -> None:
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        self.headings.append((level, meaning(text, self.vocabulary), text))
        self.label = (Meaning.NOTHING, "")
        self.notes.heading(text, level, line)

    def lines(self, text: Text) -> None:
        for line in text.value.split("\n"):
            self.text_line(line)

    def text_line(self, line: str) -> None:
        self.notes.line(line)
        match = _BOLD.match(line) or _LABEL.match(line)
        if dated := _DATED.match(line):
            self.notes.incident(Incident(title=dated[2].strip(), date=dated[1]))
            self.label = (Meaning.NOTHING, "")
        elif match:
            said = meaning(match[1].rstrip(":"), self.vocabulary)
            if said is not Meaning.NOTHING or self.label[0] is not Meaning.NOTHING:
                self.label = (said, match[1].rstrip(": "))
        elif self.label[0] is not Meaning.NOTHING and (self.used or _LEAD.match(line)):
            self.label = (Meaning.NOTHING, "")
        self.used = False


def walk(source: Source, blocks: Iterable[Block], vocabulary: Vocabulary, notes: Notes) -> Iterator[Piece]:
    """Yield every list entry and table of a document in order, each with its region; `notes` gathers the incidents."""
    yield from _blocks(_Walk(source, vocabulary, notes), blocks)


def _blocks(state: _Walk, blocks: Iterable[Block]) -> Iterator[Piece]:
    for block in blocks:
        match block:
            case Heading():
                state.heading(block.level, block.text.value, block.line)
            case Paragraph():
                state.lines(block.text)
            case List():
                for entry in block.entries:
                    yield from _entry(state, entry)
                state.used = True
            case Table():
                region, barred = state.region()
                yield Piece(block, region, state.notes.current, barred)
                state.used = True
            case Quote():
                yield from _blocks(state, block.children)
            case Code() | Html() | Break():
                pass


def _entry(state: _Walk, entry: Entry) -> Iterator[Piece]:
    """Yield an entry up to the line where, by laziness, the text behind the list starts."""
    end = _lazy_end(state, entry.text)
    if end is None:
        region, barred = state.region()
        yield Piece(entry, region, state.notes.current, barred)
        return
    kept, rest = entry.text.part(0, end), entry.text.part(end + 1, len(entry.text.value))
    region, barred = state.region()
    yield Piece(Entry(entry.line, entry.ordered, kept, ()), region, state.notes.current, barred)
    state.used = True
    state.lines(rest)
    yield from _blocks(state, entry.children)


def _lazy_end(state: _Walk, text: Text) -> int | None:
    """Return where an entry's text ends before a line that is no longer its own: a label or a dated heading at the
    line's very start, which CommonMark counts in (a copied page has lost the empty lines).
    """
    starts = dict(text.starts)
    offset = text.value.find("\n")
    while offset >= 0:
        position = starts.get(offset + 1)
        end = text.value.find("\n", offset + 1)
        line = text.value[offset + 1 : end if end >= 0 else None]
        at_margin = position is not None and (position == 0 or state.source.text[position - 1] in "\r\n")
        if at_margin and (_DATED.match(line) or _LABEL.match(line) or _LEAD.match(line)):
            return offset
        offset = end
    return None
