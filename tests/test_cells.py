"""Cells and blocks against markdown-it-py, and the laws of the splice."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mistune.block_parser import BlockParser

from closeout.domain.item import Place
from closeout.editing.splice import Edit, splice
from closeout.markdown import cells
from closeout.markdown.blocks import Table, cut
from closeout.markdown.parse import BREAK, parse
from closeout.markdown.source import Text

CELL = st.text(alphabet="ab|\\` x", max_size=8)


@given(CELL)
def test_a_cell_gives_back_what_it_was_given(text: str) -> None:
    try:
        encoded = cells.encode(text)
    except ValueError:
        return
    assert cells.decode(encoded) == text


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=4))
def test_tables_are_what_the_oracle_sees(rows: list[list[str]]) -> None:
    text = "\n".join(["| a | b |", "|---|---|", *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"
    theirs = [token.content for token in MarkdownIt("commonmark").enable("table").parse(text) if token.type == "inline"]
    ours = []
    for block in parse(text).blocks:
        if isinstance(block, Table):
            for row in (block.header, *block.rows):
                found = [cells.decode(cell.text.value) for cell in row.cells][:2]
                ours.extend(found + [""] * (2 - len(found)))
    assert ours == theirs


@given(st.text(), st.text(alphabet="xyz", max_size=5))
def test_a_splice_changes_its_span_only(text: str, value: str) -> None:
    assert splice(text, []) == text
    place = Place(len(text) // 2, len(text), text[len(text) // 2 :])
    assert splice(text, [Edit(place, value)]) == text[: len(text) // 2] + value


@given(st.text(alphabet="ab|\\ \t", max_size=20), st.sampled_from([(), ((0, 7),)]))
def test_a_row_is_cut_as_cell_by_cell(text: str, starts: tuple[tuple[int, int], ...]) -> None:
    row = Text(text, starts)
    one_by_one = [(row.part(*cells.content(text, bounds)), row.span(*bounds)) for bounds in cells.scan(text)]
    assert [(cell.text, cell.extent) for cell in cut(row)] == one_by_one


@given(st.text(alphabet="-_* \tx", max_size=12))
def test_breaks_are_those_of_mistune(line: str) -> None:
    ours = re.compile(BREAK, re.M)
    assert bool(ours.match(line)) == bool(re.match(BlockParser.SPECIFICATION["thematic_break"], line, re.M))
