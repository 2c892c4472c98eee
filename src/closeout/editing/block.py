"""A block of a page that is written anew as a whole, between two comments; around it no byte changes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from closeout.errors import ConfigurationError, VerificationError
from closeout.markdown import cells, parse
from closeout.reading.index import END, START, marks

HOW = f"Where the table is to stand put {START} and, below it, {END}, each on a line of its own between empty lines"


def replaced(path: str, text: str, lines: Sequence[str]) -> str:
    """Return a page's text with these lines between its two marks, set off by an empty line; the same text if they
    stand there, however their cells are padded.

    Raises ConfigurationError where the marks are not one pair.
    """
    start, end = _between(path, text)
    if _told(text[start:end]) == _told("\n".join(lines)):
        return text
    line_end = next(ending for ending in ("\r\n", "\n", "\r") if text.startswith(ending, start))
    after = text[:start] + line_end * 2 + line_end.join(lines) + line_end * 2 + text[end:]
    now = _between(path, after)
    if (after[: now[0]], after[now[1] :]) != (text[:start], text[end:]):
        message = f"{path}: could not be written: the table would end elsewhere than it should. Please report this page"
        raise VerificationError(message)
    return after


def _between(path: str, text: str) -> tuple[int, int]:
    """Return the bounds of what stands between the marks: from the end of one's line to the start of the other's."""
    page = parse.parse(text)
    found = [(mark, page.blocks[number].line) for mark, number in marks(page.blocks)]
    wrong = f"{path}: could not be written"
    if not found:
        message = f"{wrong}: nothing in it says where the index of postmortems goes. {HOW}"
        raise ConfigurationError(message)
    for place, (mark, line) in enumerate(found):
        if mark != (START, END)[place % 2]:
            told = f"{START} is not closed" if mark == START else f"{END} closes nothing"
            at = found[place - 1][1] if mark == START else line
            raise ConfigurationError(f"{path}:{at + 1}: could not be written: {told}. {HOW}")
    if len(found) % 2:
        raise ConfigurationError(f"{path}:{found[-1][1] + 1}: could not be written: {START} is not closed. {HOW}")
    if len(found) > 2:
        message = (
            f"{path}:{found[2][1] + 1}: could not be written: there is a second {START}, the first is on line "
            f"{found[0][1] + 1}. Keep one pair"
        )
        raise ConfigurationError(message)
    bounds = page.source.bounds
    return bounds[found[0][1]][1], bounds[found[1][1]][0]


def _told(block: str) -> list[list[str]]:
    """What a table says, without its padding: a formatter of Markdown may align it."""
    rows = [line for line in re.split(r"[\r\n]+", block) if line.strip()]
    rows[1:2] = [re.sub("-+", "-", row) for row in rows[1:2]]
    return [[row[slice(*cells.content(row, one))] for one in cells.scan(row)] for row in rows]
