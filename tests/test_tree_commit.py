"""The folder tracker with `publish = "commit"`: documents, issues and ledger leave in one commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from closeout.__main__ import main
from ledgers import clone, git, remote
from worlds import TABLE

PAGE = "postmortems/a.md"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = clone(remote(tmp_path), "clone")
    for name in (PAGE, "postmortems/b.md"):
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text(TABLE.replace("# Outage", f"# {name}"), encoding="utf-8")
    (made / "other.txt").write_text("one\n", encoding="utf-8")
    git(made, "add", "-A")
    git(made, "commit", "-q", "-m", "pages")
    git(made, "push", "-q")
    monkeypatch.chdir(made)
    monkeypatch.setattr("sys.argv", ["closeout", "sync", "--tracker", "folder", "--publish", "commit"])
    return made


def sync() -> int:
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


def files(root: Path, commit: str = "HEAD") -> list[str]:
    return git(root, "diff", "--name-only", f"{commit}~", commit).split()


def test_documents_issues_and_ledger_are_in_one_commit_that_is_pushed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "other.txt").write_text("two\n", encoding="utf-8")
    assert sync() == 0
    made = git(root, "rev-parse", "HEAD")
    assert f"commit {made[:7]} on main, pushed to origin" in capsys.readouterr().out
    assert git(root.parent / "remote.git", "rev-parse", "main") == made
    found = files(root)
    assert [name for name in found if not name.startswith(".closeout/issues/")] == [
        ".closeout/ledger.jsonl",
        PAGE,
        "postmortems/b.md",
    ]
    assert len(found) == 7
    assert git(root, "status", "--porcelain") == "M other.txt"
    assert sync() == 0
    assert git(root, "rev-parse", "HEAD") == made


def test_what_a_person_has_not_committed_is_not_committed_for_them(root: Path) -> None:
    (root / PAGE).write_text((root / PAGE).read_text("utf-8") + "\nA word.\n", encoding="utf-8")
    assert sync() == 0
    assert PAGE not in files(root)
    assert "postmortems/b.md" in files(root)
    assert (root / PAGE).read_text("utf-8").endswith("A word.\n")
    assert ".closeout/issues/" in (root / PAGE).read_text("utf-8")


def test_where_the_remote_went_on_the_commit_stays_here_and_says_so(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = clone(root.parent / "remote.git", "other")
    (other / "other.txt").write_text("theirs\n", encoding="utf-8")
    git(other, "commit", "-qam", "theirs")
    git(other, "push", "-q")
    there = git(root.parent / "remote.git", "rev-parse", "main")
    assert sync() == 0
    assert "not pushed: origin has other commits on main" in capsys.readouterr().out
    assert git(root.parent / "remote.git", "rev-parse", "main") == there
    assert git(root, "status", "--porcelain") == ""


def test_a_refused_push_is_an_error_and_the_commit_stays(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hook = root.parent / "remote.git/hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'main is protected' >&2; exit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    assert sync() == 2
    assert "It stays here: push it" in capsys.readouterr().err
    assert git(root, "status", "--porcelain") == ""
    assert PAGE in files(root)


def test_a_detached_head_is_an_error_and_nothing_is_lost(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(root, "checkout", "-q", "--detach")
    assert sync() == 2
    assert "no branch with a commit is checked out" in capsys.readouterr().err
    assert len(list((root / ".closeout/issues").iterdir())) == 4
