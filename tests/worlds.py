"""A small world in memory: one document, a tracker, a ledger, and runs that can die at any effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from closeout.domain.issue import Issue
from closeout.domain.outcome import Outcome
from closeout.engine.boards import trackers
from closeout.engine.sync import plan, sync
from closeout.engine.world import Options, World
from closeout.ports.documents import Page, Published, Rewrite, Snapshot, Waiting
from closeout.ports.tracker import TrackerReader
from closeout.state.memory import MemoryLedger
from closeout.trackers.memory import MemoryTracker

TABLE = """# Outage

**Date**: 2026-05-01

## Action items

| Action | Owner | Due | Status |
|--------|-------|-----|--------|
| Add an alert | @ann | 2026-06-15 | 🔲 TODO |
| Write a runbook | @bob | 2026-06-20 | 🔲 TODO |
| Raise the limit | @cid | 2026-05-02 | ✅ DONE |
"""


_HEAD = "# Outage {number}\n\n**Date**: 2026-05-01\n\n## Action items\n\n| Action | Owner | Due | Status |\n|---|---|---|---|\n"


def page(number: int, rows: int) -> str:
    """A document of an incident with so many open rows."""
    owners = ("@ann", "@bob", "@cid")
    return _HEAD.format(number=number) + "".join(
        f"| Mend part {row} of incident {number} | {owners[row % 3]} | 2026-06-{row % 28 + 1:02} | TODO |\n"
        for row in range(rows)
    )


def keyed(tracker: TrackerReader, key: str) -> Issue | None:
    """The first issue in a full listing that carries a key."""
    return next((issue for issue in tracker.managed() if issue.key == key), None)


class Crash(BaseException):
    """The process died."""


@dataclass
class MemoryDocuments:
    texts: dict[str, str]
    writes: bool = True
    lands: bool = True
    retries: int = 1
    revision: str = ""
    pushed: dict[str, str] | None = None
    ahead: bool = False
    written: int = 0
    fuse: Fuse | None = None

    def read(self) -> Snapshot:
        read = self.texts if self.pushed is None else self.pushed
        return Snapshot([Page(path, text) for path, text in sorted(read.items())], self.revision, ahead=self.ahead)

    def descends(self, revision: str, ancestor: str) -> bool:
        return ancestor <= revision

    def standing(self, path: str) -> Page | None:
        return None if self.pushed is None else Page(path, self.texts.get(path, ""))

    def waiting(self, revision: str) -> Waiting:
        return Waiting(known=self.writes)

    def publish(self, rewrites: Sequence[Rewrite], revision: str) -> Sequence[Published]:
        for rewrite in rewrites:
            assert self.texts[rewrite.path] == rewrite.before
            if self.fuse:
                self.fuse("before document")
            self.texts[rewrite.path] = rewrite.after
            self.written += 1
            if self.fuse:
                self.fuse("after document")
        return [Published(rewrite.path) for rewrite in rewrites]


@dataclass
class Fuse:
    left: int | None = None

    def __call__(self, where: str) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise Crash(where)


@dataclass
class Small:
    texts: dict[str, str] = field(default_factory=lambda: {"postmortems/a.md": TABLE})
    options: Options = field(default_factory=lambda: Options(today="2026-05-03", version="test"))

    def __post_init__(self) -> None:
        self.fuse = Fuse()
        self.documents = MemoryDocuments(self.texts, fuse=self.fuse)
        self.tracker = MemoryTracker(pause=self.fuse)
        self.ledger = MemoryLedger(pause=self.fuse)
        self.world = World(self.documents, self.documents, self.ledger, trackers(self.tracker))

    def plan(self) -> Outcome:
        return plan(self.world, self.options)

    def sync(self, *, dies_at: int | None = None) -> Outcome | None:
        self.fuse.left = dies_at
        try:
            return sync(self.world, self.options)
        except Crash:
            return None
        finally:
            self.fuse.left = None

    @property
    def text(self) -> str:
        return self.texts["postmortems/a.md"]

    @text.setter
    def text(self, value: str) -> None:
        self.texts["postmortems/a.md"] = value
