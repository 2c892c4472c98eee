"""How a value is said in a document: in its own vocabulary, emoji, date style and ticket style."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from closeout.domain.document import Document
from closeout.domain.item import Field, Item, Stated, Status, names, same
from closeout.reading.phrases import fold
from closeout.reading.reader import Reader
from closeout.reading.repair import damaged_like, repaired
from closeout.reading.vocabulary import EMOJI, Vocabulary

_ISO = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_HIDDEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as a tracker spells it: the bare reference, and where its link leads from this document."""

    bare: str
    address: str


def say(what: Field, value: str, item: Item, document: Document, reader: Reader) -> str | None:
    """Return the words for a value of a field of an item; None if this document has no words that mean it."""
    stated = item.stated[what]
    match what:
        case Field.STATUS:
            said = _status(Status(value), stated, document, reader)
            meant = reader.status(said).value if said else None
        case Field.DUE:
            said = _due(value, stated, reader)
            meant = reader.due(said).value
        case Field.OWNERS:
            said = _owners(value, stated, document)
            meant = reader.owners(said).value
        case Field.PRIORITY:
            said = _priority(value, document)
            meant = reader.priority(said).value
        case _:
            return None
    if stated.box and said is not None:
        return said.strip("[]")
    return said if said is not None and meant is not None and same(what, meant, value) else None


def ticket(spelt: Ticket, document: Document) -> str:
    """Return a ticket in the document's style: bare where all its tickets are, else a full Markdown link."""
    written = [item.stated[Field.TICKET].text for item in document.items if item.tickets]
    bare = bool(written) and not any("](" in text or "://" in text for text in written)
    return spelt.bare if bare or not spelt.address else f"[{spelt.bare}]({spelt.address})"


def _status(value: Status, stated: Stated, document: Document, reader: Reader) -> str | None:
    if stated.box:
        return "[x]" if value.closed else "[ ]"
    others = [item.stated[Field.STATUS] for item in document.items if Field.STATUS in item.stated]
    others = [other for other in others if not other.box]
    if len(repaired(stated.text)) <= 2 and stated.text:  # an emoji alone
        return _alone(value, stated, others)
    used = Counter(other.text for other in others if other.value == value and len(repaired(other.text)) > 2)
    if used:
        return used.most_common(1)[0][0]
    sample = stated.text or next((other.text for other in others if other.text), "")
    return damaged_like(_in_style_of(repaired(sample), value, reader.vocabulary), sample)


def _alone(value: Status, stated: Stated, others: Sequence[Stated]) -> str | None:
    used = [other.text for other in others if other.value == value and len(repaired(other.text)) <= 2]
    return used[0] if used else damaged_like(EMOJI[value][0], stated.text)


def _in_style_of(sample: str, value: Status, vocabulary: Vocabulary) -> str:
    """Say a status as a sample does: its language, its capitals, an emoji in front if it has one."""
    match = re.match(r"^([^\w\s]+)(\s*)(?=\w)", sample)
    words = sample[match.end() :] if match else sample
    tongue = next(
        (
            known
            for known in vocabulary.tongues
            if fold(words) in {fold(word) for said in known.values() for word in said}
        ),
        next(iter(vocabulary.tongues)),
    )
    word = tongue[value][0]
    if len(words) > 1 and words.isupper():
        word = word.upper()
    elif not words or words[:1].isupper():
        word = word[:1].upper() + word[1:]
    return f"{EMOJI[value][0]}{match[2]}{word}" if match else word


def _due(value: str, stated: Stated, reader: Reader) -> str:
    """Say a date in the style of the text that stands there, if that parses back to it."""
    if not value:
        return _nothing(stated)
    old = repaired(stated.text)
    year, month, day = value.split("-")
    if match := _ISO.search(old):
        padded = len(match[3]) == 2 and len(match[4]) == 2
        new = match[2].join((year, month, day) if padded else (year, str(int(month)), str(int(day))))
        return old[: match.start()] + new + old[match.end() :]
    candidate = _in_words(old, int(year), int(month), int(day), reader.vocabulary)
    return candidate if candidate and reader.due(candidate).value == value else value


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
    with_day = re.sub(r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?(?!\d)", str(day), with_year, count=1)
    return with_day.replace("\0", name).replace("\1", str(year))


def _owners(value: str, stated: Stated, document: Document) -> str:
    """Say names as the cell does: with `@` where the others have it; in a list's brackets a comma would end them."""
    in_cell = stated.place is None or stated.place.cell
    texts = [stated.text, *(item.stated[Field.OWNERS].text for item in document.items if Field.OWNERS in item.stated)]
    style = next((text for text in texts if text.strip()), "")
    said = [_HIDDEN.sub("", name).strip() for name in names(value)]
    written = [f"@{name}" if style.startswith("@") and " " not in name else name for name in said if name]
    return (", " if in_cell else " & ").join(written) or _nothing(stated)


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
