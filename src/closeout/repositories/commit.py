"""Write-backs in one commit on the branch that is checked out, pushed where a remote has that branch."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from closeout import git
from closeout.errors import CloseoutError, ConfigurationError, MovedError
from closeout.git import commits
from closeout.git.commits import Kept
from closeout.ports.documents import Published, Rewrite
from closeout.repositories.worktree import WorktreePublisher

_FILES = ("100644", "100755")
_PUSH_SECONDS = 240.0  # a push, and the look at what came of it


@dataclass(frozen=True, slots=True)
class _Ready:
    """A rewrite that can go: `name` is its file below the root, `kept` what git shall keep of it, and `fresh` is False
    where HEAD holds that already, because a run was killed after its commit.
    """

    rewrite: Rewrite
    name: str
    kept: Kept
    fresh: bool


@dataclass(frozen=True)
class CommitPublisher:
    """Commits exactly the documents' changes, pushes the commit, and only then changes anything here: the branch, the
    index entries of these documents, their files. So a push that is refused leaves nothing to be undone, and a run that
    is killed between two steps leaves what the next one knows again.

    A document must stand in the work tree as in index and HEAD, and the branch as its remote has it: nothing that a
    person has not committed is committed, and nothing that a person has not pushed is pushed. `hold` makes sure, before
    a push, that no other run is at work for so many seconds.
    """

    root: Path
    hold: Callable[[float], None] = lambda seconds: None
    writes: bool = True
    lands: bool = True

    def publish(self, rewrites: Sequence[Rewrite]) -> Sequence[Published]:
        """Commit, push and write the documents; one that cannot go does not stop the others, a refused push does."""
        if not rewrites:
            return []
        told: list[Published] = []
        try:
            branch, parent = self._place()
            ready, told = self._checked(rewrites, parent)
            where = self._carried(ready, branch, parent)
        except CloseoutError as error:
            named = {one.path for one in told}
            return [*told, *(_failed(one.path, error) for one in rewrites if one.path not in named)]
        written = WorktreePublisher(self.root).publish([one.rewrite for one in ready])
        return [*told, *(one if one.error else replace(one, where=where) for one in written)]

    def _place(self) -> tuple[str, str]:
        """Return the branch and its commit. Raises ConfigurationError where there is none to commit on."""
        branch, parent = git.branch(self.root), git.head(self.root, "HEAD")
        if not branch or not parent:
            message = 'no branch with a commit is checked out. Check one out, or say `publish = "worktree"`'
            raise ConfigurationError(message)
        if git.own_file(self.root, "index.lock").exists():
            message = "another git holds index.lock. Let it end, or remove that file if none is at work, then run again"
            raise ConfigurationError(message)
        return branch, parent

    def _checked(self, rewrites: Sequence[Rewrite], parent: str) -> tuple[list[_Ready], list[Published]]:
        """Tell the rewrites that can go from those that cannot, with the reason."""
        committed, staged = commits.committed(self.root, parent), commits.staged(self.root)
        ready: dict[str, _Ready] = {}
        told: list[Published] = []
        for rewrite in rewrites:
            try:
                found = self._one(rewrite, committed, staged)
                if found.name in ready:
                    message = f"it is the same file as {ready[found.name].rewrite.path}. Run again"
                    raise MovedError(message)
                ready[found.name] = found
            except CloseoutError as error:
                told.append(_failed(rewrite.path, error))
            except OSError as error:
                told.append(_failed(rewrite.path, ConfigurationError(f"{error.strerror}. Check its rights")))
        return list(ready.values()), told

    def _one(self, rewrite: Rewrite, committed: Mapping[str, Kept], staged: Mapping[str, Kept]) -> _Ready:
        """Check one rewrite. Raises ConfigurationError for a local edit, MovedError for a file that changed."""
        path = (self.root / rewrite.path).resolve()
        if path.read_bytes() != rewrite.before.encode():
            message = "it changed while this run worked. Run again"
            raise MovedError(message)
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            raise PermissionError(13, "it is read-only", str(path))
        if not path.is_relative_to(self.root.resolve()):
            message = 'it lies outside of this repository. Leave it out, or say `publish = "worktree"`'
            raise ConfigurationError(message)
        name = path.relative_to(self.root.resolve()).as_posix()
        head, index = committed.get(name, Kept("", "")), staged.get(name)
        for end in ("\r\n", "\n"):  # as it is, or with the line ends that git keeps where it converts them
            before, after = (text.replace("\r\n", end).encode() for text in (rewrite.before, rewrite.after))
            old, new = (Kept(head.mode, commits.blob_of(self.root, content)) for content in (before, after))
            if head.mode in _FILES and ((head == old and index == old) or (head == new and index in {old, new})):
                commits.blob_of(self.root, after, write=True)
                return _Ready(rewrite, name, new, fresh=head != new)
        message = (
            "it does not stand in the last commit as it lies here: it holds edits that nobody has committed, or a filter "
            "of git rewrites it. Commit the edits first, then run again"
        )
        raise ConfigurationError(message)

    def _carried(self, ready: Sequence[_Ready], branch: str, parent: str) -> str:
        """Commit, push, and move the branch and the index; return where the changes are, for a person.

        Raises CloseoutError; a person's files are then as they were.
        """
        fresh = [one for one in ready if one.fresh]
        where = ""
        if fresh:
            made = commits.commit(self.root, {one.name: one.kept for one in fresh}, parent, message_of(fresh))
            made, remote = self._pushed(made, branch, parent)
            if git.branch(self.root) != branch or not commits.advance(self.root, f"refs/heads/{branch}", made, parent):
                message = f"{branch} moved while this run worked. Bring it up to date (`git pull`), then run again"
                raise MovedError(message)
            where = f"commit {made[:7]} on {branch}, " + (f"pushed to {remote}" if remote else "not pushed")
        if ready:
            commits.stage(self.root, {one.name: one.kept for one in ready})
        return where

    def _pushed(self, made: str, branch: str, parent: str) -> tuple[str, str]:
        """Push the commit where a remote has the branch; return the commit that is there, and the remote's name.

        Raises MovedError if somebody was faster, ConfigurationError if the push is refused or cannot be sent.
        """
        remote, ref = commits.remote_of(self.root, branch), f"refs/heads/{branch}"
        there = commits.tip(self.root, remote, ref) if remote else ""
        if not there:
            return made, ""
        if there == parent:
            self.hold(_PUSH_SECONDS)
            why = git.push(self.root, made, ref, to=remote)
            there = commits.tip(self.root, remote, ref) if why else made
            if there == parent:
                raise ConfigurationError(_refused(remote, branch, why))
        elif git.descends(self.root, parent, there):
            message = f"{branch} holds commits that {remote} does not have. Push them first, then run again"
            raise ConfigurationError(message)
        elif self._is_ours(there, made, remote, ref):
            return there, remote
        if there != made:
            message = f"{remote} has newer commits on {branch}. Bring them here (`git pull`), then run again"
            raise MovedError(message)
        return made, remote

    def _is_ours(self, there: str, made: str, remote: str, ref: str) -> bool:
        """Tell whether a remote's head is this very commit, pushed by a run that was killed before it got further."""
        with suppress(ConfigurationError):  # somebody else's that cannot be had is not ours
            git.fetch(self.root, ref, there, source=remote)
        return commits.alike(self.root, there, made)


def message_of(ready: Sequence[_Ready]) -> str:
    """Return the commit's message: it calls nobody, closes nothing, and holds nothing of a document."""
    values = sum(one.rewrite.values for one in ready)
    told = f"{values} value{'' if values == 1 else 's'} written back into {len(ready)} document{'' if len(ready) == 1 else 's'}"
    paths = "\n".join(sorted(commits.quoted(one.name) for one in ready))
    return f"Action items: {told}\n\n{paths}\n"


def _refused(remote: str, branch: str, why: str) -> str:
    if git.lacks_right(why):
        todo = 'Give this user the right to push to that branch, or say `publish = "worktree"`'
    else:
        todo = "Run again later"
    return f"{remote} did not take the commit on {branch}: {why}. {todo}"


def _failed(path: str, error: CloseoutError) -> Published:
    moved = isinstance(error, MovedError)
    return Published(path, f"{path}: could not be published: {error}", moved=moved)
