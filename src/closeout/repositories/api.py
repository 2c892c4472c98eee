"""Write-backs in one commit that the host makes, on top of the revision that was read; GitHub signs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from closeout.errors import CloseoutError, ConfigurationError, MovedError, OutcomeUnknown
from closeout.git.commits import Kept
from closeout.hosts.git_objects import Branch, Commit, Declined, Tree, oid_of
from closeout.ports.documents import Page, Published, Rewrite, Waiting
from closeout.repositories.commit import Ready, failed, message_of

_SENT_WITHIN = 300.0
_WRITE_SECONDS = _SENT_WITHIN + 100.0  # connecting, the answer, and the look at what came of it
_FILE, _PROGRAM = "100644", "100755"


class Timed(Protocol):
    """How fast a host is asked."""

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Let no write be sent later than this from now."""


class Host(Protocol):
    """A host that can be asked for a commit."""

    @property
    def pace(self) -> Timed:
        """How fast it is asked."""


class CommitHost(Protocol):
    """A repository on a host that makes commits; a method raises as `closeout.hosts.github_git` says."""

    @property
    def host(self) -> Host:
        """The host."""

    @property
    def place(self) -> str:
        """The repository as an error names it."""

    def branch(self, name: str = "") -> Branch | None:
        """Look at a branch."""

    def commit(self, oid: str) -> Commit:
        """Look at a commit."""

    def tree(self, oid: str, *, deep: bool) -> Tree:
        """List a folder."""

    def commit_on_branch(
        self, branch: str, head: str, message: tuple[str, str], files: Mapping[str, bytes], old: Mapping[str, str]
    ) -> str:
        """Put files, whose blobs were `old`, into one commit on a branch that points to `head`, and return it."""


@dataclass(frozen=True)
class ApiPublisher:
    """Lets the host make one commit of the documents' changes on a branch that is still as it was read.

    `branch` tells its name, `listing` what a revision holds at each path. `hold` makes sure, before the commit, that no
    other run is at work for so many seconds.
    """

    git: CommitHost
    branch: Callable[[], str]
    listing: Callable[[str], Mapping[str, Kept]]
    hold: Callable[[float], None] = lambda seconds: None
    writes: bool = True
    lands: bool = True
    retries: int = 3

    def waiting(self, revision: str) -> Waiting:  # noqa: ARG002 - it lands at once
        """Nothing waits."""
        return Waiting(known=True)

    def standing(self, path: str) -> Page | None:  # noqa: ARG002 - it goes onto what was read
        """Return None: it is the one that was read."""
        return None

    def publish(self, rewrites: Sequence[Rewrite], revision: str) -> Sequence[Published]:
        """Commit the documents; one that cannot go does not stop the others, a refusal does."""
        if not rewrites:
            return []
        told: list[Published] = []
        try:
            ready, told = self._checked(rewrites, revision)
            where = self._committed(ready, revision) if ready else ""
        except CloseoutError as error:
            named = {one.path for one in told}
            return [*told, *(failed(one.path, error) for one in rewrites if one.path not in named)]
        return [*told, *(Published(one.rewrite.path, where=where) for one in ready)]

    def _checked(self, rewrites: Sequence[Rewrite], revision: str) -> tuple[list[Ready], list[Published]]:
        """Tell the rewrites that stand in the revision as they were read from those that do not."""
        there = self.listing(revision) if revision else {}
        ready: list[Ready] = []
        told: list[Published] = []
        for rewrite in rewrites:
            old = there.get(rewrite.path, Kept("", ""))
            if rewrite.after == rewrite.before:
                told.append(Published(rewrite.path))
            elif old.blob != oid_of(rewrite.before.encode(rewrite.encoding)):
                told.append(failed(rewrite.path, MovedError("it changed while this run worked. Run again")))
            elif old.mode != _FILE:
                told.append(failed(rewrite.path, ConfigurationError(_odd(old.mode))))
            else:
                new = oid_of(rewrite.after.encode(rewrite.encoding))
                ready.append(Ready(rewrite, old, replace(old, blob=new)))
        return ready, told

    def _committed(self, ready: Sequence[Ready], revision: str) -> str:
        """Have the commit made. Raises MovedError if somebody was faster, ConfigurationError if it is refused."""
        branch = self.branch()
        headline, _, body = message_of(ready, revision).rstrip("\n").partition("\n\n")
        contents = {one.rewrite.path: one.rewrite.after.encode(one.rewrite.encoding) for one in ready}
        old = {one.rewrite.path: one.old.blob for one in ready}
        self.hold(_WRITE_SECONDS)
        try:
            with self.git.host.pace.within(_SENT_WITHIN):
                made = self.git.commit_on_branch(branch, revision, (headline, body), contents, old)
        except Declined as declined:
            raise (
                MovedError(_moved(branch)) if declined.stale else _refused(self.git.place, branch, declined)
            ) from declined
        except OutcomeUnknown as unknown:
            made = self._looked_up(ready, branch, revision)
            if not made:
                raise ConfigurationError(str(unknown)) from unknown
        return f"commit {made[:7]} on {branch}, made on {self.git.place}"

    def _looked_up(self, ready: Sequence[Ready], branch: str, revision: str) -> str:
        """Look whether the branch's head is what was asked for; empty if it is still the revision that was read.

        Raises MovedError if it is something else: then all is read again, and shows what came of it.
        """
        found = self.git.branch(branch)
        tip = found.target.oid if found and found.target else ""
        if tip == revision:
            return ""
        if tip:
            commit, tree = self.git.commit(tip), self.git.tree(tip, deep=True)
            there = {entry.path: entry.sha for entry in tree.tree}
            same = all(there.get(one.rewrite.path) == one.new.blob for one in ready)
            if (
                same
                and [one.sha for one in commit.parents] == [revision]
                and commit.message.strip() == message_of(ready, revision).strip()
            ):
                return tip
        raise MovedError(_moved(branch))


def _moved(branch: str) -> str:
    return f"there are newer commits on {branch}. Run again"


def _refused(place: str, branch: str, declined: Declined) -> ConfigurationError:
    todo = (
        "Let the token write the repository's contents (`contents: write`) and put commits on that branch, or say "
        '`publish = "worktree"`'
    )
    return ConfigurationError(f"{place} did not make the commit on {branch}: {declined.message.rstrip('.')}. {todo}")


def _odd(mode: str) -> str:
    what = (
        "it is executable, and a commit through the API would take that from it"
        if mode == _PROGRAM
        else "it is no file"
    )
    return f'{what}. Make it an ordinary file, or say `publish = "commit"`'
