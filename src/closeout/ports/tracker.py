"""Trackers: reading is apart from writing; nothing here deletes, and nothing ensures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from closeout.domain.issue import Capabilities, Changed, Draft, Issue, Listing, Nested, Sight
from closeout.domain.item import Field


class TrackerReader(Protocol):
    """A tracker as a plan sees it. Every method raises TrackerError where it cannot answer; none answers "nothing"
    for "could not see".
    """

    @property
    def name(self) -> str:
        """The name in the configuration, which the ledger keeps."""

    @property
    def address(self) -> str:
        """Where the tracker is: a URL, or a folder relative to the repository."""

    @property
    def capabilities(self) -> Capabilities:
        """What this tracker can hold."""

    def whoami(self) -> str:
        """Return our account; empty where the tracker does not tell."""

    def assignable(self) -> frozenset[str] | None:
        """Return the accounts that can own an issue, in lower case; None where anybody can."""

    def managed(self) -> Sequence[Issue]:
        """Return every issue that carries a key of closeout, whole, all pages, each once."""

    def glance(self) -> Listing:
        """Return the issues that carry a key as the cheapest listing shows them.

        It may be narrowed by a label that people can remove, or come from a cache: what it lacks is not gone, and no
        issue is made on its word.
        """

    def get(self, ref: str) -> Sight:
        """Look at one issue."""

    def ref(self, ticket: str, path: str) -> str | None:
        """Return the reference that a ticket written in the document at `path` names here; None if it is not ours."""

    def spell(self, issue: Issue, path: str) -> tuple[str, str]:
        """Return a ticket for the document at `path`: the bare reference, and the address of its link."""


class Tracker(TrackerReader, Protocol):
    """A tracker as apply sees it."""

    def create(self, draft: Draft) -> Issue:
        """Make an issue and return it as the tracker now holds it.

        Raises OutcomeUnknown if it may have been made; it is then looked up by key, never sent again.
        """

    def mark(self, ref: str, key: str) -> Issue:
        """Write a key into an issue that carries none, and nothing else; one that carries it already stays as it is.

        Raises TrackerError for one that carries another.
        """

    def update(self, ref: str, values: Mapping[Field, str], expect: Mapping[Field, str]) -> Issue | Changed:
        """Change the named fields and nothing else, and return the issue as it then is.

        The issue is read just before; if a field to be changed is neither as expected nor already as wanted, nothing
        is written and Changed is returned.
        """


@runtime_checkable
class Nests(Protocol):
    """A tracker with `parents` among its capabilities."""

    def nest(self, ref: str, parent: str) -> Nested:
        """Put an issue below another, and return below which one it then is.

        One that is below any already stays there, and nothing is written; what is for good refused is in the answer.
        """
