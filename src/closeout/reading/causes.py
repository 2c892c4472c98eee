"""Why did it happen? The causes that a document states, as plain text; only a report asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from closeout.domain.item import shortened, visible
from closeout.markdown import inline
from closeout.markdown.blocks import Block, Heading, List, Paragraph, Quote, Table
from closeout.reading import headings
from closeout.reading.headings import FOLLOW_UPS, Meaning
from closeout.reading.vocabulary import Vocabulary

LONGEST = 300  # characters of a cause
MOST = 5  # causes of an incident
_READ = 1_500  # characters of a text that are looked at
_WORDS = 6  # of a heading that holds more than the phrase: a longer one is a sentence about something else
_LABEL = 7  # a label's level: every heading ends what stands below it
_NAMED = re.compile(
    r"^\s*+(?:[*+-]\s++)?(?:\*\*|__)?([^\W\d_][^:：*_|\n]{1,60})(?:\*\*|__)?\s*+[:：]\s*+(?:\*\*|__)?[ \t]*+(.*)$"
)
_ALONE = re.compile(r"^\s*+(?:\*\*|__)([^*_\n]{2,60})(?:\*\*|__)\s*+$")
_REST = re.compile(r"^([^:：]{2,60}?)(?:[:：]|\s[-–—]+\s)\s*(\S.*)$")
_COUNTED = re.compile(r"^(?:[^\W\d_]{2,20}\s*)?#?\d{1,2}\s*[.):：、–—-]\s*(\S.*)$")  # 2. …, Factor 2: …
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{4}")  # as much as two words
Cause = tuple[int, str]  # the line, counted from 0, and the text


def read(
    blocks: Sequence[Block], links: Mapping[str, Any], metadata: Mapping[str, Any], vocabulary: Vocabulary
) -> list[Cause]:
    """Return the causes that a page states, in order: below headings and labels, in rows and in its front matter."""
    walk = _Walk(links, vocabulary)
    for name, told in metadata.items():
        if vocabulary.reasons.exact(str(name)):
            for one in told if isinstance(told, list) else [told]:
                walk.add(0, str(one))
    walk.blocks(blocks)
    return walk.found


@dataclass
class _Walk:
    """Where the walk stands: `level` is that of the heading below which causes stand, 0 outside of any; `wants` tells that
    nothing was read below its last heading yet, `headed` that it has headings of its own.
    """

    links: Mapping[str, Any]
    vocabulary: Vocabulary
    found: list[Cause] = field(default_factory=list)
    level: int = 0
    wants: bool = False
    headed: bool = False
    titled: bool = False

    def add(self, line: int, raw: str) -> None:
        """Note a cause, unless it is a question, a word alone or something to be filled in."""
        text = raw.strip()[:_READ]
        if not text or self.vocabulary.is_placeholder(text) or inline.struck(text, self.links):
            return
        plain = visible(inline.read(text, self.links).plain).strip(" -–—:：")
        if plain.endswith(("?", "？")) or not (len(plain.split()) > 1 or _UNSPACED.search(plain)):
            return
        if not self.vocabulary.is_placeholder(plain):
            self.found.append((line, shortened(plain, LONGEST)))

    def blocks(self, blocks: Sequence[Block]) -> None:
        """Go over blocks in order."""
        for block in blocks:
            match block:
                case Heading():
                    self.heading(block)
                case Paragraph():
                    self.paragraph(block)
                case List():
                    self.list(block)
                case Table():
                    self.table(block)
                case Quote() if not (self.level and self.wants):  # there it is a form's hint
                    self.blocks(block.children)
                case _:
                    pass

    def heading(self, block: Heading) -> None:
        """A heading opens a section of causes, ends it, or is within it a cause itself."""
        text, first = block.text.value, not self.titled
        self.titled = True
        if block.level <= self.level:
            self.level = 0
        rest = None if first and block.level == 1 else self.asked(text)
        if rest is not None:
            self.level, self.headed = self.level or block.level, False
            self.wants = not rest
            self.add(block.line, rest)
        elif self.level and (self.wants or self.headed):
            said = headings.read(text, self.vocabulary)
            self.headed, self.wants = True, True
            if said.meaning not in (Meaning.NOTHING, Meaning.THEME):
                self.level = 0
            elif match := _COUNTED.match(inline.read(text, self.links).plain):
                self.wants = False
                self.add(block.line, match[1])

    def asked(self, text: str) -> str | None:
        """What a heading or label says itself of a cause, empty for nothing; None if it does not name any."""
        reasons = self.vocabulary.reasons
        said = headings.read(text[:200], self.vocabulary)
        if reasons.exact(said.text):
            return ""
        if (match := _REST.match(said.text)) and reasons.exact(match[1]):
            return match[2]
        found, length = reasons.find(said.text)
        edge = any(one.start == 0 or one.end == length for one in found)
        if not edge or said.meaning in (*FOLLOW_UPS, Meaning.PERHAPS) or len(said.text.split()) > _WORDS:
            return None
        return ""

    def paragraph(self, block: Paragraph) -> None:
        """A paragraph: lines with a name in front, a label of its own, or the text of a section."""
        raw = block.text.value
        if named := list(self.named(raw)):
            for name, told in named:
                if self.vocabulary.reasons.exact(name):
                    self.add(block.line, told)
                    self.level, self.wants, self.headed = self.level or _LABEL, not told.strip(), False
                elif self.level == _LABEL:
                    self.level = 0
        elif self.level and self.wants and not raw.rstrip().endswith((":", "：")):
            self.wants = False
            self.add(block.line, raw)

    def named(self, raw: str) -> Iterator[tuple[str, str]]:
        """Yield (name, text) of `**Root cause**: …` and of what else has a bold name; nothing if no name is a cause's."""
        found: list[tuple[str, list[str]]] = []
        for line in raw[: 4 * _READ].split("\n"):
            match = _NAMED.match(line) or _ALONE.match(line)
            bold = match and line.lstrip(" -+").startswith(("**", "__"))
            if match and (bold or self.vocabulary.reasons.exact(match[1])):
                found.append((match[1], [match[2] if match.re is _NAMED else ""]))
            elif found:
                found[-1][1].append(line)
        if self.level == _LABEL or any(self.vocabulary.reasons.exact(name) for name, _ in found):
            yield from ((name, "\n".join(told)) for name, told in found)

    def list(self, block: List) -> None:
        """The entries of a section's list, or those that say themselves that they tell a cause."""
        if self.level and self.wants:
            self.wants = False
            for entry in block.entries[: 2 * MOST]:
                self.add(entry.line, entry.text.value)
            return
        for entry in block.entries:
            for name, told in self.named(entry.text.value):
                if self.vocabulary.reasons.exact(name):
                    self.add(entry.line, told)

    def table(self, block: Table) -> None:
        """The rows of names and values; the header is one of them."""
        for row in (block.header, *block.rows) if len(block.header.cells) == 2 else ():
            if len(row.cells) == 2 and self.vocabulary.reasons.exact(row.cells[0].text.value):
                self.add(row.line, row.cells[1].text.value)
