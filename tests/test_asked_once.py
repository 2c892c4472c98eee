"""A run asks git once what does not change while it works, and anew what others move meanwhile."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from closeout.git import heads
from closeout.git.commits import followed
from ledgers import Clock, clone, git, keeper, ledger, remote
from test_github_end_to_end import Team, team  # noqa: F401

SETTLED = {"branch", "check-ref-format", "config", "remote", "symbolic-ref"}  # how a clone is set up


def listened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    begin = subprocess.Popen

    def noted(command: list[str], **how: Any) -> subprocess.Popen[bytes]:
        told.append(" ".join(command[3:]))
        return begin(command, **how)

    monkeypatch.setattr("closeout.git.program.subprocess.Popen", noted)
    return told


@pytest.mark.parametrize("publish", ["commit", "pull-request"])
def test_a_run_without_changes_asks_git_once_how_the_clone_is_set_up_and_anew_where_the_ledger_is(
    team: Team,  # noqa: F811
    publish: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(2):
        assert team.run("sync", "--yes", "--publish", publish)[0] == 0
    told = listened(monkeypatch)
    assert team.run("sync", "--publish", publish)[0] == 0
    settled = [command for command in told if command.split(" ")[0] in SETTLED]
    assert settled
    assert [command for command, count in Counter(settled).items() if count > 1] == []
    assert sum(command.startswith("ls-remote -- origin refs/closeout/ledger") for command in told) == 2


def test_a_remote_is_told_as_git_tells_it(tmp_path: Path) -> None:
    root = clone(remote(tmp_path), "clone")
    assert (followed(root, "main"), followed(root, "none")) == ("origin", "origin")
    git(root, "remote", "add", "up.stream", "https://example.com/x")
    git(root, "config", "branch.topic/a.b.remote", "up.stream")
    git(root, "config", "branch.gone.remote", "nowhere")
    git(root, "config", "remote.pushDefault", "up.stream")
    assert [followed(root, name) for name in ("topic/a.b", "gone", "main")] == ["up.stream", "origin", "origin"]
    git(root, "remote", "remove", "origin")
    assert [followed(root, name) for name in ("topic/a.b", "gone", "main")] == ["up.stream", "", ""]


def test_several_refs_are_told_as_one_by_one_and_what_is_not_here_is_empty(tmp_path: Path) -> None:
    root = clone(remote(tmp_path), "clone")
    commit = git(root, "rev-parse", "HEAD")
    git(root, "tag", "-a", "-m", "x", "one")
    git(root, "update-ref", "refs/closeout/tree", git(root, "rev-parse", "HEAD^{tree}"))
    names = ("refs/tags/one", "refs/none", commit, "refs/closeout/tree", "1" * 40)
    assert heads(root, *names) == (commit, "", commit, "", "")


def test_a_ledger_that_another_clone_saved_after_the_lease_began_is_the_one_that_is_loaded(tmp_path: Path) -> None:
    bare, clock = remote(tmp_path), Clock()
    one, other = keeper(clone(bare, "one"), clock), keeper(clone(bare, "other"), clock)
    with one.lease():
        with other.lease():
            other.load()
            other.save(ledger("theirs"), last=True)
        assert set(one.load().entries) == {"v1:theirs"}
