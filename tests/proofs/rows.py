"""The rows of the tables as people see them: each is known by the note in its last cell, which nobody ever changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from closeout.domain.item import Field

TITLE, OWNER, DUE, STATUS, TICKET, NOTE = "Action", "Owner", "Due", "Status", "Ticket", "Note"
HEADS = {Field.TITLE: TITLE, Field.OWNERS: OWNER, Field.DUE: DUE, Field.STATUS: STATUS, Field.TICKET: TICKET}
WORDS = {"todo": "🔲 TODO", "in_progress": "🚧 IN PROGRESS", "done": "✅ DONE", "wont_do": "❌ WONT DO"}
MEANT = {"todo": "todo", "open": "todo", "inprogress": "in_progress", "done": "done", "closed": "done", "wontdo": "wont_do"}  # fmt: skip
_LINK = re.compile(r"\s*(?:\[#(\d+)\](?:\([^)]*\))?|(?<!\[)#(\d+)\b)")


@dataclass(frozen=True)
class Row:
    """One row: where it stands (`number` counts lines from 0), and its cells by the table's heads."""

    path: str
    number: int
    cells: Mapping[str, str]

    @property
    def tag(self) -> str:
        return self.cells.get(NOTE, "")

    @property
    def tickets(self) -> list[str]:
        found = (_LINK.findall(self.cells.get(head, "")) for head in (TITLE, TICKET))
        return [one or other for pairs in found for one, other in pairs]

    def value(self, what: Field) -> str:
        """What the row says of a field; empty where it says nothing or has no place for it."""
        text = self.cells.get(HEADS[what], "")
        if what is Field.TITLE:
            return _LINK.sub("", text).strip()
        if what is Field.STATUS:
            return MEANT.get(re.sub(r"[^a-z]", "", text.lower()), "")
        return "" if text == "-" else text.replace("@", "")

    @property
    def closed(self) -> bool:
        return self.value(Field.STATUS) in {"done", "wont_do"}

    def put(self, **cells: str) -> Row:
        return replace(self, cells={**self.cells, **cells})


def lines(text: str) -> list[str]:
    """The lines of a text with their ends."""
    return re.findall(r"[^\n]*\n|[^\n]+$", text)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def rows(text: str, path: str = "") -> Iterator[Row]:
    heads: list[str] = []
    for number, line in enumerate(lines(text)):
        if not line.startswith("|"):
            heads = []
        elif not heads:
            heads = cells(line)
        elif "---" not in line:
            yield Row(path, number, dict(zip(heads, cells(line), strict=False)))


def all_rows(texts: Mapping[str, str]) -> list[Row]:
    return [row for path, text in sorted(texts.items()) for row in rows(text, path)]


def end_of(line: str) -> str:
    return "\r\n" if line.endswith("\r\n") else "\n"


def heads_of(text: str) -> list[str]:
    return cells(next(line for line in lines(text) if line.startswith("|")))


def said(row: Row, text: str) -> str:
    """The line of a row for the table in a text; a ticket goes where there is place for it."""
    heads = heads_of(text)
    if row.cells.get(TICKET, "-") not in {"", "-"} and TICKET not in heads:
        row = row.put(**{TITLE: f"{row.cells[TITLE]} {row.cells[TICKET].replace(', ', ' ')}"})
    return "| " + " | ".join(row.cells.get(head, "") for head in heads) + " |" + end_of(lines(text)[0])


def changed(texts: Mapping[str, str], row: Row, *into: Row) -> dict[str, str]:
    """Put other rows where one stands; none takes it out."""
    there = lines(texts[row.path])
    there[row.number : row.number + 1] = [said(one, texts[row.path]) for one in into]
    return {**texts, row.path: "".join(there)}


def added(texts: Mapping[str, str], path: str, row: Row) -> dict[str, str]:
    """Put a row at the end of a table."""
    there = lines(texts[path])
    last = max(number for number, line in enumerate(there) if line.startswith("|"))
    there.insert(last + 1, said(row, texts[path]))
    return {**texts, path: "".join(there)}


def retagged(text: str, tags: Iterator[str]) -> str:
    """A copy whose rows are other rows."""
    there = lines(text)
    for row in rows(text):
        there[row.number] = said(row.put(**{NOTE: next(tags)}), text)
    return "".join(there)


def merged(base: Mapping[str, str], ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str] | None:
    """What git makes of two changes, line by line; None if they contradict each other."""
    result = dict(theirs)
    for path, text in ours.items():
        old, new = base.get(path), theirs.get(path)
        if text in {old, new}:
            continue
        if old is None or new is None:
            return None
        if new == old:
            result[path] = text
            continue
        three = lines(old), lines(text), lines(new)
        if len({len(one) for one in three}) > 1:
            return None
        if any(one not in {was, other} and other != was for was, one, other in zip(*three, strict=True)):
            return None
        result[path] = "".join(other if one == was else one for was, one, other in zip(*three, strict=True))
    return result


def untouched(before: str, after: str, may: Callable[[Row, Row, str], bool]) -> Iterable[str]:
    """Yield what differs between two texts but for cells that `may` (row before, row after, head) have changed."""
    old, new = lines(before), lines(after)
    if len(old) != len(new):
        yield "lines came or went"
        return
    rows_new = {row.number: row for row in rows(after)}
    rows_old = {row.number: row for row in rows(before)}
    for number, (one, other) in enumerate(zip(old, new, strict=True)):
        if one == other:
            continue
        if number not in rows_old or number not in rows_new or end_of(one) != end_of(other):
            yield f"line {number + 1}: {one!r} became {other!r}"
            continue
        for head, text in rows_old[number].cells.items():
            if rows_new[number].cells.get(head) != text and not may(rows_old[number], rows_new[number], head):
                yield f"{head} of {rows_old[number].cells}: {text!r} became {rows_new[number].cells.get(head)!r}"
