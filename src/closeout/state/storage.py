"""One file on a chain of commits on a ref: read at its head, and moved on by compare-and-swap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

FILE = "ledger.jsonl"


@dataclass(frozen=True, slots=True)
class Tips:
    """Where the chain stands: the ref's commit where all share it (`origin`) and in this clone ("": it is not there).

    `heads` are the commits whose files make up what is known: none, the newer one of the two, or both, origin's
    first, where this clone kept something that could not be pushed while others went on.
    """

    heads: tuple[str, ...] = ()
    origin: str = ""
    own: str = ""


class Storage(Protocol):
    """Where the chain of a ref is kept."""

    @property
    def ref(self) -> str:
        """The ref's name."""

    @property
    def shared(self) -> bool:
        """Whether others see what is put there."""

    def read(self) -> Tips:
        """Ask where the chain stands. Raises CloseoutError if it cannot be asked: that is never an empty chain."""

    def text(self, commit: str) -> str:
        """Return the file in a commit. Raises ValueError if it is not there or no text."""

    def advance(self, tips: Tips, text: str, message: str) -> Tips:
        """Put a commit after the heads of `tips`, and return where the chain stands then.

        Raises MovedError, and nothing was changed, if the chain stands elsewhere by now.
        """

    def rescue(self, commit: str, good: Callable[[str], bool]) -> str:
        """Say how to bring back the last commit at or before `commit` whose file is `good`."""


def lost(ref: str) -> str:
    """Tell that somebody else moved the chain on."""
    return f"{ref}: could not save the ledger: another run saved its own first. Run again"
