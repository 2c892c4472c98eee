"""An index of postmortems: a row for each incident, newest first, as the lines of a Markdown table."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from closeout.domain.document import Document, Incident
from closeout.domain.item import shortened, visible

HEADS = ("Date", "Postmortem", "Severity", "Open")
_MARKUP = re.compile(r"[\\`*_\[\]<>&|~$^]")
_LONGEST_TITLE, _LONGEST_WORD = 200, 40  # characters
_LEFT_OUT = "left-out"  # somebody said by hand that nothing of the page is to be read


@dataclass(frozen=True, slots=True)
class Listed:
    """One row: an incident, the path of its document, and how many of its action items are open."""

    date: str
    title: str
    severity: str
    path: str
    open: int
    total: int


def listed(documents: Iterable[Document], page: str) -> Sequence[Listed]:
    """Return the incidents to list on a page, newest first, undated ones last.

    A document is a postmortem if it is no template and tells of an incident (a date, a severity, an id) or holds action
    items; the page itself is none.
    """
    found = [row for one in documents if one.path != page and _is_postmortem(one) for row in _rows(one)]
    found.sort(key=lambda row: (row.path, row.title))
    return sorted(found, key=lambda row: row.date, reverse=True)


def lines(rows: Sequence[Listed], page: str) -> list[str]:
    """Return the table's lines as they stand on a page; links are relative to its folder."""
    folder = posixpath.dirname(page)
    table = [f"| {' | '.join(HEADS)} |", "| --- | --- | --- | ---: |"]
    for row in rows:
        target = quote(posixpath.relpath(row.path, folder or "."))
        link = f"[{escaped(row.title, _LONGEST_TITLE)}]({target})"
        date, severity = (escaped(word, _LONGEST_WORD) for word in (row.date, row.severity))
        table.append(f"| {date} | {link} | {severity} | {row.open}/{row.total} |")
    return table


def escaped(text: str, longest: int) -> str:
    """Return a text on one line, cut, so that Markdown shows it as it is in a cell of a table, in a link too."""
    return _MARKUP.sub(r"\\\g<0>", shortened(visible(text), longest))


def _is_postmortem(document: Document) -> bool:
    if document.template or any(finding.code == _LEFT_OUT for finding in document.findings):
        return False
    return bool(document.items) or any(one.date or one.severity or one.id for one in document.incidents)


def _rows(document: Document) -> Iterable[Listed]:
    """A row for each incident; of a page with several its own only if action items stand outside of theirs."""
    name = posixpath.basename(document.path)
    incidents = document.incidents or (Incident(document.title),)
    for number, one in enumerate(incidents):
        items = [item for item in document.items if (item.incident or 0) == number]
        if number or items or len(incidents) == 1:
            title = visible(one.title) or visible(document.title) or name
            still = sum(not item.closed for item in items)
            yield Listed(visible(one.date), title, one.severity, document.path, still, len(items))
