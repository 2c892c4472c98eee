"""Write-backs on a rolling branch with one pull request: rebuilt from what was read, updated in place, closed when empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path

from closeout.errors import CloseoutError, ConfigurationError, MovedError, TrackerError
from closeout.git import branches, commits
from closeout.git.commits import CLOSEOUT, Author
from closeout.ports.documents import Page, Published, Rewrite, Waiting
from closeout.ports.pulls import Pull, Pulls
from closeout.render import pull_request as render
from closeout.repositories import rolling
from closeout.repositories.commit import Ready, checked, failed, message_of
from closeout.repositories.rolling import Branch

NAME = "closeout/write-backs"
_PUSH_SECONDS = 240.0
_DAY = timedelta(days=1)


@dataclass
class PullRequestPublisher:
    """Offers write-backs in pull requests from the branch `name` onto `base`, one for each group of documents.

    `per` names the groups: documents below folders that match it (`services/*`) go together; all others do too. An open
    pull request changes after `every` at the earliest; what a person closed is not offered again. `pulls` is None where
    the host is not known: then the branch is pushed, and that is all. `hold` and `remote` are as for a commit.
    """

    root: Path
    base: str
    pulls: Pulls | None
    now: datetime
    name: str = NAME
    per: str = ""
    every: timedelta = _DAY
    author: Author = CLOSEOUT
    encodings: tuple[str, ...] = ()
    hold: Callable[[float], None] = lambda seconds: None
    writes: bool = True
    lands: bool = False
    retries: int = 3
    remote: str | None = None
    _seen: dict[str, Branch] = field(default_factory=dict, repr=False)
    _texts: dict[str, Page] = field(default_factory=dict, repr=False)
    _revision: str = ""
    _refused: TrackerError | None = None

    def waiting(self, revision: str) -> Waiting:
        """Look at the branches, and at the pull requests of those that are there."""
        self._seen, self._texts, self._revision, self._refused = {}, {}, revision, None
        remote = self._remote()
        if not revision or not remote:
            return Waiting()
        there, known = self._heads(remote)
        for ref, tip in there.items():
            name = ref.removeprefix("refs/heads/")
            branch = rolling.look(self.root, remote, name, tip, revision)
            self._seen[name] = replace(branch, pull=None if branch.foreign else self._found(name))
        if any(branch.landed for branch in self._seen.values()):  # what was merged since the head was read is not in it
            known = known and self._heads(remote)[1]
            if known:
                self._seen = {name: rolling.gone(one) if one.landed else one for name, one in self._seen.items()}
        pages: dict[str, Page] = {}
        for branch in self._seen.values():
            if branch.merged is None:
                pages.update(rolling.pages(self.root, branch, self.encodings))
            elif branch.merged:
                paths = branches.changed(self.root, revision, branch.merged)
                self._texts.update(rolling.read(self.root, branch.merged, paths, self.encodings))
        seen = self._seen.values()
        told = tuple(note for one in seen for note in rolling.told(one, self.base, self.now))
        return Waiting(pages, known, told, tuple(offer for one in seen for offer in rolling.offers(one)))

    def standing(self, path: str) -> Page | None:
        """Return the document with what people changed on the branch; None where only our own commits are there."""
        branch = self._seen.get(self._branch_of(path))
        return Page(path) if branch is not None and branch.merged == "" else self._texts.get(path)

    def publish(self, rewrites: Sequence[Rewrite], revision: str) -> Sequence[Published]:
        """Offer the documents; a branch without any is taken back."""
        told: list[Published] = []
        try:
            if self._revision != revision:
                self.waiting(revision)
            if not self._remote() and rewrites:
                message = 'no remote has the branch. Add one, or say `publish = "worktree"`'
                raise ConfigurationError(message)
        except CloseoutError as error:
            return [failed(one.path, error) for one in rewrites]
        groups: dict[str, list[Rewrite]] = {name: [] for name in self._seen}
        for rewrite in rewrites:
            groups.setdefault(self._branch_of(rewrite.path), []).append(rewrite)
        for name, ones in groups.items():
            branch = self._seen.get(name, Branch(name, revision))
            try:
                told.extend(self._offered(branch, ones) if ones else self._taken_back(branch))
            except CloseoutError as error:
                moved = isinstance(error, MovedError)
                told.extend(Published(one.path, unchanged=True, waits=True) for one in ones)
                told.append(Published(name, f"{name}: could not be published: {error}", moved=moved, code=error.exit))
        return told

    def _offered(self, branch: Branch, rewrites: Sequence[Rewrite]) -> list[Published]:
        """Bring branch and pull request to what is to be shown. Raises CloseoutError if nothing of it could be done."""
        _check(branch)
        onto = branch.revision if branch.merged is None else branch.merged
        ready, told = checked(self.root, rewrites, onto)
        if not ready:
            return told
        if not branch.tip:
            branch = replace(branch, pull=self._found(branch.name))
        writes = {one.rewrite.path: one.rewrite.writes for one in ready}
        if _declined(branch, writes) and branch.pull:
            where = f"{branch.pull.address} was closed: what it shows is not offered again until something else changes"
            return [*told, *_left(ready, where)]
        wanted, commit = rolling.tree(self.root, branch, ready), branch.tip
        shown = rolling.is_shown(self.root, branch, wanted, list(writes))
        early = branch.opened and self.now.timestamp() < branch.found.when + self.every.total_seconds()
        if branch.opened and early and not shown:
            return [*told, *_left(ready, f"{branch.opened.address} changed lately: the rest comes with a later run")]
        if not shown:
            commit = rolling.made(self.root, branch, wanted, message_of(ready, branch.revision), self._author)
            self.hold(_PUSH_SECONDS)
            rolling.put(self.root, self._remote(), branch, commit)
        return [*told, *self._asked(branch, ready, commit, shown=shown)]

    def _asked(self, branch: Branch, ready: Sequence[Ready], commit: str, *, shown: bool) -> Iterator[Published]:
        """Open or update the pull request; if that is refused the branch stays pushed."""
        writes = {one.rewrite.path: one.rewrite.writes for one in ready}
        where, error, code = f"commit {commit[:7]} on {branch.name}, pushed to {self._remote()}", "", None
        kept = branch.merged is not None and branch.opened
        text = render.text(writes, kept=branch.opened.text if kept and branch.opened else None)
        try:
            if self._refused:
                raise self._refused
            if self.pulls is None:
                where += ": open a pull request from it"
            elif branch.opened is None:
                pull = self.pulls.open(branch.name, self.base, render.title(writes), text)
                where, shown = f"{pull.address}: opened", False
            elif not shown or not render.digests(writes) <= render.marks(branch.opened.text):
                self.pulls.update(branch.opened.number, render.title(writes), text)
                where, shown = f"{branch.opened.address}: updated", False
        except CloseoutError as refused:
            there = self.pulls.compare(branch.name, self.base) if self.pulls else ""
            error = f"{branch.name}: it is pushed, but its pull request could not be made: {refused}"
            error, code = f"{error}. It can be opened by hand at {there}", refused.exit
        for one in ready:
            yield Published(one.rewrite.path, where="" if shown else where, waits=True, unchanged=shown)
        if error:
            yield Published(branch.name, error, code=code)

    def _taken_back(self, branch: Branch) -> Iterator[Published]:
        """Close the pull request of a branch that shows nothing any more, and remove the branch, if it is only ours."""
        declined = branch.pull is not None and branch.pull.state == "closed" and render.marks(branch.pull.text)
        unsure = branch.landed and not branch.done
        if branch.foreign or branch.merged is not None or declined or unsure or not (branch.alive or branch.done):
            return
        if self._refused:
            raise self._refused
        self.hold(_PUSH_SECONDS)
        if self.pulls and branch.opened:
            self.pulls.close(branch.opened.number, render.closed())
            yield Published(branch.name, where=f"{branch.opened.address}: closed, nothing is left to write")
        rolling.put(self.root, self._remote(), branch, "")

    def _found(self, name: str) -> Pull | None:
        """Find a branch's pull request; if that is refused, the branch goes without, and the reason is told."""
        try:
            return self.pulls.find(name) if self.pulls and not self._refused else None
        except TrackerError as error:
            self._refused = error
            return None

    def _heads(self, remote: str) -> tuple[Mapping[str, str], bool]:
        """Return our branches on the remote, and whether its head is still what was read."""
        base = f"refs/heads/{self.base}"
        mine = f"refs/heads/{self.name}"
        there = dict(branches.tips(self.root, remote, base, mine, f"{mine}-*"))
        known = there.pop(base, "") == self._revision
        return {ref: tip for ref, tip in there.items() if ref == mine or ref.startswith(f"{mine}-")}, known

    def _branch_of(self, path: str) -> str:
        """Return the branch that a document goes onto: that of its group."""
        wanted, parts = self.per.strip("/").split("/"), path.split("/")
        mine = parts[: len(wanted)]
        if not self.per or len(parts) <= len(wanted) or not all(map(fnmatchcase, mine, wanted)):
            return self.name
        group = "/".join(mine)
        slug = re.sub(r"[^a-z0-9]+", "-", group.lower()).strip("-")[:60]
        return f"{self.name}-{slug}-{sha256(group.encode(errors='replace')).hexdigest()[:6]}"

    def _remote(self) -> str:
        return commits.followed(self.root, self.base) if self.remote is None else self.remote

    @property
    def _author(self) -> Author:
        return replace(self.author, when=int(self.now.timestamp()))


def _check(branch: Branch) -> None:
    """Raise ConfigurationError for a branch that is not to be written, MovedError for one that was just merged."""
    if branch.foreign:
        message = "it holds only commits that others made. Delete it, or name another with `pull-request-branch`"
        raise ConfigurationError(message)
    if branch.merged == "":
        message = "people's commits on it and the head contradict each other. Merge the head into it, or delete it"
        raise ConfigurationError(message)
    if branch.landed and not branch.done:
        message = "its pull request was merged while this run worked. Run again"
        raise MovedError(message)


def _declined(branch: Branch, writes: render.Writes) -> bool:
    pull: Pull | None = branch.pull
    return pull is not None and pull.state == "closed" and render.digests(writes) <= render.marks(pull.text)


def _left(ready: Sequence[Ready], where: str) -> list[Published]:
    return [Published(one.rewrite.path, where=where, waits=True, unchanged=True) for one in ready]
