"""What a tracker cannot hold stays in the documents, and a plan says so once for each tracker."""

from __future__ import annotations

import json
from dataclasses import replace

from closeout.domain.issue import Capabilities, Issue
from closeout.domain.item import Field, Status
from closeout.render.plan import as_markdown, lines
from closeout.render.plan_json import as_json
from test_github_end_to_end import TEXT, Team, team
from worlds import Small

__all__ = ["team"]
TABLE = """# Outage

**Date**: 2026-05-01

## Action items

| Action | Owner | Priority | Status |
|--------|-------|----------|--------|
| Add an alert | @ann | P1 | In progress |
| Write a runbook | @bob | P2 | TODO |
| Raise the limit | @cid | | TODO |
"""
NARROW = Capabilities(
    "narrow", frozenset({Field.TITLE, Field.STATUS}), frozenset({Status.TODO, Status.DONE, Status.WONT_DO})
)
SAID = (
    "note: memory holds no status in_progress, no owners, no priority: 1 row's statuses, 3 rows' owners, "
    "2 rows' priorities stay in the documents"
)


def narrow() -> Small:
    small = Small({"postmortems/a.md": TABLE})
    small.tracker.capabilities = NARROW
    return small


def said(small: Small) -> list[str]:
    return [text for text, _ in lines(small.plan().plan) if "stay in the documents" in text]


def test_a_plan_says_once_what_the_tracker_cannot_hold_before_and_after_the_issues_are_made() -> None:
    small = narrow()
    assert said(small) == [SAID]
    small.sync()
    assert said(small) == [SAID]
    assert not [finding for finding in small.plan().findings if "priority" in finding.message]


def test_it_is_in_the_plan_as_json_and_as_a_page() -> None:
    plan = narrow().plan().plan
    assert json.loads(as_json(plan))["unheld"] == {"memory": {"in_progress": 1, "owners": 3, "priority": 2}}
    assert "2 rows' priorities stay in the documents" in as_markdown(plan)


def test_a_tracker_that_holds_everything_is_not_named() -> None:
    small = Small({"postmortems/a.md": TABLE})
    assert said(small) == []
    assert small.plan().plan.unheld == {}


def test_an_issue_that_is_only_read_could_hold_nothing_anyway() -> None:
    small = Small({"postmortems/a.md": TABLE.replace("Add an alert", "Add an alert #7").replace("| P2 |", "| |")})
    small.tracker.capabilities = replace(NARROW, fields=NARROW.fields | {Field.OWNERS})
    small.tracker.issues["7"] = Issue("7", values={Field.TITLE: "Theirs", Field.STATUS: "todo"})
    assert said(small) == []


def test_github_says_it_in_plan_and_sync(team: Team) -> None:
    text = TEXT.replace("| Status  |", "| Status  | Priority |").replace("|---------|\n", "|---------|---|\n")
    team.text = text.replace("🔲 TODO |", "🔲 TODO | P1 |").replace("✅ DONE |", "✅ DONE | P2 |")
    told = "note: github holds no priority: 2 rows' priorities stay in the documents\n"
    for command in (["plan"], ["sync", "--yes"], ["plan"]):
        _, out, err = team.run(*command)
        assert not err
        assert out.count(told) == 1
    assert team.text.count("| P1 |") == 2
