"""Write-backs that wait in a work tree for somebody to commit and push them: whose they are, in whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from closeout.domain.item import Field
from closeout.domain.plan import Show
from closeout.repositories.head import Head
from ledgers import clone, git, remote
from worlds import Small

PAGE = "postmortems/a.md"
TEXT = """# Outage

**Date**: 2026-05-01

## Action items

| Action | Owner | Due | Status |
|--------|-------|-----|--------|
| Add an alert | @ann | 2026-06-15 | 🔲 TODO |
"""
FIRST, SECOND, THIRD = "2027-01-01", "2027-01-02", "2027-01-03"


@pytest.fixture
def small() -> Small:
    """A world whose documents count once they are pushed, with the ticket in its row."""
    made = Small({PAGE: TEXT})
    made.documents.lands = False
    made.documents.pushed = {PAGE: TEXT}
    told(made)
    made.documents.pushed = dict(made.texts)
    told(made)
    return made


def told(small: Small) -> list[str]:
    """Run, and return the codes of what was told."""
    outcome = small.sync()
    assert outcome is not None
    return [finding.code for finding in outcome.findings]


def moved(small: Small, day: str) -> None:
    small.tracker.edit("1", {Field.DUE: day})


def due(text: str) -> str:
    return next(line for line in text.split("\n") if "@ann" in line).split("|")[3].strip()


def test_a_write_back_that_waits_stays_ours_when_an_older_one_is_pushed(small: Small) -> None:
    moved(small, FIRST)
    told(small)
    first = dict(small.texts)
    moved(small, SECOND)
    told(small)
    small.documents.pushed = first
    assert told(small) == []
    moved(small, THIRD)
    assert told(small) == []
    assert due(small.text) == THIRD


def test_an_older_write_back_that_was_committed_here_is_no_persons_when_it_is_pushed(small: Small) -> None:
    moved(small, FIRST)
    told(small)
    first = dict(small.texts)
    small.documents.ahead = True  # a person commits it, and pushes later
    moved(small, SECOND)
    told(small)
    told(small)
    small.documents.pushed, small.documents.ahead = first, False
    assert told(small) == []
    assert small.tracker.issues["1"].values[Field.DUE] == SECOND
    assert due(small.text) == SECOND


def test_what_was_thrown_away_is_a_persons_when_a_person_writes_it(small: Small) -> None:
    moved(small, FIRST)
    told(small)
    assert small.documents.pushed is not None
    small.texts.update(small.documents.pushed)
    moved(small, SECOND)
    told(small)
    told(small)
    small.text = small.text.replace(SECOND, FIRST)
    small.documents.pushed = dict(small.texts)
    assert told(small) == ["clash"]


def test_a_push_that_was_refused_leaves_nothing_that_passes_for_ours() -> None:
    """A commit publisher's documents stand as they were read: what is not there was never taken."""
    small = Small({PAGE: TEXT})
    told(small)
    told(small)
    moved(small, FIRST)
    assert small.sync(dies_at=1) is None  # after the ledger, before the document
    assert due(small.text) == "2026-06-15"
    (entry,) = small.ledger.load().entries.values()
    assert entry.memory[Field.DUE].proposed == {FIRST}
    moved(small, "2026-06-15")
    told(small)
    small.text = small.text.replace("2026-06-15", FIRST)
    assert told(small) == []
    assert small.tracker.issues["1"].values[Field.DUE] == due(small.text) == FIRST


def test_a_rewritten_history_is_let_go_once(small: Small) -> None:
    small.documents.revision = "5"
    moved(small, FIRST)
    told(small)
    small.documents.pushed = dict(small.texts)
    told(small)
    small.documents.revision = "4"
    asked = small.options
    name = small.plan().plan.digest
    small.options = replace(asked, circumstances=replace(asked.circumstances, approve=name))
    told(small)
    small.options = asked
    moved(small, SECOND)
    told(small)
    assert due(small.text) == SECOND


def test_what_is_taken_back_is_planned(small: Small) -> None:
    moved(small, FIRST)
    told(small)
    moved(small, "2026-06-15")
    (change,) = small.plan().plan.changes
    assert isinstance(change, Show)
    assert (change.before, change.value) == (FIRST, "2026-06-15")
    told(small)
    assert due(small.text) == "2026-06-15"
    assert small.plan().plan.empty


@pytest.mark.parametrize(("old", "new"), [("2026-06-15", THIRD), ("Add an alert", "Page somebody")])
def test_what_a_local_edit_is_in_the_way_of_is_told_by_the_plan_too(small: Small, old: str, new: str) -> None:
    small.text = small.text.replace(f"| {old}", f"| {new}")
    if old != "2026-06-15":
        small.text = small.text.replace(" [#1](memory:/1)", "")
    before = small.text
    moved(small, FIRST)
    for _ in range(2):
        outcome = small.plan()
        assert outcome.plan.empty
        assert [finding.code for finding in outcome.findings] == ["local-edit"]
        assert told(small) == ["local-edit"]
    assert small.text == before


@pytest.mark.parametrize("asked", ["add_columns", "add_boxes", "realign"])
def test_a_new_shape_that_waits_is_planned_no_second_time(asked: str) -> None:
    text = "# Outage\n\n**Date**: 2026-05-01\n\n## Action items\n\n"
    rows = (
        "- Add an alert @ann\n" if asked == "add_boxes" else "| Action | Owner |\n|---|---|\n| Add an alert | @ann |\n"
    )
    small = Small({PAGE: text + rows})
    small.options = replace(small.options, add_columns=asked == "add_columns")
    small.options = replace(small.options, add_boxes=asked == "add_boxes", realign=asked == "realign")
    small.documents.lands, small.documents.pushed = False, dict(small.texts)
    told(small)
    plan = small.plan().plan
    assert plan.empty
    assert [dict(found) for found in (plan.columns, plan.boxes, plan.realigned)] == [{}, {}, {}]


def test_commits_that_nobody_pushed_are_known(tmp_path: Path) -> None:
    root = clone(remote(tmp_path), "clone")
    (root / "postmortems").mkdir()
    (root / PAGE).write_text(TEXT, encoding="utf-8")
    git(root, "add", "-A")
    assert not Head(root, "main").read().ahead
    git(root, "commit", "-q", "-m", "one")
    assert Head(root, "main").read().ahead
    git(root, "push", "-q", "origin", "HEAD:main")
    assert not Head(root, "main").read().ahead
    git(root, "reset", "-q", "--hard", "HEAD~1")
    assert not Head(root, "main").read().ahead


LIST = "# Outage\n\n**Date**: 2026-05-01\n\n## Follow-ups\n\n- [ ] Add an alert (Owner: @ann)\n"


@pytest.fixture
def boxed() -> Small:
    """The same for an entry of a list, whose state is a box."""
    made = Small({PAGE: LIST})
    made.documents.lands = False
    made.documents.pushed = {PAGE: LIST}
    told(made)
    made.documents.pushed = dict(made.texts)
    told(made)
    return made


def test_a_box_that_is_ticked_and_not_pushed_yet_is_no_pending_change(boxed: Small) -> None:
    boxed.tracker.edit("1", {Field.STATUS: "done"})
    told(boxed)
    assert "- [x] Add an alert" in boxed.text
    assert boxed.plan().plan.empty


def test_a_box_that_was_ticked_is_emptied_again_when_the_issue_is_opened_before_anybody_pushed(boxed: Small) -> None:
    boxed.tracker.edit("1", {Field.STATUS: "done"})
    told(boxed)
    boxed.tracker.edit("1", {Field.STATUS: "todo"})
    outcome = boxed.sync()
    assert outcome is not None
    assert outcome.errors == ()
    assert "- [ ] Add an alert" in boxed.text
