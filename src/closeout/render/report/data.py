"""A report for programs: JSON with a version, and CSV with a line an item. Codes and values only, in no language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from closeout.domain.item import visible
from closeout.domain.report.rows import Tracked
from closeout.domain.report.summary import Summary
from closeout.render.sheet import as_sheet

VERSION = 1  # another one where a name goes or changes its meaning; new names come without
COLUMNS = (
    "state", "title", "owners", "teams", "due", "age", "status", "priority", "ticket", "address", "incident_id",
    "incident", "incident_date", "severity", "path", "line", "since", "closed", "reason", "by", "marks",
)  # fmt: skip
_AGE, _STATE = "age", "state"


def as_json(summary: Summary) -> str:
    """Return the summary as one JSON object; days are YYYY-MM-DD, spans are days, `case` counts `cases` from 0."""
    told = {"version": VERSION, **_plain(summary, summary)}
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=False) + "\n"


def _plain(value: Any, summary: Summary) -> Any:
    if isinstance(value, Tracked):
        more = {_STATE: state(value, summary.as_of), _AGE: value.age(summary.as_of)}
        return {**_fields(value, summary), **more}
    if is_dataclass(value):
        return _fields(value, summary)
    if isinstance(value, frozenset):
        return sorted(_plain(one, summary) for one in value)
    if isinstance(value, tuple):
        return [_plain(one, summary) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _fields(value: Any, summary: Summary) -> dict[str, Any]:
    return {one.name: _plain(getattr(value, one.name), summary) for one in fields(value)}


def state(item: Tracked, today: date) -> str:
    """Return `open`, `overdue`, `done` or `wont_do`."""
    if item.open:
        return "overdue" if item.due is not None and item.due < today else "open"
    return str(item.status.value) if item.status else "open"


def as_csv(summary: Summary) -> str:
    """Return a line an item: those that are open, the oldest first, then those that were closed in the period."""
    return as_sheet(COLUMNS, _rows(summary))


def _rows(summary: Summary) -> Iterator[list[str | int]]:
    for item in (*summary.open, *summary.done, *summary.declined):
        case, age = summary.cases[item.case], item.age(summary.as_of)
        yield [
            state(item, summary.as_of),
            visible(item.title),
            visible(", ".join(item.owners)),
            visible(", ".join(item.teams)),
            _day(item.due),
            "" if age is None else age,
            item.status.value if item.status else "",
            visible(item.priority),
            visible(item.ticket),
            visible(item.address),
            visible(case.id),
            visible(case.title),
            _day(case.day),
            visible(case.severity),
            visible(item.path),
            item.line,
            _day(item.since),
            _day(item.closed),
            visible(item.reason),
            visible(item.by),
            " ".join(sorted(item.marks)),
        ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
