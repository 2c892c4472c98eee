"""Boards: the trackers of a run, and what each of them tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from closeout.domain.document import Document
from closeout.domain.issue import Sight
from closeout.domain.sync.fit import Fitting
from closeout.engine.observe import Listings
from closeout.ports.tracker import Tracker, TrackerReader


@dataclass(frozen=True, slots=True)
class Trackers:
    """The trackers of a run by their names, the default one first.

    `route` names the one that a document's new issues go to, empty for the default one; `home` is the name of the one
    that lies on the documents' own host, where a bare `#12` is one of its numbers; empty if none does.
    """

    by_name: Mapping[str, Tracker]
    route: Callable[[Document], str] = lambda document: ""
    home: str = ""

    def __iter__(self) -> Iterator[Tracker]:
        return iter(self.by_name.values())

    def __getitem__(self, name: str) -> Tracker:
        return self.by_name[name]

    @property
    def default(self) -> Tracker:
        """The one for all that no route names."""
        return next(iter(self))

    @property
    def write_seconds(self) -> float:
        """How long one write may take at most."""
        return max(tracker.capabilities.write_seconds for tracker in self)

    def of(self, document: Document) -> Tracker:
        """Return the tracker that new issues of a document go to."""
        return self.by_name[self.route(document) or self.default.name]

    def named(self, ticket: str, path: str, document: Document | None = None) -> tuple[str, str] | None:
        """Return (tracker, reference) of the issue that a ticket names in a document; None if it is none of theirs."""
        first = self.of(document) if document is not None else self.default
        bare = ticket.lstrip().startswith("#") and self.home in self.by_name
        order = [self.by_name[self.home], first] if bare else [first]
        for tracker in (*order, *self):
            if (ref := tracker.ref(ticket, path)) is not None:
                return tracker.name, ref
        return None


def trackers(*some: Tracker) -> Trackers:
    """Return trackers without routes: all new issues go to the first."""
    return Trackers({tracker.name: tracker for tracker in some})


@dataclass
class Board:
    """One tracker as a run sees it: what it lists, what is known of the issues that matter, and what it has room for."""

    tracker: TrackerReader
    listings: Listings
    fitting: Fitting
    sights: Mapping[str, Sight] = field(default_factory=dict)

    @cached_property
    def assignable(self) -> frozenset[str] | None:
        """Who can own an issue; asked for only when an owner is to be set."""
        return self.tracker.assignable()


def sight(boards: Mapping[str, Board], place: tuple[str, str]) -> Sight | None:
    """Return what is known of an issue by (tracker, reference); None if nothing is."""
    name, ref = place
    return boards[name].sights.get(ref) if name in boards else None
