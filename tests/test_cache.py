"""The cache of issues: kept, and empty whatever is wrong with its file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from closeout.ports.cache import IssueCache
from closeout.state.cache import SqliteCache

ISSUES = {"1": '{"title": "Ä \\u0000"}', "20": "{}"}
WHEN = "2026-11-21T12:00:00Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "issues #1?.sqlite"


@pytest.fixture
def cache(path: Path) -> IssueCache:
    return SqliteCache(path)


def test_what_was_saved_is_loaded_by_project(cache: IssueCache, path: Path) -> None:
    assert cache.load("a") == ("", {})
    assert not path.exists()
    cache.save("a", "before", {"7": "gone since"})
    cache.save("b", WHEN, {"1": "of another project"})
    cache.save("a", WHEN, ISSUES)
    assert SqliteCache(path).load("a") == (WHEN, ISSUES)
    assert cache.load("b") == (WHEN, {"1": "of another project"})
    assert cache.load("c") == ("", {})
    assert path.stat().st_mode & 0o077 == 0


def test_a_deleted_file_is_made_anew(cache: IssueCache, path: Path) -> None:
    cache.save("a", WHEN, ISSUES)
    path.unlink()
    assert cache.load("a") == ("", {})
    cache.save("a", WHEN, ISSUES)
    assert cache.load("a") == (WHEN, ISSUES)


def other_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executescript("drop table issue; create table issue (x); pragma user_version = 99")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5_000])


def scribbled(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[:100] + b"\xff" * (len(raw) - 100))


@pytest.mark.parametrize(
    "damage",
    [
        other_version,
        cut,
        scribbled,
        lambda path: path.write_bytes(b"no database at all"),
        lambda path: path.write_bytes(b""),
    ],
)
def test_a_damaged_file_is_empty_and_made_anew(cache: IssueCache, path: Path, damage: Callable[[Path], None]) -> None:
    cache.save("a", WHEN, {str(number): "x" * 100 for number in range(200)})
    damage(path)
    assert cache.load("a") == ("", {})
    cache.save("a", WHEN, ISSUES)
    assert cache.load("a") == (WHEN, ISSUES)


def test_a_save_that_fails_leaves_what_was_kept(cache: IssueCache, path: Path) -> None:
    cache.save("a", WHEN, ISSUES)
    cache.save("a", "later", {"1": "half a character: \ud83d"})
    assert cache.load("a") == (WHEN, ISSUES)


def test_where_no_file_can_be_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for path in (tmp_path, tmp_path / "file" / "below"):
        cache = SqliteCache(path)
        cache.save("a", WHEN, ISSUES)
        assert cache.load("a") == ("", {})
