"""The chain on GitHub, read and moved on through its API: no clone is needed, and no right to push by git."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from closeout.errors import ConfigurationError, MovedError, OutcomeUnknown, OvertakenError
from closeout.hosts.github_git import GitHubGit
from closeout.hosts.github_refusals import Refused
from closeout.state.storage import FILE, Tips, lost

_FAR = 50


class ApiChain:
    """The file on the chain of a ref of a repository on GitHub.

    A commit is made first, which nothing points to, then the ref is moved on without force: GitHub takes one of two
    such moves and refuses the other, as git does with pushes. There is no clone that could keep what is refused.
    """

    shared = True

    def __init__(self, git: GitHubGit, ref: str) -> None:
        """Keep the chain on `ref` of a repository. Raises ConfigurationError if that is no name of a ref."""
        if ref.count("/") < 2 or not ref.startswith("refs/"):
            message = f"{ref}: could not keep the ledger: this is no name of a ref. Use one like refs/closeout/ledger"
            raise ConfigurationError(message)
        self.ref = ref
        self._git = git
        self._known: tuple[str, str] = ("", "")

    def read(self) -> Tips:
        """Ask where the chain stands. Raises TrackerError if that cannot be told: it is never taken for an empty one."""
        tip = self._git.ref(self.ref)
        return Tips((tip,), tip) if tip else Tips()

    def text(self, commit: str) -> str:
        """Return the file in a commit, which is asked for once. Raises ValueError if it is not there or no text."""
        if self._known[0] != commit:
            content = self._git.file(commit, FILE)
            if content is None:
                message = f"it has no file {FILE}"
                raise ValueError(message)
            self._known = (commit, content.decode())
        return self._known[1]

    def advance(self, tips: Tips, text: str, message: str) -> Tips:
        """Put a commit after the head of `tips`, and return where the chain stands then.

        Raises MovedError, and nothing was changed, if the chain stands elsewhere by now; ConfigurationError if a right
        is missing; OutcomeUnknown if nobody can tell what came of it.
        """
        try:
            new = self._git.make_commit(FILE, text, tips.heads, message)
            self._move(new, tips)
        except Refused as refused:
            if refused.status in {403, 404}:
                raise ConfigurationError(_no_right(self.ref, refused)) from refused
            raise
        self._known = (new, text)
        return Tips((new,), new)

    def _move(self, new: str, tips: Tips) -> None:
        """Move the ref, and look at what came of it, since a reply may be lost."""
        try:
            if tips.origin:
                self._git.move_ref(self.ref, new)
            else:
                self._git.make_ref(self.ref, new)
        except (Refused, OutcomeUnknown) as error:
            now = self._git.ref(self.ref)
            if now == new:
                return
            if now != tips.origin:
                raise OvertakenError(lost(self.ref)) from error
            if isinstance(error, Refused) and error.status != 422:
                raise
            message = f"{self.ref}: could not save the ledger: {error} Nothing is lost: run again"
            raise MovedError(message) from error

    def rescue(self, commit: str, good: Callable[[str], bool]) -> str:
        """Say how to bring back the last commit at or before `commit` whose file is `good`."""
        found = next((one for one in islice(self._git.before(commit), _FAR) if self._is(one, good)), None)
        if found is None:
            return f"No good one was found in its history: delete {self.ref}, then `closeout sync --rebuild-ledger`"
        again = f"$(git commit-tree {found}^{{tree}} -p {commit} -m Restored)"
        how = f'git fetch origin {self.ref} && git push origin "{again}:{self.ref}"'
        return f"Bring back the last good commit {found} with `{how}` in a clone"

    def _is(self, commit: str, good: Callable[[str], bool]) -> bool:
        try:
            return good(self.text(commit))
        except ValueError:
            return False


def _no_right(ref: str, refused: Refused) -> str:
    todo = "Let the token write the repository's contents (`contents: write`), or name a ref that may be written"
    return f"{ref}: could not save the ledger: {refused.message or refused.status}. {todo}"
