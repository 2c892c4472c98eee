"""Periods as people write them: a year, a quarter, a month, a week, or the one that the report's day is in."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from closeout.domain.report.scope import Period

_ASKED = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|W(?P<week>\d\d)|(?P<month>\d\d)))?", re.IGNORECASE | re.ASCII
)
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)", re.ASCII)
_MONTHS = 3  # of a quarter
WEEK = timedelta(days=7)
EXAMPLES = "2026, 2026-Q4, 2026-11, 2026-W47, 2026-11-01/2026-11-15, week, month, quarter, year"


def last_days(as_of: date) -> Period:
    """Return the seven days that end with the report's: what a weekly report is about, whatever day it is made on."""
    first = as_of - WEEK + timedelta(days=1)
    return Period(f"{first}/{as_of}", first, as_of)


def parse(text: str, as_of: date) -> Period:
    """Return the period that a text names; `week`, `month`, `quarter` and `year` are those that `as_of` is in.

    Raises ValueError, which names those that are understood.
    """
    word = text.strip()
    asked = _around(word.casefold(), as_of) or word
    try:
        found = _span(asked) or _named(asked)
    except ValueError:  # a month 13, a week 54
        found = None
    if found is None:
        message = f"{text!r} is no period: say one like {EXAMPLES}"
        raise ValueError(message)
    return found


def week(day: date) -> str:
    """Return the ISO week of a day: `2026-W47`."""
    year, number, _ = day.isocalendar()
    return f"{year:04}-W{number:02}"


def month_of(day: date) -> str:
    """Return the month of a day: `2026-11`."""
    return f"{day.year:04}-{day.month:02}"


def months(first: date, last: date) -> tuple[Period, ...]:
    """Return every month from the one of `first` to the one of `last`."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return tuple(_month(number // 12, number % 12 + 1) for number in numbers)


def _around(word: str, day: date) -> str:
    return {
        "week": week(day),
        "month": month_of(day),
        "quarter": f"{day.year:04}-Q{(day.month - 1) // _MONTHS + 1}",
        "year": f"{day.year:04}",
    }.get(word, "")


def _span(text: str) -> Period | None:
    told = _SPAN.fullmatch(text)
    if told is None:
        return None
    first, last = date.fromisoformat(told[1]), date.fromisoformat(told[2])
    return Period(text, first, last) if first <= last else None


def _named(text: str) -> Period | None:
    told = _ASKED.fullmatch(text)
    if told is None:
        return None
    year = int(told["year"])
    if told["week"]:
        monday = date.fromisocalendar(year, int(told["week"]), 1)
        return Period(text.upper(), monday, monday + WEEK - timedelta(days=1))
    if told["month"]:
        return _month(year, int(told["month"]))
    if told["quarter"]:
        end = int(told["quarter"]) * _MONTHS
        return Period(text.upper(), _month(year, end - _MONTHS + 1).first, _month(year, end).last)
    return Period(text, date(year, 1, 1), date(year, 12, 31))


def _month(year: int, month: int) -> Period:
    first = date(year, month, 1)
    return Period(month_of(first), first, date(year, month, monthrange(year, month)[1]))
