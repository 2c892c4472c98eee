"""What is noted beside an entry's title: `(Owner: @x, Due: 2026-06-15, Issue: #12)`, `(Maxime, 2025-11-15)`, `— @x`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from closeout.domain.item import Field
from closeout.reading.fields import dates, tickets
from closeout.reading.phrases import key
from closeout.reading.vocabulary import Vocabulary

_PART = re.compile(r"[^,;|]+")
_LABELLED = re.compile(
    r"^\s*(?:\*\*|__)?\s*([^\W\d][^:=*_]{0,24}?)\s*(?:\*\*|__)?\s*[:=]\s*(?:\*\*|__)?\s*(.*?)\s*$", re.S
)
_ONE = r"@?[^\W\d][\w.'’-]*(?: (?!and\b)[^\W\d][\w.'’-]*){0,2}"
_NAME = re.compile(rf"^{_ONE}(?:\s*(?:&|\+|/|\band\b)\s*{_ONE}){{0,5}}$")
_TAIL = re.compile(r"\s+(?:[—–-]{1,2}|→|\|)\s+([^—–|()]{2,80}?)\s*$")
_LOGINS = re.compile(r"^@[\w./-]+(?:\s*(?:,|&|and|\+)\s*@[\w./-]+)*$")
_LEAD = re.compile(r"^\s*(?:\*\*)?\[?(@[\w.-]+)\]?(?:\*\*)?\s*[:：]\s+|^\s*\[(@[\w.-]+)\]\s+")


@dataclass(frozen=True, slots=True)
class Note:
    """One thing noted: the field, its text and where it stands in the entry's text."""

    what: Field
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry's text taken apart: where the title stands, what is noted, and where the brackets close (None: none)."""

    title: tuple[int, int]
    notes: tuple[Note, ...]
    brackets_end: int | None


def read(text: str, vocabulary: Vocabulary) -> Noted:
    """Take an entry's text apart, from its end towards its title."""
    start, end = 0, len(text.rstrip())
    notes: list[Note] = []
    brackets_end = None
    while True:
        group = _bracket_group(text, start, end, vocabulary) or _tail(text, start, end, vocabulary)
        if group is None:
            break
        found, begin, closing = group
        notes.extend(
            note for note in found if note.what not in {kept.what for kept in notes} or note.what is Field.TICKET
        )
        brackets_end = closing if brackets_end is None and closing is not None else brackets_end
        end = begin
    if match := _LEAD.match(text[:end]):
        group_index = 1 if match[1] else 2
        notes.append(Note(Field.OWNERS, match[group_index], *match.span(group_index)))
        start = match.end()
    return Noted((start, end), tuple(notes), brackets_end)


def labelled(text: str, vocabulary: Vocabulary) -> tuple[Field, str, int] | None:
    """Return (field, value, where the value starts) of `Owner: @x`; None if the label is not known."""
    match = _LABELLED.match(text)
    what = vocabulary.annotations.get(key(match[1])) if match else None
    return (what, match[2], match.start(2)) if match and what else None


def _bracket_group(
    text: str, start: int, end: int, vocabulary: Vocabulary
) -> tuple[list[Note], int, int | None] | None:
    """A trailing `( … )` all of whose parts are understood."""
    body = text[start:end].rstrip(" .;,")
    if not body.endswith((")", "]", "）")):
        return None
    closing = start + len(body) - 1
    opening = _opening(text, start, closing)
    if opening is None or opening == start:
        return None
    inner = text[opening + 1 : closing]
    if text[closing] == "]" and not (text[opening] == "[" and (inner.startswith("@") or labelled(inner, vocabulary))):
        return None
    parts = list(_parts(inner, opening + 1))
    found = [note for part in parts for note in _part(*part, vocabulary)]
    if len(found) < len(parts) or not found or not _plausible(found, parts):
        return None
    return found, _before(text, start, opening), closing


def _opening(text: str, start: int, closing: int) -> int | None:
    close = text[closing]
    opens = {")": "(", "]": "[", "）": "（"}[close]
    depth = 0
    for position in range(closing, max(start, closing - 500) - 1, -1):
        depth += (text[position] == close) - (text[position] == opens)
        if depth == 0:
            return None if position and text[position - 1] == "]" and opens == "(" else position
    return None


def _parts(inner: str, offset: int) -> Iterator[tuple[str, int]]:
    for match in _PART.finditer(inner):
        part = match.group()
        lead = len(part) - len(part.lstrip())
        if part.strip():
            yield part.strip(), offset + match.start() + lead


def _part(part: str, offset: int, vocabulary: Vocabulary) -> Iterator[Note]:
    if known := labelled(part, vocabulary):
        what, value, at = known
        yield Note(what, value, offset + at, offset + at + len(value))
    elif (match := dates.find_iso(part)) and len(part) <= len(match.group()) + 6:
        yield Note(Field.DUE, match.group(), offset + match.start(), offset + match.end())
    elif found := tickets.find(part):
        if sum(ticket.end - ticket.start for ticket in found) >= len(part) - 6 * len(found):
            for ticket in found:
                yield Note(Field.TICKET, part[ticket.start : ticket.end], offset + ticket.start, offset + ticket.end)
    elif dates.read(part, vocabulary, "2000-01-01")[0] and len(part) < 20:
        yield Note(Field.DUE, part, offset, offset + len(part))
    elif vocabulary.states.exact(part) is not None:
        yield Note(Field.STATUS, part, offset, offset + len(part))
    elif _NAME.match(part):
        yield Note(Field.OWNERS, part, offset, offset + len(part))


def _plausible(found: list[Note], parts: list[tuple[str, int]]) -> bool:
    """A bare word in brackets is a name only beside a date, a ticket or a label, or with an `@`."""
    bare = [note for note in found if note.what is Field.OWNERS and not note.text.startswith("@")]
    unlabelled = [note for note in bare if any(note.start == offset for _, offset in parts)]
    return not unlabelled or any(note.what in {Field.DUE, Field.TICKET} for note in found)


def _tail(text: str, start: int, end: int, vocabulary: Vocabulary) -> tuple[list[Note], int, int | None] | None:
    """A trailing `— @x`, `- Owner: x`, `| Due: …`, or a ticket that stands at the end."""
    match = _TAIL.search(text, start, end)
    if match:
        offset = match.start(1)
        if known := labelled(match[1], vocabulary):
            what, value, at = known
            return [Note(what, value, offset + at, offset + at + len(value))], match.start(), None
        if _LOGINS.match(match[1]):
            return [Note(Field.OWNERS, match[1], *match.span(1))], match.start(), None
        parts = list(_parts(match[1], offset))
        found = [note for part in parts for note in _part(*part, vocabulary)]
        if len(found) >= len(parts) and found and all(note.what is not Field.OWNERS for note in found):
            return found, match.start(), None
    for ticket in tickets.find(text[start:end])[-1:]:
        if start + ticket.end == len(text[:end].rstrip(" .;,")) and ticket.start > 0:
            span = (start + ticket.start, start + ticket.end)
            return [Note(Field.TICKET, text[slice(*span)], *span)], _before(text, start, span[0]), None
    return None


def _before(text: str, start: int, position: int) -> int:
    """Where the title ends before a note: without the blanks and a dash or colon that lead to it."""
    return start + len(re.sub(r"\s*(?:[—–:|-]|→)?\s*$", "", text[start:position]))
