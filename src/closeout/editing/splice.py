"""The splice: new values into their places, each with the text it expects; what is between them is copied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wcwidth import wcswidth

from closeout.domain.item import Place
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
    pieces: list[str] = []
    at = 0
    for start, end, new in sorted(_piece(text, edit) for edit in edits):
        if start < at:
            message = "two edits overlap"
            raise ValueError(message)
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


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
    return _padded(place, new)


def _padded(place: Place, new: str) -> tuple[int, int, str]:
    """Keep the pipes of an aligned column in line where the new text fits; else only this cell grows."""
    room = place.room or 0
    grown = _width(new) - _width(place.text)
    if grown <= 0:
        return place.start, place.end, new + " " * -grown
    return place.start, place.end + min(grown, max(room - 1, 0)), new


def _width(text: str) -> int:
    width = wcswidth(text)
    return len(text) if width < 0 else width
