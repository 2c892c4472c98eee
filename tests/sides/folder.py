"""Issues as files of the repository, and people who edit them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import frontmatter

from closeout.domain.issue import Gone, Sight
from closeout.trackers.folder import FolderTracker
from ledgers import NOON
from sides import Shown

FOLDER = ".closeout/issues"


@dataclass
class FolderSide:
    """The issues of a work tree; nothing lags in it, and nobody is asked for rights."""

    root: Path
    time: datetime = NOON
    gone: set[int] = field(default_factory=set)
    toml: str = 'tracker = "folder"\n'
    environment: Mapping[str, str] = field(default_factory=dict)
    server: None = None
    secrets: tuple[str, ...] = ()
    owners: tuple[str, ...] = ("ann", "cid", "Bob Müller")
    deleted: Sight = Gone()

    def now(self) -> datetime:
        return self.time

    def pass_time(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def lag(self, reads: int) -> None:
        """Files are seen at once."""

    def catch_up(self) -> None:
        """They are always."""

    def issues(self) -> list[Shown]:
        return [_shown(path) for path in sorted((self.root / FOLDER).glob("*.md"))]

    def close(self, ref: str) -> None:
        self._edit(ref, "status", "done")

    def reopen(self, ref: str) -> None:
        self._edit(ref, "status", "todo")

    def retitle(self, ref: str, title: str) -> None:
        self._edit(ref, "title", title)

    def assign(self, ref: str, login: str) -> None:
        had = next(issue.owners for issue in self.issues() if issue.ref == ref)
        self._edit(ref, "owners", f"[{', '.join((*had, login))}]", r"(?:\n[- ].*)*")

    def set_due(self, ref: str, day: str) -> None:
        self._edit(ref, "due", f"'{day}'")

    def add_words(self, ref: str, words: str) -> None:
        path = self._file(ref)
        path.write_text(f"{path.read_text('utf-8')}\n{words}\n", encoding="utf-8")

    def remove(self, ref: str) -> None:
        self._file(ref).unlink()
        self.gone.add(int(ref))

    def pulls(self) -> list[int]:
        return []

    def merge(self, number: int) -> None:
        raise NotImplementedError

    def take_rights(self, after: int = 0) -> None:
        raise NotImplementedError

    def give_rights(self) -> None:
        raise NotImplementedError

    def break_listing(self) -> None:
        issues = self.root / FOLDER
        for path in issues.iterdir():
            path.unlink()
        issues.rmdir()
        issues.symlink_to(issues)  # a loop: it is there, and cannot be listed

    def lose(self) -> None:
        raise NotImplementedError

    def tracker(self) -> FolderTracker:
        return FolderTracker(self.root, self.time.date().isoformat(), deleted=self.gone.__contains__)

    def _file(self, ref: str) -> Path:
        (found,) = (self.root / FOLDER).glob(f"{int(ref):04d}*.md")
        return found

    def _edit(self, ref: str, name: str, value: str, below: str = "") -> None:
        path = self._file(ref)
        text, times = re.subn(rf"^{name}:.*{below}$", f"{name}: {value}", path.read_text("utf-8"), count=1, flags=re.M)
        assert times == 1, path
        path.write_text(text, encoding="utf-8")


def _shown(path: Path) -> Shown:
    text = path.read_text("utf-8")
    told: dict[str, Any] = frontmatter.loads(text).metadata
    return Shown(
        str(int(path.name[:4])),
        str(told["title"]),
        told["status"] not in {"done", "wont_do"},
        tuple(told["owners"]),
        str(told["due"]),
        str(told["key"]),
        text,
    )


@contextmanager
def opened(root: Path) -> Iterator[FolderSide]:
    yield FolderSide(root)
