"""What a ledger may be found as, by the commands that people run: old, newer, damaged, lost, or ahead of the documents.

One that is a mirrored copy's is in test_copies.py.
"""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from closeout.hosts.github import GitHub
from closeout.state.gitref import REF
from closeout.state.tree import PATH
from test_cli import DOCUMENT, Run, repository, run  # noqa: F401
from test_github_end_to_end import PAGE, Team, git, team  # noqa: F401
from test_ledger import put

COMMANDS = [("sync", "--yes"), ("plan",), ("ledger",), ("adopt", "#1", "#1"), ("unlink", "#1")]
FIRST = {"key", "tracker", "document", "title", "ordinal", "issue", "owned", "holder"}  # what the first closeout kept


def bare(team: Team) -> Path:
    return team.clone.parent / "remote.git"


def kept(team: Team) -> str:
    return team.git("--git-dir", str(bare(team)), "show", f"{REF}:ledger.jsonl")


def as_first_written(text: str) -> str:
    """A ledger as the first closeout wrote it: no revision, no lease, and of a key only where its issue is."""
    head, *lines = map(json.loads, text.strip().split("\n"))
    old = [{name: head[name] for name in ("format", "repository", "trackers")}]
    old += [{name: value for name, value in line.items() if name in FIRST} for line in lines]
    return "".join(json.dumps(line) + "\n" for line in old)


def as_newer(text: str) -> str:
    return text.replace('"format": 1', '"format": 2', 1).replace('"key"', '"id"')


def cut(text: str) -> str:
    return text[: len(text) * 2 // 3]


def conflicted(text: str) -> str:
    head, *lines = text.split("\n")
    return "\n".join([head, "<<<<<<< HEAD", *lines, "=======", *lines, ">>>>>>> theirs"])


def joined(text: str) -> str:
    """As a merge of lines leaves it: every line once more, some of them older."""
    head, *lines = text.strip().split("\n")
    return "\n".join([head, *lines, *lines]) + "\n"


DAMAGED = [cut, conflicted, joined, lambda text: "", lambda text: text.replace('"key"', '"kex"')]


def test_one_of_the_first_format_on_a_ref_goes_on_and_is_written_as_today(team: Team) -> None:
    assert team.run("sync", "--yes")[0] == 0
    team.push("Tickets")
    put(bare(team), as_first_written(kept(team)))
    team.text = team.text.replace("2026-12-01", "2026-12-09")
    code, _, err = team.run("sync")
    assert (code, err) == (0, "")
    head, *lines = map(json.loads, kept(team).strip().split("\n"))
    assert head["revision"] == team.git("rev-parse", "HEAD").strip()
    assert all("memory" in line for line in lines if line["issue"])
    team.text = team.text.replace("2026-12-05", "2026-12-10")
    assert team.run("sync")[0] == 0
    assert "Due: 2026-12-10" in (team.repo.issues[2].body or "")
    assert len(team.repo.issues) == 2


def test_one_of_the_first_format_in_the_tree_goes_on_and_is_written_as_today(repository: Path, run: Run) -> None:
    assert run("sync")[0] == 0
    path = repository / PATH
    path.write_text(as_first_written(path.read_text("utf-8")), encoding="utf-8")
    assert run("sync")[0] == 0
    assert '"memory"' in path.read_text("utf-8")
    assert len(list((repository / ".closeout/issues").iterdir())) == 2
    assert run("plan", "--exit-code")[0] == 0


def test_a_newer_one_is_exit_2_and_no_earlier_state_is_offered(team: Team) -> None:
    """an earlier state would not know the issues that were made since"""
    assert team.run("sync", "--yes")[0] == 0
    newer = put(bare(team), as_newer(kept(team)))
    before = len(team.fake.writes)
    for command in COMMANDS:
        code, _, err = team.run(*command)
        assert code == 2
        assert f"could not read the ledger at {newer}: its format is 2, and this closeout knows 1" in err
        assert "Install a newer closeout" in err
        assert "last good" not in err
    assert team.git("--git-dir", str(bare(team)), "rev-parse", REF).strip() == newer
    assert len(team.fake.writes) == before


def test_a_newer_one_in_the_tree_is_exit_2_and_stays(repository: Path, run: Run) -> None:
    run("sync")
    path = repository / PATH
    path.write_text(newer := as_newer(path.read_text("utf-8")), encoding="utf-8")
    for command in COMMANDS:
        code, _, err = run(*command)
        assert (code, "Install a newer closeout" in err, "git log" in err) == (2, True, False)
    assert path.read_text("utf-8") == newer


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_one_is_exit_2_and_the_command_that_is_named_brings_the_last_good_one_back(
    team: Team, damage: Callable[[str], str]
) -> None:
    assert team.run("sync", "--yes")[0] == 0
    good = team.git("--git-dir", str(bare(team)), "rev-parse", REF).strip()
    bad = put(bare(team), damage(kept(team)))
    before = len(team.fake.writes)
    code, _, err = team.run("sync")
    assert code == 2
    assert f"could not read the ledger at {bad}" in err
    told = " ".join(err.split())
    assert f"Bring back the last good commit {good} with" in told
    assert len(team.fake.writes) == before
    git(team.clone, "config", "user.name", "Ann")
    git(team.clone, "config", "user.email", "ann@example.com")
    subprocess.run(["bash", "-e", "-c", re.findall(r"`([^`]+)`", told)[0]], cwd=team.clone, check=True)
    assert team.run("sync")[0] == 0
    assert len(team.repo.issues) == 2


def test_a_newer_one_that_is_damaged_is_brought_back_as_the_newer_one(team: Team) -> None:
    assert team.run("sync", "--yes")[0] == 0
    newer = put(bare(team), as_newer(kept(team)))
    put(bare(team), cut(as_newer(kept(team))))
    code, _, err = team.run("sync")
    assert code == 2
    assert f"Bring back the last good commit {newer}" in err


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_one_in_the_tree_is_exit_2_and_stays(
    repository: Path, run: Run, damage: Callable[[str], str]
) -> None:
    run("sync")
    path = repository / PATH
    text = path.read_text("utf-8")
    path.write_text(damage(text), encoding="utf-8")
    page = (repository / DOCUMENT).read_text("utf-8")
    for command in COMMANDS:
        code, _, err = run(*command)
        assert (code, f"`git log -- {PATH}`" in err) == (2, True)
    assert (path.read_text("utf-8"), (repository / DOCUMENT).read_text("utf-8")) == (damage(text), page)
    path.write_text(text, encoding="utf-8")
    assert run("plan", "--exit-code")[0] == 0


def test_a_lost_one_is_exit_2_for_a_plan_too_and_its_rebuild_is_shown_first(team: Team) -> None:
    assert team.run("sync", "--yes")[0] == 0
    git(team.clone, "push", "-q", "origin", f":{REF}")
    for command in ("plan", "sync"):
        code, _, err = team.run(command)
        assert code == 2
        assert "2 issues were made by closeout, but the ledger that knows them is gone" in err
        assert "`closeout plan --rebuild-ledger`" in err
    assert team.run("plan", "--rebuild-ledger")[0] == 0
    assert team.git("ls-remote", "origin", REF) == ""
    assert team.run("sync", "--rebuild-ledger")[0] == 0
    assert team.run("plan", "--exit-code")[0] == 0
    assert len(team.repo.issues) == 2


def test_a_run_on_an_older_revision_than_it_knows_waits_and_goes_on_by_itself(team: Team) -> None:
    """a host's replica lags, or somebody pushed an older state by mistake"""
    assert team.run("sync", "--yes")[0] == 0
    older = team.git("rev-parse", "HEAD").strip()
    team.push("Tickets")
    team.text = team.text.replace("2026-12-01", "2026-12-09")
    assert team.run("sync")[0] == 0
    newer, ledger, before = team.git("rev-parse", "HEAD").strip(), kept(team), len(team.fake.writes)
    git(bare(team), "update-ref", "refs/heads/main", older)
    code, out, _ = team.run("sync")
    assert code in {0, 5}
    assert "bring this clone up to date" in out
    assert (kept(team), len(team.fake.writes)) == (ledger, before)
    git(bare(team), "update-ref", "refs/heads/main", newer)
    assert team.run("sync")[0] == 0
    assert "Due: 2026-12-09" in (team.repo.issues[1].body or "")
    assert team.git("show", f"origin/main:{PAGE}").count("/issues/") == 2


def test_a_revision_that_moves_while_a_run_works_is_read_again(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    make = GitHub.create_issue
    other = team.clone.parent / "other"
    git(team.clone.parent, "clone", "-q", str(bare(team)), str(other))

    def meanwhile(host: GitHub, *arguments: object, **named: object) -> object:
        monkeypatch.setattr(GitHub, "create_issue", make)
        page = other / PAGE
        page.write_text(page.read_text("utf-8").replace("2026-12-05", "2026-12-10"), encoding="utf-8")
        git(other, "commit", "-q", "-am", "Meanwhile")
        git(other, "push", "-q")
        return make(host, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(GitHub, "create_issue", meanwhile)
    assert team.run("sync", "--yes", "--publish", "commit")[0] == 0
    there = team.git("show", f"origin/main:{PAGE}")
    assert (there.count("/issues/"), "2026-12-10" in there) == (2, True)
    assert "Due: 2026-12-10" in (team.repo.issues[2].body or "")
    assert len(team.repo.issues) == 2
