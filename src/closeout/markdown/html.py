"""Tables and labels written as HTML: read, never written."""

from __future__ import annotations

import html
import re

from closeout.markdown.blocks import Cell, Row, Table
from closeout.markdown.source import Text

_ROW = re.compile(r"<tr\b[^<>]{0,500}>(.*?)(?=</tr\s*>|<tr\b|</table|\Z)", re.S | re.I)
_CELL = re.compile(r"<t[dh]\b[^<>]{0,500}>(.*?)(?=</t[dh]\s*>|<t[dh]\b|\Z)", re.S | re.I)
_LINK = re.compile(r"<a\b[^<>]{0,300}\bhref=[\"']?([^\"'\s<>]{1,2000})[\"']?[^<>]{0,300}>([^<>]{0,300})</a\s*>", re.I)
_TAG = re.compile(r"<[^<>]{1,500}>")
_LABEL = re.compile(r"<(summary|h[1-6])\b[^<>]{0,300}>(.{1,300}?)</\1\s*>", re.S | re.I)


def table(raw: str, line: int) -> Table | None:
    """Return the table of a block of HTML that starts on a line counted from 0; None if it has none with two rows."""
    if "<table" not in raw.lower():
        return None
    rows, counted = [], 0
    for match in _ROW.finditer(raw):
        line += raw.count("\n", counted, match.start())
        counted = match.start()
        found = tuple(Cell(Text(_text(cell[1])), None) for cell in _CELL.finditer(match[1]))
        if found:
            rows.append(Row(line, found))
    return Table(rows[0], Row(rows[0].line, ()), tuple(rows[1:]), rows[0].line) if len(rows) > 1 else None


def labels(raw: str) -> list[str]:
    """Return the texts of the headings and `<summary>` lines of a block of HTML."""
    return [_text(match[2]) for match in _LABEL.finditer(raw)]


def _text(raw: str) -> str:
    """A cell's text with its links as Markdown has them."""
    return " ".join(html.unescape(_TAG.sub(" ", _LINK.sub(r"[\2](\1)", raw))).split())
