"""One edit of one field of a document, made as a run makes it; and all that must hold of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from closeout.domain.document import Document
from closeout.domain.issue import Capabilities
from closeout.domain.item import Field, Place
from closeout.domain.sync.fit import Fitting, fit_to_box
from closeout.editing import titles, words
from closeout.editing.splice import Edit, inverse, splice
from closeout.editing.verify import verify
from closeout.engine import show
from closeout.engine.library import Library
from closeout.engine.world import Options
from closeout.markdown import cells
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped

FITTING = Fitting("memory", Capabilities("memory"))
TICKET = words.Ticket("#12", "../issues/12.md")
NEW: Mapping[Field, Sequence[str]] = {
    Field.STATUS: ("todo", "in_progress", "done", "wont_do"),
    Field.DUE: ("2026-07-01", "2027-01-31", ""),
    Field.OWNERS: ("zoe", "zoe, Ann Lee", "", "@zoe", "a|b", "`x` <b>[k](z)", "- 監視\u200d\u202e"),
    Field.TICKET: (TICKET.bare,),
    Field.TITLE: ("Raise the limit", "Say `a|b` <b>*x* ~~k~~ [k](z) &amp; C:\\d", "1. 監視\u200d\u202e _x_"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A document that edits are tried on: its text, and how it is read."""

    path: str
    text: str
    document: Document

    @property
    def library(self) -> Library:
        return Library({self.path: self.document}, {self.path: self.text}, {self.path: self.text})

    def again(self, text: str) -> Document:
        return read(self.path, text, shipped(), templates_too=True)


@dataclass(frozen=True, slots=True)
class Trial:
    """One edit that was tried; `refused` says why it was not made, `wrong` what it broke."""

    index: int
    what: Field
    value: str
    refused: str = ""
    wrong: str = ""


def subject(path: str, text: str) -> Subject:
    return Subject(path, text, read(path, text, shipped(), templates_too=True))


def all_of(one: Subject) -> Iterator[Trial]:
    """Try every value on every field of every item."""
    known = dict.fromkeys(", ".join(item.owners) for item in one.document.items if item.owners)
    for index in range(len(one.document.items)):
        for what, values in NEW.items():
            for value in (*values, *known) if what is Field.OWNERS else values:
                if trial := attempt(one, index, what, value):
                    yield trial


def attempt(one: Subject, index: int, what: Field, value: str) -> Trial | None:
    """Try one value; None for a field that the item does not state, or a ticket where there is one."""
    item = one.document.items[index]
    stated = item.stated.get(what)
    if stated is None or (what is Field.TICKET and item.tickets):
        return None
    if stated.place is None:
        return Trial(index, what, value, refused=f"no place: {stated.reason}")
    if what is Field.TITLE and titles.say("x", stated) is None:
        return Trial(index, what, value, refused="there is markup in the title")
    if stated.box and what is Field.STATUS:
        value = fit_to_box(value, stated)
    try:
        edit, meant = _edit(one, index, what, value)
        if edit is None:
            return Trial(index, what, value, refused=f"no words for {value or 'nothing'!r} in place of {stated.text!r}")
        _prove(one, index, what, meant, edit)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is what the trial tells
        return Trial(index, what, value, wrong=f"{stated.text!r} -> {value!r}: {type(error).__name__}: {error}")
    return Trial(index, what, value)


def _edit(one: Subject, index: int, what: Field, value: str) -> tuple[Edit | None, str]:
    options = Options(templates=True)
    if what is Field.TICKET:
        made = show.ticket(one.path, index, TICKET, one.library, options)
    elif what is Field.TITLE:  # as in a row that holds its ticket
        items = [replace(item, tickets=item.tickets or ("#0",)) for item in one.document.items]
        library = replace(one.library, documents={one.path: replace(one.document, items=tuple(items))})
        made = show.edit(one.path, index, what, value, library, options, FITTING)
    else:
        made = show.edit(one.path, index, what, value, one.library, options, FITTING)
    return (made.edit, made.value) if made else (None, value)


def _prove(one: Subject, index: int, what: Field, meant: str, edit: Edit) -> None:
    """Only the span differs; read again, exactly the edited item is another; undone, it is the very text."""
    before, after = one.text, splice(one.text, [edit])
    again = one.again(after)
    verify(one.document, again, {index: {what: meant}})
    _frame(before, after, edit.place)
    assert splice(after, inverse(before, [edit])) == before, "undoing it gives another text"
    place = again.items[index].stated[what].place
    if place is not None and what is not Field.TICKET and _fits(edit, place):
        old = cells.decode(edit.place.text) if edit.place.cell else edit.place.text
        assert splice(after, [Edit(place, old)]) == before, "writing the old text again gives another text"


def _fits(edit: Edit, place: Place) -> bool:
    """Whether the same text goes back by an ordinary edit: no blanks were added for good, none were used up."""
    added = any((edit.place.before, edit.place.after, place.before, place.after))
    centred = edit.place.room is not None and edit.place.room.side == "^"
    loose = place.room is None and not place.text  # where its text stood is not known any more
    return not (added or centred or loose) and (edit.place.room is None) == (place.room is None)


def _frame(before: str, after: str, place: Place) -> None:
    """Outside of the field's own span and the padding around it, every character is as it was."""
    start, end = place.start, place.end
    if place.room is not None:
        start, end = start - place.room.lead, end + place.room.behind
    assert after.startswith(before[:start]), "text before the span differs"
    assert after.endswith(before[end:]), "text behind the span differs"
    assert len(after) >= start + len(before) - end, "text around the span was lost"
