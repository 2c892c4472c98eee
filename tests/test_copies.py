"""A mirrored copy of a repository has its ledger, too: it only plans until a person says that it goes on."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from closeout.domain.issue import Capabilities
from closeout.domain.item import Field
from closeout.errors import Exit
from test_cli import Run, repository, run  # noqa: F401
from test_github_end_to_end import LOOK, Team, team  # noqa: F401
from worlds import Small

HOME, COPY = "example.com/acme/pm", "example.com/beta/pm"


def copied(home: str = HOME, here: str = COPY) -> Small:
    small = Small()
    small.options = replace(small.options, repository=home)
    small.sync()
    small.options = replace(small.options, repository=here)
    small.text = small.text.replace("2026-06-15", "2026-06-16")
    return small


def test_a_copy_plans_and_exits_2() -> None:
    small = copied()
    before = small.ledger.text
    planned, synced = small.plan(), small.sync()
    assert synced is not None
    for outcome in (planned, synced):
        assert [held.change.where.title for held in outcome.plan.held] == ["Add an alert"]
        assert Exit.CONFIGURATION in outcome.exits
        assert f"this is a copy of {HOME}" in outcome.errors[0][1]
        assert "`closeout init --here`" in outcome.errors[0][1]
    assert small.tracker.issues["1"].values[Field.DUE] == "2026-06-15"
    assert small.ledger.text == before


@pytest.mark.parametrize(("home", "here"), [("local", COPY), (HOME, "local"), (HOME, HOME)])
def test_a_repository_without_a_name_is_no_copy(home: str, here: str) -> None:
    small = copied(home, here)
    small.sync()
    assert small.tracker.issues["1"].values[Field.DUE] == "2026-06-16"


def test_a_repository_that_the_host_knows_by_its_old_name_is_no_copy() -> None:
    small = copied()
    small.options = replace(small.options, renamed=HOME.__eq__)
    small.sync()
    assert small.tracker.issues["1"].values[Field.DUE] == "2026-06-16"
    assert small.ledger.load().repository == HOME  # keys go on with the first one


def test_issues_that_lie_in_the_tree_are_copied_with_it() -> None:
    small = copied()
    small.tracker.capabilities = Capabilities("memory", in_tree=True)
    small.sync()
    assert small.tracker.issues["1"].values[Field.DUE] == "2026-06-16"


def test_init_here_makes_a_copy_the_ledgers_home(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    assert team.run("sync", "--yes")[0] == 0
    copy = team.fake.repository("beta", "pm")
    for issue in list(team.repo.issues.values()):
        copy.open(issue.title, issue.body)
    monkeypatch.setenv("GITHUB_REPOSITORY", "beta/pm")
    code, out, err = team.run("sync")
    assert code == 2
    assert "this is a copy of github.com/acme/pm" in err
    code, out, _ = team.run("unlink", "#1", "--yes")
    assert (code, "held: this is a copy of" in out) == (5, True)
    code, out, _ = team.run("init", "--here")
    assert (code, out.split(". ")[0]) == (
        0,
        "The ledger: github.com/beta/pm is its home now; it was github.com/acme/pm",
    )
    assert not (team.clone / "closeout.toml").exists()
    assert team.run("sync")[0] == 0
    assert team.run("init", "--here")[1] == "The ledger: github.com/beta/pm is its home already\n"


def test_a_repository_that_was_renamed_on_github_goes_on_with_one_look(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert team.run("sync", "--yes")[0] == 0
    team.fake.rename(team.repo, "postmortems")
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/postmortems")
    team.text = team.text.replace("2026-12-01", "2026-12-09")
    team.asked()
    code, _, err = team.run("sync")
    assert (code, err) == (0, "")
    assert team.asked().count(LOOK) == 1
    assert "Due: 2026-12-09" in (team.repo.issues[1].body or "")
    assert len(team.repo.issues) == 2


def test_init_here_without_a_ledger_is_exit_2(team: Team) -> None:
    code, _, err = team.run("init", "--here")
    assert code == 2
    assert "there is none. Run `closeout sync`" in err


def test_init_here_without_a_remote_is_exit_2(repository: Path, run: Run) -> None:
    run("sync")
    code, _, err = run("init", "--here")
    assert code == 2
    assert "there is no remote `origin`" in err
