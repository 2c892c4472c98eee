"""What was read of a repository without a clone, as an SQLite file; whatever is wrong with it, it is empty."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

_TABLE = "create table if not exists blob (name text primary key, content blob not null)"
_BUSY = 2.0  # seconds
_ERRORS = (sqlite3.Error, OSError, ValueError)


class SqliteBlobs:
    """Blobs by name in one file, readable by its owner only; it may be deleted at any time."""

    def __init__(self, path: Path) -> None:
        """Keep the blobs in the file `path`; it and its folder are made when there is something to keep."""
        self._path = path

    def load(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Return those that are kept; none if nothing usable is there."""
        try:
            with closing(self._opened("ro")) as database:
                wanted = set(names)
                found = [name for (name,) in database.execute("select name from blob") if name in wanted]
                one = "select content from blob where name = ?"
                return {name: bytes(database.execute(one, (name,)).fetchone()[0]) for name in found}
        except (*_ERRORS, TypeError):
            return {}

    def keep(self, names: Sequence[str], new: Mapping[str, bytes]) -> None:
        """Keep those that are kept and named, with the new ones, and let go of all others; failing is no error."""
        with suppress(*_ERRORS):
            try:
                self._keep(names, new)
            except sqlite3.OperationalError:  # busy, or a disk that is full: what is there may be good
                raise
            except sqlite3.DatabaseError:
                self._path.unlink()
                self._keep(names, new)

    def _keep(self, names: Sequence[str], new: Mapping[str, bytes]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch(mode=0o600)  # documents may be less public than the machine
        with closing(self._opened("rw")) as database, database:
            database.execute(_TABLE)
            used = {*names, *new}
            gone = [(name,) for (name,) in database.execute("select name from blob") if name not in used]
            database.executemany("delete from blob where name = ?", gone)
            database.executemany("insert or ignore into blob values (?, ?)", new.items())

    def _opened(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(f"{self._path.absolute().as_uri()}?mode={mode}", uri=True, timeout=_BUSY)
