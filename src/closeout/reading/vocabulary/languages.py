"""The languages' files, and all their words put together and folded, as they are read at every start."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from importlib.resources import files
from typing import Any

from closeout.domain.item import Status, folded
from closeout.reading.phrases import key
from closeout.reading.vocabulary import Vocabulary, fields_of, status_words


def texts() -> Iterator[str]:
    """Yield the text of every language's file, English first."""
    entries = [entry for entry in files(__package__).iterdir() if entry.name.endswith(".toml")]
    entries.sort(key=lambda entry: (entry.name != "en.toml", entry.name))
    yield from (entry.read_text("utf-8") for entry in entries)


def of(languages: Iterable[str]) -> Vocabulary:
    """Return the words of several languages, each the text of a TOML file; the first that has a word decides on it."""
    vocabulary = Vocabulary()
    for text in languages:
        vocabulary = _merged(vocabulary, tomllib.loads(text))
    return vocabulary


def as_json(vocabulary: Vocabulary) -> str:
    """Return words as the JSON text that `closeout.reading.vocabulary.shipped` reads, a word a line."""
    told = {one.name: getattr(vocabulary, one.name) for one in fields(vocabulary)}
    plain = {name: sorted(words) if isinstance(words, frozenset) else words for name, words in told.items()}
    return json.dumps(plain, ensure_ascii=False, indent=0) + "\n"


def _merged(one: Vocabulary, table: Mapping[str, Any]) -> Vocabulary:
    def words(section: str, name: str) -> frozenset[str]:
        return frozenset(key(word) for word in table.get(section, {}).get(name, ()))

    months = {
        key(name): index for index, group in enumerate(table.get("months", {}).get("names", ()), 1) for name in group
    }
    incident = {key(word): name for name, group in table.get("incident", {}).items() for word in group}
    return Vocabulary(
        explicit=one.explicit | words("regions", "explicit"),
        strong=one.strong | words("regions", "strong"),
        weak=one.weak | words("regions", "weak"),
        alone=one.alone | words("regions", "alone"),
        not_regions=one.not_regions | words("not-regions", "phrases"),
        past=one.past | words("not-regions", "past"),
        themes=one.themes | words("regions", "themes"),
        people=one.people | words("people", "words"),
        causes=one.causes | words("causes", "headings"),
        counted=one.counted | words("counted", "words"),
        remarks=one.remarks | words("remarks", "words"),
        columns={**fields_of(table.get("columns", {})), **one.columns},
        status={**status_words(table.get("status", {})), **one.status},
        months={**months, **one.months},
        annotations={**fields_of(table.get("annotations", {})), **one.annotations},
        placeholders=one.placeholders | words("placeholders", "words"),
        templates=one.templates | words("templates", "words"),
        guides=one.guides | words("templates", "guides"),
        common=one.common | {folded(word) for word in table.get("titles", {}).get("common", ())},
        incident={**incident, **one.incident},
        tongues=(*one.tongues, {Status(name): tuple(said) for name, said in table.get("status", {}).items()}),
        calendars=(*one.calendars, tuple(map(tuple, table.get("months", {}).get("names", ())))),
    )
