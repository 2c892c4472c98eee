"""Which incidents a document is about: from its front matter, headings, bold fields and dated lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from closeout.domain.document import Incident
from closeout.markdown import inline
from closeout.markdown.blocks import Table
from closeout.reading.fields import dates
from closeout.reading.own_issue import ISSUES, OwnIssue, ticket
from closeout.reading.phrases import key
from closeout.reading.vocabulary import Says, Vocabulary

_NOTE = re.compile(
    r"^\s*+[*-]?\s*+(?:\*\*|__)?([^\W\d_][^:*_|]{1,40}?)\s*+(?:\*\*|__)?\s*+[:：]\s*+(?:\*\*|__)?\s*+(\S(?:.*\S)?)\s*$"
)
_SEVERITY = re.compile(r"\b(P[0-5]|S(?:EV)?[- ]?[0-5])\b", re.I)
_PATH_DATE = re.compile(r"(?<!\d)(\d{4})[-_]?(\d{2})[-_]?(\d{2})(?!\d)")
_YEAR = re.compile(r"\d\d\d\d")
_DATED_HEADING = re.compile(r"^\s*\[?(\d{4}-\d{2}-\d{2})\]?\b\s*[:—–-]?\s*(.*)$")


@dataclass
class Notes:
    """What was noted on the way through one document; `current` is the incident of the blocks that come now;
    `account` whether any part tells of what happened: a time line, a cause, an impact, lessons.
    """

    vocabulary: Vocabulary
    path: str
    metadata: Mapping[str, Any]
    title: str = ""
    incidents: list[Incident] = field(default_factory=list)
    current: int | None = None
    account: bool = False
    order: dates.Order = dates.Order.UNKNOWN
    own: Incident = field(default_factory=lambda: Incident(title=""))
    own_issue: OwnIssue = field(default_factory=OwnIssue)

    def heading(self, text: str, level: int, line: int) -> None:
        """Note a heading: the first gives the title, a dated one below it an incident of its own."""
        self.own_issue.below(title=level <= 1 or line == 0)
        if self.title and not _YEAR.search(text):
            return
        plain = inline.read(text, {}).plain
        dated = _DATED_HEADING.match(plain)
        if not self.title and (level <= 2 or line == 0):
            self.title = plain
            if dated:
                self.own = replace(self.own, date=self.own.date or dated[1])
        elif dated and level <= 3:
            self.incident(Incident(title=dated[2], date=dated[1]))

    def line(self, line: str) -> None:
        """Note a line of running text: a first line without headings is a title, `**Date**: …` a field."""
        if not self.title and line.strip():
            self.title = inline.read(line, {}).plain
        match = self.tell(line)
        name = self.vocabulary.incident.get(key(match[1])) if match else None
        if match and name and not self.vocabulary.is_placeholder(match[2]):
            self._note(name, match[2])

    def entry(self, text: str) -> None:
        """Note an entry of a list: `**Incident ticket**: #12`."""
        match = self.tell(text) if not self.account or "#" in text or "://" in text else None
        if match and "\n" not in text:
            self._issue(match[1], match[2])

    def rows(self, table: Table) -> None:
        """Note the rows of a table of names and values; its header is one of them."""
        for row in (table.header, *table.rows) if len(table.header.cells) == 2 else ():
            if len(row.cells) == 2:
                self._issue(row.cells[0].text.value.strip(" *_:"), row.cells[1].text.value)

    def _issue(self, name: str, value: str) -> None:
        if (kind := self.vocabulary.incident.get(key(name))) in ISSUES:
            self.own_issue.note(kind, value, self.current)

    def tell(self, line: str) -> re.Match[str] | None:
        """Note whether a line tells of what happened: `**Impact**: …`; return its name and text."""
        match = _NOTE.match(line) if ":" in line or "：" in line else None
        self.account |= bool(match and self.vocabulary.headings.exact(match[1]) is Says.NOT)
        return match

    def incident(self, incident: Incident) -> None:
        """Start an incident of the document's several."""
        severity = _SEVERITY.search(incident.title)
        self.incidents.append(replace(incident, severity=severity[1].upper() if severity else ""))
        self.current = len(self.incidents) - 1
        self.own_issue.begun()

    def _note(self, name: str, text: str) -> None:
        if name in ISSUES:
            self.own_issue.note(name, text, self.current)
            return
        value = self._day(text) if name == "date" else inline.read(text, {}).plain
        target = self.own if self.current is None else self.incidents[self.current]
        if not value or getattr(target, name):
            return
        told: dict[str, Any] = {name: value[:80]}
        changed = replace(target, **told)
        if self.current is None:
            self.own = changed
        else:
            self.incidents[self.current] = changed

    def result(self) -> tuple[Incident, ...]:
        """Return the document's own incident first, then the others in order."""
        told = {self.vocabulary.incident.get(key(name)): str(value) for name, value in self.metadata.items()}
        date = self._day(told.get("date", "")) or self.own.date or self._path_date()
        own = replace(
            self.own,
            title=self.title,
            date=date,
            severity=told.get("severity", "") or self.own.severity,
            id=told.get("id", "") or self.own.id,
            issue=self._in_front() or self.own_issue.of(None),
        )
        return own, *(replace(one, issue=self.own_issue.of(at)) for at, one in enumerate(self.incidents))

    def _in_front(self) -> str:
        """The issue that the front matter names; a number alone, as `#` begins a comment there, only as an issue's."""
        for name, value in self.metadata.items():
            if self.vocabulary.incident.get(key(name)) in ISSUES:
                text = str(value).strip()
                bare = text.isascii() and text.isdecimal() and "issue" in name.casefold()
                if found := ticket(f"#{text}" if bare else text):
                    return found
        return ""

    def _day(self, text: str) -> str | None:
        """The day on which an incident began: the first of several."""
        first = dates.find_iso(text)
        return dates.read(first.group() if first else text, self.vocabulary, "", self.order)[0]

    def _path_date(self) -> str:
        match = _PATH_DATE.search(self.path.rsplit("/", 1)[-1])
        return dates.read("-".join(match.groups()), self.vocabulary, "")[0] or "" if match else ""
