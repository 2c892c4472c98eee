"""The chain in a clone: fetched from origin, and moved on by a push that is never forced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from closeout import git
from closeout.errors import ConfigurationError, MovedError, OvertakenError
from closeout.state.storage import FILE, Tips, lost

_FAR = 1_000


class Chain:
    """The file on the chain of a ref, on `origin` where that can be pushed to, else in this clone only.

    Where pushing is refused for lack of rights, the ref is made in this clone; what it holds is pushed with the first
    push that is taken, and then the clone's ref goes. So a chain that people took back on origin never comes again
    out of a clone. `<ref>-of-origin` only keeps what was fetched, so that the next fetch is a small one.
    """

    def __init__(self, root: Path, ref: str, variables: Mapping[str, str] | None = None) -> None:
        """Keep the chain on `ref` of the repository at `root`; nothing is checked out, so it may be bare. `variables` are
        for git alone where it speaks with origin.

        Raises ConfigurationError if that is no name of a ref.
        """
        if not ref.startswith("refs/") or git.git(root, "check-ref-format", ref) is None:
            message = f"{ref}: could not keep the ledger: this is no name of a ref. Use one like refs/closeout/ledger"
            raise ConfigurationError(message)
        self._root = root
        self._variables = variables
        self.ref = ref
        told = git.configured(root, r"^remote\.origin\.(url|pushurl)$")
        self._remote = bool(told.get("remote.origin.url", "").strip())
        self._triangular = "remote.origin.pushurl" in told
        self._pushed = False
        self.shared = self._remote

    def read(self) -> Tips:
        """Ask where the chain stands, and bring its commits here.

        Raises ConfigurationError if there is an `origin` that cannot be asked: that is never taken for an empty chain.
        """
        origin = git.remote_head(self._root, self.ref, self._variables) if self._remote else ""
        if not origin:
            own = git.head(self._root, self.ref)
            return Tips((own,) if own else (), own=own)
        own, followed, here = git.heads(self._root, self.ref, self._followed, origin)
        if not here:
            git.fetch(self._root, self.ref, origin, variables=self._variables)
        git.move(self._root, self._followed, origin, followed)
        if not own or git.descends(self._root, origin, own):
            return Tips((origin,), origin, own)
        return Tips((own,) if git.descends(self._root, own, origin) else (origin, own), origin, own)

    def text(self, commit: str) -> str:
        """Return the file in a commit. Raises ValueError if it is not there or no text."""
        content = git.blob(self._root, commit, FILE)
        if content is None:
            message = f"it has no file {FILE}"
            raise ValueError(message)
        return content.decode()

    def advance(self, tips: Tips, text: str, message: str) -> Tips:
        """Put a commit after the heads of `tips`, and return where the chain stands then.

        Raises MovedError, and nothing was changed, if the chain stands elsewhere by now, or if a push failed for a
        reason other than rights; ConfigurationError if this clone cannot be written. Lacking rights at the first push is no error: from then on the chain is not `shared`.
        """
        new = git.commit_file(self._root, FILE, text.encode(), tips.heads, message)
        if self.shared and self._landed(new, tips):
            self._pushed = True
            own, followed = git.heads(self._root, self.ref, self._followed)
            git.move(self._root, self._followed, new, followed)
            if own and git.descends(
                self._root, new, own
            ):  # what origin has now; what another process of this clone made stays
                git.move(self._root, self.ref, "", own)
            return Tips((new,), new)
        self.shared = False
        if git.move(self._root, self.ref, new, tips.own):
            return Tips((new,), tips.origin, new)
        if git.head(self._root, self.ref) != tips.own:
            raise OvertakenError(lost(self.ref))
        message = f"{self.ref}: could not save the ledger: the ref cannot be written. Check the repository's rights"
        raise ConfigurationError(message)

    def _landed(self, new: str, tips: Tips) -> bool:
        """Push, and look at what came of it, since a reply may be lost; False if a right is missing."""
        why = self._push(new)
        if not why and not self._triangular:
            return True
        failed = f"{self.ref}: could not save the ledger: {why}. Nothing is lost: run again"
        try:
            now = git.remote_head(self._root, self.ref, self._variables)
        except ConfigurationError as error:
            raise MovedError(failed) from error
        if now == new:
            return True
        if now != tips.origin:
            raise OvertakenError(lost(self.ref))
        if self._pushed or (why and not git.lacks_right(why)):  # not why: it went to another repository
            raise MovedError(failed)
        return False

    def _push(self, new: str) -> str:
        if self._variables is None:
            return git.push(self._root, new, self.ref)
        return git.push(self._root, new, self.ref, variables=self._variables)

    @property
    def _followed(self) -> str:
        return f"{self.ref}-of-origin"

    def rescue(self, commit: str, good: Callable[[str], bool]) -> str:
        """Say how to bring back the last commit at or before `commit` whose file is `good`."""
        found = next((one for one in git.chain(self._root, commit, _FAR) if self._is(one, good)), None)
        if found is None:
            return f"No good one was found in its history: delete {self.ref}, then `closeout sync --rebuild-ledger`"
        again = f"$(git commit-tree {found}^{{tree}} -p {commit} -m Restored)"
        own = git.head(self._root, self.ref) == commit
        how = f'git update-ref {self.ref} "{again}"' if own else f'git push origin "{again}:{self.ref}"'
        return f"Bring back the last good commit {found} with `{how}`"

    def _is(self, commit: str, good: Callable[[str], bool]) -> bool:
        try:
            return good(self.text(commit))
        except ValueError:
            return False
