"""Documents at the head of the branch that everybody shares: what nobody pushed yet is not read."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from closeout import git
from closeout.git import commits
from closeout.git.commits import Kept
from closeout.ports.documents import Page, Snapshot
from closeout.repositories.pages import MAX_BYTES, decoded, too_large
from closeout.repositories.worktree import DEFAULT_PATHS, matching

_LINK = "120000"
_SUBMODULE = "160000"


@dataclass(frozen=True)
class Head:
    """The documents that match `paths` at the head of `branch` on its remote.

    Without a branch, or a remote that has it, what is checked out stands in: its last commit, as it is here.
    """

    root: Path
    branch: str = ""
    paths: tuple[str, ...] = DEFAULT_PATHS
    encodings: tuple[str, ...] = ()

    def read(self) -> Snapshot:
        """Return every document of the commit, those that only lead to another one left out.

        Raises ConfigurationError if the remote cannot be asked, or its commit cannot be brought here.
        """
        revision, name, note = self._where()
        if not revision:
            return Snapshot(note="nothing is committed here yet, so there is nothing to read: commit the documents")
        kept = commits.committed(self.root, revision)
        names = [found for found in matching(kept, self.paths) if kept[found].mode != _SUBMODULE]
        links = {found: self._target(found, kept[found]) for found in names if kept[found].mode == _LINK}
        plain = sorted(set(names) - set(links))
        sizes = commits.sizes(self.root, [kept[found].blob for found in plain])
        small = [kept[found].blob for found in plain if sizes[kept[found].blob] <= MAX_BYTES]
        contents = commits.contents(self.root, small)
        pages = [self._page(found, kept[found].blob, sizes, contents) for found in plain]
        pages += [_led(found, target) for found, target in links.items() if target not in plain]
        unpushed = frozenset(matching(commits.differing(self.root, revision), self.paths))
        here = git.head(self.root, "HEAD")
        ahead = bool(here) and not git.descends(self.root, revision, here)
        return Snapshot(sorted(pages, key=lambda page: page.path), revision, name, note, unpushed, ahead)

    def descends(self, revision: str, ancestor: str) -> bool:
        """Whether a revision may have come of an older one; a shallow clone cannot tell what it does not hold."""
        if git.descends(self.root, revision, ancestor):
            return True
        return not git.head(self.root, ancestor) and git.is_shallow(self.root)

    def _where(self) -> tuple[str, str, str]:
        """Return the commit, its name, and what to tell of the choice."""
        remote = commits.remote_of(self.root, self.branch) if self.branch else ""
        ref = f"refs/heads/{self.branch}"
        there = commits.tip(self.root, remote, ref) if remote else ""
        if not there:
            told = f"no remote has the branch {self.branch}: the documents are read at its last commit here"
            return git.head(self.root, "HEAD"), "the last commit", told if self.branch else ""
        git.fetch(self.root, ref, there, source=remote)
        return there, f"{remote}/{self.branch}", ""

    def _page(self, name: str, blob: str, sizes: Mapping[str, int], contents: Mapping[str, bytes]) -> Page:
        small = blob in contents
        return decoded(name, contents[blob], self.encodings) if small else too_large(name, sizes[blob])

    def _target(self, name: str, link: Kept) -> str:
        told = commits.contents(self.root, [link.blob])[link.blob].decode(errors="replace")
        return posixpath.normpath(posixpath.join(posixpath.dirname(name), told))


def _led(name: str, target: str) -> Page:
    told = f"{name}: could not be read: it is a symbolic link to {target}, which is no document. Name that in `paths`"
    return Page(name, error=told)
