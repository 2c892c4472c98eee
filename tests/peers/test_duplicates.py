"""What users of similar tools got twice: their situations, played through our code, and one issue for each item."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from closeout.domain.item import Field
from closeout.errors import OutcomeUnknown
from closeout.hosts.github import GitHub
from closeout.trackers.memory import MemoryTracker
from fakes import faults
from fakes.http import Fault
from test_github_end_to_end import PAGE, TEXT, Team, git, team  # noqa: F401
from test_no_second_issue import A, B, unlanded
from worlds import TABLE, Small

ROW = "| Add a connection alert | @ann    | 2026-12-01 | 🔲 TODO |\n"
TOLD = re.compile(r" \[#\d+\]\(memory:/\d+\)")


def titles(team: Team) -> list[str]:
    return [issue.title for issue in team.repo.issues.values()]


def test_0pdd_366_another_way_to_derive_keys_finds_what_the_old_way_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """yegor256/0pdd#366: the way to hash a puzzle changed, and years-old issues were made a second time."""
    small = unlanded()
    monkeypatch.setattr("closeout.domain.sync.identity.key_of", lambda *place: f"v2:{hash(place) & 0xFFFFFFFF:x}")
    for _ in range(2):
        outcome = small.sync()
        assert outcome is not None
        assert outcome.results == ()
    small.text += "| Call the bank | @ann | 2026-06-15 | 🔲 TODO |\n"
    small.sync()
    assert [issue.key.partition(":")[0] for issue in small.tracker.issues.values()] == ["v1", "v1", "v2"]
    small.ledger.text = ""
    small.options = replace(small.options, rebuild=True)
    small.documents.writes = True
    small.sync()
    assert len(small.tracker.issues) == 3


def test_todo_to_issue_24_branches_merges_and_rebases_make_no_second_issue(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """alstr/todo-to-issue-action#24: every branch, merge and rebase that carried a TODO made its issue once more."""
    team.run("sync", "--yes")
    git(team.clone, "checkout", "-q", ".")
    git(team.clone, "remote", "set-head", "origin", "main")
    git(team.clone, "switch", "-q", "-c", "feature")
    (team.clone / PAGE).write_text(TEXT + "| Call the bank | @ann | 2026-12-09 | 🔲 TODO |\n", encoding="utf-8")
    git(team.clone, "commit", "-q", "-am", "A new item")
    git(team.clone, "push", "-q", "-u", "origin", "feature")
    monkeypatch.setenv("GITHUB_REF_NAME", "feature")
    assert team.run("sync")[0] in {0, 5}
    assert len(team.repo.issues) == 2
    git(team.clone, "switch", "-q", "main")
    monkeypatch.setenv("GITHUB_REF_NAME", "main")
    git(team.clone, "commit", "-q", "--allow-empty", "-m", "Meanwhile")
    git(team.clone, "merge", "-q", "--no-ff", "feature")
    team.push("The merge")
    assert team.run("sync")[0] == 0
    team.push("Tickets")
    git(team.clone, "switch", "-q", "feature")
    git(team.clone, "rebase", "-q", "main")
    git(team.clone, "push", "-q", "--force")
    for branch in ("feature", "main"):
        git(team.clone, "switch", "-q", branch)
        monkeypatch.setenv("GITHUB_REF_NAME", branch)
        assert team.run("sync")[0] in {0, 5}
    assert titles(team) == ["Add a connection alert", "Write the runbook", "Call the bank"]


def test_todo_to_issue_284_two_items_of_one_title_are_two(team: Team) -> None:
    """alstr/todo-to-issue-action#284: its cure, looking for the title, forbids two items of one title."""
    team.text = TEXT.replace("Write the runbook     ", "Add a connection alert")
    team.run("sync", "--yes")
    assert titles(team) == ["Add a connection alert"] * 2
    team.repo.close(2)
    assert team.run("sync")[0] == 0
    rows = [line for line in team.text.split("\n") if "connection alert" in line]
    assert ["[#1]" in rows[0], "TODO" in rows[0], "[#2]" in rows[1], "DONE" in rows[1]] == [True] * 4


@pytest.mark.parametrize("landed", [True, False])
def test_todo_268_a_file_that_moves_takes_its_issues_along(team: Team, landed: bool) -> None:
    """JasonEtco/todo#268: a moved file made all of its issues again, until its path was taken out of the key (PR #76)."""
    team.run("sync", "--yes")
    if landed:
        team.push("Tickets")
    else:
        git(team.clone, "checkout", "-q", ".")
    moved = PAGE.replace("docs/postmortems/", "docs/postmortems/2026/")
    (team.clone / moved).parent.mkdir()
    git(team.clone, "mv", PAGE, moved)
    git(team.clone, "commit", "-q", "-m", "By year")
    git(team.clone, "push", "-q")
    for _ in range(2):
        assert team.run("sync")[0] == 0
    assert len(team.repo.issues) == 2
    assert (team.clone / moved).read_text("utf-8").count("/acme/pm/issues/") == 2


@pytest.mark.parametrize(("method", "skip"), [("POST", 0), ("POST", 1), ("GET", 2)])
def test_worklog_235_a_limit_between_creating_and_recording_makes_no_copy(team: Team, method: str, skip: int) -> None:
    """SpillwaveSolutions/wiki_ticket_sdd#235: a limit on the call after a create made the retry create up to four."""
    team.fake.script(Fault(faults.limited(retry_after=3600), method, times=None, skip=skip))
    for _ in range(2):
        assert team.run("sync", "--yes")[0] == 9
        team.fake.clock.advance(hours=2)
    team.fake.server.faults.clear()
    assert team.run("sync", "--yes")[0] == 0
    assert team.run("plan", "--exit-code")[0] == 0
    assert sorted(titles(team)) == ["Add a connection alert", "Write the runbook"]


def test_worklog_226_a_cancelled_copy_of_a_row_closes_no_live_issue() -> None:
    """SpillwaveSolutions/wiki_ticket_sdd#226: two items had one ticket, and cancelling the copy closed a live P1 (#237)."""
    small = Small()
    small.sync()
    small.texts[B] = TABLE.partition("| Add")[0] + next(
        f"{line}\n" for line in small.text.split("\n") if "Add an alert" in line
    ).replace("🔲 TODO", "WONTFIX")
    for _ in range(3):
        small.sync()
    assert small.tracker.issues["1"].open
    assert len(small.tracker.issues) == 2
    told = [one.message for one in small.plan().findings if one.code == "follower"]
    assert len(told) == 1
    assert f"the ticket belongs to {A}:9; copied?" in told[0]


def test_aidevops_2734_two_runs_at_once_make_one_issue_for_each_row(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """marcusquinn/aidevops#2734: a CI run and a local one at the same time made 13 pairs."""
    other = team.clone.parent / "other"
    git(team.clone.parent, "clone", "-q", str(team.clone.parent / "remote.git"), str(other))
    make, ends = GitHub.create_issue, []

    def meanwhile(host: GitHub, *arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(GitHub, "create_issue", make)
        monkeypatch.chdir(other)
        ends.append(team.run("sync", "--yes")[0])
        monkeypatch.chdir(team.clone)
        return make(host, *arguments, **named)

    monkeypatch.setattr(GitHub, "create_issue", meanwhile)
    assert team.run("sync", "--yes")[0] == 0
    monkeypatch.chdir(other)
    assert team.run("sync")[0] == 0
    assert ends == [6]
    assert titles(team) == ["Add a connection alert", "Write the runbook"]


def test_aidevops_15234_a_reply_that_is_empty_or_lost_makes_no_issue_again() -> None:
    """marcusquinn/aidevops#15234: an empty reply was taken for a failure, again and again: 19 duplicates."""
    small = Small()
    small.tracker.faults = ["lost after", "lost after"] * 3
    for _ in range(8):
        small.sync()
    assert [issue.values[Field.TITLE] for issue in small.tracker.issues.values()] == ["Add an alert", "Write a runbook"]
    assert small.plan().plan.empty


def test_synclinear_135_an_issue_that_is_seen_before_it_is_recorded_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """calcom/synclinear.com#135: the news of an own create came before the record of it, and it was made again (#175)."""
    small, make, seen = Small(), MemoryTracker.create, []

    def told_first(tracker: MemoryTracker, draft: Any) -> Any:
        make(tracker, draft)
        seen.append({issue.key for issue in tracker.managed()} <= set(small.ledger.load().entries))
        message = "memory: the news was faster than the reply"
        raise OutcomeUnknown(message)

    monkeypatch.setattr(MemoryTracker, "create", told_first)
    for _ in range(5):
        small.sync()
    assert seen == [True, True]
    assert len(small.tracker.issues) == 2
    assert small.text.count("memory:/") == 2
