"""The main job over the memory tracker: both ways, at rest, and after a death at every effect."""

from __future__ import annotations

from dataclasses import replace

import pytest

from closeout.domain.item import Field
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from closeout.errors import ConfigurationError, TrackerError
from worlds import TABLE, Small


def test_each_open_item_gets_one_issue_and_its_ticket() -> None:
    small = Small()
    small.sync()
    assert [issue.values[Field.TITLE] for issue in small.tracker.issues.values()] == ["Add an alert", "Write a runbook"]
    assert "| Add an alert [#1](memory:/1) | @ann" in small.text
    assert "| Raise the limit | @cid" in small.text


def test_a_second_run_does_nothing() -> None:
    small = Small()
    small.sync()
    saves, text = small.ledger.saves, small.text
    outcome = small.sync()
    assert outcome is not None
    assert outcome.plan.empty
    assert (small.ledger.saves, small.text, small.tracker.writes) == (saves, text, 2)


def test_what_people_change_in_the_tracker_arrives_in_the_documents_words() -> None:
    small = Small()
    small.sync()
    before = small.text.split("\n")
    small.tracker.edit("1", {Field.STATUS: "done"})
    small.tracker.edit("2", {Field.DUE: "2026-07-01"})
    small.sync()
    changed = [(old, new) for old, new in zip(before, small.text.split("\n"), strict=True) if old != new]
    assert [new for _, new in changed] == [
        "| Add an alert [#1](memory:/1) | @ann | 2026-06-15 | ✅ DONE |",
        "| Write a runbook [#2](memory:/2) | @bob | 2026-07-01 | 🔲 TODO |",
    ]
    assert small.plan().plan.empty


def test_what_people_change_in_the_document_reaches_the_tracker() -> None:
    small = Small()
    small.sync()
    small.text = small.text.replace("2026-06-15", "2026-06-30").replace("Write a runbook", "Write the runbook")
    small.sync()
    assert small.tracker.issues["1"].values[Field.DUE] == "2026-06-30"
    assert small.tracker.issues["2"].values[Field.TITLE] == "Write the runbook"
    assert len(small.tracker.issues) == 2
    assert small.plan().plan.empty


def test_a_death_at_every_effect_leaves_one_issue_per_item() -> None:
    deaths = 0
    while True:
        small = Small()
        survived = small.sync(dies_at=deaths) is not None
        small.sync()
        titles = sorted(issue.values[Field.TITLE] for issue in small.tracker.issues.values())
        assert titles == ["Add an alert", "Write a runbook"], f"died at effect {deaths}"
        assert small.text.count("](memory:/") == 2
        assert small.plan().plan.empty
        if survived:
            break
        deaths += 1
    assert deaths > 10


@pytest.mark.parametrize("fault", ["refused", "lost before", "lost after"])
def test_a_write_that_fails_is_told_and_done_by_the_next_run(fault: str) -> None:
    small = Small()
    small.tracker.faults = [fault]
    outcome = small.sync()
    assert outcome is not None
    assert len(outcome.errors) == 1
    small.sync()
    titles = sorted(issue.values[Field.TITLE] for issue in small.tracker.issues.values())
    assert titles == ["Add an alert", "Write a runbook"]
    assert small.plan().plan.empty


def test_an_unreadable_tracker_changes_nothing() -> None:
    small = Small()
    small.sync()
    text, ledger = small.text, small.ledger.text
    small.tracker.unreadable = True
    with pytest.raises(TrackerError):
        small.sync()
    assert (small.text, small.ledger.text) == (text, ledger)


def test_a_lost_ledger_is_rebuilt_only_when_asked() -> None:
    small = Small()
    small.sync()
    small.ledger.text = ""
    with pytest.raises(ConfigurationError, match="--rebuild-ledger"):
        small.sync()


def test_a_copied_row_follows_and_makes_no_issue() -> None:
    small = Small()
    small.sync()
    small.texts["postmortems/b.md"] = small.text
    outcome = small.sync()
    assert outcome is not None
    assert len(small.tracker.issues) == 2
    assert {finding.code for finding in outcome.findings} == {"follower"}


def test_a_table_stays_as_it_was_but_for_its_fields() -> None:
    small = Small({"postmortems/a.md": TABLE.replace("\n", "\r\n")})
    small.sync()
    assert small.text.count("\r\n") == TABLE.count("\n")


def test_a_ticket_without_a_place_that_reads_back_is_told_and_not_planned_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("closeout.editing.words.ticket", lambda spelt, document: "no ticket")
    small = Small()
    outcome = small.sync()
    assert outcome is not None
    assert [finding.code for finding in outcome.findings] == ["no-place", "no-place"]
    assert small.text == TABLE
    again = small.sync()
    assert again is not None
    assert again.plan.empty
    assert [finding.code for finding in again.findings] == ["no-place", "no-place"]


def test_a_date_that_tells_how_the_others_are_read_is_not_written_over() -> None:
    rows = "| Add an alert | 03/04/2026 |\n| Write a runbook | 25/12/2026 |\n"
    small = Small({"postmortems/a.md": f"## Action items\n\n| Action | Due |\n|---|---|\n{rows}"})
    small.sync()
    small.tracker.edit("2", {Field.DUE: "2026-11-05"})
    outcome = small.sync()
    assert outcome is not None
    assert outcome.errors == ()
    assert "no-words" in {finding.code for finding in outcome.findings}
    assert "25/12/2026" in small.text


BLANK = TABLE.replace("🔲 TODO", "")


def test_an_empty_status_cell_is_filled_also_where_the_run_that_made_the_issue_died() -> None:
    for dies_at in range(2, 6):  # before the issue is made, and up to the reply's being saved
        small = Small({"postmortems/a.md": BLANK})
        assert small.sync(dies_at=dies_at) is None
        small.sync()
        assert BLANK.count("|  |") == 2
        assert "|  |" not in small.text, dies_at


def test_by_document_only_an_empty_status_cell_stays_empty_and_nobody_is_told_of_it() -> None:
    small = Small({"postmortems/a.md": BLANK})
    small.options = replace(small.options, rules={**DEFAULT_RULES, Field.STATUS: Rule.DOCUMENT_ONLY})
    for _ in range(2):
        outcome = small.sync()
        assert outcome is not None
        assert not outcome.findings
    assert small.text.count("|  |") == 2
