"""What users of similar tools suffered from write-backs: damaged files, loops, protected branches; played through our code."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from closeout.domain.item import Field
from test_cli import DOCUMENT, Run, repository, run  # noqa: F401
from test_github_end_to_end import PAGE, TEXT, Team, git, team  # noqa: F401
from worlds import Small


def protected(team: Team, refs: str = "refs/heads/main") -> Path:
    """Nobody may push there any more; returns what forbids it."""
    hook = team.clone.parent / "remote.git/hooks/update"
    told = "error: GH006: Protected branch update failed"
    hook.write_text(f'#!/bin/sh\ncase "$1" in {refs}) echo "{told} for $1." >&2; exit 1;; esac\n', encoding="utf-8")
    hook.chmod(0o755)
    return hook


def rows(text: str) -> list[str]:
    return [line for line in text.split("\n") if "/issues/" in line]


def test_git_auto_commit_71_what_a_protected_branch_refuses_is_offered_as_a_pull_request(team: Team) -> None:
    """stefanzweifel/git-auto-commit-action#71: GH006 ended the job, and what it would have written was gone (#87, #163)."""
    protected(team)
    code, out, _ = team.run("sync", "--yes", "--publish", "commit")
    assert code == 0
    assert "main is protected" in out
    assert (team.text, [issue.pull for issue in team.repo.issues.values()]) == (TEXT, [False, False, True])
    assert len(rows(team.git("show", f"origin/closeout/write-backs:{PAGE}"))) == 2


def test_aidevops_18504_a_write_back_that_fails_for_weeks_fails_every_run(team: Team) -> None:
    """marcusquinn/aidevops#18504: once the branch was protected, write-back failed in silence for three weeks."""
    hook = protected(team, "refs/heads/*")
    for _ in range(3):
        code, _, err = team.run("sync", "--yes", "--publish", "commit")
        assert code not in {0, 9}
        assert "GH006" in err
        team.fake.clock.advance(hours=24 * 7)
    assert (team.text, len(team.repo.issues)) == (TEXT, 2)
    hook.unlink()
    assert team.run("sync", "--publish", "commit")[0] == 0
    assert len(rows(team.git("show", f"origin/main:{PAGE}"))) == 2


def test_aidevops_30432_a_protected_branch_leads_to_one_pull_request_on_one_branch(team: Team) -> None:
    """marcusquinn/aidevops#30432: retries of a push that is refused for good, each with a branch of its own (#29679)."""
    protected(team)
    for _ in range(4):
        assert team.run("sync", "--yes", "--publish", "pull-request")[0] == 0
        team.fake.clock.advance(hours=30)
    branches = team.git("ls-remote", "--heads", "origin").split("\n")
    assert [line.split("\t")[1] for line in branches if line] == ["refs/heads/closeout/write-backs", "refs/heads/main"]
    assert [issue.pull for issue in team.repo.issues.values()] == [False, False, True]


def test_todo_to_issue_227_our_own_push_starts_no_second_round(team: Team) -> None:
    """alstr/todo-to-issue-action#227: its own commit started it again, overnight: ten commits, ten issues, doubled lines."""
    commits = []
    for _ in range(4):  # each push starts a run
        assert team.run("sync", "--yes", "--publish", "commit")[0] == 0
        commits.append(team.git("rev-parse", "origin/main"))
    assert len(set(commits)) == 1
    assert team.text.count("Add a connection alert") == 1
    assert len(team.repo.issues) == 2


def test_add_and_commit_101_what_another_bot_does_to_our_line_ends_in_rest(team: Team) -> None:
    """EndBug/add-and-commit#101: two automations answered each other's commits for ever, as their token starts runs."""
    for _ in range(3):
        assert team.run("sync", "--yes", "--publish", "commit")[0] == 0
        git(team.clone, "pull", "-q")
        team.text = "\n".join(line.rstrip() for line in team.text.replace("  ", " ").split("\n"))
    before = team.git("rev-parse", "origin/main")
    assert team.run("sync", "--publish", "commit")[0] == 0
    assert team.git("rev-parse", "origin/main") == before
    assert len(team.repo.issues) == 2


def _crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def _mixed(text: str) -> str:
    return "".join(f"{line}\r\n" if index % 2 else f"{line}\n" for index, line in enumerate(text.split("\n")[:-1]))


@pytest.mark.parametrize("ends", [_crlf, _mixed, lambda text: text.rstrip("\n"), lambda text: f"\ufeff{text}"])
def test_todo_to_issue_245_lines_keep_their_ends(repository: Path, run: Run, ends: Callable[[str], str]) -> None:
    """alstr/todo-to-issue-action#245: writing an address into a file changed the ends of all its lines (PR #246)."""
    page = repository / DOCUMENT
    page.write_bytes(before := ends(page.read_text("utf-8")).encode())
    assert run("sync")[0] == 0
    (issue,) = (repository / ".closeout/issues").glob("0001-*")
    issue.write_text(issue.read_text("utf-8").replace("status: todo", "status: done"), encoding="utf-8")
    assert run("sync")[0] == 0
    after = page.read_bytes()
    changed = [
        number
        for number, (old, new) in enumerate(zip(before.split(b"\n"), after.split(b"\n"), strict=True), 1)
        if old != new
    ]
    assert changed == [9, 10]
    assert (after.count(b"\r\n"), after[:3]) == (before.count(b"\r\n"), before[:3])
    assert "✅ DONE".encode() in after.split(b"\n")[8]
    assert run("plan", "--exit-code")[0] == 0


@pytest.mark.parametrize(
    "text",
    [
        "## Action items\n\n- [ ] Add an alert\n- [ ] Write a runbook\n",
        "## Action items\n\n1. Add an alert (@ann)\n   - with a detail below\n2. Write a runbook",
        "## Action items\n\n| Action |\n|--|\n| Add an alert |\n| Write a runbook |",
        "> ## Action items\n>\n> - [ ] Add an alert\n>\n> - [ ] Write a runbook\n",
    ],
)
def test_todo_to_issue_249_the_ticket_stands_in_its_line_and_no_line_is_added(
    repository: Path, run: Run, text: str
) -> None:
    """alstr/todo-to-issue-action#249: a blank line was inserted where the issue's address should have been."""
    page = repository / DOCUMENT
    page.write_text(text, encoding="utf-8")
    assert run("sync")[0] == 0
    after = page.read_text("utf-8")
    assert after.count("\n") == text.count("\n")
    for title, number in (("Add an alert", 1), ("Write a runbook", 2)):
        (line,) = (line for line in after.split("\n") if title in line)
        assert f"[#{number}](" in line


@pytest.mark.parametrize("convert", ["true", "input"])
def test_git_auto_commit_241_line_ends_that_git_converts_are_no_change(team: Team, convert: str) -> None:
    """stefanzweifel/git-auto-commit-action#241: files that differ by line ends only made a commit of nothing fail (#265)."""
    git(team.clone, "config", "core.autocrlf", convert)
    (team.clone / PAGE).write_bytes(TEXT.replace("\n", "\r\n").encode())
    for _ in range(2):
        code, _, err = team.run("sync", "--yes", "--publish", "commit")
        assert (code, err) == (0, "")
    assert len(rows(team.git("show", f"origin/main:{PAGE}"))) == 2
    assert b"\r" not in team.git("show", f"origin/main:{PAGE}").encode()
    assert len(team.repo.issues) == 2


def test_obsidian_github_link_67_a_box_follows_its_issue_and_nothing_else_changes() -> None:
    """nathonius/obsidian-github-link#67: people ask for boxes that follow issues; its author dares not touch the file."""
    text = "## Action items\n\n* [ ] Add an alert  \n\t- a detail\n+ [ ]\tWrite   a runbook\n"
    small = Small({"postmortems/a.md": text})
    small.sync()
    before = small.text
    small.tracker.edit("1", {Field.STATUS: "done"})
    small.sync()
    assert small.text == before.replace("* [ ] Add", "* [x] Add")
    small.tracker.edit("1", {Field.STATUS: "todo"})
    small.sync()
    assert small.text == before
