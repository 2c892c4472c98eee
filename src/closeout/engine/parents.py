"""Parents: below which issue those of a document's items are to be put, as it names its incident's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from closeout.domain.issue import Issue
from closeout.domain.ledger import Entry, Ledger
from closeout.domain.nesting import due, possible, refused
from closeout.domain.plan import Nest
from closeout.domain.sync.match import Row
from closeout.engine.boards import Board, Trackers
from closeout.engine.library import Library
from closeout.engine.settle import lately
from closeout.engine.showing import where_of

REASON = "the document names it as its incident's own"


@dataclass(frozen=True)
class Parents:
    """What it is told from; `ledger` has what trackers refused, and `loaded` is as the last run left it; `now` is UTC."""

    trackers: Trackers
    library: Library
    ledger: Ledger
    loaded: Ledger
    now: str

    @cached_property
    def refused(self) -> Mapping[str, frozenset[str]]:
        """The words of refusal by tracker."""
        return {tracker.name: refused(self.ledger, tracker.name) for tracker in self.trackers}

    def of(self, row: Row, board: Board) -> str:
        """Return the reference of the incident's own issue, in the tracker of the row's; empty if there is none, or it
        takes none.
        """
        document = self.library.documents[row.seat.path]
        named = document.incidents[row.seat.item.incident or 0].issue
        if not named or not board.fitting.capabilities.parents:
            return ""
        found = self.trackers.named(named, document.path, document)
        there = found[1] if found and found[0] == board.tracker.name else ""
        return there if there and possible(there, self.refused[board.tracker.name]) else ""

    def nested(self, row: Row, entry: Entry, issue: Issue, board: Board) -> Iterator[Nest]:
        """Yield what puts the issue of a row in its place: an open one that nobody said anything about yet."""
        parent = self.of(row, board) if issue.open else ""
        if due(replace(entry, made="" if self._alone(entry) else entry.made), parent):
            yield Nest(entry.key, entry.tracker, entry.issue, parent, where_of(row), REASON)

    def _alone(self, entry: Entry) -> bool:
        """Whether this run, before it puts the issue anywhere, surely knows that it has no double: its maker died, or
        lists show it by now.
        """
        before = self.loaded.entries.get(entry.key)
        return (before is not None and not before.issue) or not lately(entry.made, self.now)
