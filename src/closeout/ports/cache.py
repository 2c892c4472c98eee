"""The cache of a tracker's issues: it only saves requests, and may be deleted at any time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class IssueCache(Protocol):
    """Issues as a tracker sent them, by project; the same plan comes out without it."""

    def load(self, project: str) -> tuple[str, Mapping[str, str]]:
        """Return (when it was last full, as the tracker's own time; each issue's JSON by its number); empty if unknown."""

    def save(self, project: str, when: str, issues: Mapping[str, str]) -> None:
        """Replace what is kept of a project; failing is no error."""
