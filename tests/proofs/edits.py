"""Generated documents: one field of one item gets a new value; nothing else differs, and undoing it restores all."""

from __future__ import annotations

import random

from closeout.domain.document import Document
from closeout.domain.issue import Capabilities
from closeout.domain.item import Field, Item, Place
from closeout.domain.sync.fit import Fitting, fit_to_box
from closeout.editing import words
from closeout.editing.splice import Edit, splice
from closeout.editing.verify import verify
from closeout.engine import show
from closeout.engine.read import Library
from closeout.engine.world import Options
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped

FITTING = Fitting("memory", Capabilities("memory"))
PATH = "postmortems/2026-05-01-a.md"
TITLES = (
    "Add an alert",
    "Write `a|b` down",
    "Überwachung — jetzt",
    "監視を追加する",
    "Fix **the** _pool_",
    "🚨 Page twice",
    "a < b & c",
    "Run it (soon)",
)
OWNERS = ("@ann", "Ann Lee", "@sre-team", "Maxime", "@ann, @bob", "", "TBD")
DUES = ("2026-06-15", "June 15", "15 Jun 2026", "Dec 16", "", "TBD", "2026/06/15", "someday")
STATUSES = ("🔲 TODO", "✅ DONE", "In progress", "open", "WONTFIX", "", "brewing", "❌")
ENDS = ("\n", "\r\n", "\r")
NEW = {
    Field.STATUS: ("todo", "in_progress", "done", "wont_do"),
    Field.DUE: ("2026-07-01", "2027-01-31", ""),
    Field.OWNERS: ("zoe", "zoe, Ann Lee", ""),
}


def _table(dice: random.Random) -> list[str]:
    rows = [
        [dice.choice(TITLES).replace("|", "\\|"), dice.choice(OWNERS), dice.choice(DUES), dice.choice(STATUSES)]
        for _ in range(dice.randint(1, 4))
    ]
    heads = ["Action", "Owner", "Due", "Status"]
    if dice.random() < 0.5:
        return ["| " + " | ".join(row) + " |" for row in (heads, ["---"] * 4, *rows)]
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(4)]
    cut = [["-" * width for width in widths]]
    return [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in (heads, *cut, *rows)
    ]


def _list(dice: random.Random) -> list[str]:
    lines = []
    for _ in range(dice.randint(1, 4)):
        box = dice.choice(["[ ] ", "[x] ", "", "✅ "])
        note = dice.choice(
            ["", " (Owner: @ann, Due: 2026-06-15)", " (Maxime, 2026-11-15)", " — @ann", " (Due: June 15)"]
        )
        lines.append(f"{dice.choice(['-', '*', '1.'])} {box}{dice.choice(TITLES)}{note}")
        if dice.random() < 0.2:
            lines.append("  more about it")
    return lines


def document(dice: random.Random) -> str:
    lines = ["# Outage", "", "**Date**: 2026-05-01", "", "## Action items", ""]
    lines += _table(dice) if dice.random() < 0.5 else _list(dice)
    lines += ["", dice.choice(["Some text.", "\x0b odd \u2028 breaks \x85", "> quoted", "```", ""])]
    text = dice.choice(["", "\ufeff"]) + dice.choice(ENDS).join(lines)
    return text + dice.choice(["", "\n"])


def one(text: str, document: Document, index: int, what: Field, value: str) -> str | None:
    """Make one edit as a run does; None if the document has no place or no words for it."""
    item: Item = document.items[index]
    stated = item.stated.get(what)
    if stated is None or stated.place is None:
        return None
    if what is Field.TICKET:
        value, said = "#12", words.ticket(words.Ticket("#12", "../issues/12.md"), document)
        made: Edit | None = Edit(stated.place, said)
    else:
        value = fit_to_box(value, stated) if stated.box else value
        library = Library({PATH: document}, {PATH: text}, {PATH: text})
        shown = show.edit(PATH, index, what, value, library, Options(), FITTING)
        made = shown.edit if shown else None
    if made is None:
        return None
    after = splice(text, [made])
    verify(document, read(PATH, after, shipped()), {index: {what: value}})
    return after


def play(seed: int) -> None:
    dice = random.Random(seed)
    text = document(dice)
    read_as = read(PATH, text, shipped())
    assert splice(text, []) == text
    for index in range(len(read_as.items)):
        for what, values in {**NEW, Field.TICKET: ("",)}.items():
            value = dice.choice(values)
            try:
                after = one(text, read_as, index, what, value)
            except Exception as error:
                raise AssertionError(f"world {seed}: {what} {value!r} in {text!r}: {error}") from error
            if after is not None:
                _undone(text, after, read_as.items[index].stated[what].place)


def _undone(text: str, after: str, place: Place | None) -> None:
    """Outside of the field's own span and the padding behind it, every character is as it was."""
    assert place is not None
    behind = text[place.end :].lstrip(" ") if place.room is not None else text[place.end :]
    assert after.startswith(text[: place.start])
    assert after.endswith(behind)
