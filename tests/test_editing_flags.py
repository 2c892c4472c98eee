"""What a run does with a document's shape, and only when it is asked to."""

from __future__ import annotations

from dataclasses import replace

from worlds import Small

PAGE = "postmortems/a.md"
LIST = "## Action items\n\n- Do it\n- [x] Did it\n"
RAGGED = (
    "## Action items\n\n| Action | Status|Ticket |\n|---|:-:|---|\n|Do it|open||\n\n| not | ours|\n|--|--|\n|a|b|\n"
)


def test_a_list_gets_boxes_only_when_asked() -> None:
    small = Small({PAGE: LIST})
    small.sync()
    assert small.texts[PAGE] == LIST.replace("- Do it", "- Do it ([#1](memory:/1))")
    small.options = replace(small.options, add_boxes=True)
    assert small.plan().plan.boxes == {PAGE: 1}
    small.sync()
    assert small.texts[PAGE] == LIST.replace("- Do it", "- [ ] Do it ([#1](memory:/1))")
    outcome = small.sync()
    assert outcome is not None
    assert not outcome.written


def test_a_table_is_realigned_only_when_asked_behind_the_edits_of_the_run() -> None:
    small = Small({PAGE: RAGGED})
    small.sync()
    assert small.texts[PAGE] == RAGGED.replace("open||", "open| [#1](memory:/1) |")
    small.options = replace(small.options, realign=True)
    small.sync()
    lines = small.texts[PAGE].split("\n")
    assert lines[2:5] == [
        "| Action | Status | Ticket          |",
        "| ------ | :----: | --------------- |",
        "| Do it  |  open  | [#1](memory:/1) |",
    ]
    assert lines[6:] == RAGGED.split("\n")[6:]
    outcome = small.sync()
    assert outcome is not None
    assert not outcome.written
