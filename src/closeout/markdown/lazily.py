"""Where mistune goes on with a block that CommonMark has ended, or ends one that goes on: what it finds is read-only."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from closeout.markdown.source import Source

# CommonMark 4.6, HTML blocks that can interrupt a paragraph
HTML_START = re.compile(
    r"^ {0,3}<(?:!--|\?|![A-Za-z]|!\[CDATA\[|(?:script|pre|style|textarea)(?:[\s>]|$)|/?(?:address|article|aside|base|"
    r"basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|"
    r"footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|"
    r"optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:\s|/?>|$))",
    re.I,
)
_BARE = re.compile(r"^(?:[*+-]|\d{1,9}[.)])[ \t]*$")
_MARKER = re.compile(r"^[ \t>]*(?:[*+-]|\d{1,9}[.)])(?:[ \t]|$)")
_MOST = 50
# how the blocks end that do not end at an empty line
_ENDS = (
    (r"<!--", "-->"),
    (r"<\?", r"\?>"),
    (r"<!\[CDATA\[", r"\]\]>"),
    (r"<![A-Z]", ">"),
    (r"<(?:script|pre|style|textarea)\b", r"</(?:script|pre|style|textarea)>"),
)
_LEAD = " \t>"


@dataclass(frozen=True)
class Doubts:
    """The lines of a document after which the two may differ."""

    source: Source

    @cached_property
    def _empty(self) -> list[int]:
        return [number for number, line in enumerate(self.source.lines) if not line.lstrip(_LEAD).strip()]

    @cached_property
    def _starts(self) -> list[int]:
        """The lines that start HTML or are bare markers."""
        found = []
        for number, line in enumerate(self.source.lines):
            text = line.lstrip(_LEAD)
            if text and text[0] in "<*+-0123456789" and (HTML_START.match(text) or _BARE.match(text)):
                found.append(number)
        return found

    def above(self, line: int) -> list[int]:
        """Return the lines that start HTML or are bare markers above a line, up to the next empty one."""
        upto = bisect_left(self._starts, line)
        if not upto:
            return []
        before = bisect_left(self._empty, line)
        top = self._empty[before - 1] if before else -1
        return self._starts[bisect_left(self._starts, top + 1) : upto][-_MOST:]


@dataclass(frozen=True, slots=True)
class Inside:
    """Which containers a block stands in: so many quotes, and the line of the marker of its list entry (-1: none)."""

    doubts: Doubts
    quotes: int = 0
    marker: int = -1

    def quote(self) -> Inside:
        """Return what is inside of a quote here."""
        return Inside(self.doubts, self.quotes + 1, self.marker)

    def entry(self, marker: int) -> Inside:
        """Return what is inside of a list entry here; `marker` is its line."""
        return Inside(self.doubts, self.quotes, marker)

    def holds(self, line: int) -> bool:
        """Tell whether a line has the marks and the indent of its containers, as a table's lines must."""
        source = self.doubts.source
        if not 0 <= line < len(source.lines):
            return False
        if self.quotes and source.line(line).split("|", 1)[0].count(">") < self.quotes:
            return False
        return self.marker < 0 or self.marker == line or _indent(source, line) >= _indent(source, self.marker) + 2


def entry(doubts: Doubts, marker: int, line: int) -> bool:
    """Tell whether CommonMark sees no such entry: HTML that interrupts a list runs on to the next empty line, and text
    that is not indented below a bare marker is no text of its entry, nor is it a list that goes on (4.6 and 5.2).
    """
    source = doubts.source
    if not 0 <= marker <= line < len(source.lines):
        return True
    if marker != line and _indent(source, line) < _indent(source, marker) + 2:
        return True
    return any(
        _html_runs(source, number, marker) or _bare_ends(source, number, marker) for number in doubts.above(marker)
    )


def table(doubts: Doubts, line: int) -> bool:
    """Tell whether a table stands in what CommonMark sees as a block of HTML."""
    return any(_html_runs(doubts.source, number, line) for number in doubts.above(line))


def _html_runs(source: Source, number: int, line: int) -> bool:
    """Whether a line starts a block of HTML that still runs at a later line."""
    bare = source.line(number).lstrip(_LEAD)
    if not HTML_START.match(bare) or _indent(source, number) >= _indent(source, line) + 2:
        return False
    end = next((end for start, end in _ENDS if re.match(start, bare, re.I)), None)
    return end is None or not any(re.search(end, source.line(within), re.I) for within in range(number, line))


def _bare_ends(source: Source, number: int, marker: int) -> bool:
    """Whether a bare marker is followed by text that is not indented, which ends its list."""
    bare, below = source.line(number).lstrip(_LEAD), source.line(number + 1)
    unindented = _indent(source, number + 1) < _indent(source, number) + 2
    return number + 1 < marker and bool(_BARE.match(bare)) and unindented and not _MARKER.match(below)


def goes_on(source: Source, line: int) -> bool:
    """Tell whether a block behind a list or a quote stands on lines that CommonMark counts to its last paragraph (5.1)."""
    return line > 0 and bool(source.line(line - 1).strip(" \t>"))


def _indent(source: Source, line: int) -> int:
    text = source.line(line)
    return len(text[: len(text) - len(text.lstrip(_LEAD))].expandtabs(4))
