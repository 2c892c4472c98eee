"""When is it due? A date as written, to YYYY-MM-DD; never guessed.

The words of the languages and a few forms are enough, so dateparser does not serve here: it takes `2 weeks` for two weeks
ago, and `June`, `Q1 2026`, `v1.2` or `P1` for a day, of which its strict mode leaves the first.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from enum import Enum

from closeout.reading.phrases import key
from closeout.reading.vocabulary import Vocabulary

_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DENSE = re.compile(
    r"(?:(?:(?P<era>令和)\s*)?(?P<year>\d{1,4}|元)\s*[年년]\s*)?(?<!\d)(?P<month>\d{1,2})\s*[月월]\s*"
    r"(?P<day>\d{1,2})\s*[日일号號]?(?!\d)"
)
_POINTED = re.compile(
    r"(?<!\d)(?P<year>\d{4})\. ?(?P<month>\d{1,2})\. ?(?P<day>\d{1,2})(?!\d)"
)  # 2026. 6. 15. in Korean
_VIETNAMESE = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})(?!\d)(?:,?\s+năm\s+(?P<year>\d{4})(?!\d))?", re.I
)
_DOTTED = re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})(?![\d.])")
_SLASHED = re.compile(r"(?<![\d/])(?P<first>\d{1,2})([/-])(?P<second>\d{1,2})\2(?P<year>\d{4})(?![\d/])")
_TAIL = re.compile(r"[/-]\d\d?[/-]\d{4}")  # of a slashed date: found faster than its beginning
_NO_YEAR = re.compile(r"\s*(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s*")
_STRUCK = re.compile(r"~~[^~\n]{1,80}~~")
_ONE_PART = re.compile(r"(?<!\d)\d{4}-W\d\d|\bQ[1-4]\b|\bH[12]\b", re.I)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?![\d:])")
_WORD = re.compile(r"[^\W\d_]+")


def find_iso(text: str) -> re.Match[str] | None:
    """Return the first date of the form 2026-06-15 in a text."""
    return _ISO.search(text)


def find_numbers(text: str) -> re.Match[str] | None:
    """Return the first date of a text that is said in numbers otherwise than 2026-06-15: 15.6.2026, 15/06/2026, 2026年6月15日.

    Its groups are `year` (None if it is not said), `month` and `day`, or `first` and `second`; `era` is of a Japanese year.
    """
    forms = (_POINTED, _DENSE, _VIETNAMESE, _DOTTED, _SLASHED)
    return next((match for form in forms if (match := form.search(text))), None) or _NO_YEAR.fullmatch(text)


class Order(Enum):
    """What stands first in a document's dates of the form 03/04/2026."""

    DAY = "day"
    MONTH = "month"
    UNKNOWN = "unknown"


def is_open(text: str) -> bool:
    """Tell whether a text holds a date of which either number may be the day."""
    return any(int(match[1]) <= 12 and int(match[3]) <= 12 and match[1] != match[3] for match in _slashes(text))


def is_settled(text: str) -> bool:
    """Tell whether some date of a text can be read in one way only."""
    return any((int(match[1]) > 12) != (int(match[3]) > 12) for match in _slashes(text))


def order_of(text: str) -> Order:
    """Return what stands first in a document's numeric dates: its own dates tell, or they tell nothing."""
    firsts = {
        Order.DAY if int(match[1]) > 12 else Order.MONTH
        for match in _slashes(text)
        if (int(match[1]) > 12) != (int(match[3]) > 12)
    }
    return firsts.pop() if len(firsts) == 1 else Order.UNKNOWN


def _slashes(text: str) -> Iterator[re.Match[str]]:
    for tail in _TAIL.finditer(text):
        if match := _SLASHED.search(text, max(tail.start() - 2, 0), tail.end() + 1):
            yield match


def read(text: str, vocabulary: Vocabulary, incident_date: str, order: Order = Order.UNKNOWN) -> tuple[str | None, str]:
    """Return (YYYY-MM-DD or None, how it was read) for a text that states one day.

    A day without a year is the first one from a month before the incident on (`incident_date`, YYYY-MM-DD or empty).
    `order` tells what stands first in 03/04/2026; unless it is known such a day is none.
    """
    text = _STRUCK.sub(" ", text) if "~~" in text else text
    if whole := _ISO.findall(text) or _POINTED.findall(text):
        return _only({(int(year), int(month), int(day)) for year, month, day in whole})
    if _ONE_PART.search(text):
        return None, "a week, quarter or half-year is no day"
    if match := _DENSE.search(text):
        return _dense(match, incident_date)
    if match := _VIETNAMESE.search(text):
        return _told(match[3], int(match[2]), int(match[1]), incident_date, "a date in words")
    if match := _DOTTED.search(text) or _NO_YEAR.fullmatch(text):
        year = match[3] if match.re is _DOTTED else None
        return _told(year, int(match[2]), int(match[1]), incident_date, "a date with dots, day first")
    if match := _SLASHED.search(text):
        return _slashed(int(match[1]), int(match[3]), int(match[4]), order)
    return _in_words(text, vocabulary, incident_date)


def _in_words(text: str, vocabulary: Vocabulary, incident_date: str) -> tuple[str | None, str]:
    months = [month for word in _WORD.findall(text) if (month := vocabulary.months.get(key(word)))]
    if len(months) != 1:
        return None, "no day that can be told"
    years = _YEAR.findall(text)
    days = [day for day in _DAY.findall(_YEAR.sub(" ", text)) if 1 <= int(day) <= 31]
    if len(days) != 1 or len(years) > 1:
        return None, "no day that can be told"
    return _told(years[0] if years else None, months[0], int(days[0]), incident_date, "a date in words")


def _told(year: str | None, month: int, day: int, incident_date: str, how: str) -> tuple[str | None, str]:
    if not year:
        return _without_year(month, day, incident_date)
    found = _iso(int(year), month, day)
    return found, how if found else "no such day"


def _only(days: set[tuple[int, int, int]]) -> tuple[str | None, str]:
    if len(days) > 1:
        return None, "two days or more; which of them it is nothing tells"
    found = _iso(*days.pop())
    return found, "a date" if found else "no such day"


def _dense(match: re.Match[str], incident_date: str) -> tuple[str | None, str]:
    """Read 2026年6月15日, in Japanese also by the era: 令和8年."""
    era, said, month, day = match[1], match[2], int(match[3]), int(match[4])
    if not said:
        return _without_year(month, day, incident_date)
    if not era and len(said) != 4:
        return None, "a year of which nothing tells the century or the era"
    year = 2018 + (1 if said == "元" else int(said)) if era else int(said)
    return _only({(year, month, day)})


def _slashed(first: int, second: int, year: int, order: Order) -> tuple[str | None, str]:
    if first > 12 or first == second or (second <= 12 and order is Order.DAY):
        found, told = _iso(year, second, first), "day first"
    elif second > 12 or order is Order.MONTH:
        found, told = _iso(year, first, second), "month first"
    else:
        return None, "day or month first? nothing in the document tells; write it as YYYY-MM-DD"
    return found, f"a date, {told}" if found else "no such day"


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
