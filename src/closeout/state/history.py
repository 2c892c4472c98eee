"""History: the states that a ledger had, newest first, on its ref or in the tree's own history."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from closeout import git
from closeout.domain.ledger import Ledger
from closeout.errors import ConfigurationError
from closeout.git import past
from closeout.state.chain import Chain
from closeout.state.lines import loads
from closeout.state.storage import FILE
from closeout.state.tree import PATH

_FAR = 1_000
_BACK = re.compile(r"~(\d{1,4})")


@dataclass(frozen=True, slots=True)
class State:
    """A ledger as it was: `name` is the commit, or says that it lies in the work tree."""

    name: str
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class History:
    """Where the states of a ledger are: the file `path` in the commits of `ref` ("": those of the tree's own branch)."""

    root: Path
    path: str
    ref: str = ""

    def states(self) -> Iterator[State]:
        """Yield the states that differ from the one after them, newest first: a renewed lease makes none.

        Raises ConfigurationError for one that cannot be read.
        """
        last = None
        for state in self._all():
            if last is None or state.ledger != last.ledger:
                yield state
            last = state

    def _all(self) -> Iterator[State]:
        if not self.ref:
            file = self.root / self.path
            if file.is_file():
                yield self._read("work tree", file.read_bytes())
        for commit in self._commits():
            text = git.blob(self.root, commit, self.path)
            yield self._read(commit, text) if text is not None else State(commit, Ledger())

    def at(self, revision: str) -> State:
        """Return the state in a commit; `~2` counts back from the last one. Raises ConfigurationError if it has none."""
        if back := _BACK.fullmatch(revision):
            found = next(islice(self.states(), int(back[1]), None), None)
        else:
            asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
            commit = (git.git(self.root, *asked) or "").strip()
            text = git.blob(self.root, commit, self.path) if commit else None
            found = self._read(commit, text) if text is not None else None
        if found is None:
            where = self.ref or f"-- {self.path}"
            message = f"{revision}: could not compare: no state of the ledger is there. Look at `git log {where}`"
            raise ConfigurationError(message)
        return found

    def on(self, day: date) -> Ledger:
        """Return the ledger as it stood when a day ended (UTC); one that does not exist if there was none.

        Raises ConfigurationError if it cannot be read.
        """
        heads = Chain(self.root, self.ref).read().heads[:1] if self.ref else (git.head(self.root, "HEAD"),)
        commit = past.last(self.root, heads[0], day) if heads and heads[0] else ""
        text = git.blob(self.root, commit, self.path) if commit else None
        return self._read(commit, text).ledger if text is not None else Ledger()

    def _commits(self) -> list[str]:
        """The commits that hold a state, newest first; those of a ref are brought here from origin."""
        newest = (f"--max-count={_FAR}", "--first-parent")
        if not self.ref:
            return (git.git(self.root, "rev-list", *newest, "HEAD", "--", self.path) or "").split()
        heads = Chain(self.root, self.ref).read().heads
        return (git.git(self.root, "rev-list", *newest, heads[0]) or "").split() if heads else []

    def _read(self, name: str, text: bytes) -> State:
        try:
            return State(name, loads(text.decode()))
        except ValueError as error:
            message = f"{name}: could not read the ledger there: {error}. Name an earlier commit, or a later one"
            raise ConfigurationError(message) from error


def on_ref(root: Path, ref: str) -> History:
    """Return the history of a ledger on a ref."""
    return History(root, FILE, ref)


def in_tree(root: Path) -> History:
    """Return the history of a ledger in the tree."""
    return History(root, PATH)
