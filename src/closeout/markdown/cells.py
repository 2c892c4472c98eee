"""The cells of a table row, by GFM's rule: every pipe without a backslash divides, in code spans too."""

from __future__ import annotations

import re

_SPLIT = re.compile(r"\|(?<!\\\|)")
_SPACE = " \t"


def scan(row: str) -> list[tuple[int, int]]:
    """Return (start, end) of every cell of a row's text, white space included, pipes excluded."""
    start = len(row) - len(row.lstrip(_SPACE))
    end = len(row.rstrip(_SPACE))
    if start >= end:
        return []
    bounds, at = [], start
    for match in _SPLIT.finditer(row, start, end):
        bounds.append((at, match.start()))
        at = match.end()
    bounds.append((at, end))
    if bounds and not row[bounds[0][0] : bounds[0][1]].strip(_SPACE) and row[start] == "|":
        bounds.pop(0)
    if bounds and bounds[-1] == (end, end) and at == end:
        bounds.pop()
    return bounds


def content(row: str, bounds: tuple[int, int]) -> tuple[int, int]:
    """Return the bounds of a cell's text without the white space around it; an empty cell keeps one blank."""
    start, end = bounds
    cell = row[start:end]
    kept = cell.strip(_SPACE)
    if not kept:
        at = start + min(1, len(cell))
        return at, at
    start += len(cell) - len(cell.lstrip(_SPACE))
    return start, start + len(kept)


def decode(raw: str) -> str:
    r"""Return a cell's text as GFM reads it: `\|` is a pipe."""
    return raw.replace("\\|", "|")


def encode(text: str) -> str:
    """Return text so that a table cell holds it on one line and `decode` gives it back.

    Raises ValueError for text that no cell can hold: line ends, blanks at its ends, a backslash before a pipe or at
    the end.
    """
    if re.search(r"[\r\n]", text) or text != text.strip(_SPACE) or text.endswith("\\") or "\\|" in text:
        message = "a table cell cannot hold this text"
        raise ValueError(message)
    return text.replace("|", "\\|")


def width(text: str) -> int:
    """Return how many columns of a terminal or an editor a text takes up."""
    if text.isascii() and text.isprintable():
        return len(text)
    from wcwidth import wcswidth  # noqa: PLC0415 - its tables take longer to load than most pages to read

    found = wcswidth(text)
    return len(text) if found < 0 else found
