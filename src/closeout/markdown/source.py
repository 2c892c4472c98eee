"""One document's text with its lines, and pieces of it that know where they stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a document's text: what the parser saw, and where each of its lines starts in the document.

    `starts` holds (offset in `value`, offset in the document) for each line that was found there, in order; a line
    that is not found has no pair, and nothing in it can be edited.
    """

    value: str
    starts: tuple[tuple[int, int], ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where value[start:end] stands in the document; None if it is not on one line or was not found."""
        if self.value.find("\n", start, end) >= 0:
            return None
        line_start = self.value.rfind("\n", 0, start) + 1
        for offset, position in self.starts:
            if offset == line_start:
                return position + start - offset, position + end - offset
        return None

    def part(self, start: int, end: int) -> Text:
        """Return value[start:end] as a text of its own."""
        if not self.starts:
            return Text(self.value[start:end])
        starts = []
        for offset, position in self.starts:
            line_end = self.value.find("\n", offset)
            line_end = len(self.value) if line_end < 0 else line_end
            if offset < end and start <= line_end:
                cut = max(start, offset)
                starts.append((cut - start, position + cut - offset))
        return Text(self.value[start:end], tuple(starts))

    def stripped(self) -> Text:
        """Return the text without white space at both ends."""
        start = len(self.value) - len(self.value.lstrip())
        return self.part(start, max(start, len(self.value.rstrip())))


@dataclass(frozen=True)
class Source:
    r"""A document's text, cut into lines at `\r\n`, `\r` and `\n` only (CommonMark 2.1), never by `splitlines`."""

    text: str

    @cached_property
    def bounds(self) -> tuple[tuple[int, int], ...]:
        """Start and end (without the line end) of every line, as offsets in the text."""
        first = 1 if self.text.startswith("\ufeff") else 0
        if "\r" not in self.text:
            ends = [*accumulate((len(line) + 1 for line in self.text.split("\n")), initial=-1)][1:]
            starts = [first, *(end + 1 for end in ends)]
        else:
            found = list(_LINE_END.finditer(self.text))
            ends = [*(match.start() for match in found), len(self.text)]
            starts = [first, *(match.end() for match in found)]
        return tuple(zip(starts, ends, strict=False))

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Every line without its line end."""
        return tuple([self.text[start:end] for start, end in self.bounds])

    def line(self, number: int) -> str:
        """Return line `number`, counted from 0, without its line end."""
        return self.lines[number]

    @cached_property
    def line_end(self) -> str:
        """The line end that the document uses first; a line feed if it has none."""
        match = _LINE_END.search(self.text)
        return match.group() if match else "\n"

    def line_of(self, text: Text) -> int:
        """Return the line, counted from 0, on which a text starts that was found; 0 for one that was not."""
        at = text.starts[0][1] if text.starts else 0
        return max(bisect_right(self.bounds, (at, len(self.text) + 1)) - 1, 0)

    def locate(self, value: str, first_line: int) -> Text:
        """Find the lines of `value` at the ends of the document's lines from `first_line` on."""
        starts, offset, lines = [], 0, self.lines
        if 0 <= first_line < len(lines) and value and lines[first_line] == value and value[-1] not in " \t":
            return Text(value, ((0, self.bounds[first_line][0]),))  # as most lines of text stand there
        for number, wanted in enumerate(value.split("\n"), first_line):
            kept = wanted.strip(" \t")
            if kept and 0 <= number < len(lines):
                line = lines[number].rstrip(" \t")
                if line.endswith(kept):
                    lead = 0 if wanted.startswith(kept) else len(wanted) - len(wanted.lstrip(" \t"))
                    starts.append((offset, self.bounds[number][0] + len(line) - len(kept) - lead))
            offset += len(wanted) + 1
        return Text(value, tuple(starts))
