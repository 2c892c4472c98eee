"""The words of a report in one language, and its dates, numbers and spans as people there write them.

The words are data, `languages/<code>.toml`: a text with `{names}`, or one for each plural form of the language by its
`{count}`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_timedelta
from babel.numbers import format_decimal, format_percent

from closeout.domain.report.scope import Period
from closeout.errors import ConfigurationError

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_QUARTER = re.compile(r"\d{4}-Q[1-4]")
_NEVER = float("inf")  # would a larger unit be used
_TWO = 2  # of a unit: else 11 months were told as a year, and 20 as two
_YEAR = re.compile(r"\d{4}")


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages that there are, sorted."""
    names = (one.name for one in (files(__package__) / "languages").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; texts that are put into them are taken as they are."""

    locale: Locale
    told: Mapping[str, str | Mapping[str, str]]

    @property
    def language(self) -> str:
        """The code of the language, as HTML has it."""
        return str(self.locale).replace("_", "-")

    def say(self, key: str, **values: object) -> str:
        """Return what `key` (`headings.done`) says, with the values in it; numbers as people write them. KeyError: nothing."""
        told = self.told[key]
        if not isinstance(told, str):
            told = told[self.locale.plural_form(int(str(values["count"])))]
        return told.format(**{name: self.number(one) if isinstance(one, int) else one for name, one in values.items()})

    def number(self, value: int) -> str:
        """Return a whole number."""
        return str(format_decimal(value, locale=self.locale))

    def change(self, value: int) -> str:
        """Return by how much something changed, with its sign."""
        sign = "+" if value > 0 else "−" if value else "±"
        return sign + self.number(abs(value))

    def share(self, part: int, whole: int) -> str:
        """Return a share of a whole as percents, cut off: only all of it is 100; a dash for a share of nothing."""
        return str(format_percent(part * 100 // whole / 100, locale=self.locale)) if whole > 0 else "–"

    def day(self, day: date) -> str:
        """Return a day."""
        return _day(self.language, day)

    def month(self, name: str) -> str:
        """Return a month that is named like 2026-11."""
        return str(format_skeleton("yMMM", date.fromisoformat(f"{name}-01"), locale=self.locale))

    def period(self, period: Period) -> str:
        """Return a period: a month, quarter or year by its name, all else as its first and last day."""
        if _MONTH.fullmatch(period.name):
            return str(format_skeleton("yMMMM", period.first, locale=self.locale))
        if _QUARTER.fullmatch(period.name):
            return str(format_skeleton("yQQQ", period.first, locale=self.locale))
        if _YEAR.fullmatch(period.name):
            return str(format_skeleton("y", period.first, locale=self.locale))
        return str(format_interval(period.first, period.last, "yMMMd", locale=self.locale)).replace("\u2009", " ")

    def days(self, count: int) -> str:
        """Return a number of days, as it is: 41 days."""
        return format_timedelta(timedelta(days=count), "day", threshold=_NEVER, locale=self.locale)

    def hours(self, count: int) -> str:
        """Return a number of hours, as it is: 48 hours."""
        return format_timedelta(timedelta(hours=count), "hour", threshold=_NEVER, locale=self.locale)

    def age(self, days: int) -> str:
        """Return about how long so many days are, in the largest unit that there are two of: 9 months, 20 months."""
        return _age(self.language, days)

    def listed(self, texts: Iterable[str]) -> str:
        """Return texts as a list in a sentence; empty of none."""
        return self.say("comma").join(texts)


@lru_cache(maxsize=1 << 12)
def _day(language: str, day: date) -> str:
    return str(format_date(day, "medium", locale=Locale.parse(language, sep="-")))


@lru_cache(maxsize=1 << 12)
def _age(language: str, days: int) -> str:
    locale = Locale.parse(language, sep="-")
    return format_timedelta(timedelta(days), granularity="day", threshold=_TWO, locale=locale)


def words(language: str = "en") -> Words:
    """Return the words of a language. ConfigurationError: there are none."""
    code = language.strip().replace("_", "-").casefold()
    known = {name.casefold(): name for name in languages()}
    name = known.get(code) or known.get(code.partition("-")[0])
    if name is None:
        message = (
            f"[report]: could not write in {language!r}: there are no words in it. "
            f"Name one of {', '.join(languages())}."
        )
        raise ConfigurationError(message)
    return _loaded(name)


@cache
def _loaded(name: str) -> Words:
    text = (files(__package__) / "languages" / f"{name}.toml").read_text("utf-8")
    return Words(Locale.parse(name.replace("-", "_")), dict(_flat(tomllib.loads(text))))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str | Mapping[str, str]]]:
    for name, told in table.items():
        if isinstance(told, str) or "other" in told:
            yield prefix + name, told
        else:
            yield from _flat(told, f"{prefix}{name}.")
