"""What stands first in a page's dates of the form 03/04/2026? Its other dates tell, then the language of its headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from closeout.markdown.blocks import Block, Heading, Table
from closeout.reading import vocabulary
from closeout.reading.fields import dates
from closeout.reading.fields.dates import Order
from closeout.reading.phrases import key

_NUMBER = re.compile(r"^[\W\d_]+")


def of(text: str, blocks: Iterable[Block]) -> Order:
    """Return what stands first; unknown where two dates differ, and where the language writes either, as English does."""
    if "/20" not in text and "-20" not in text:
        return Order.UNKNOWN
    told = dates.order_of(text)
    if told is not Order.UNKNOWN or not dates.is_open(text) or dates.is_settled(text):
        return told
    names = [name for block in blocks for name in _names(block)]
    hits = {language: len(words.intersection(map(key, names))) for language, words in _words().items()}
    best = {language for language, count in hits.items() if count and count == max(hits.values())}
    return Order.DAY if best and best <= _day_first() else Order.UNKNOWN


def _names(block: Block) -> Iterable[str]:
    """What a block is called: a heading, or the headers of a table."""
    match block:
        case Heading():
            yield _NUMBER.sub("", block.text.value)
        case Table():
            yield from (cell.text.value for cell in block.header.cells)
        case _:
            return


@cache
def _languages() -> Mapping[str, Mapping[str, object]]:
    import tomllib  # noqa: PLC0415 - few pages leave it open
    from importlib.resources import files  # noqa: PLC0415

    found = (entry for entry in files(vocabulary).iterdir() if entry.name.endswith(".toml"))
    return {entry.name: tomllib.loads(entry.read_text("utf-8")) for entry in found}


@cache
def _day_first() -> frozenset[str]:
    return frozenset(name for name, words in _languages().items() if words.get("dates") == {"order": "day"})


@cache
def _words() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(_all(words)) for name, words in _languages().items()}


def _all(words: Mapping[str, object]) -> Iterable[str]:
    for section in ("regions", "not-regions", "columns"):
        lists = words.get(section, {})
        for phrases in lists.values() if isinstance(lists, dict) else ():
            yield from map(key, phrases)
