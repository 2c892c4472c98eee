"""What is noted beside an entry's title: `(Owner: @x, Due: 2026-06-15, Issue: #12)`, `(Maxime, 2025-11-15)`, `— @x`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from closeout.domain.item import Field, Status
from closeout.markdown import inline
from closeout.reading import leads
from closeout.reading.fields import dates, tickets
from closeout.reading.leads import Note
from closeout.reading.people import People
from closeout.reading.phrases import key
from closeout.reading.vocabulary import Says, Vocabulary

_MOST = 24  # notes behind one title
_NEAR = 2_500  # characters before its end that may be a ticket's address
_PART = re.compile(r"(?:[^,;|、，；｜]|(?<=[\dhdt]),(?=\s20\d\d(?![\d-])))+")  # `June 15, 2026` is one part
_BY = re.compile(r"^([^\W\d_]+)\s+(\S.{2,30})$")
_LABELLED = re.compile(
    r"^\s*+(?:\*\*|__)?\s*+([^\W\d][^:=*_]{0,24}?)\s*+(?:\*\*|__)?\s*+[:=]\s*+(?:\*\*|__)?\s*+((?:.*\S)?)\s*$", re.S
)
_ONE = r"@?[^\W\d][\w.'’-]*(?: (?!and\b)[^\W\d][\w.'’-]*){0,2}"
_NAME = re.compile(rf"^{_ONE}(?:\s*(?:&|\+|/|\band\b)\s*{_ONE}){{0,5}}$")
_TAIL = re.compile(r"(?<!\s)\s++(?:[—–-]{1,2}|→|\|)\s++((?:[^—–|()\s]|\s(?!-{1,2}\s)){2,80}?)\s*$")
_BEHIND_DASH = re.compile(r"\s[—–-]{1,2}\s+(?:\*\*)?((?:[^\s:,.;*()\[]+ ?){1,3})(?=$|[:,.;*()\[]| )")
_REFERENCE_LINK = re.compile(r"(?:(?<!\s)\s++)?[(\[]?(\[[^\[\]\n]{1,200}\](?:\[[^\[\]\n]{0,100}\])?)[)\] .;]*$")
_LOGINS = re.compile(r"^@[\w./-]+(?:\s*(?:,|&|and|\+)\s*@[\w./-]+)*$")
_LAST_WORD = re.compile(r"([^\W\d_]+) $")
_LAST_LOGINS = re.compile(
    r"\s`?(@[A-Za-z0-9][\w./-]*\w`?(?:\s*(?:,|&|\band\b)?\s*`?@[A-Za-z0-9][\w./-]*\w`?){0,5})[\s.]*$"
)


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry's text taken apart: where the title stands, what is noted, and where the brackets close (None: none)."""

    title: tuple[int, int]
    notes: tuple[Note, ...]
    brackets_end: int | None


def read(text: str, vocabulary: Vocabulary, people: People, *, owners: bool = False) -> Noted:
    """Take an entry's text apart, from its end towards its title; `owners` tells that its list names them all."""
    start, end = 0, len(text.rstrip())
    notes: list[Note] = []
    brackets_end = None
    for _ in range(_MOST):
        group = (
            _bracket_group(text, start, end, vocabulary)
            or _named(text, start, end, people, owners=owners)
            or _tail(text, start, end, vocabulary)
        )
        if group is None:
            break
        found, begin, closing = group
        notes.extend(
            note for note in found if note.what not in {kept.what for kept in notes} or note.what is Field.TICKET
        )
        brackets_end = closing if brackets_end is None and closing is not None else brackets_end
        end = begin
    start, led = leads.read(text[:end], vocabulary, people, owners=owners)
    notes.extend(note for note in led if note.what not in {kept.what for kept in notes})
    if Field.STATUS not in {note.what for note in notes} and (match := _said_done(text, start, end, vocabulary)):
        notes.append(Note(Field.STATUS, match[1].strip(), *match.span(1), fixed=True))
    return Noted((start, end), tuple(notes), brackets_end)


def linked(noted: Noted, text: str, links: Mapping[str, Any]) -> Noted:
    """Take the reference link to a ticket, `[the alert][1]`, from a title's end; `links` are the document's definitions."""
    start, end = noted.title
    match = _REFERENCE_LINK.search(text[start:end])
    urls = [url for _, url in inline.read(match[1], links).links] if match else []
    if not match or not urls or not tickets.is_address(urls[0]):
        return noted
    note = Note(Field.TICKET, urls[0], start + match.start(1), start + match.end(1), fixed=True)
    return Noted((start, _before(text, start, start + match.start())), (*noted.notes, note), noted.brackets_end)


def _said_done(text: str, start: int, end: int, vocabulary: Vocabulary) -> re.Match[str] | None:
    """A remark that opens with the word for done: `… - done: they answered`."""
    for match in _BEHIND_DASH.finditer(text, start, end):
        words = match[1].split()
        for count in range(len(words), 0, -1):
            said = vocabulary.states.exact(" ".join(words[:count]))
            whole = count == len(match[1].split()) and text[match.end(1) : match.end(1) + 1] in {
                "",
                ":",
                ",",
                ".",
                ";",
                "*",
            }
            if said is Status.DONE and (whole or vocabulary.says_done(" ".join(words[:count]))):
                return match
    return None


def _named(
    text: str, start: int, end: int, people: People, *, owners: bool
) -> tuple[list[Note], int, int | None] | None:
    """A trailing `[Rick]`, where the list names owners or he is known."""
    match = re.search(r"\s\[([^\[\]\n]{2,60})\][ .;,]*$", text[start:end])
    parts = people.parts(match[1]) if match else []
    if match and people.vocabulary.headings.exact(match[1]) in {Says.THEME, Says.ALONE, Says.WEAK}:
        return [], start + match.start(), None  # the kind of work, `[detect]`
    if match is None or not parts or not (owners or any(map(people.known, parts))):
        return None
    note = Note(Field.OWNERS, ", ".join(parts), start + match.start(1), start + match.end(1), fixed=True)
    return [note], start + match.start(), None


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
    elif (match := _LABELLED.match(part)) and vocabulary.states.exact(match[1]) and dates.find_iso(match[2]):
        yield Note(Field.STATUS, match[1], offset + match.start(1), offset + match.end(1), fixed=True)
    elif (match := _BY.match(part)) and _is_due(match, vocabulary):
        yield Note(Field.DUE, match[2], offset + match.start(2), offset + match.end(2))
    elif (match := dates.find_iso(part)) and len(part) <= len(match.group()) + 6:
        yield Note(Field.DUE, match.group(), offset + match.start(), offset + match.end())
    elif found := tickets.find(part, vocabulary.tickets):
        if sum(ticket.end - ticket.start for ticket in found) >= len(part) - 6 * len(found):
            for ticket in found:
                yield Note(Field.TICKET, part[ticket.start : ticket.end], offset + ticket.start, offset + ticket.end)
    elif dates.read(part, vocabulary, "2000-01-01")[0] and len(part) < 20:
        yield Note(Field.DUE, part, offset, offset + len(part))
    elif vocabulary.states.exact(part) is not None:
        yield Note(Field.STATUS, part, offset, offset + len(part))
    elif _NAME.match(part):
        yield Note(Field.OWNERS, part, offset, offset + len(part))


def _is_due(match: re.Match[str], vocabulary: Vocabulary) -> bool:
    """Whether a part is a day with the word for it in front: `due June 15`, `by 2026-06-15`."""
    named = vocabulary.annotations.get(key(match[1])) is Field.DUE
    return named and bool(dates.read(match[2], vocabulary, "2000-01-01")[0])


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
        if (said := _LABELLED.match(match[1])) and vocabulary.states.exact(said[1]) and dates.find_iso(said[2]):
            span = (offset + said.start(1), offset + said.end(1))
            return [Note(Field.STATUS, said[1], *span, fixed=True)], match.start(), None
        if _LOGINS.match(match[1]):
            return [Note(Field.OWNERS, match[1], *match.span(1))], match.start(), None
        parts = list(_parts(match[1], offset))
        found = [note for part in parts for note in _part(*part, vocabulary)]
        if len(found) >= len(parts) and found and all(note.what is not Field.OWNERS for note in found):
            return found, match.start(), None
    if match := _LAST_LOGINS.search(text[max(start, end - 300) : end]):
        span = (max(start, end - 300) + match.start(1), max(start, end - 300) + match.end(1))
        return (
            [Note(Field.OWNERS, match[1].replace("`", ""), *span, fixed="`" in match[1])],
            _before(text, start, span[0] - ("`" in text[span[0] - 1])),
            None,
        )
    near = max(start, end - _NEAR)
    for ticket in tickets.find(text[near:end], vocabulary.tickets)[-1:]:
        at_the_end = near + ticket.end == len(text[:end].rstrip(" .;,")) and near + ticket.start > start
        if at_the_end and not _counts(text[start : near + ticket.start], ticket.ref, vocabulary):
            span = (near + ticket.start, near + ticket.end)
            return [Note(Field.TICKET, text[slice(*span)], *span)], _before(text, start, span[0]), None
    return None


def _counts(before: str, ref: str, vocabulary: Vocabulary) -> bool:
    """Whether a bare number belongs to what stands before it: `reboot server #5`. In brackets it would be a ticket."""
    word = _LAST_WORD.search(before[-60:]) if ref.startswith("#") else None
    return bool(word and key(word[1]) in vocabulary.counted)


def _before(text: str, start: int, position: int) -> int:
    """Where the title ends before a note: without the blanks and a dash or colon that lead to it."""
    return start + len(re.sub(r"\s*(?:[—–:|-]|→)?\s*$", "", text[start:position]))
