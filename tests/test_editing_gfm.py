"""GFM 4.10, "Tables (extension)": each example of the specification in words of our own, for us and for the oracle."""

from __future__ import annotations

import pytest

from closeout.markdown.blocks import List, Paragraph, Quote, Table
from closeout.markdown.parse import parse
from proofs.oracle import ours, theirs

HEAD = "| who | what |\n| --- | --- |\n"
EXAMPLES = {
    "198: a header, a delimiter row and rows": (
        f"{HEAD}| ann | looks |\n",
        [(0, ["who", "what"]), (2, ["ann", "looks"])],
    ),
    "199: cells need no equal widths, and rows no outer pipes": (
        "| one | number two |\n:-: | -----------:\nleft | right\n",
        [(0, ["one", "number two"]), (2, ["left", "right"])],
    ),
    "200: an escaped pipe is text, in code and in other markup too": (
        "| p\\|q |\n| ---- |\n| code `\\|` here |\n| bold **\\|** here |\n",
        [(0, ["p|q"]), (2, ["code `|` here"]), (3, ["bold **|** here"])],
    ),
    "201: another block ends the table": (
        f"{HEAD}| ann | looks |\n> quoted\n",
        [(0, ["who", "what"]), (2, ["ann", "looks"])],
    ),
    "202: a line of text goes on with it, an empty line ends it": (
        f"{HEAD}| ann | looks |\ntext\n\nmore text\n",
        [(0, ["who", "what"]), (2, ["ann", "looks"]), (3, ["text", ""])],
    ),
    "203: header and delimiter row must have as many cells": ("| who | what |\n| --- |\n| ann |\n", []),
    "204: short rows are filled up, long ones are cut": (
        f"{HEAD}| ann |\n| bob | looks | twice |\n",
        [(0, ["who", "what"]), (2, ["ann", ""]), (3, ["bob", "looks"])],
    ),
    "205: a table needs no rows": (HEAD, [(0, ["who", "what"])]),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_specification(example: str) -> None:
    text, rows = EXAMPLES[example]
    assert ours(text)[0] == rows
    assert theirs(text)[0] == rows


def test_what_stands_behind_a_table_is_a_block_of_its_own() -> None:
    assert [type(block) for block in parse(f"{HEAD}> quoted\n").blocks] == [Table, Quote]
    assert [type(block) for block in parse(f"{HEAD}text\n\nmore\n").blocks] == [Table, Paragraph]
    assert [type(block) for block in parse(f"{HEAD}- entry\n").blocks] == [Table, List]
    assert [type(block) for block in parse("| who | what |\n| --- |\n").blocks] == [Paragraph]
