"""Lines for a terminal, as data: texts with their tones and links, bars, and what there is room for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from wcwidth import wcswidth, wcwidth

_LEAST, _WIDEST = 40, 120  # cells
_EIGHTHS = " ▏▎▍▌▋▊▉"
_ASCII = str.maketrans(
    {"·": "-", "–": "-", "−": "-", "…": "~", "±": "=", "’": "'", "\u2009": " ", "\u202f": " ", "\xa0": " "}
)


class Tone(Enum):
    """What kind of text it is, for whoever gives it a colour."""

    TITLE = "title"
    HEADING = "heading"
    STRONG = "strong"
    LATE = "late"
    DONE = "done"
    BAR = "bar"
    DIM = "dim"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line; `link` is an address that it may lead to."""

    text: str
    tone: Tone = Tone.PLAIN
    link: str = ""


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """What there is room for: `width` in cells, and whether it shows `ascii` alone."""

    width: int = 80
    ascii: bool = False

    @property
    def room(self) -> int:
        """How many cells a line may have."""
        return min(max(self.width, _LEAST), _WIDEST)


def bar(count: int, most: int, cells: int, *, ascii_: bool = False) -> str:
    """Return a bar of at most so many cells; anything but nothing is seen."""
    if not count or most <= 0:
        return ""
    eighths = max(count * cells * 8 // most, 1)
    if ascii_:
        return "#" * max(eighths // 8, 1)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def width(text: str) -> int:
    """Return how many cells a text takes."""
    return max(wcswidth(text), 0)


def cut(text: str, cells: int) -> str:
    """Return a text in at most so many cells."""
    if width(text) <= cells:
        return text
    taken, at = 0, 0
    for character in text:
        taken += max(wcwidth(character), 0)
        if taken > cells - 1:
            break
        at += 1
    return text[:at].rstrip() + "…"


def within(line: Line, screen: Screen) -> Line:
    """Return a line that the screen has room for, in characters that it shows."""
    left, told = screen.room, []
    for piece in line:
        text = cut(piece.text, left) if left > 0 else ""
        left -= width(text)
        if text:
            told.append(Piece(text.translate(_ASCII) if screen.ascii else text, piece.tone, piece.link))
    return tuple(told)
