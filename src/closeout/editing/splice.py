"""The splice: new values into their places, each with the text it expects; what is between them is copied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from closeout.domain.item import Place, Room
from closeout.errors import MovedError
from closeout.markdown import cells


@dataclass(frozen=True, slots=True)
class Edit:
    """A value that goes into a place."""

    place: Place
    value: str


def splice(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with every edit made; without edits it is the same text.

    Raises MovedError if a place no longer holds what it should, ValueError if a value cannot stand in its place or
    two edits overlap.
    """
    parts: list[str] = []
    at = 0
    for start, end, new in _pieces(text, edits):
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def inverse(text: str, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Return the edits that turn `splice(text, edits)` into `text` again; raises what `splice` raises."""
    undone = []
    grown = 0
    for start, end, new in _pieces(text, edits):
        undone.append(Edit(Place(start + grown, start + grown + len(new), new), text[start:end]))
        grown += len(new) - (end - start)
    return tuple(undone)


def _pieces(text: str, edits: Iterable[Edit]) -> list[tuple[int, int, str]]:
    pieces = sorted(_piece(text, edit) for edit in edits)
    for (_, end, _), (start, _, _) in pairwise(pieces):
        if start < end:
            message = "two edits overlap"
            raise ValueError(message)
    return pieces


def _piece(text: str, edit: Edit) -> tuple[int, int, str]:
    place = edit.place
    if text[place.start : place.end] != place.text:
        message = f"expected {place.text!r} at character {place.start}, found {text[place.start : place.end]!r}"
        raise MovedError(message)
    if "\n" in edit.value or "\r" in edit.value:
        message = "a value of several lines has no place in a document"
        raise ValueError(message)
    new = place.before + (cells.encode(edit.value) if place.cell else edit.value) + place.after
    if place.room is None:
        return place.start, place.end, new
    return _padded(place, new, place.room)


def _padded(place: Place, new: str, room: Room) -> tuple[int, int, str]:
    """Keep the pipes of an aligned column in line where the new text fits; else only this cell grows.

    Blanks come and go behind the text, in a column that stands to the right in front of it; one stays on each side.
    """
    grown = cells.width(new) - cells.width(place.text)
    if grown <= 0:
        blanks = " " * -grown
        return place.start, place.end, blanks + new if room.side == ">" else new + blanks
    lead, behind = max(room.lead - 1, 0), max(room.behind - 1, 0)
    if room.side == "<":
        lead = 0
    first = min(grown, lead if room.side == ">" else behind)
    second = min(grown - first, behind if room.side == ">" else lead)
    before, after = (first, second) if room.side == ">" else (second, first)
    return place.start - before, place.end + after, new
