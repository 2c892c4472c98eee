"""Lists whose entries are one line each, as most are: taken at once, without a parser for each entry."""

from __future__ import annotations

import re

# a line whose text starts like this is a paragraph and nothing else: words, signs that start no block, emphasis, a code
# span, a link or a box that no colon makes a definition, a number that is none of a list
_LINE = r" (?:[^\W\d_]|[^\x00-\x7f\s]|[\"'(@/$]|(?:\*{1,3}|_{1,3}|~~|`)[^\W_]|\[(?![^\n]*\]:)|\d++(?![.)]))[^\n]*\n"
# the list ends with the text, or at empty lines with something behind them that is none of its entries
_END = r"(?:\Z|(?P<blank>(?:[ \t]*\n)++)(?:\Z|(?=\S)(?!{mark}(?:\s|\Z))))"
_BULLETS = re.compile(rf"(?P<mark>[*+-]){_LINE}(?:(?P=mark){_LINE})*+{_END.format(mark='(?P=mark)')}")
_NUMBERS = re.compile(rf"1\.{_LINE}(?:\d{{1,9}}\.{_LINE})*+{_END.format(mark='[0-9]+[.]')}")


def read(src: str, start: int) -> tuple[list[str], bool, int] | None:
    """Return (the entries' texts, whether they are numbered, where the list ends) of the list that starts at a place.

    None where it holds anything but one-line entries, or where only a parser can tell how it ends.
    """
    match = _BULLETS.match(src, start) or _NUMBERS.match(src, start)
    if match is None:
        return None
    end = match.start("blank") if match["blank"] else match.end()
    return [line.partition(" ")[2] for line in src[start : end - 1].split("\n")], match.re is _NUMBERS, match.end()
