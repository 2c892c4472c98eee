"""How a value is said in a document: in its own vocabulary, emoji, date style and ticket style."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from closeout.domain.document import Document
from closeout.domain.item import Field, Item, Stated, Status, same, visible
from closeout.editing import days, owners, titles
from closeout.reading.phrases import fold
from closeout.reading.reader import Reader
from closeout.reading.repair import damaged_like, repaired
from closeout.reading.vocabulary import EMOJI, Vocabulary

_MARKED = re.compile(r"^(\*\*|__|\*|_|`)(.+)\1$", re.S)
_LONGEST = 200  # characters of a status with an aside
_ASIDE = re.compile(r"^(.*\S)(\s*(?:\(.*\)|\[.*\](?:\(.*\))?))$", re.S)
_LONGEST = 40  # characters of a priority
_BRACKETED = re.compile(r"\[#?[\w./-]+(?:#\d+)?\]")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as a tracker spells it: the bare reference, and where its link leads from this document."""

    bare: str
    address: str


def say(what: Field, value: str, item: Item, document: Document, reader: Reader, *, tongue: int = 0) -> str | None:
    """Return the words for a value of a field of an item; None if this document has no words that mean it.

    `tongue` is the number of the language that a document without a status word speaks.
    """
    stated = item.stated[what]
    match what:
        case Field.STATUS:
            said = _status(Status(value), stated, document, reader, tongue)
            meant = reader.status(said).value if said else None
        case Field.DUE:
            said = days.say(value, stated, reader) if value else _nothing(stated)
            meant = reader.due(said).value
        case Field.OWNERS:
            said = owners.say(value, stated, document, reader.vocabulary)
            said = said if said is None else said or _nothing(stated)
            meant, value = reader.owners(said).value if said else "", owners.meant(value)
        case Field.PRIORITY:
            said = _priority(visible(value), document)
            meant = reader.priority(said).value if len(said) <= _LONGEST else None
        case Field.TITLE:
            said, value = titles.say(value, stated), visible(value)
            meant = reader.plain(said) if said else None
        case _:
            return None
    if stated.box and said is not None:
        return said.strip("[]")
    return said if said is not None and meant is not None and same(what, meant, value) else None


def ticket(spelt: Ticket, document: Document) -> str:
    """Return a ticket in the document's style: bare or in brackets where all its tickets are, else a full Markdown link."""
    written = [item.stated[Field.TICKET].text for item in document.items if item.tickets]
    bare = bool(written) and not any("](" in text or "://" in text for text in written)
    if bare and all(_BRACKETED.search(text) for text in written):
        return f"[{spelt.bare}]"
    return spelt.bare if bare or not spelt.address else f"[{spelt.bare}]({spelt.address})"


def _status(value: Status, stated: Stated, document: Document, reader: Reader, tongue: int) -> str | None:
    if stated.box:
        return "[x]" if value.closed else "[ ]"
    others = [item.stated[Field.STATUS] for item in document.items if Field.STATUS in item.stated]
    others = [other for other in others if not other.box]
    text, aside = _apart(stated, reader)
    if text and len(repaired(text)) <= 2:  # an emoji alone
        alone = _alone(value, stated, others)
        return None if alone is None else alone + aside
    used = Counter(other.text for other in others if other.value == value and _is_word(other, text, reader))
    if used:
        return used.most_common(1)[0][0] + aside
    sample = text or next((other.text for other in others if other.text), "")
    styled = (_in_style_of(repaired(sample), value, emoji, reader.vocabulary, tongue) for emoji in EMOJI[value])
    said = next((damaged for one in styled if (damaged := damaged_like(one, sample)) is not None), None)
    return None if said is None else said + aside


def _apart(stated: Stated, reader: Reader) -> tuple[str, str]:
    """Take what a person noted in brackets behind a status apart: it stays."""
    match = _ASIDE.match(stated.text) if len(stated.text) <= _LONGEST else None
    if match and stated.value and reader.status(match[1]).value == stated.value:
        return match[1], match[2]
    return stated.text, ""


def _is_word(other: Stated, like: str, reader: Reader) -> bool:
    """Whether a cell holds a status in words and nothing else, marked up as the text `like`, which can say the same."""
    if bool(_MARKED.match(other.text)) != bool(_MARKED.match(like)):
        return False
    words = fold(repaired(other.text))
    return len(repaired(other.text)) > 2 and words in reader.vocabulary.status


def _alone(value: Status, stated: Stated, others: Sequence[Stated]) -> str | None:
    used = [other.text for other in others if other.value == value and len(repaired(other.text)) <= 2]
    if used:
        return used[0]
    return next((said for emoji in EMOJI[value] if (said := damaged_like(emoji, stated.text)) is not None), None)


def _in_style_of(sample: str, value: Status, emoji: str, vocabulary: Vocabulary, default: int) -> str:
    """Say a status as a sample does: its language, its capitals, its markup, an emoji in front if it has one."""
    if marked := _MARKED.match(sample):
        return marked[1] + _in_style_of(marked[2], value, emoji, vocabulary, default) + marked[1]
    match = re.match(r"^([^\w\s\x00-\x7f]+)(\s*)(?=\w)", sample)
    words = sample[match.end() :] if match else sample
    tongue = next(
        (
            known
            for known in vocabulary.tongues
            if fold(words) in {fold(word) for said in known.values() for word in said}
        ),
        vocabulary.tongues[default],
    )
    word = tongue[value][0]
    if len(words) > 1 and words.isupper():
        word = word.upper()
    elif not words or words[:1].isupper():
        word = word[:1].upper() + word[1:]
    return f"{emoji}{match[2]}{word}" if match else word


def _nothing(stated: Stated) -> str:
    """Say that there is nothing: an empty cell, or beside other notes the word that stands for it."""
    return "" if stated.place is None or stated.place.cell else "TBD"


def _priority(value: str, document: Document) -> str:
    used = [
        stated.text
        for item in document.items
        if (stated := item.stated.get(Field.PRIORITY)) and stated.value and same(Field.PRIORITY, stated.value, value)
    ]
    return used[0] if used else value
