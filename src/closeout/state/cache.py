"""The cache of issues as an SQLite file; whatever is wrong with it, it is empty, and made anew by the next save."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

_VERSION = 1
_TABLES = """
create table if not exists project (name text primary key, time text not null);
create table if not exists issue (project text, number text, json text not null, primary key (project, number));
"""
_BUSY = 2.0  # seconds


class SqliteCache:
    """Issues by project in one file, readable by its owner only; it may be deleted at any time."""

    def __init__(self, path: Path) -> None:
        """Keep the cache in the file `path`; it and its folder are made by the first save."""
        self._path = path

    def load(self, project: str) -> tuple[str, Mapping[str, str]]:
        """Return (when it was last full, each issue's JSON by its number); ("", {}) if nothing usable is kept."""
        try:
            with closing(self._opened("ro")) as database:
                if not _known(database):
                    return "", {}
                time = database.execute("select time from project where name = ?", (project,)).fetchone()
                rows = database.execute("select number, json from issue where project = ?", (project,)).fetchall()
        except (sqlite3.Error, OSError, ValueError):
            return "", {}
        return (str(time[0]), {str(number): str(text) for number, text in rows}) if time else ("", {})

    def save(self, project: str, when: str, issues: Mapping[str, str]) -> None:
        """Replace what is kept of a project; failing is no error."""
        with suppress(sqlite3.Error, OSError, ValueError):
            try:
                self._save(project, when, issues)
            except sqlite3.OperationalError:  # busy, or a disk that is full: what is there may be good
                raise
            except sqlite3.DatabaseError:
                self._path.unlink()
                self._save(project, when, issues)

    def _save(self, project: str, when: str, issues: Mapping[str, str]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch(mode=0o600)  # issues may be less public than the machine
        with closing(self._opened("rw")) as database, database:
            if not _known(database) and database.execute("select count(*) from sqlite_master").fetchone()[0]:
                message = "a cache of another version"
                raise sqlite3.DatabaseError(message)
            database.executescript(f"{_TABLES} pragma user_version = {_VERSION};")
            database.execute("delete from issue where project = ?", (project,))
            database.execute("insert or replace into project values (?, ?)", (project, when))
            rows = ((project, number, text) for number, text in issues.items())
            database.executemany("insert into issue values (?, ?, ?)", rows)

    def _opened(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(f"{self._path.absolute().as_uri()}?mode={mode}", uri=True, timeout=_BUSY)


def _known(database: sqlite3.Connection) -> bool:
    return bool(database.execute("pragma user_version").fetchone()[0] == _VERSION)
