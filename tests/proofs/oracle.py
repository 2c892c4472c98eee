"""Random Markdown: tables, rows, cells and list entries are those that markdown-it-py sees, on the same lines.

Five things that mistune sees otherwise are kept out of the play, by an empty line: text that is not indented below a
bare list marker (mistune takes it for the entry's), HTML right behind a list entry (mistune goes on with the list), a
lazily continued quote that holds a table, and a table right behind a list entry (read as the table that its author
meant; CommonMark counts its lines to the entry). So is a header that is indented like code but goes on a paragraph. Played without those empty lines, whatever only we see
must have no place: nothing is written there. Left out of that: fences, link definitions and numbers other than one behind
text that ended their list, which no action item was ever seen behind.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from markdown_it import MarkdownIt

from closeout.markdown import cells
from closeout.markdown.blocks import Entry, List, Quote, Table
from closeout.markdown.parse import parse

PIECES = (
    "| a | b |", "|---|:--|", "|-|-|", "| x \\| y | `p|q` |", "| one |", "| 1 | 2 | 3 |", "a | b", "--- | ---", "   | in | dented |",
    "    | code | code |", "- item", "- [ ] do it", "* star", "+ plus", "1. one", "2) two", "  - nested", "  continued", "    deep", "- ", "-",
    "> quoted", "> - in a quote", "> | a | b |", "> |---|---|", "> | c | d |", "```", "~~~", "# Heading", "\nSetext\n===", "---", "***",
    "text", "**bold:**", "", "", "", "<div>", "</div>", "<!-- note -->", "[x]: /y", "\ttab", "- \ttab", "· no bullet", "|", "||", "\\| a | b |",
)  # fmt: skip
_LEFT_OUT = {"```", "~~~", "[x]: /y", "2) two"}
_ORACLE = MarkdownIt("commonmark").enable("table")


def document(dice: random.Random) -> str:
    """A few blocks, apart where the two differ."""
    return "\n".join(_apart(_lines(dice))) + "\n"


def _lines(dice: random.Random) -> list[str]:
    """Lines of one kind come together more often than by chance."""
    lines: list[str] = []
    for _ in range(dice.randint(1, 6)):
        kind = dice.randrange(4)
        if kind == 0:
            lines += ["", "| a | b |", "|---|---|", *dice.choices(PIECES[:9], k=dice.randint(0, 4))]
        elif kind == 1:
            lines += ["", *dice.choices(PIECES[10:21], k=dice.randint(1, 5))]
        else:
            lines += dice.choices(PIECES, k=dice.randint(1, 4))
    return lines


def _apart(lines: list[str]) -> Iterator[str]:
    before = ""
    for line in lines:
        bare = before.strip() in {"-"} and not line.startswith(" ")
        html = line.startswith("<") and not before.startswith("|")
        table = "|" in line and ("|" not in before or line.startswith("    ") or before.startswith(" "))
        lazy = before.startswith(">") and not line.startswith(">")
        if bare or html or lazy or table:
            yield ""
        yield line
        before = line


def theirs(text: str) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str]]]:
    """The oracle's rows as (line, cells) and entries as (line, first text)."""
    tokens = _ORACLE.parse(text)
    rows: list[tuple[int, list[str]]] = []
    entries: list[tuple[int, str]] = []
    for index, token in enumerate(tokens):
        if token.type == "tr_open" and token.map:
            rows.append((token.map[0], []))
        elif token.type in {"th_open", "td_open"} and rows:
            rows[-1][1].append(tokens[index + 1].content)
        elif token.type == "list_item_open" and token.map:
            first = tokens[index + 1]
            told = first.type == "paragraph_open"
            entries.append(
                (first.map[0] if told and first.map else token.map[0], tokens[index + 2].content if told else "")
            )
    return rows, sorted(entries)


def ours(text: str) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str]]]:
    """The same of ours, rows cut to the header's width as the oracle does."""
    rows: list[tuple[int, list[str]]] = []
    entries: list[tuple[int, str]] = []
    for block in _walk(parse(text).blocks):
        if isinstance(block, Table):
            width = len(block.header.cells)
            for row in (block.header, *block.rows):
                found = [cells.decode(cell.text.value) for cell in row.cells][:width]
                rows.append((row.line, found + [""] * (width - len(found))))
        elif isinstance(block, Entry):
            entries.append((block.line, "\n".join(line.strip(" \t") for line in block.text.value.split("\n")).strip()))
    return rows, sorted(entries)


def _walk(blocks: tuple[object, ...]) -> Iterator[object]:
    for block in blocks:
        yield block
        match block:
            case List():
                yield from _walk(block.entries)
            case Entry() | Quote():
                yield from _walk(block.children)
            case _:
                pass


def play(seed: int) -> None:
    text = document(random.Random(seed))
    mine, other = ours(text), theirs(text)
    assert mine[0] == other[0], f"world {seed}: rows of {text!r}"
    assert [line for line, _ in mine[1]] == [line for line, _ in other[1]], f"world {seed}: entries of {text!r}"
    soup = "\n".join(line for line in _lines(random.Random(seed)) if line not in _LEFT_OUT) + "\n"
    rows, entries = theirs(soup)
    lines = {line for line, _ in rows}, {line for line, _ in entries}
    strange = [line for line, kind in _placed(soup) if line not in lines[kind]]
    assert not strange, f"world {seed}: only we see lines {strange} of {soup!r}, and would write there"


def _placed(text: str) -> Iterator[tuple[int, int]]:
    """The lines where something can be written: (line, 0) of rows, (line, 1) of entries."""
    for block in _walk(parse(text).blocks):
        if isinstance(block, Table):
            yield from ((row.line, 0) for row in (block.header, *block.rows) if any(cell.extent for cell in row.cells))
        elif isinstance(block, Entry) and block.text.starts:
            yield block.line, 1
