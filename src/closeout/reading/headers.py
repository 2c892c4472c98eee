"""How does each language head a column? The words of one language at a time, as its file lists them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from closeout.domain.item import Field
from closeout.reading import vocabulary
from closeout.reading.phrases import fold

Heads = Mapping[Field, tuple[str, ...]]


@cache
def shipped() -> tuple[Heads, ...]:
    """Return the column headers of every language that comes with the package, English first."""
    found = [entry for entry in files(vocabulary).iterdir() if entry.name.endswith(".toml")]
    found.sort(key=lambda entry: (entry.name != "en.toml", entry.name))
    return tuple(_heads(entry.read_text("utf-8")) for entry in found)


def _heads(text: str) -> Heads:
    columns = tomllib.loads(text).get("columns", {})
    return {Field(name): tuple(words) for name, words in columns.items()}


def language(heads: Iterable[str]) -> int:
    """Return the number, in `shipped`, of the language that most of a table's headers are of; 0, English, for none."""
    folded = {fold(head) for head in heads}
    hits = [len(folded & {fold(word) for words in one.values() for word in words}) for one in shipped()]
    return hits.index(max(hits))
