"""Documents, issues and ledger that lie in one tree, in one commit, once a run has written all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from closeout import git
from closeout.errors import ConfigurationError
from closeout.git import commits
from closeout.git.branches import TRAILER
from closeout.git.commits import CLOSEOUT, Author, Kept

_FILE = "100644"


@dataclass(frozen=True)
class TreeCommit:
    """Commits what a run wrote on the branch that is checked out, and pushes that where a remote stands as this branch did.

    `folder` holds issues and ledger, and is committed as it lies; of the documents those that were written, unless they
    were `edited` before: what a person has not committed is not committed for them.
    """

    root: Path
    folder: str
    edited: frozenset[str]
    author: Author = CLOSEOUT

    def __call__(self, written: Sequence[str]) -> str:
        """Commit, and return where it is, for a person; empty if there is nothing to commit.

        Raises ConfigurationError if it cannot be committed or pushed; a commit that was not pushed stays here.
        """
        branch, parent = git.branch(self.root), git.head(self.root, "HEAD")
        if not branch or not parent:
            message = 'no branch with a commit is checked out. Check one out, or say `publish = "worktree"`'
            raise ConfigurationError(message)
        changes = self._changes(parent, frozenset(written))
        if not changes:
            return ""
        message = f"Action items: {len(changes)} files\n\n{TRAILER}: {parent}\n"
        made = commits.commit(self.root, changes, parent, message, self.author)
        ref = f"refs/heads/{branch}"
        commits.stage(self.root, changes)
        if not commits.advance(self.root, ref, made, parent):
            told = f"{branch} moved while this run worked. Commit {self.folder} and the documents together"
            raise ConfigurationError(told)
        return f"commit {made[:7]} on {branch}, {self._pushed(made, parent, branch)}"

    def _changes(self, parent: str, written: frozenset[str]) -> dict[str, Kept]:
        known = commits.committed(self.root, parent)
        changes = {}
        for name in commits.differing(self.root, parent):
            ours = name.startswith(f"{self.folder}/") or (name in written and name not in self.edited)
            path = self.root / name
            if ours and path.is_file() and not path.is_symlink():
                mode = known[name].mode if name in known else _FILE
                changes[name] = Kept(mode, commits.blob_of_file(self.root, name))
        return changes

    def _pushed(self, made: str, parent: str, branch: str) -> str:
        remote, ref = commits.followed(self.root, branch), f"refs/heads/{branch}"
        there = commits.tip(self.root, remote, ref) if remote else ""
        if there != parent:
            return f"not pushed: {remote} has other commits on {branch}" if there else "not pushed"
        why = git.push(self.root, made, ref, to=remote)
        if why and commits.tip(self.root, remote, ref) != made:
            message = f"{remote} did not take the commit {made[:7]} on {branch}: {why}. It stays here: push it"
            raise ConfigurationError(message)
        return f"pushed to {remote}"


def begun(root: Path, folder: str, author: Author) -> TreeCommit:
    """Note, before a run writes, what a person has edited and not committed."""
    head = git.head(root, "HEAD")
    edited = frozenset(commits.differing(root, head)) if head else frozenset()
    return TreeCommit(root, folder, edited, author)
