"""The words of messages in one language: those of the report, and `messages/<code>.toml` for what only messages say."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files

from closeout.render.report.words import Words, words


def telling(language: str = "en") -> Words:
    """Return the words of a language. ConfigurationError: there are none."""
    base = words(language)
    return replace(base, told={**base.told, **_told(base.language)})


@cache
def _told(code: str) -> dict[str, str | dict[str, str]]:
    found = tomllib.loads((files(__package__) / "messages" / f"{code}.toml").read_text("utf-8"))
    return {f"{table}.{name}": told for table, ones in found.items() for name, told in ones.items()}
