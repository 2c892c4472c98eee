"""Pull requests of the documents' repository."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request: its `text` as it stands there, the commit at its `head`, and when it was opened and closed (UTC,
    ISO 8601; `closed` is empty while it is open).
    """

    number: int
    address: str
    state: Literal["open", "closed", "merged"]
    head: str
    text: str = ""
    opened: str = ""
    closed: str = ""


class Pulls(Protocol):
    """The host of the documents, as far as pull requests go.

    Every method raises TrackerError, those that write OutcomeUnknown too.
    """

    def find(self, branch: str) -> Pull | None:
        """Return the pull request of a branch of the same repository: the open one, else the newest."""

    def open(self, branch: str, base: str, title: str, text: str) -> Pull:
        """Open a pull request, as a draft where the host has drafts; one that is open already is returned."""

    def update(self, number: int, title: str, text: str) -> None:
        """Replace title and text."""

    def close(self, number: int, text: str) -> None:
        """Close it, with a last text."""

    def compare(self, branch: str, base: str) -> str:
        """Return the address at which a person can open it."""
