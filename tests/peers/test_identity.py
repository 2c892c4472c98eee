"""What people edit, move, close and open again: their situations, played through our code, and the issue is the same."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from closeout.domain.item import Field
from test_github_end_to_end import PAGE, TEXT, Team, git, team  # noqa: F401
from test_no_second_issue import A, B, codes, unlanded
from worlds import Small


def _text_around(text: str) -> str:
    return text.replace("## Action items\n", "## Action items\n\nCLOSED: some of these, says Zoe.\n\n")


def _column(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(f"| x {line}" if line.startswith("| ") else line.replace("|-", "|---|-", 1) for line in lines)


def _turned(text: str) -> str:
    lines = text.split("\n")
    rows = [line for line in lines if line.startswith("| ") and "Owner" not in line]
    return "\n".join([line for line in lines if line not in rows][:-1] + rows[::-1] + [""])


def _reworded(text: str) -> str:
    return text.replace("Add an alert", "See to an alert").replace("Write a runbook", "Write it all down")


def _bare(text: str) -> str:
    return re.sub(r"\[(#\d+)\]\(memory:/\d+\)", r"\1", text)


def _first(text: str) -> str:
    return re.sub(r"\| ([^|]+?) (\[#\d+\]\(memory:/\d+\))", r"| \2 \1", text)


@pytest.mark.parametrize("edit", [_text_around, _column, _turned, _reworded, _bare, _first])
def test_org_sync_23_identity_survives_what_people_edit_around_it(edit: Any) -> None:
    """arbox/org-sync#23: an id was known directly below the title only; a line between them made a new issue."""
    small = Small()
    small.sync()
    after = edit(small.text)
    assert after != small.text
    small.text = after
    for _ in range(2):
        small.sync()
    assert len(small.tracker.issues) == 2
    small.tracker.edit("1", {Field.DUE: "2026-07-01"})
    small.sync()
    (row,) = (line for line in small.text.split("\n") if "#1" in line)
    assert "2026-07-01" in row
    assert codes(small) <= {"unread-column"}


@pytest.mark.parametrize("landed", [True, False])
def test_bugwarrior_769_what_is_opened_again_is_the_same_issue(team: Team, landed: bool) -> None:
    """GothenburgBitFactory/bugwarrior#769: a task that was completed and opened again became a second one."""
    team.run("sync", "--yes")
    if not landed:
        git(team.clone, "checkout", "-q", ".")
    for word, state in (("✅ DONE", "closed"), ("🔲 TODO", "open"), ("✅ DONE", "closed"), ("🔲 TODO", "open")):
        team.text = re.sub(r"(connection alert.*\| )(🔲 TODO|✅ DONE)", rf"\g<1>{word}", team.text)
        assert team.run("sync")[0] == 0
        assert team.repo.issues[1].state == state
        if not landed:
            git(team.clone, "checkout", "-q", ".")
    assert len(team.repo.issues) == 2


def test_create_an_issue_121_a_closed_issue_is_brought_up_to_date_and_no_new_one_made(team: Team) -> None:
    """JasonEtco/create-an-issue#121: with all issues searched, a closed one still led to a new one, not to an update."""
    team.run("sync", "--yes")
    team.repo.close(1)
    team.run("sync")
    team.text = team.text.replace("2026-12-01", "2026-12-09").replace("Add a connection alert", "Add two alerts")
    assert team.run("sync")[0] == 0
    issue = team.repo.issues[1]
    assert (issue.title, issue.state, len(team.repo.issues)) == ("Add two alerts", "closed", 2)
    assert "Due: 2026-12-09" in (issue.body or "")


def test_bugwarrior_601_one_issue_that_two_pages_name_is_one_item() -> None:
    """GothenburgBitFactory/bugwarrior#601: one issue that came through two sources was two tasks (#447)."""
    small = Small()
    small.sync()
    small.texts[B] = small.text
    for _ in range(2):
        small.sync()
    small.tracker.edit("1", {Field.STATUS: "done"})
    small.sync()
    assert [text.count("✅ DONE") for text in small.texts.values()] == [2, 2]
    assert len(small.tracker.issues) == 2


@pytest.mark.parametrize("landed", [True, False])
def test_todo_to_issue_53_what_people_gave_an_issue_stays_when_its_row_moves(team: Team, landed: bool) -> None:
    """alstr/todo-to-issue-action#53: a TODO that moved was closed and made anew, without the human's milestone."""
    team.run("sync", "--yes")
    if not landed:
        git(team.clone, "checkout", "-q", ".")
    team.repo.milestones[4] = "Q4"
    team.repo.issues[1].milestone = 4
    team.repo.label(1, "area/db")
    (row,) = (line + "\n" for line in team.text.split("\n") if "connection alert" in line)
    other = PAGE.replace("pool", "disk")
    (team.clone / other).write_text(TEXT.partition("| Add a")[0].replace("pool", "disk") + row, encoding="utf-8")
    git(team.clone, "add", "-A")
    team.text = team.text.replace(row, "")
    for _ in range(2):
        assert team.run("sync")[0] == 0
    issue = team.repo.issues[1]
    assert (issue.state, issue.milestone, len(team.repo.issues)) == ("open", 4, 2)
    assert "area/db" in {label.name for label in issue.labels}
    assert "[#1]" in (team.clone / other).read_text("utf-8")
    assert Path(team.clone / PAGE).read_text("utf-8").count("[#1]") == 0


def test_todo_to_issue_73_a_rename_is_an_update() -> None:
    """alstr/todo-to-issue-action#73: a renamed TODO closed its issue and made another."""
    small = unlanded()
    for title in ("Add two alerts", "Page somebody"):
        small.text = re.sub(r"\| (Add an alert|Add two alerts)", f"| {title}", small.text)
        small.sync()
        assert small.tracker.issues["1"].values[Field.TITLE] == title
    assert len(small.tracker.issues) == 2
    assert A in small.texts
