"""Pull requests in memory, of a bare git repository; people merge them as hosts do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from closeout import git as closeout_git
from closeout.errors import TrackerError
from closeout.git import commits
from closeout.git.commits import Author
from closeout.ports.pulls import Pull
from closeout.repositories.pull_request import PullRequestPublisher
from ledgers import NOON, git

BRANCH = "closeout/write-backs"
BOT = Author("bot", "bot@example.com", named=True)


@dataclass
class MemoryPulls:
    """`refuses` says why none can be opened; `fuse` is called before and after each write."""

    bare: Path
    pulls: list[Pull] = field(default_factory=list)
    branches: dict[int, str] = field(default_factory=dict)
    refuses: str = ""
    fuse: Callable[[str], None] = lambda where: None
    writes: int = 0

    def tip(self, branch: str = BRANCH) -> str:
        return git(self.bare, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")

    def refresh(self) -> None:
        """Open ones show their branches; without commits of its own one is closed."""
        main = self.tip("main")
        for index, pull in enumerate(self.pulls):
            if pull.state != "open":
                continue
            now = self.tip(self.branches[pull.number])
            if not now or git(self.bare, "merge-base", main, now) == now:
                self.pulls[index] = replace(pull, state="closed", closed=NOON.isoformat())
            else:
                self.pulls[index] = replace(pull, head=now)

    def find(self, branch: str) -> Pull | None:
        self.refresh()
        found = [pull for pull in reversed(self.pulls) if self.branches[pull.number] == branch]
        return next((pull for pull in found if pull.state == "open"), found[0] if found else None)

    def open(self, branch: str, base: str, title: str, text: str) -> Pull:
        assert base == "main"
        assert title
        if self.refuses:
            raise TrackerError(self.refuses)
        found = self.find(branch)
        assert found is None or found.state != "open", "a second one"
        assert git(self.bare, "rev-list", "-1", branch, "^main"), "nothing to show"
        self.fuse("before opening")
        number = len(self.pulls) + 1
        self.branches[number] = branch
        self.pulls.append(
            Pull(number, f"https://example.com/pull/{number}", "open", self.tip(branch), text, NOON.isoformat())
        )
        self.writes += 1
        self.fuse("after opening")
        return self.pulls[-1]

    def update(self, number: int, title: str, text: str) -> None:
        assert title
        self._change(number, text=text)

    def close(self, number: int, text: str) -> None:
        self._change(number, text=text, state="closed", closed=NOON.isoformat())

    def compare(self, branch: str, base: str) -> str:
        return f"https://example.com/compare/{base}...{branch}"

    def _change(self, number: int, **told: str) -> None:
        self.fuse("before changing")
        self.pulls[number - 1] = replace(self.pulls[number - 1], **told)  # type: ignore[arg-type]
        self.writes += 1
        self.fuse("after changing")

    # What people do.

    def newest(self) -> Pull | None:
        self.refresh()
        return self.pulls[-1] if self.pulls and self.pulls[-1].state == "open" else None

    def merge(self, how: str = "squash") -> bool:
        """Merge the open one, if it can be merged."""
        pull = self.newest()
        if pull is None:
            return False
        main = self.tip("main")
        try:
            tree = git(self.bare, "merge-tree", "--write-tree", main, pull.head)
        except Exception:  # noqa: BLE001 - a conflict
            return False
        parents = ["-p", main, *(["-p", pull.head] if how == "merge" else [])]
        message = git(self.bare, "log", "-1", "--format=%B", pull.head) if how == "rebase" else "merged"
        git(self.bare, "update-ref", "refs/heads/main", git(self.bare, "commit-tree", tree, *parents, "-m", message))
        self.pulls[-1] = replace(pull, state="merged", closed=NOON.isoformat())
        return True

    def decline(self) -> None:
        if pull := self.newest():
            self.pulls[pull.number - 1] = replace(pull, state="closed", closed=NOON.isoformat())

    def delete(self) -> None:
        if self.tip():
            git(self.bare, "update-ref", "-d", f"refs/heads/{BRANCH}")


def edited(bare: Path, branch: str, path: str, change: Callable[[str], str]) -> None:
    """A person commits an edit of one file on a branch."""
    old = git(bare, "rev-parse", f"refs/heads/{branch}")
    text = (closeout_git.blob(bare, old, path) or b"").decode()
    blob = commits.blob_of(bare, change(text).encode(), write=True)
    tree = commits.tree_of(bare, old, {path: commits.Kept("100644", blob)})
    git(bare, "update-ref", f"refs/heads/{branch}", git(bare, "commit-tree", tree, "-p", old, "-m", "By hand"))


def publisher(root: Path, pulls: MemoryPulls | None, **told: object) -> PullRequestPublisher:
    return PullRequestPublisher(root, "main", pulls, NOON, author=BOT, **told)  # type: ignore[arg-type]
