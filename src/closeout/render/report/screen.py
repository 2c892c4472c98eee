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
    return _beginning(text, cells - 1).rstrip() + "…"


def _beginning(text: str, cells: int) -> str:
    taken = 0
    for at, character in enumerate(text):
        taken += max(wcwidth(character), 0)
        if taken > cells:
            return text[:at]
    return text


def wrapped(text: str, cells: int) -> list[str]:
    """Return a sentence in lines of at most so many cells each, broken between words where there are any."""
    found, line = [], ""
    for word in text.split():
        more = f"{line} {word}" if line else word
        if width(more) <= cells:
            line = more
            continue
        found += [line] if line else []
        line = word
        while width(line) > cells:
            found.append(_beginning(line, cells) or line[0])
            line = line[len(found[-1]) :]
    return [*found, line] if line else found


def within(line: Line, screen: Screen) -> Line:
    """Return a line that the screen has room for, in characters that it shows."""
    left, told = screen.room, []
    for piece in line:
        text = cut(piece.text, left) if left > 0 else ""
        left -= width(text)
        if text:
            told.append(Piece(text.translate(_ASCII) if screen.ascii else text, piece.tone, piece.link))
    return tuple(told)
