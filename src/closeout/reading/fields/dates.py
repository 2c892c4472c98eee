"""When is it due? A date as written, to YYYY-MM-DD; never guessed."""

from __future__ import annotations

import datetime
import re

from closeout.reading.phrases import key
from closeout.reading.vocabulary import Vocabulary

_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?![\d:])")
_WORD = re.compile(r"[^\W\d_]+")


def find_iso(text: str) -> re.Match[str] | None:
    """Return the first date of the form 2026-06-15 in a text."""
    return _ISO.search(text)


def read(text: str, vocabulary: Vocabulary, incident_date: str) -> tuple[str | None, str]:
    """Return (YYYY-MM-DD or None, how it was read) for a text that states one day.

    A day without a year is the first one from a month before the incident on (`incident_date`, YYYY-MM-DD or empty).
    """
    if match := _ISO.search(text):
        found = _iso(int(match[1]), int(match[2]), int(match[3]))
        return found, "a date" if found else "no such day"
    months = [month for word in _WORD.findall(text) if (month := vocabulary.months.get(key(word)))]
    if len(months) != 1:
        return None, "no day that can be told"
    years = _YEAR.findall(text)
    days = [day for day in _DAY.findall(_YEAR.sub(" ", text)) if 1 <= int(day) <= 31]
    if len(days) != 1 or len(years) > 1:
        return None, "no day that can be told"
    if years:
        found = _iso(int(years[0]), months[0], int(days[0]))
        return found, "a date in words" if found else "no such day"
    return _without_year(months[0], int(days[0]), incident_date)


def _without_year(month: int, day: int, incident_date: str) -> tuple[str | None, str]:
    match = _ISO.fullmatch(incident_date)
    if not match:
        return None, "a day without a year, and the incident's date is not known"
    try:
        earliest = datetime.date(int(match[1]), int(match[2]), int(match[3])) - datetime.timedelta(days=31)
    except (ValueError, OverflowError):
        return None, "a day without a year, and the incident's date is no day"
    for year in (earliest.year, earliest.year + 1):
        found = _iso(year, month, day)
        if found and found >= earliest.isoformat():
            return found, f"a day without a year, the first after the incident of {incident_date}"
    return None, "no such day"


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None
