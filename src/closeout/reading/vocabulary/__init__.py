"""Words of every language, one TOML file each; what they mean to a reader of postmortems."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache, cached_property
from pkgutil import get_data
from typing import Any

from closeout.domain.item import Field, Status
from closeout.reading.phrases import Phrases, fold, key

TOGETHER = "together.json"
_WORD = re.compile(r"\w")
EMOJI = {
    Status.TODO: ("🔲", "⬜", "☐", "🔴", "⏳", "📋", "🆕", "⭕"),
    Status.IN_PROGRESS: ("🔄", "🚧", "🟡", "⏩", "🏗", "🔨", "🟠"),
    Status.DONE: ("✅", "☑", "✔", "🟢", "🎉", "✓"),
    Status.WONT_DO: ("❌", "🚫", "✖", "⛔", "✗"),
}
_EMOJI_STATUS = {character: status for status, characters in EMOJI.items() for character in characters}


class Says(Enum):
    """What a phrase in a heading or label says about what stands below."""

    EXPLICIT = "the follow-ups"
    STRONG = "meant for follow-ups"
    WEAK = "perhaps meant for follow-ups"
    ALONE = "perhaps meant for follow-ups, as the last word"
    PAST = "what has been done"
    NOT = "not meant for follow-ups"
    THEME = "a group of follow-ups, or a section of its own"

    __hash__ = object.__hash__  # an Enum's own is a call of Python


@dataclass(frozen=True)
class Vocabulary:
    """The words of all languages together, folded; `common` as `domain.item.folded` does it."""

    explicit: frozenset[str] = frozenset()
    strong: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    not_regions: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    columns: Mapping[str, Field] = field(default_factory=dict)
    counted: frozenset[str] = frozenset()
    remarks: frozenset[str] = frozenset()
    status: Mapping[str, Status] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    annotations: Mapping[str, Field] = field(default_factory=dict)
    placeholders: frozenset[str] = frozenset()
    templates: frozenset[str] = frozenset()
    guides: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    incident: Mapping[str, str] = field(default_factory=dict)
    tickets: frozenset[str] = frozenset()
    tongues: tuple[Mapping[Status, tuple[str, ...]], ...] = ()
    calendars: tuple[tuple[tuple[str, ...], ...], ...] = ()

    @cached_property
    def headings(self) -> Phrases[Says]:
        """The phrases of headings and labels; a phrase of two kinds is of the first that is named here last."""
        kinds = (
            (Says.THEME, self.themes),
            (Says.ALONE, self.alone),
            (Says.WEAK, self.weak),
            (Says.NOT, self.not_regions),
            (Says.STRONG, self.strong),
            (Says.EXPLICIT, self.explicit),
            (Says.PAST, self.past),
        )
        return Phrases({phrase: kind for kind, phrases in kinds for phrase in phrases})

    @cached_property
    def manuals(self) -> Phrases[bool]:
        """The words that end or open the title of a page which tells how things are done."""
        return Phrases(dict.fromkeys(self.guides, True))

    @cached_property
    def forms(self) -> Phrases[bool]:
        """The words for a template."""
        return Phrases(dict.fromkeys(self.templates, True))

    @cached_property
    def reasons(self) -> Phrases[bool]:
        """The phrases of headings below which stands why it happened."""
        return Phrases(dict.fromkeys(self.causes, True))

    @cached_property
    def heads(self) -> Phrases[Field]:
        """The phrases of column headers."""
        return Phrases(self.columns)

    @cached_property
    def states(self) -> Phrases[Status]:
        """The words for a status."""
        return Phrases(self.status)

    def says_done(self, text: str) -> bool:
        """Tell whether a text is the word that a language says first for done, which is no other verb too."""
        return any(fold(said[Status.DONE][0]) == fold(text) for said in self.tongues if said.get(Status.DONE))

    def is_placeholder(self, text: str) -> bool:
        """Tell whether a text stands for something to be filled in: `TBD`, `-`, `[Name]`, `YYYY-MM-DD`, `ROOSE-XXX`."""
        bare = text.strip().strip("*_`")
        if not _WORD.search(bare) or key(bare) in self.placeholders:
            return True
        if bare[0] not in "[<{Y2@#.…" and "-X" not in bare and "-N" not in bare and "-#" not in bare:
            return False
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
        if (exact := self.states.exact(text)) is not None:
            return exact
        if share := re.fullmatch(r"\s*(\d{1,3})\s*%\s*", text):
            whole = int(share[1])
            return Status.DONE if whole == 100 else Status.IN_PROGRESS if whole else Status.TODO
        parts = fold(text).split()
        for count in range(min(3, len(parts)), 0, -1):
            if (found := self.states.exact(" ".join(parts[:count]))) is not None:
                return found
        said, _ = self.states.find(text) if not text.isascii() and len(text) < 120 else ([], 0)
        dense = {one.meant for one in said if one.words == 1 and one.end - one.start > 1}
        if len(dense) == 1 and not said[0].words > 1:
            return dense.pop()
        return emoji_status(text)


def emoji_status(text: str) -> Status | None:
    """Return the status that a leading emoji says."""
    lead = text.strip()[:1]
    return _EMOJI_STATUS.get(lead)


def status_words(table: Mapping[str, Any]) -> dict[str, Status]:
    """Return words by their status, each as it is looked up."""
    return {key(word): Status(name) for name, words in table.items() for word in words}


def fields_of(table: Mapping[str, Any]) -> dict[str, Field]:
    """Return words by their field, each as it is looked up."""
    return {key(word): Field(name) for name, words in table.items() for word in words}


@cache
def shipped() -> Vocabulary:
    """Return the words of every language that comes with the package; where two languages clash, English wins.

    They are read as `make docs` has put them together: to parse and fold them anew would take longer than most pages.
    """
    told = json.loads(get_data(__package__, TOGETHER) or "{}")
    calendars = (tuple(map(tuple, months)) for months in told.pop("calendars"))
    tongues = ({Status(name): tuple(said) for name, said in one.items()} for one in told.pop("tongues"))
    status = {word: Status(name) for word, name in told.pop("status").items()}
    fields: dict[str, Any] = {
        one: {word: Field(name) for word, name in told.pop(one).items()} for one in ("columns", "annotations")
    }
    rest: dict[str, Any] = {
        name: frozenset(words) if isinstance(words, list) else words for name, words in told.items()
    }
    return Vocabulary(**rest, **fields, status=status, tongues=tuple(tongues), calendars=tuple(calendars))


def extended(
    headings: tuple[str, ...],
    columns: Mapping[str, tuple[str, ...]],
    status: Mapping[str, tuple[str, ...]],
    tickets: tuple[str, ...] = (),
) -> Vocabulary:
    """Return the shipped words and a team's own, which come before them; `tickets` are the prefixes of its tickets."""
    one = shipped()
    return replace(
        one,
        explicit=one.explicit | {key(heading) for heading in headings},
        not_regions=one.not_regions - {key(heading) for heading in headings},
        columns={**one.columns, **fields_of(columns)},
        status={**one.status, **status_words(status)},
        tickets=frozenset(tickets),
    )
