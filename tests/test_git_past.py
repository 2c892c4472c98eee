"""What git tells of earlier days: where a branch stood, and when each document came to it, under whatever name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from closeout import git as asked
from closeout.git import past
from ledgers import git

ODD = "post mortems/año «1».md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "config", "user.name", "Ann")
    git(tmp_path, "config", "user.email", "ann@example.com")
    return tmp_path


def commit(root: Path, when: str, monkeypatch: pytest.MonkeyPatch, **texts: str) -> None:
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_DATE", when)
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", when)


def published(root: Path) -> dict[str, str]:
    return {path: str(day) for path, day in past.published(root, asked.head(root, "HEAD")).items()}


def test_a_document_came_on_the_day_of_its_first_commit_whatever_it_is_called_now(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "".join(f"line {number}\n" for number in range(20))
    commit(root, "2026-11-01T12:00:00Z", monkeypatch, **{"a.md": long, ODD: "odd\n", "code.py": "x"})
    git(root, "mv", "a.md", "b.md")
    commit(root, "2026-11-05T12:00:00Z", monkeypatch, **{"c.MD": "new\n"})
    commit(root, "2026-11-06T12:00:00Z", monkeypatch, **{"b.md": f"{long}more\n"})
    found = published(root)
    assert (found["b.md"], found[ODD], found["c.MD"]) == ("2026-11-01", "2026-11-01", "2026-11-05")
    assert "code.py" not in found


def test_when_many_were_brought_at_once_nobody_knows_when_they_were_written(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(root, "2026-11-01T12:00:00Z", monkeypatch, **{f"old-{number}.md": f"{number}\n" for number in range(6)})
    commit(root, "2026-11-05T12:00:00Z", monkeypatch, **{f"new-{number}.md": f"{number}\n" for number in range(5)})
    git(root, "mv", "old-1.md", "moved.md")
    commit(root, "2026-11-06T12:00:00Z", monkeypatch)
    assert published(root) == {f"new-{number}.md": "2026-11-05" for number in range(5)}


def test_one_that_was_merged_came_with_the_merge(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(root, "2026-11-01T12:00:00Z", monkeypatch, **{"a.md": "a\n"})
    git(root, "switch", "-q", "-c", "draft")
    commit(root, "2026-11-02T12:00:00Z", monkeypatch, **{"b.md": "b\n"})
    git(root, "switch", "-q", "main")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_DATE", "2026-11-09T12:00:00Z")
    git(root, "merge", "-q", "--no-ff", "-m", "merged", "draft")
    assert published(root) == {"a.md": "2026-11-01", "b.md": "2026-11-09"}


def test_a_shallow_clone_does_not_tell(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(root, "2026-11-01T12:00:00Z", monkeypatch, **{"a.md": "a\n"})
    commit(root, "2026-11-02T12:00:00Z", monkeypatch, **{"a.md": "b\n"})
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", "shallow")
    shallow = tmp_path / "shallow"
    assert published(shallow) == {}
    assert past.last(shallow, asked.head(shallow, "HEAD"), date(2026, 11, 1)) == ""


def test_a_day_ends_at_midnight_utc(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heads = []
    for when in ("2026-11-01T23:59:59Z", "2026-11-02T00:00:00Z", "2026-11-03T01:00:00+02:00"):
        commit(root, when, monkeypatch)
        heads.append(asked.head(root, "HEAD"))
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2)]
    assert [past.last(root, heads[-1], day) for day in days] == ["", heads[0], heads[2]]


def test_without_a_commit_there_is_no_past(root: Path) -> None:
    assert published(root) == {}
