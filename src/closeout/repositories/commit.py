"""Write-backs in one commit on top of the revision that was read, pushed where a remote has the branch."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from closeout import files, git
from closeout.errors import CloseoutError, ConfigurationError, MovedError
from closeout.git import commits
from closeout.git.branches import TRAILER
from closeout.git.commits import CLOSEOUT, Author, Kept
from closeout.ports.documents import Page, Published, Publisher, Rewrite, Waiting

_FILES = ("100644", "100755")
_PROTECTED = re.compile(r"protected|rule violation|GH006|GH013|changes must be made through", re.I)
_PUSH_SECONDS = 240.0  # a push, and the look at what came of it


class _ProtectedError(ConfigurationError):
    """The remote takes no push to a branch, from anybody like us."""

    def __init__(self, told: str, branch: str) -> None:
        super().__init__(told)
        self.branch = branch


@dataclass(frozen=True, slots=True)
class Ready:
    """A rewrite that can go: what git keeps of it in the revision that was read, and what it shall keep."""

    rewrite: Rewrite
    old: Kept
    new: Kept


@dataclass(frozen=True)
class CommitPublisher:
    """Commits exactly the documents' changes on top of what was read, and pushes that commit; it never merges.

    What lies around here is not touched. The branch that is checked out, its index and files are brought along only if
    they stand as the revision has them; else a person pulls. Without a remote that has the branch, the commit is made
    here, and a document with edits that nobody committed is left alone. `hold` makes sure, before a push, that no other
    run is at work for so many seconds; `instead` is where write-backs go if the branch is protected. `remote` is the one
    that the branch follows, None: git tells.
    """

    root: Path
    branch: str = ""
    hold: Callable[[float], None] = lambda seconds: None
    author: Author = CLOSEOUT
    instead: Publisher | None = None
    writes: bool = True
    lands: bool = True
    retries: int = 3
    remote: str | None = None

    def waiting(self, revision: str) -> Waiting:
        """Return what waits because the branch is protected."""
        return self.instead.waiting(revision) if self.instead else Waiting(known=True)

    def standing(self, path: str) -> Page | None:  # noqa: ARG002 - it goes onto what was read
        """Return None: it is the one that was read."""
        return None

    def publish(self, rewrites: Sequence[Rewrite], revision: str) -> Sequence[Published]:
        """Commit and push the documents; one that cannot go does not stop the others, a refused push does."""
        if not rewrites:
            return self.instead.publish([], revision) if self.instead else []
        told: list[Published] = []
        ready: list[Ready] = []
        try:
            branch = self.branch or git.branch(self.root)
            if not branch or not revision:
                message = 'no branch with a commit is checked out. Check one out, or say `publish = "worktree"`'
                raise ConfigurationError(message)
            remote = commits.followed(self.root, branch) if self.remote is None else self.remote
            there = commits.tip(self.root, remote, f"refs/heads/{branch}") if remote else ""
            ready, told = checked(self.root, rewrites, revision)
            if not ready:
                where = ""
            elif there:
                where = self._pushed(ready, branch, remote, (there, revision))
            else:
                ready, where = self._kept(ready, branch, revision, told)
        except _ProtectedError as error:
            going = [one.rewrite for one in ready]
            if self.instead is None:
                return [*told, *(failed(one.path, error) for one in going)]
            line = f"{error.branch} is protected, so what is written back goes through a pull request"
            return [*told, *self.instead.publish(going, revision), Published(error.branch, where=line)]
        except CloseoutError as error:
            named = {one.path for one in told}
            return [*told, *(failed(one.path, error) for one in rewrites if one.path not in named)]
        return [*told, *(Published(one.rewrite.path, where=where) for one in ready)]

    def _pushed(self, ready: Sequence[Ready], branch: str, remote: str, heads: tuple[str, str]) -> str:
        """Push a commit, then bring it here; `heads` are the remote's and the one that was read.

        Raises MovedError if somebody was faster, ConfigurationError if the push is refused or cannot be sent.
        """
        there, revision = heads
        ref = f"refs/heads/{branch}"
        made = ""
        if there == revision:
            made = commits.commit(
                self.root,
                {one.rewrite.path: one.new for one in ready},
                revision,
                message_of(ready, revision),
                self.author,
            )
            self.hold(_PUSH_SECONDS)
            why = git.push(self.root, made, ref, to=remote)
            there = commits.tip(self.root, remote, ref) if why else made
            if there == revision:
                told = _refused(remote, branch, why)
                raise _ProtectedError(told, branch) if _PROTECTED.search(why) else ConfigurationError(told)
        if not made and there != revision and git.descends(self.root, revision, there):
            message = f"{branch} has commits here that {remote} lacks. Push them, then run again"
            raise ConfigurationError(message)
        if there != (made or revision):
            message = f"{remote} has newer commits on {branch}. Run again"
            raise MovedError(message)
        clean = self._is_here(branch, revision) and len(self._clean(ready)) == len(ready)
        here = clean and self._brought(ready, branch, revision, made)
        return f"commit {made[:7]} on {branch}, pushed to {remote}" + ("" if here else "; `git pull` brings it here")

    def _kept(self, ready: list[Ready], branch: str, revision: str, told: list[Published]) -> tuple[list[Ready], str]:
        """Commit here, where nobody else has the branch; return what went. Raises MovedError, ConfigurationError."""
        if git.own_file(self.root, "index.lock").exists():
            message = "another git holds index.lock. Let it end, or remove that file if none is at work, then run again"
            raise ConfigurationError(message)
        clean = self._clean(ready)
        message = "it holds edits that nobody has committed. Commit the edits first, then run again"
        told.extend(failed(one.rewrite.path, ConfigurationError(message)) for one in ready if one not in clean)
        if not clean:
            return [], ""
        made = commits.commit(
            self.root, {one.rewrite.path: one.new for one in clean}, revision, message_of(clean, revision), self.author
        )
        if not self._is_here(branch, revision) or not self._brought(clean, branch, revision, made):
            message = f"{branch} moved while this run worked, or a file cannot be written. Run again"
            raise MovedError(message)
        return clean, f"commit {made[:7]} on {branch}, not pushed"

    def _is_here(self, branch: str, revision: str) -> bool:
        """Whether a branch is checked out as it was read, and no other git is at work on it."""
        locked = git.own_file(self.root, "index.lock").exists()
        return not locked and git.branch(self.root) == branch and git.head(self.root, "HEAD") == revision

    def _clean(self, ready: Sequence[Ready]) -> list[Ready]:
        """Return those whose index entries and files are as they were read, and can be written."""
        staged = commits.staged(self.root)
        return [one for one in ready if staged.get(one.rewrite.path) == one.old and self._after(one) is not None]

    def _after(self, one: Ready) -> bytes | None:
        """Return what a file shall hold, with the line ends that it has here; None if a person edited it."""
        path = self.root / one.rewrite.path
        try:
            content = b"" if path.is_symlink() else path.read_bytes()
        except OSError:
            return None
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            return None
        before, after = (text.encode(one.rewrite.encoding) for text in (one.rewrite.before, one.rewrite.after))
        if content == before:
            return after
        return _crlf(after) if content == _crlf(before) else None

    def _brought(self, ready: Sequence[Ready], branch: str, revision: str, made: str) -> bool:
        """Bring the commit here: files, then index, then branch; False if that could not be done.

        If this dies half-way, what lies here differs from the branch only by what the remote has too.
        """
        contents = {one.rewrite.path: self._after(one) for one in ready}
        try:
            for path, content in contents.items():
                if content is not None:
                    files.replace(self.root / path, content)
        except OSError:
            return False
        commits.stage(self.root, {one.rewrite.path: one.new for one in ready})
        return commits.advance(self.root, f"refs/heads/{branch}", made, revision)


def checked(root: Path, rewrites: Sequence[Rewrite], revision: str) -> tuple[list[Ready], list[Published]]:
    """Tell the rewrites that stand in the revision as they were read from those that do not; git keeps their new texts."""
    there = commits.committed(root, revision)
    ready: list[Ready] = []
    told: list[Published] = []
    for rewrite in rewrites:
        if rewrite.after == rewrite.before:
            told.append(Published(rewrite.path))
            continue
        old = there.get(rewrite.path, Kept("", ""))
        if old.mode not in _FILES or old.blob != commits.blob_of(root, rewrite.before.encode(rewrite.encoding)):
            told.append(failed(rewrite.path, MovedError("it changed while this run worked. Run again")))
            continue
        new = commits.blob_of(root, rewrite.after.encode(rewrite.encoding), write=True)
        ready.append(Ready(rewrite, old, replace(old, blob=new)))
    return ready, told


def message_of(ready: Sequence[Ready], revision: str) -> str:
    """Return the commit's message: it calls nobody, closes nothing, and holds nothing of a document; its trailer tells
    that it is ours, and what it was made from.
    """
    values = sum(one.rewrite.values for one in ready)
    told = f"{values} value{'' if values == 1 else 's'} written back into {len(ready)} document{'' if len(ready) == 1 else 's'}"
    paths = "\n".join(sorted(commits.quoted(one.rewrite.path) for one in ready))
    return f"Action items: {told}\n\n{paths}\n\n{TRAILER}: {revision}\n"


def failed(path: str, error: CloseoutError) -> Published:
    """Return what is told of a rewrite that could not go."""
    moved = isinstance(error, MovedError)
    return Published(path, f"{path}: could not be published: {error}", moved=moved)


def _crlf(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _refused(remote: str, branch: str, why: str) -> str:
    if git.lacks_right(why):
        todo = 'Give this user the right to push to that branch, or say `publish = "worktree"`'
    else:
        todo = "Run again later"
    return f"{remote} did not take the commit on {branch}: {why}. {todo}"
