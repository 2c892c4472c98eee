"""Write-backs in one commit that GitHub makes and signs, on top of the revision that was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from closeout.errors import CloseoutError, ConfigurationError, MovedError, OutcomeUnknown
from closeout.git.commits import Kept
from closeout.hosts.github_git import Declined, GitHubGit, oid_of
from closeout.ports.documents import Page, Published, Rewrite, Waiting
from closeout.repositories.commit import Ready, failed, message_of

_SENT_WITHIN = 300.0
_WRITE_SECONDS = _SENT_WITHIN + 100.0  # connecting, the answer, and the look at what came of it
_FILE, _PROGRAM = "100644", "100755"


@dataclass(frozen=True)
class ApiPublisher:
    """Lets GitHub make one commit of the documents' changes on a branch that is still as it was read.

    `branch` tells its name, `listing` what a revision holds at each path. `hold` makes sure, before the commit, that no
    other run is at work for so many seconds.
    """

    git: GitHubGit
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
        self.hold(_WRITE_SECONDS)
        try:
            with self.git.host.pace.within(_SENT_WITHIN):
                made = self.git.commit_on_branch(branch, revision, (headline, body), contents)
        except Declined as declined:
            raise (MovedError(_moved(branch)) if declined.stale else _refused(branch, declined.message)) from declined
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


def _refused(branch: str, why: str) -> ConfigurationError:
    todo = (
        "Let the token write the repository's contents (`contents: write`) and put commits on that branch, or say "
        '`publish = "worktree"`'
    )
    return ConfigurationError(f"GitHub did not make the commit on {branch}: {why.rstrip('.')}. {todo}")


def _odd(mode: str) -> str:
    what = (
        "it is executable, and a commit through the API would take that from it"
        if mode == _PROGRAM
        else "it is no file"
    )
    return f'{what}. Make it an ordinary file, or say `publish = "commit"`'
