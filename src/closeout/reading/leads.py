"""What stands in front of an entry's title: `@x:`, `[Hypha]`, `Done:`, `[Action item]`, `#12:`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from closeout.domain.item import Field
from closeout.reading.fields import tickets
from closeout.reading.people import People
from closeout.reading.vocabulary import Says, Vocabulary

_LEAD = re.compile(r"^\s*(?:\*\*)?\[?(@[\w.-]+)\]?(?:\*\*)?\s*[:：]\s+|^\s*\[(@[\w.-]+)\]\s+")
_TAG = re.compile(
    r"^\s*(?:\*\*|__)?[\[【]([^\[\]【】\n]{1,60})[\]】](?:\*\*|__)?[ \t]*[:：-]?(?![(\[])\s*"
    r"|^\s*\*\*([^\W\d_][^:：*\[\]\n]{1,50}?)(?:\*\*[:：]|[:：]\*\*)\s+(?=\S)"
    r"|^\s*([^\W\d_][^:：*\[\]\n]{1,50}?)[:：]\s+(?=\S)"
)
_BEHIND = re.compile(r"[\])]?(?:\s*[:：—–-]|(?<=[\])])) +(?=\S)")  # a link's own bracket counts, too


@dataclass(frozen=True, slots=True)
class Note:
    """One thing noted: the field, its text and where it stands in the entry's text.

    `fixed` tells that another value there might not be understood again: nothing but a name is written into it.
    """

    what: Field
    text: str
    start: int
    end: int
    fixed: bool = False


def tagged(text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether an entry says of itself that it is a follow-up: `[Action item] …`."""
    match = _TAG.match(text) if "[" in text or "【" in text else None
    return bool(match and match[1] and vocabulary.headings.exact(match[1]) is Says.EXPLICIT)


def read(text: str, vocabulary: Vocabulary, people: People, *, owners: bool) -> tuple[int, list[Note]]:
    """Read what stands before the title: `[Hypha]`, `Done:`, `[Action item]`, `#12:`; where the title starts."""
    if match := _LEAD.match(text):
        index = match.lastindex or 0
        return match.end(), [Note(Field.OWNERS, match[index], *match.span(index))]
    if match := _TAG.match(text):
        index = match.lastindex or 0
        word, span = match[index].strip(), match.span(index)
        if match.end() >= len(text.rstrip()):
            return 0, []
        if vocabulary.headings.exact(word) in {Says.EXPLICIT, Says.ALONE}:
            return match.end(), []
        if vocabulary.states.exact(word):
            return match.end(), [Note(Field.STATUS, word, *span)]
        parts = people.parts(word)
        sure = owners and index == 1
        if parts and (sure or any(people.known(part, wholly=index > 1) for part in parts)):
            return match.end(), [Note(Field.OWNERS, ", ".join(parts), *span, fixed=True)]
    for ticket in tickets.find(text[:2200], vocabulary.tickets)[:1]:
        lead = re.match(r"\s*[\[(]?\s*", text)
        behind = _BEHIND.match(text, ticket.end)
        if lead and behind and ticket.start <= lead.end():
            note = Note(Field.TICKET, text[ticket.start : ticket.end], ticket.start, ticket.end)
            return behind.end(), [note]
    return 0, []
