"""The caches, of a tracker's issues and of documents: they only save requests, and may be deleted at any time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class IssueCache(Protocol):
    """Issues as a tracker sent them, by project; the same plan comes out without it."""

    def load(self, project: str) -> tuple[str, Mapping[str, str]]:
        """Return (when it was last full, as the tracker's own time; each issue's JSON by its number); empty if unknown."""

    def save(self, project: str, when: str, issues: Mapping[str, str]) -> None:
        """Replace what is kept of a project; failing is no error."""


class BlobCache(Protocol):
    """What git keeps, by its name there: the same name is for ever the same bytes."""

    def load(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Return those that are kept."""

    def keep(self, names: Sequence[str], new: Mapping[str, bytes]) -> None:
        """Keep those that are kept and named, with the new ones, and let go of all others; failing is no error."""
