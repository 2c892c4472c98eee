"""What a run does when the documents move, are closed to it, or lie on a full disk."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from closeout.domain.sync.guard import Limits
from closeout.engine.sync import sync
from closeout.errors import Exit
from closeout.ports.documents import Published, Rewrite
from closeout.repositories.worktree import Worktree, WorktreePublisher
from worlds import TABLE, MemoryDocuments, Small

PAGE = "postmortems/a.md"
ROW = "| Page the owner | @dan | 2026-06-30 | TODO |\n"


@dataclass
class Moving(MemoryDocuments):
    """Documents that somebody edits just before they are written, so many times."""

    times: int = 1
    edits: list[str] = field(default_factory=list)

    def publish(self, rewrites: Sequence[Rewrite], revision: str) -> Sequence[Published]:
        if rewrites and len(self.edits) < self.times:
            self.edits.append(ROW.replace("owner", f"owner {len(self.edits)}"))
            self.texts[PAGE] += self.edits[-1]
        if rewrites and self.texts[PAGE] != rewrites[0].before:
            return [Published(PAGE, f"{PAGE}: could not be written: it changed while this run worked", moved=True)]
        return super().publish(rewrites, revision)


def moving(times: int) -> tuple[Small, Moving]:
    small = Small({PAGE: TABLE})
    documents = Moving(small.texts, times=times)
    small.world = replace(small.world, source=documents, publisher=documents)
    return small, documents


def test_a_document_that_moves_once_is_read_and_planned_again() -> None:
    small, documents = moving(1)
    outcome = small.sync()
    assert outcome is not None
    assert not outcome.errors
    assert [result.ref for result in outcome.results] == ["1", "2", "3"]
    assert "| Page the owner 0 [#3](memory:/3) | @dan |" in documents.texts[PAGE]
    assert "| Add an alert [#1](memory:/1) | @ann" in documents.texts[PAGE]
    assert small.plan().plan.empty


def test_a_document_that_keeps_moving_is_exit_6_and_loses_nothing() -> None:
    small, documents = moving(2)
    outcome = small.sync()
    assert outcome is not None
    assert [code for code, _ in outcome.errors] == [Exit.MOVED]
    assert documents.texts[PAGE] == TABLE + "".join(documents.edits)
    small.sync()
    assert len(small.tracker.issues) == 4
    assert small.plan().plan.empty


def test_the_second_look_makes_no_more_than_a_run_may() -> None:
    small, _ = moving(1)
    small.options = replace(small.options, limits=Limits(max_creates=2))
    outcome = small.sync()
    assert outcome is not None
    assert len(small.tracker.issues) == 2
    assert outcome.exits == {Exit.LATER}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    (tmp_path / "postmortems").mkdir()
    path = tmp_path / PAGE
    path.write_text(TABLE, encoding="utf-8")
    return path


def published(page: Path) -> Published:
    (result,) = WorktreePublisher(page.parent.parent).publish([Rewrite(PAGE, TABLE, TABLE + ROW)], "")
    return result


def as_it_was(page: Path) -> bool:
    """Whether the page and its folder hold what they held."""
    return page.read_text("utf-8") == TABLE and [entry.name for entry in page.parent.iterdir()] == [page.name]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS], ids=["disk full", "input/output", "read-only"])
def test_a_disk_that_takes_nothing_more_leaves_the_page_and_no_temporary_file(
    page: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    def fails(*_told: Any, **_more: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os if call == "fsync" else Path, call, fails)
    result = published(page)
    monkeypatch.undo()
    assert result.error == (
        f"{PAGE}: could not be written: {os.strerror(code)}. Check its rights and the disk; nothing was changed"
    )
    assert as_it_was(page)


def test_a_read_only_page_is_told_and_left(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anything
    assert "could not be written: it is read-only. Check its rights" in published(page).error
    assert as_it_was(page)
    assert page.stat().st_mode & 0o777 == 0o444


def test_a_page_of_two_names_is_read_once_and_told(page: Path) -> None:
    os.link(page, page.with_name("A.md"))  # as a folder that does not tell case apart shows it
    first, second = sorted(Worktree(page.parent.parent).read().pages, key=lambda one: bool(one.error))
    assert first.text == TABLE
    assert second.error == (
        f"{second.path}: could not be read: it is the same file as {first.path}. Keep one of the two names"
    )


def test_a_link_to_a_page_is_no_second_document(page: Path) -> None:
    page.with_name("0-latest.md").symlink_to(page.name)
    root = page.parent.parent
    small = Small()
    small.world = replace(small.world, source=Worktree(root), publisher=WorktreePublisher(root))
    outcome = sync(small.world, small.options)
    assert len(small.tracker.issues) == 2
    assert not outcome.errors
    assert page.with_name("0-latest.md").is_symlink()
