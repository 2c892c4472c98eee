"""The chain of a ref without a clone of what it lies beside: an empty bare repository that fetches and pushes it alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from closeout import git
from closeout.errors import ConfigurationError
from closeout.git.showing import showing_token
from closeout.state.chain import Chain
from closeout.state.storage import Tips


class ApartChain:
    """The file on the chain of a ref of the repository at `address`, brought to `folder` and pushed from there.

    The folder may be deleted at any time, so that nothing is kept there which the host refuses: a missing right is an
    error, not a ledger of this machine's own.
    """

    shared = True

    def __init__(self, folder: Path, address: str, ref: str, token: str) -> None:
        """Make the bare repository where there is none; `address` has the repository's present name, since no redirect is
        followed with a token. Raises ConfigurationError if it cannot be made, or `ref` is no name of a ref.
        """
        self.ref = ref
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            made = (folder / "HEAD").is_file() or git.git(folder, "init", "--quiet", "--bare", ".") is not None
        except OSError:
            made = False
        if not made or git.git(folder, "config", "remote.origin.url", address) is None:
            message = f"{folder}: could not keep the ledger: it cannot be written. Check its rights and the disk"
            raise ConfigurationError(message)
        self._chain = Chain(folder, ref, showing_token(address, token, "closeout"))

    def read(self) -> Tips:
        """Ask where the chain stands. Raises ConfigurationError if that cannot be told: it is never an empty one."""
        return self._chain.read()

    def text(self, commit: str) -> str:
        """Return the file in a commit. Raises ValueError if it is not there or no text."""
        return self._chain.text(commit)

    def advance(self, tips: Tips, text: str, message: str) -> Tips:
        """Put a commit after the head of `tips`, and return where the chain stands then.

        Raises MovedError, and nothing was changed, if the chain stands elsewhere by now; ConfigurationError if a right
        is missing.
        """
        after = self._chain.advance(tips, text, message)
        if self._chain.shared:
            return after
        git.move(self._folder, self.ref, "", after.own)
        todo = "Let the token write the repository (`write:repository`), or name a ref that may be written"
        told = f"{self.ref}: could not save the ledger: the token may not push it. {todo}"
        raise ConfigurationError(told)

    def rescue(self, commit: str, good: Callable[[str], bool]) -> str:
        """Say how to bring back the last commit at or before `commit` whose file is `good`."""
        return f"{self._chain.rescue(commit, good)} in {self._folder}"
