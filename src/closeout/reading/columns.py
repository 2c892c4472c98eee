"""What each column of a table is: its header first, then what stands in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from closeout.domain.item import Field
from closeout.markdown import cells, inline
from closeout.markdown.blocks import Table
from closeout.reading.fields import tickets
from closeout.reading.phrases import fold, key
from closeout.reading.vocabulary import Says, Vocabulary

_BETWEEN = re.compile(r"\s*(?:[/&+,、，・]|\band\b)\s*")
_NUMBER = re.compile(r"#|no|nr|id|n|序号|編號|编号|번호|番号", re.I)


def read(table: Table, vocabulary: Vocabulary) -> Mapping[Field, int]:
    """Return the column of each field that the table has; without a title column the table holds no items."""
    heads = [inline.read(cells.decode(cell.text.value), {}).plain for cell in table.header.cells]
    found: dict[Field, int] = {}
    for exact in (True, False):
        for index, head in enumerate(heads):
            what = vocabulary.heads.exact(head) if exact else _last_word(head, vocabulary)
            if (
                what
                and index not in found.values()
                and (what not in found or _more_so(what, heads, found, index, vocabulary))
            ):
                found[what] = index
    _by_content(table, heads, found, vocabulary)
    if Field.TITLE not in found and len(found) >= 1:
        _promote(table, heads, found, vocabulary)
    return found


def _more_so(what: Field, heads: list[str], found: Mapping[Field, int], index: int, vocabulary: Vocabulary) -> bool:
    """Whether a column names the follow-ups, where the one that was taken for them only may: `Finding | Corrective action`."""
    if what is not Field.TITLE:
        return False
    known, new = (_names_follow_ups(heads[at], vocabulary) for at in (found[what], index))
    return new and not known


def _names_follow_ups(head: str, vocabulary: Vocabulary) -> bool:
    said, _ = vocabulary.headings.find(head)
    return bool(said) and all(one.meant is Says.EXPLICIT for one in said)


def _last_word(head: str, vocabulary: Vocabulary) -> Field | None:
    """The field of the known word that ends last: in `Action owner` that is the owner."""
    if not head or len(head) > 60:
        return None
    hits, _ = vocabulary.heads.find(head)
    hits = [hit for hit in hits if hit.end - hit.start > 1]
    return hits[-1].meant if hits else None


def _by_content(table: Table, heads: list[str], found: dict[Field, int], vocabulary: Vocabulary) -> None:
    """A column of nothing but status words is the status, whatever its header says, if no other column is."""
    ticket = found.get(Field.TICKET)
    if Field.STATUS in found:
        return
    for index in range(len(heads)):
        if index in found.values() and index != ticket:
            continue
        if _says_states(_texts(table, index), vocabulary):
            if index == ticket:
                del found[Field.TICKET]
            found[Field.STATUS] = index
            return


def _says_states(texts: list[str], vocabulary: Vocabulary) -> bool:
    """Whether all texts but those that stand for nothing are status words, and there is one; the first other one tells."""
    some = False
    for text in texts:
        if vocabulary.is_placeholder(text) and fold(text) != "todo":
            continue
        if len(text) >= 40 or not vocabulary.read_status(text) or tickets.find(text, vocabulary.tickets):
            return False
        some = True
    return some


def unmapped(table: Table, vocabulary: Vocabulary) -> list[str]:
    """Return the headers of the columns that are no field; numbers of rows, notes and links are for people only."""
    known = read(table, vocabulary).values()
    heads = [inline.read(cells.decode(cell.text.value), {}).plain for cell in table.header.cells]
    return [
        head
        for index, head in enumerate(heads)
        if index not in known and head and not _NUMBER.fullmatch(fold(head)) and not _for_people(head, vocabulary)
    ]


def _for_people(head: str, vocabulary: Vocabulary) -> bool:
    return all(key(part) in vocabulary.remarks for part in _BETWEEN.split(head))


def all_states(table: Table, found: Mapping[Field, int], vocabulary: Vocabulary) -> bool:
    """Tell whether a table has a status column in which every word is known."""
    texts = _texts(table, found[Field.STATUS]) if Field.STATUS in found else []
    return bool(texts) and all(vocabulary.read_status(text) for text in texts)


def _texts(table: Table, index: int) -> list[str]:
    texts = [row.cells[index].text.value for row in table.rows if index < len(row.cells)]
    return [text.strip("*_ ") for text in texts if text.strip("*_ ")]


def _promote(table: Table, heads: list[str], found: dict[Field, int], vocabulary: Vocabulary) -> None:
    """Take the longest text column that is nothing else as the title; a ticket column without tickets may be it."""
    ticket = found.get(Field.TICKET)
    if ticket is not None and not any(tickets.find(text, vocabulary.tickets) for text in _texts(table, ticket)):
        del found[Field.TICKET]
    free = [
        index for index, head in enumerate(heads) if index not in found.values() and not _NUMBER.fullmatch(fold(head))
    ]
    if free and found:
        found[Field.TITLE] = max(free, key=lambda index: sum(map(len, _texts(table, index))))
