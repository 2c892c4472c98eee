"""Where mistune goes on with a block that CommonMark has ended, or ends one that goes on: what it finds is read-only."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

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
_LEAD = re.compile(r"^[ \t>]*")


@dataclass(frozen=True, slots=True)
class Inside:
    """Which containers a block stands in: so many quotes, and the line of the marker of its list entry (-1: none)."""

    quotes: int = 0
    marker: int = -1

    def quote(self) -> Inside:
        """Return what is inside of a quote here."""
        return Inside(self.quotes + 1, self.marker)

    def entry(self, marker: int) -> Inside:
        """Return what is inside of a list entry here; `marker` is its line."""
        return Inside(self.quotes, marker)

    def holds(self, source: Source, line: int) -> bool:
        """Tell whether a line has the marks and the indent of its containers, as a table's lines must."""
        if not 0 <= line < len(source.bounds) or source.line(line).split("|")[0].count(">") < self.quotes:
            return False
        return self.marker < 0 or self.marker == line or _indent(source, line) >= _indent(source, self.marker) + 2


def entry(source: Source, marker: int, line: int) -> bool:
    """Tell whether CommonMark sees no such entry: HTML that interrupts a list runs on to the next empty line, and text
    that is not indented below a bare marker is no text of its entry, nor is it a list that goes on (4.6 and 5.2).
    """
    if not 0 <= marker <= line < len(source.bounds):
        return True
    indent = _indent(source, marker)
    if marker != line and _indent(source, line) < indent + 2:
        return True
    return any(
        _html_runs(source, number, marker, indent) or _bare_ends(source, number, marker)
        for number in _above(source, marker)
    )


def table(source: Source, line: int) -> bool:
    """Tell whether a table stands in what CommonMark sees as a block of HTML."""
    return any(_html_runs(source, number, line, _indent(source, line)) for number in _above(source, line))


@lru_cache(maxsize=2)
def _marks(source: Source) -> tuple[list[int], list[int]]:
    """Return the empty lines of a document, and those that start HTML or are bare markers."""
    bare = [_LEAD.sub("", source.line(number)) for number in range(len(source.bounds))]
    empty = [number for number, text in enumerate(bare) if not text.strip()]
    return empty, [number for number, text in enumerate(bare) if HTML_START.match(text) or _BARE.match(text)]


def _above(source: Source, line: int) -> Iterable[int]:
    """Return the lines that start HTML or are bare markers above a line, up to the next empty one."""
    empty, starts = _marks(source)
    before = bisect_left(empty, line)
    top = empty[before - 1] if before else -1
    return starts[bisect_left(starts, top + 1) : bisect_left(starts, line)][-_MOST:]


def _html_runs(source: Source, number: int, line: int, indent: int) -> bool:
    """Whether a line starts a block of HTML that still runs at a later line."""
    bare = _LEAD.sub("", source.line(number))
    if not HTML_START.match(bare) or _indent(source, number) >= indent + 2:
        return False
    end = next((end for start, end in _ENDS if re.match(start, bare, re.I)), None)
    return end is None or not any(re.search(end, source.line(within), re.I) for within in range(number, line))


def _bare_ends(source: Source, number: int, marker: int) -> bool:
    """Whether a bare marker is followed by text that is not indented, which ends its list."""
    bare, below = _LEAD.sub("", source.line(number)), source.line(number + 1)
    unindented = _indent(source, number + 1) < _indent(source, number) + 2
    return number + 1 < marker and bool(_BARE.match(bare)) and unindented and not _MARKER.match(below)


def goes_on(source: Source, line: int) -> bool:
    """Tell whether a block behind a list or a quote stands on lines that CommonMark counts to its last paragraph (5.1)."""
    return line > 0 and bool(source.line(line - 1).strip(" \t>"))


def _indent(source: Source, line: int) -> int:
    lead = _LEAD.match(source.line(line))
    return len(lead.group().expandtabs(4)) if lead else 0
