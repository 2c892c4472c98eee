"""Words of every language, one TOML file each; what they mean to a reader of postmortems."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from closeout.domain.item import Field, Status

_FIELDS = (Field.TITLE, Field.OWNERS, Field.DUE, Field.STATUS, Field.PRIORITY, Field.TICKET)
EMOJI = {
    Status.TODO: ("🔲", "⬜", "☐", "🔴", "⏳", "📋", "🆕", "⭕"),
    Status.IN_PROGRESS: ("🔄", "🚧", "🟡", "⏩", "🏗", "🔨", "🟠"),
    Status.DONE: ("✅", "☑", "✔", "🟢", "🎉", "✓"),
    Status.WONT_DO: ("❌", "🚫", "✖", "⛔", "✗"),
}
_EMOJI_STATUS = {character: status for status, characters in EMOJI.items() for character in characters}
_INVISIBLE = dict.fromkeys(map(ord, "\ufe0e\ufe0f\u200b\u200d\u2060"))


def fold(text: str) -> str:
    """Return text as words are compared: no case, no width, no punctuation, no emoji, single blanks."""
    text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).casefold()
    return re.sub(r"[^\w#]+|_+", " ", text).strip()


@dataclass(frozen=True)
class Vocabulary:
    """The words of all languages together, folded."""

    strong: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    not_regions: frozenset[str] = frozenset()
    columns: Mapping[str, Field] = field(default_factory=dict)
    status: Mapping[str, Status] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    annotations: Mapping[str, Field] = field(default_factory=dict)
    placeholders: frozenset[str] = frozenset()
    templates: frozenset[str] = frozenset()
    incident: Mapping[str, str] = field(default_factory=dict)
    tongues: tuple[Mapping[Status, tuple[str, ...]], ...] = ()

    def is_placeholder(self, text: str) -> bool:
        """Tell whether a text stands for something to be filled in: `TBD`, `-`, `[Name]`, `YYYY-MM-DD`, `ROOSE-XXX`."""
        bare = text.strip().strip("*_`")
        if not re.search(r"\w", bare) or fold(bare) in self.placeholders or fold(bare.strip("@")) in self.placeholders:
            return True
        if re.fullmatch(r"\[[^\]]*\](?!\()|<[^<>]+>|\{\{?[^{}]*\}?\}", bare) and not re.fullmatch(r"\[[ xX]\]", bare):
            return not re.fullmatch(r"\[\w+#\d+\]|\[#\d+\]|<https?://.*>", bare)
        if re.fullmatch(r"\[[^\]]{3,}\](?!\().*", bare) and re.match(r"\[(?:\w+ )*\w+ ?\d*:", bare):
            return True
        return bool(
            re.fullmatch(
                r"(?:YYYY|20XX)[-/.]?(?:MM|XX)?[-/.]?(?:DD|XX)?|@?[A-Z]{2,}-(?:X{2,}|N+|#+)|#X+|@?\.{2,}|…", bare
            )
        )

    def read_status(self, text: str) -> Status | None:
        """Return the status that a cell's or an annotation's text says; None if it says none that is known."""
        words = fold(text)
        if words in self.status:
            return self.status[words]
        parts = words.split()
        for count in range(min(3, len(parts)), 0, -1):
            if (found := self.status.get(" ".join(parts[:count]))) is not None:
                return found
        return emoji_status(text)


def emoji_status(text: str) -> Status | None:
    """Return the status that a leading emoji says."""
    lead = text.strip()[:1]
    return _EMOJI_STATUS.get(lead)


def _status_words(table: Mapping[str, Any]) -> dict[str, Status]:
    return {fold(word): Status(name) for name, words in table.items() for word in words}


def _fields(table: Mapping[str, Any]) -> dict[str, Field]:
    return {fold(word): Field(name) for name, words in table.items() for word in words}


def _merged(one: Vocabulary, table: Mapping[str, Any]) -> Vocabulary:
    def words(section: str, name: str) -> frozenset[str]:
        return frozenset(fold(word) for word in table.get(section, {}).get(name, ()))

    months = {
        fold(name): index for index, group in enumerate(table.get("months", {}).get("names", ()), 1) for name in group
    }
    incident = {fold(word): name for name, group in table.get("incident", {}).items() for word in group}
    return Vocabulary(
        strong=one.strong | words("regions", "strong"),
        weak=one.weak | words("regions", "weak"),
        not_regions=one.not_regions | words("not-regions", "phrases"),
        columns={**one.columns, **_fields(table.get("columns", {}))},
        status={**one.status, **_status_words(table.get("status", {}))},
        months={**one.months, **months},
        annotations={**one.annotations, **_fields(table.get("annotations", {}))},
        placeholders=one.placeholders | words("placeholders", "words"),
        templates=one.templates | words("templates", "words"),
        incident={**one.incident, **incident},
        tongues=(*one.tongues, {Status(name): tuple(said) for name, said in table.get("status", {}).items()}),
    )


@cache
def shipped() -> Vocabulary:
    """Return the words of every language that comes with the package."""
    vocabulary = Vocabulary()
    for entry in sorted(files(__package__).iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            vocabulary = _merged(vocabulary, tomllib.loads(entry.read_text("utf-8")))
    return vocabulary


def extended(
    headings: tuple[str, ...], columns: Mapping[str, tuple[str, ...]], status: Mapping[str, tuple[str, ...]]
) -> Vocabulary:
    """Return the shipped words and a team's own, which come before them."""
    one = shipped()
    return replace(
        one,
        strong=one.strong | {fold(heading) for heading in headings},
        not_regions=one.not_regions - {fold(heading) for heading in headings},
        columns={**one.columns, **_fields(columns)},
        status={**one.status, **_status_words(status)},
    )
