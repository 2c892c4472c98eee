"""Documents that a team shares, and the ways in which write-backs go there: at once, by a work tree, by a pull request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from closeout.ports.documents import Page, Published, Rewrite, Snapshot, Waiting
from proofs import rows
from worlds import Fuse

Way = Literal["commit", "worktree", "pull-request"]
Texts = dict[str, str]


@dataclass
class Shared:
    """`main` is what everybody shares, and `past` what it was; `tree` a person's work tree, which write-backs go to;
    `offered` (base, text) by path waits in a pull request, `declined` is what one that was closed held.

    `stale` lets the next reading be of so many pushes ago; `meanwhile` happens right after a reading; `broken` are the
    paths that cannot be read.
    """

    main: Texts
    way: Way
    fuse: Fuse
    past: list[Texts] = field(default_factory=list)
    tree: Texts = field(default_factory=dict)
    offered: dict[str, tuple[str, str]] = field(default_factory=dict)
    declined: dict[str, str] | None = None
    stale: int = 0
    meanwhile: Callable[[], None] | None = None
    broken: frozenset[str] = frozenset()
    written: int = 0
    reads: list[Texts] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tree = dict(self.main)

    # What people do.

    def push(self, texts: Texts) -> None:
        """Let another state be what everybody shares."""
        if texts != self.main:
            self.past.append(self.main)
            self.main = texts

    def pull(self, before: Texts) -> None:
        """Bring what others pushed into the work tree; who finds a contradiction takes theirs."""
        self.tree = rows.merged(before, self.tree, self.main) or dict(self.main)

    def push_tree(self) -> bool:
        """A person commits and pushes what lies here."""
        went = self.way == "worktree" and self.tree != self.main
        if went:
            self.push(dict(self.tree))
        return went

    def throw_away(self) -> bool:
        """Nobody wants what was written: it is taken out of the work tree, or its pull request is closed."""
        if self.way == "worktree":
            gone, self.tree = self.tree != self.main, dict(self.main)
            return gone
        gone = bool(self.offered)
        if gone:
            self.declined, self.offered = {path: text for path, (_, text) in self.offered.items()}, {}
        return gone

    def merge(self) -> bool:
        """Merge the pull request, if that is possible."""
        base = {**self.main, **{path: text for path, (text, _) in self.offered.items()}}
        made = rows.merged(base, {**base, **{path: text for path, (_, text) in self.offered.items()}}, self.main)
        if not self.offered or made is None:
            return False
        self.offered, self.declined = {}, None
        self.push(made)
        return True

    # What closeout sees.

    @property
    def lands(self) -> bool:
        return self.way == "commit"

    @property
    def writes(self) -> bool:
        return True

    @property
    def retries(self) -> int:
        return 1

    @property
    def revision(self) -> str:
        return f"{len(self.past):06}"

    def read(self) -> Snapshot:
        back, self.stale = min(self.stale, len(self.past)), 0
        texts = self.past[len(self.past) - back] if back else self.main
        revision = f"{len(self.past) - back:06}"
        self.reads.append(dict(texts))
        if self.meanwhile:
            act, self.meanwhile = self.meanwhile, None
            act()
        told = {path: f"{path}: could not be read: the test says so" for path in self.broken & set(texts)}
        pages = [Page(path, "" if path in told else text, told.get(path, "")) for path, text in sorted(texts.items())]
        return Snapshot(pages, revision)

    def descends(self, revision: str, ancestor: str) -> bool:
        return ancestor <= revision

    def standing(self, path: str) -> Page | None:
        return Page(path, self.tree.get(path, "")) if self.way == "worktree" else None

    def waiting(self, revision: str) -> Waiting:
        pages = {path: Page(path, text) for path, (_, text) in self.offered.items()}
        return Waiting(pages, known=self.way != "pull-request" or revision == self.revision)

    def publish(self, rewrites: Sequence[Rewrite], revision: str) -> Sequence[Published]:
        match self.way:
            case "commit":
                return self._committed(rewrites)
            case "worktree":
                return [self._edited(one) for one in rewrites]
            case "pull-request":
                return self._offered(rewrites)

    def _committed(self, rewrites: Sequence[Rewrite]) -> list[Published]:
        told = [self._fits(one, self.main) for one in rewrites]
        new = {one.path: one.after for one, result in zip(rewrites, told, strict=True) if not result.error}
        if new:
            self.fuse("before the commit")
            self.push({**self.main, **new})
            self.written += 1
            self.fuse("after the commit")
        return told

    def _edited(self, one: Rewrite) -> Published:
        told = self._fits(one, self.tree)
        if not told.error:
            self.fuse("before document")
            self.tree[one.path] = one.after
            self.written += 1
            self.fuse("after document")
        return told

    def _offered(self, rewrites: Sequence[Rewrite]) -> list[Published]:
        new = {one.path: (one.before, one.after) for one in rewrites}
        texts = {one.path: one.after for one in rewrites}
        same = texts == {path: text for path, (_, text) in self.offered.items()}
        if same or (texts and texts == self.declined):
            return [Published(one.path, waits=True, unchanged=True) for one in rewrites]
        self.fuse("before offering")
        self.offered = new
        self.written += 1
        self.fuse("after offering")
        return [Published(one.path, waits=True) for one in rewrites]

    def _fits(self, one: Rewrite, texts: Texts) -> Published:
        if texts.get(one.path) == one.before:
            return Published(one.path)
        return Published(one.path, f"{one.path}: it changed while this run worked; run again", moved=True)
