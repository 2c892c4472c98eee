"""Clones that share one bare remote, and a clock that only moves when somebody waits."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from closeout.domain.item import Field
from closeout.domain.ledger import Entry, Intent, Ledger, Memory
from closeout.state.chain import Chain
from closeout.state.gitref import REF, GitLedger, Times

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TIMES = Times(wait=60, lease=600, write=30)
USER = {f"GIT_{role}_{what}": "ann" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@dataclass
class Clock:
    """The time, and what happens while somebody waits."""

    now: datetime = NOON
    waits: list[float] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def __call__(self) -> datetime:
        return self.now

    def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)
        self.meanwhile()


def git(root: Path, *arguments: str, told: str | None = None) -> str:
    command = ["git", "-C", str(root), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, input=told, env={**os.environ, **USER})
    return done.stdout.strip()


@dataclass(frozen=True, slots=True)
class Once:
    """Folders with repositories that are made once and copied from then on; each may name itself by its absolute path in the
    configuration of its clones.
    """

    folder: Path

    def __call__(self, name: str, make: Callable[[Path], object], to: Path) -> None:
        """Put a copy of what `make` makes into a folder."""
        made = self.folder / name
        if not made.exists():
            made.mkdir()
            make(made)
        shutil.copytree(made, to, symlinks=True, dirs_exist_ok=True)
        for config in [*to.glob("*/.git/config"), *to.glob("*/config")]:
            config.write_text(config.read_text("utf-8").replace(str(made), str(to)), encoding="utf-8")


def remote(folder: Path) -> Path:
    """A bare repository with one commit of documents."""
    bare = folder / "remote.git"
    shutil.copytree(_bare().name, bare)
    return bare


@cache
def _bare() -> TemporaryDirectory[str]:
    made = TemporaryDirectory(prefix="closeout-bare-")
    bare = Path(made.name)
    git(bare, "init", "-q", "--bare", "-b", "main")
    git(
        bare, "update-ref", "refs/heads/main", git(bare, "commit-tree", git(bare, "mktree", told=""), "-m", "documents")
    )
    for sample in (bare / "hooks").glob("*.sample"):
        sample.unlink()
    return made


def clone(bare: Path, name: str, *options: str) -> Path:
    """A clone that knows its origin by URL; one without options is copied, which takes git half the time."""
    root = bare.parent / name
    if options:
        git(bare.parent, "clone", "-q", *options, bare.as_uri(), str(root))
        return root
    git(bare.parent, "clone", "-q", "--no-hardlinks", str(bare), str(root))
    config = root / ".git/config"
    config.write_text(config.read_text("utf-8").replace(str(bare), bare.as_uri()), encoding="utf-8")
    return root


def keeper(root: Path, clock: Clock, times: Times = TIMES) -> GitLedger:
    return GitLedger(Chain(root, REF), clock=clock, pause=clock.pause, times=times)


def entry(name: str, *, issue: str = "", announced: bool = False) -> Entry:
    memory = {Field.STATUS: Memory("🔲 TODO", "todo", "done", frozenset({"✅ DONE"}))}
    intent = Intent({Field.TITLE: ("", name, name)}) if announced else None
    return Entry(f"v1:{name}", "github", "docs/a.md", name, 0, issue=issue, memory=memory, intent=intent)


def ledger(*names: str, announced: bool = False) -> Ledger:
    head = Ledger("example.com/acme/docs", {"github": "https://example.com/acme/docs"}, exists=True)
    return head.put(*(entry(name, announced=announced) for name in names))
