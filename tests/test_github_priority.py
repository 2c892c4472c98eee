"""Priorities in an organisation's field on GitHub: both ways where it can be seen, and nothing changed where it cannot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from closeout.domain.issue import Changed, Draft, Issue
from closeout.domain.item import Field
from closeout.errors import TrackerError
from closeout.trackers.github import GitHubTracker
from closeout.trackers.github_labels import Meanings
from closeout.trackers.github_priority import Priorities
from fakes import faults
from fakes.github import GitHubFake
from fakes.github_values import Organisation
from fakes.http import Fault
from github_bench import GitHubBench
from test_github_end_to_end import PAGE, TEXT, Team, team

__all__ = ["team"]
FIELDS = {7: ("Priority", "single_select"), 9: ("Target date", "date")}
OPTIONS = {7: ("Urgent", "High", "Medium", "Low", "Someday")}
VALUES = {Field.TITLE: "Add an alert", Field.STATUS: "todo", Field.PRIORITY: "P1", Field.DUE: "2026-12-01"}
DRAFT = Draft("v1:0123456789abcdef0123", VALUES, "- **Action item**: Add an alert\n")
ORG = "GET /orgs/acme/issue-fields"


@pytest.fixture
def acme(github_fake: GitHubFake) -> Organisation:
    return github_fake.world.organisation("acme", fields=dict(FIELDS), options=dict(OPTIONS))


@pytest.fixture
def bench(github_fake: GitHubFake, acme: Organisation) -> GitHubBench:
    return GitHubBench(github_fake)


def priority(there: GitHubTracker) -> str | None:
    issue = there.get("1")
    assert isinstance(issue, Issue)
    return issue.values.get(Field.PRIORITY)


def sent(there: GitHubTracker, value: str, expected: str) -> Issue:
    after = there.update("1", {Field.PRIORITY: value}, {Field.PRIORITY: expected})
    assert isinstance(after, Issue)
    return after


def test_a_new_issue_gets_its_priority_with_its_date_in_one_write(bench: GitHubBench) -> None:
    issue = bench.tracker().create(DRAFT)
    assert bench.repo.issues[1].fields == {7: "High", 9: "2026-12-01"}
    assert (issue.values[Field.PRIORITY], issue.values[Field.DUE], issue.remarks) == ("high", "2026-12-01", ())
    assert bench.asked() == ["GET /repos/acme/platform", ORG, "POST /repos/acme/platform/issues"]


def test_what_a_person_chooses_is_read_by_what_it_means(bench: GitHubBench) -> None:
    there = bench.tracker()
    there.create(DRAFT)
    for option, meant in {"Urgent": "urgent", "Low": "low", "Someday": None}.items():
        bench.repo.issues[1].fields[7] = option
        assert priority(there) == meant
    del bench.repo.issues[1].fields[7]
    assert priority(there) == ""


def test_a_change_sets_the_field_and_no_other_one_and_twice_is_once(bench: GitHubBench) -> None:
    there = bench.tracker()
    there.create(DRAFT)
    assert sent(there, "low", "high").values[Field.PRIORITY] == "low"
    assert bench.repo.issues[1].fields == {7: "Low", 9: "2026-12-01"}
    writes = len(bench.fake.writes)
    sent(there, "low", "high")
    assert len(bench.fake.writes) == writes
    assert sent(there, "", "low").values[Field.PRIORITY] == ""
    assert bench.repo.issues[1].fields == {9: "2026-12-01"}


def test_what_a_person_changed_meanwhile_or_nobody_can_read_is_not_overwritten(bench: GitHubBench) -> None:
    there = bench.tracker()
    there.create(DRAFT)
    for option in ("Urgent", "Someday"):
        bench.repo.issues[1].fields[7] = option
        assert isinstance(there.update("1", {Field.PRIORITY: "low"}, {Field.PRIORITY: "high"}), Changed)
    assert bench.repo.issues[1].fields[7] == "Someday"


def test_of_two_options_of_one_level_the_first_is_set_and_both_are_read(bench: GitHubBench, acme: Organisation) -> None:
    acme.options[7] = ("P0", "P1", "P2", "P3", "P4")
    there = bench.tracker()
    there.create(replace(DRAFT, values={**VALUES, Field.PRIORITY: "low"}))
    assert bench.repo.issues[1].fields[7] == "P3"
    bench.repo.issues[1].fields[7] = "P4"
    assert priority(there) == "low"
    writes = len(bench.fake.writes)
    sent(there, "low", "low")
    assert len(bench.fake.writes) == writes


def test_without_a_field_of_options_that_mean_something_there_is_no_place(
    bench: GitHubBench, acme: Organisation
) -> None:
    for fields, options in ({9: FIELDS[9]}, {}), ({7: ("Priority", "text")}, {}), (FIELDS, {7: ("Red", "Blue")}):
        acme.fields, acme.options = dict(fields), dict(options)
        there = bench.tracker()
        issue = there.create(DRAFT)
        assert Field.PRIORITY not in there.capabilities.fields
        assert Field.PRIORITY not in issue.values


def test_a_token_that_may_not_list_the_fields_neither_reads_nor_blanks_any(
    bench: GitHubBench, acme: Organisation
) -> None:
    bench.tracker().create(DRAFT)
    acme.listed = False
    there = bench.tracker()
    assert priority(there) is None
    assert Field.PRIORITY not in there.capabilities.fields
    sent(there, "low", "high")
    assert bench.repo.issues[1].fields[7] == "High"


def test_fields_that_could_not_be_listed_for_now_are_asked_for_again_and_blank_nothing(bench: GitHubBench) -> None:
    bench.tracker().create(DRAFT)
    there = bench.tracker()
    bench.fake.script(Fault(faults.failed(done=False), "GET", "issue-fields", times=None))
    with pytest.raises(TrackerError):
        there.managed()
    bench.fake.server.faults.clear()
    assert (priority(there), there.managed()[0].values[Field.PRIORITY]) == ("high", "high")


def test_an_answer_without_fields_says_no_priority_away(bench: GitHubBench) -> None:
    there = bench.tracker()
    there.create(DRAFT)
    bench.fake.script(Fault(faults.lacking("issue_field_values"), "GET", "/issues"))
    assert priority(there) is None


def test_labels_that_say_priorities_go_on_saying_them(bench: GitHubBench) -> None:
    there = replace(bench.tracker(), meanings=Meanings(priorities={"high": "P1", "low": "P3"}))
    issue = there.create(DRAFT)
    assert ({one.name for one in bench.repo.issues[1].labels}, issue.values[Field.PRIORITY]) == (
        {"closeout", "P1"},
        "high",
    )
    assert 7 not in bench.repo.issues[1].fields


def test_who_switches_it_off_asks_for_no_fields(bench: GitHubBench) -> None:
    there = bench.tracker()
    there = replace(there, priorities=Priorities(there.host, used=False))
    there.managed()
    assert ORG not in bench.asked()
    assert Field.PRIORITY not in there.capabilities.fields


@pytest.mark.parametrize("status", [403, 404, 422])
def test_a_field_that_may_not_be_set_is_told_by_what_the_issue_then_holds(bench: GitHubBench, status: int) -> None:
    there = bench.tracker()
    there.create(DRAFT)
    bench.fake.script(Fault(faults.refused(status, "Not here"), "POST", "issue-field-values"))
    assert sent(there, "low", "high").values[Field.PRIORITY] == "high"


def test_a_team_sees_priorities_both_ways(team: Team) -> None:
    team.fake.world.organisation("acme", fields=dict(FIELDS), options=dict(OPTIONS))
    team.repo.owner = team.fake.world.accounts["acme"]
    head = TEXT.replace("| Status  |", "| Status  | Priority |").replace("|---------|\n", "|---------|----------|\n")
    team.text = head.replace("🔲 TODO |\n", "🔲 TODO | P1 |\n")
    assert team.run("sync", "--yes")[0] == 0
    assert [issue.fields[7] for issue in team.repo.issues.values()] == ["High", "High"]
    team.push("Write-backs")
    team.repo.issues[1].fields[7] = "Urgent"
    team.repo.touch(1)
    assert team.run("sync")[0] == 0
    assert "| P0 |" in team.text, PAGE
    team.text = team.text.replace("| P1 |", "| P3 |")
    assert team.run("sync")[0] == 0
    assert team.repo.issues[2].fields[7] == "Low"
    code, out, _ = team.run("plan", "--exit-code")
    assert code == 0, out
