"""What a run does with a document's shape, and only when it is asked to."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from closeout.editing.realign import realign
from closeout.render import plan as render
from closeout.render.plan_json import as_json
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
    assert not small.plan().plan.empty
    assert json.loads(as_json(small.plan().plan))["boxes"] == {PAGE: 1}
    small.sync()
    assert small.texts[PAGE] == LIST.replace("- Do it", "- [ ] Do it ([#1](memory:/1))")
    outcome = small.sync()
    assert outcome is not None
    assert not outcome.written


def test_a_table_is_realigned_only_when_asked_behind_the_edits_of_the_run() -> None:
    small = Small({PAGE: RAGGED})
    small.sync()
    assert small.texts[PAGE] == RAGGED.replace("open||", "open|[#1](memory:/1)|")
    assert small.plan().plan.empty
    small.options = replace(small.options, realign=True)
    before = small.text
    planned = small.plan().plan
    assert planned.realigned == {PAGE: 1}
    assert not planned.empty
    assert render.counted(planned).endswith("; 1 tables to realign")
    assert f"note: {PAGE}: new padding for 1 of its tables" in render.as_markdown(planned).replace("\\", "")
    assert json.loads(as_json(planned))["realigned"] == {PAGE: 1}
    assert small.text == before
    small.sync()
    assert small.plan().plan.empty
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


def test_a_page_that_would_be_read_otherwise_keeps_its_padding_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Small({PAGE: RAGGED})
    small.options = replace(small.options, realign=True)
    reworded = "closeout.engine.align.realign"
    monkeypatch.setattr(reworded, lambda text, items: realign(text, items).replace("Do it", "Do that"))
    assert ("not-realigned", PAGE) in {(finding.code, finding.path) for finding in small.plan().findings}
    assert small.plan().plan.realigned == {}
    outcome = small.sync()
    assert outcome is not None
    assert outcome.written == (PAGE,)
    assert [finding.code for finding in outcome.findings] == ["not-realigned"]
    assert small.texts[PAGE] == RAGGED.replace("open||", "open|[#1](memory:/1)|")
