"""How a day is said where another one stands: with its separators, its zeros, its words and its language."""

from __future__ import annotations

import re
from datetime import date
from functools import partial

from closeout.domain.item import Stated
from closeout.reading.fields import dates
from closeout.reading.phrases import fold
from closeout.reading.reader import Reader
from closeout.reading.repair import damaged_like, repaired
from closeout.reading.vocabulary import Vocabulary

_ISO = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_COUNTED = re.compile(r"[月월]|tháng", re.I)  # months that are numbered are written without zeros
_REIWA = 2018
_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKS = (
    (tuple("月火水木金土日"), re.compile(r"(?<=[（(])[月火水木金土日](?=(?:曜日?)?[）)])")),
    (tuple("월화수목금토일"), re.compile(r"(?<=[（(])[월화수목금토일](?=(?:요일)?[）)])")),
    (tuple("一二三四五六日"), re.compile(r"(?:(?<=周)|(?<=週)|(?<=星期)|(?<=礼拜))[一二三四五六日天]")),
    (_ENGLISH, re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b", re.I)),
    (tuple(name[:3] for name in _ENGLISH), re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b", re.I)),
)


def say(value: str, stated: Stated, reader: Reader) -> str:
    """Return a day (YYYY-MM-DD) in the style of the text that stands there if it reads back to that day for certain, else
    as it is.
    """
    old = stated.text
    year, month, day = value.split("-")
    if match := _ISO.search(old):
        padded = len(match[3]) == 2 and len(match[4]) == 2
        new = match[2].join((year, month, day) if padded else (year, str(int(month)), str(int(day))))
        return _on_its_weekday(old[: match.start()] + new + old[match.end() :], value)
    said = (int(year), int(month), int(day))
    candidate = _in_numbers(old, stated.value or "", *said) or _in_words(repaired(old), *said, reader.vocabulary)
    candidate = damaged_like(_on_its_weekday(candidate, value), old) if candidate else None
    return candidate if candidate and reader.due(candidate).value == value else value


def _on_its_weekday(text: str, value: str) -> str:
    """Correct the day of the week that is said beside a date."""
    day = date.fromisoformat(value).weekday()

    def name(match: re.Match[str], names: tuple[str, ...]) -> str:
        old = match.group()
        return names[day].upper() if old.isupper() else names[day].lower() if old.islower() else names[day]

    for names, form in _WEEKS:
        text = form.sub(partial(name, names=names), text)
    return text


def _in_numbers(old: str, was: str, year: int, month: int, day: int) -> str | None:
    """Put other numbers into a date; None where there is none, and where nobody could tell the day from the month."""
    match = dates.find_numbers(old)
    if match is None:
        return None
    there = match.groupdict()
    parts = {"month": month, "day": day}
    if "first" in there:
        if day <= 12 and day != month:
            return None
        day_first = int(match["first"]) == int(was[8:] or 0)
        parts = {"first": day, "second": month} if day_first else {"first": month, "second": day}
    written = [there[name] for name in parts]
    padded = any(text[0] == "0" for text in written) or not (
        _COUNTED.search(match.group()) or any(len(text) == 1 for text in written)
    )
    said = {match.span(name): f"{number:02}" if padded else str(number) for name, number in parts.items()}
    if there.get("year"):
        said[match.span("year")] = str(year - _REIWA if there.get("era") else year)
    for (start, end), text in sorted(said.items(), reverse=True):
        old = old[:start] + text + old[end:]
    return old


def _in_words(old: str, year: int, month: int, day: int, vocabulary: Vocabulary) -> str | None:
    found = [match for match in re.finditer(r"[^\W\d_]+", old) if fold(match.group()) in vocabulary.months]
    if len(found) != 1:
        return None
    word = found[0].group()
    calendar = next(
        months for months in vocabulary.calendars if any(fold(word) in map(fold, names) for names in months)
    )
    name = min(calendar[month - 1], key=lambda name: (abs(len(name) - len(word)), len(name)))
    name = name.upper() if word.isupper() else name.capitalize() if word[:1].isupper() else name
    with_month = old[: found[0].start()] + "\0" + old[found[0].end() :]
    with_year = re.sub(r"(?<!\d)20\d\d(?!\d)", "\1", with_month)
    with_day = re.sub(r"(?<!\d)\d{1,2}(?:st|nd|rd|th|er|re|º|ª)?(?!\d)", str(day), with_year, count=1)
    return with_day.replace("\0", name).replace("\1", str(year))
