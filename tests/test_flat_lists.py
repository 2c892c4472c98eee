"""Lists of one-line entries are read at once: the same blocks come of it as of an entry by entry."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closeout.markdown import flat
from closeout.markdown.parse import parse

LINES = (
    "- one", "- **Owner:** ann", "- [ ] do it", "- [x] done", "- `code` x", "- a | b", "---|---", "- ", "-  two blanks",
    "* star", "* **bold**", "+ plus", "1. one", "2. two", "9) nine", "- - -", "- # head", "- [label]: /x", "- tail  ",
    "- [link](u)", "- [a] b: [c]: d", "- 12% of", "- 12. of", "- ***both*** b", "- ~~gone~~", "- ~~~", "- \u2705 ok", "- (b)",
    "- __b__", "- ___", "--- | ---", "12", "12.", "**bold**", "-- no", "-",
    "", "", "", "  ", "text goes on", "  indented", "  - nested", "    deep", "\tTab", "# Head", "---", "===", "<div>", "```",
    "- \u65e5\u672c \u8a9e", "- x\u2028y", "- a\x0bb", "\x0b",
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_blocks_are_those_of_an_entry_by_entry(lines: list[str]) -> None:
    text = "\n".join(lines)
    at_once = parse(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flat, "read", lambda src, start: None)
        assert parse(text).blocks == at_once.blocks


@pytest.mark.parametrize("text", ["- a\n- b\n", "- a\n\n", "1. a\n2. b\n\ntext\n", "* [x] a\n\n# Head\n"])
def test_a_list_of_one_line_entries_is_read_at_once(text: str) -> None:
    assert flat.read(text, 0)


@pytest.mark.parametrize(
    "text", ["- a\nb\n", "- a\n\n- b\n", "- a\n  - b\n", "- a\n\n  b\n", "2. a\n", "- a\n# Head\n"]
)
def test_what_only_a_parser_can_tell_is_left_to_it(text: str) -> None:
    assert flat.read(text, 0) is None


def test_a_quote_stands_before_the_list_that_interrupts_it_and_the_heading_behind() -> None:
    blocks = parse("> quoted\n- entry\n\n# Head\n").blocks
    assert [type(block).__name__ for block in blocks] == ["Quote", "List", "Heading"]
