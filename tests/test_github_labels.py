"""Labels that say a status and a priority on GitHub: both ways, and nobody else's label is ever touched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from closeout.domain.issue import Changed, Draft, Issue
from closeout.domain.item import Field, Item, Stated, Status
from closeout.domain.ledger import Entry, Memory
from closeout.domain.sync.decide import decide
from closeout.domain.sync.fit import Fitting
from closeout.domain.sync.merge import DEFAULT_RULES
from closeout.errors import ConfigurationError
from closeout.settings import load
from closeout.trackers.github import GitHubTracker
from closeout.trackers.github_labels import Meanings
from closeout.trackers.github_words import CAPABILITIES
from fakes.github import GitHubFake
from fakes.github_values import Right
from github_bench import GitHubBench
from test_github_end_to_end import Team, team

__all__ = ["team"]
MEANINGS = Meanings("In progress", {"high": "P1", "low": "P3"})
VALUES = {Field.TITLE: "Add an alert", Field.STATUS: "in_progress", Field.PRIORITY: "high"}
DRAFT = Draft("v1:0123456789abcdef0123", VALUES, "- **Action item**: Add an alert\n")
TODO = {Field.STATUS: "todo"}
IN_PROGRESS = {Field.STATUS: "in_progress"}


@pytest.fixture
def bench(github_fake: GitHubFake) -> GitHubBench:
    return GitHubBench(github_fake)


def tracker(bench: GitHubBench, token: str = "") -> GitHubTracker:
    return replace(bench.tracker(token), meanings=MEANINGS)


def labels(bench: GitHubBench) -> list[str]:
    return [label.name for label in bench.repo.issues[1].labels]


def test_labels_widen_what_a_repository_can_hold(bench: GitHubBench) -> None:
    bare, wide = bench.tracker().capabilities, tracker(bench).capabilities
    assert (Field.PRIORITY in bare.fields, Status.IN_PROGRESS in bare.statuses) == (False, False)
    assert (Field.PRIORITY in wide.fields, Status.IN_PROGRESS in wide.statuses) == (True, True)
    assert wide.levels == {"high", "low"}


def test_a_new_issue_has_the_labels_that_say_its_status_and_its_priority(bench: GitHubBench) -> None:
    issue = tracker(bench).create(DRAFT)
    assert labels(bench) == ["closeout", "In progress", "P1"]
    assert (issue.values[Field.STATUS], issue.values[Field.PRIORITY]) == ("in_progress", "high")
    assert len(bench.fake.writes) == 1


def test_labels_come_and_go_and_those_of_people_stay(bench: GitHubBench) -> None:
    there = tracker(bench)
    there.create(DRAFT)
    bench.repo.label(1, "bug", "P2")
    bench.asked()
    after = there.update("1", {Field.PRIORITY: "low"}, {Field.PRIORITY: "high"})
    assert isinstance(after, Issue)
    assert after.values[Field.PRIORITY] == "low"
    assert labels(bench) == ["closeout", "In progress", "bug", "P2", "P3"]
    place = "/repos/acme/platform/issues/1"
    assert bench.asked() == [f"GET {place}", f"POST {place}/labels", f"DELETE {place}/labels/P1", f"GET {place}"]
    assert isinstance(there.update("1", TODO | {Field.PRIORITY: ""}, IN_PROGRESS | {Field.PRIORITY: "low"}), Issue)
    assert labels(bench) == ["closeout", "bug", "P2"]
    assert all(request.method != "PATCH" for request in bench.fake.writes)


@pytest.mark.parametrize(("status", "state"), [("done", "closed"), ("wont_do", "closed"), ("todo", "open")])
def test_what_is_no_longer_in_progress_loses_the_label(bench: GitHubBench, status: str, state: str) -> None:
    there = tracker(bench)
    there.create(DRAFT)
    after = there.update("1", {Field.STATUS: status}, IN_PROGRESS)
    assert isinstance(after, Issue)
    assert (after.values[Field.STATUS], bench.repo.issues[1].state) == (status, state)
    assert "In progress" not in labels(bench)


def test_a_closed_issue_is_opened_to_be_in_progress(bench: GitHubBench) -> None:
    there = tracker(bench)
    there.create(replace(DRAFT, values={**VALUES, Field.STATUS: "todo"}))
    bench.repo.close(1)
    after = there.update("1", IN_PROGRESS, {Field.STATUS: "done"})
    assert isinstance(after, Issue)
    assert after.values[Field.STATUS] == "in_progress"


def test_a_closed_issue_with_the_label_is_done_and_reopened_as_todo(bench: GitHubBench) -> None:
    there = tracker(bench)
    there.create(DRAFT)
    bench.repo.close(1)
    closed = there.get("1")
    assert isinstance(closed, Issue)
    assert closed.values[Field.STATUS] == "done"
    after = there.update("1", TODO, {Field.STATUS: "done"})
    assert isinstance(after, Issue)
    assert after.values[Field.STATUS] == "todo"


def test_a_label_that_a_person_set_or_took_off_is_read_in_any_case(bench: GitHubBench) -> None:
    there = tracker(bench)
    there.create(replace(DRAFT, values={Field.TITLE: "Add an alert", Field.STATUS: "todo"}))
    bench.repo.label(1, "in PROGRESS", "p3")
    issue = there.get("1")
    assert isinstance(issue, Issue)
    assert (issue.values[Field.STATUS], issue.values[Field.PRIORITY]) == ("in_progress", "low")


def test_two_priorities_are_for_a_person_to_settle(bench: GitHubBench) -> None:
    there = tracker(bench)
    there.create(DRAFT)
    bench.repo.label(1, "P3")
    issue = there.get("1")
    assert isinstance(issue, Issue)
    assert Field.PRIORITY not in issue.values
    assert isinstance(there.update("1", {Field.PRIORITY: "low"}, {Field.PRIORITY: "high"}), Changed)
    assert {"P1", "P3"} < set(labels(bench))


def test_a_label_that_somebody_took_off_meanwhile_is_off(bench: GitHubBench) -> None:
    there = tracker(bench)
    there.create(DRAFT)
    raw = bench.host().issue("acme/platform", 1)
    bench.repo.unlabel(1, "P1")
    issue = Issue("1", values={Field.PRIORITY: "high"})
    after = there._turned(raw, issue, {Field.PRIORITY: ""})
    assert after.values[Field.PRIORITY] == ""


def test_labels_that_may_not_be_set_are_told_by_the_answer(bench: GitHubBench) -> None:
    bench.repo.grant("reader", Right.READ)
    issue = tracker(bench, bench.fake.sign_in("reader")).create(DRAFT)
    assert (issue.values[Field.STATUS], issue.values[Field.PRIORITY]) == ("todo", "")


def test_a_label_that_is_configured_no_more_changes_no_document() -> None:
    entry = Entry("v1:a", "github", "a", "a", 1, issue="1").remember(
        {Field.STATUS: Memory("In progress", "in_progress")}
    )
    issue = Issue("1", "v1:a", {Field.STATUS: "todo"})
    stated = {Field.STATUS: Stated("In progress", "in_progress")}
    item = Item("a", 1, stated=stated)
    decision = decide(item, entry, issue, Fitting("github", CAPABILITIES), DEFAULT_RULES)
    assert (decision.send, decision.told, decision.entry.memory[Field.STATUS].want) == ({}, (), None)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (
            '[trackers.github]\nin-progress-label = "P1"\npriority-labels = { high = "p1" }',
            "a label says one thing only",
        ),
        ('[trackers.plane]\nin-progress-label = "doing"', "in-progress-label is for a tracker on GitHub"),
        ('[trackers.github]\npriority-labels = { higher = "P1" }', "priority-labels"),
    ],
)
def test_labels_that_cannot_be_used_are_refused(tmp_path: Path, told: str, why: str) -> None:
    (tmp_path / "closeout.toml").write_text(told + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=why):
        load(tmp_path, {})


def test_status_and_priority_go_both_ways_by_labels(team: Team) -> None:
    labelled = '[trackers.github]\nin-progress-label = "doing"\npriority-labels = { high = "P1", low = "P3" }\n'
    (team.clone / "closeout.toml").write_text(labelled, encoding="utf-8")
    (team.clone / ".gitignore").write_text("closeout.toml\n", encoding="utf-8")
    text = team.text.replace("| Status  |", "| Status  | Priority |").replace("|---------|\n", "|---------|---|\n")
    text = text.replace("🔲 TODO |", "🚧 IN PROGRESS | P1 |", 1).replace("🔲 TODO |", "🔲 TODO | someday |")
    team.text = text.replace("✅ DONE |", "✅ DONE | |")
    code, out, err = team.run("sync", "--yes")
    assert (code, err) == (0, "")
    assert "github holds no priority of those words: 1 row's priorities stay in the documents" in out
    assert [label.name for label in team.repo.issues[1].labels] == ["closeout", "doing", "P1"]
    assert [label.name for label in team.repo.issues[2].labels] == ["closeout"]
    team.push("Tickets")

    team.repo.unlabel(1, "P1")
    team.repo.label(1, "P3", "bug")
    team.repo.label(2, "doing")
    assert team.run("sync")[0] == 0
    alert, runbook = (line for line in team.text.split("\n") if "alert" in line or "runbook" in line)
    assert "| Low |" in alert
    assert "TODO" not in runbook
    assert "someday" in runbook
    team.push("Values")
    assert team.run("sync")[0] == 0

    team.text = team.text.replace(alert, alert.replace("Low", "P1").replace("🚧 IN PROGRESS", "✅ DONE"))
    assert team.run("sync")[0] == 0
    assert team.repo.issues[1].state == "closed"
    assert [label.name for label in team.repo.issues[1].labels] == ["closeout", "bug", "P1"]
    team.fake.requests.clear()
    assert team.run("sync")[0] == 0
    assert team.fake.writes == []


def test_several_followed_issues_of_which_some_are_closed_stay_in_progress_without_the_label() -> None:
    seen = {Field.STATUS: Memory("In progress", "in_progress")}
    entry = Entry("v1:a", "github", "a", "a", 1, issue="1", owned=False).remember(seen)
    item = Item("a", 1, stated={Field.STATUS: Stated("In progress", "in_progress")})
    issue = Issue("1", values={Field.STATUS: "in_progress"})
    decision = decide(item, entry, issue, Fitting("github", CAPABILITIES), DEFAULT_RULES)
    assert decision.entry.memory == seen
