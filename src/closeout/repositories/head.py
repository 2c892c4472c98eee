"""Documents at the head of the branch that everybody shares: what nobody pushed yet is not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from closeout import git
from closeout.git import commits
from closeout.ports.documents import Page, Snapshot
from closeout.repositories.trees import documents
from closeout.repositories.worktree import DEFAULT_PATHS, matching


@dataclass(frozen=True)
class Head:
    """The documents that match `paths` at the head of `branch` on its remote.

    Without a branch, or a remote that has it, what is checked out stands in: its last commit, as it is here. `remote` is
    the one that the branch follows, None: git tells.
    """

    root: Path
    branch: str = ""
    paths: tuple[str, ...] = DEFAULT_PATHS
    encodings: tuple[str, ...] = ()
    remote: str | None = None

    def read(self) -> Snapshot:
        """Return every document of the commit, those that only lead to another one left out.

        Raises ConfigurationError if the remote cannot be asked, or its commit cannot be brought here.
        """
        revision, name, note = self.where()
        if not revision:
            return Snapshot(note="nothing is committed here yet, so there is nothing to read: commit the documents")
        pages = AtCommit(self.root, revision, self.paths, self.encodings).pages()
        unpushed = frozenset(matching(commits.differing(self.root, revision), self.paths))
        here = git.head(self.root, "HEAD")
        ahead = bool(here) and not git.descends(self.root, revision, here)
        return Snapshot(pages, revision, name, note, unpushed, ahead)

    def descends(self, revision: str, ancestor: str) -> bool:
        """Whether a revision may have come of an older one; a shallow clone cannot tell what it does not hold, nor what
        lies behind the end of its history: only that a revision is the older one of the two.
        """
        if git.descends(self.root, revision, ancestor):
            return True
        known = git.head(self.root, ancestor)
        return git.is_shallow(self.root) and not (known and git.descends(self.root, ancestor, revision))

    def where(self) -> tuple[str, str, str]:
        """Return the commit (empty where there is none), its name, and what to tell of the choice."""
        remote = self.remote
        if remote is None or not self.branch:
            remote = commits.followed(self.root, self.branch) if self.branch else ""
        ref = f"refs/heads/{self.branch}"
        there = commits.tip(self.root, remote, ref) if remote else ""
        if not there:
            told = f"no remote has the branch {self.branch}: the documents are read at its last commit here"
            return git.head(self.root, "HEAD"), "the last commit", told if self.branch else ""
        git.fetch(self.root, ref, there, source=remote)
        return there, f"{remote}/{self.branch}", ""


@dataclass(frozen=True, slots=True)
class AtCommit:
    """The documents that match `paths` in one commit of this clone, whatever came after it."""

    root: Path
    revision: str
    paths: tuple[str, ...] = DEFAULT_PATHS
    encodings: tuple[str, ...] = ()

    def pages(self) -> Sequence[Page]:
        """Return every document, those that only lead to another one left out."""
        kept = commits.committed(self.root, self.revision)
        local = Local(self.root, self.revision, commits.promisor(self.root))
        return documents(kept, self.paths, self.encodings, local)

    def read(self) -> Snapshot:
        """Return every document of the commit."""
        return Snapshot(self.pages(), self.revision, self.revision[:12])

    def descends(self, revision: str, ancestor: str) -> bool:
        """Whether a revision may have come of an older one."""
        return git.descends(self.root, revision, ancestor)


@dataclass(frozen=True, slots=True)
class Local:
    """What this clone has of a revision; what it left out when it was made is fetched from its promisor, all of it at once."""

    root: Path
    revision: str
    promisor: str

    def sizes(self, blobs: Sequence[str]) -> Mapping[str, int]:
        """Return how many bytes each blob has."""
        commits.bring(self.root, self.promisor, self.revision, blobs)
        return commits.sizes(self.root, blobs)

    def contents(self, blobs: Sequence[str]) -> Mapping[str, bytes]:
        """Return what each blob holds."""
        commits.bring(self.root, self.promisor, self.revision, blobs)
        return commits.contents(self.root, blobs)
