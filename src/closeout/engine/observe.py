"""Observe: what the tracker says of the issues that we own and of those that documents name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from closeout.domain.issue import Issue, Listing, Sight
from closeout.domain.item import Field, Status
from closeout.domain.ledger import Ledger
from closeout.domain.sync.claims import Seat
from closeout.ports.tracker import TrackerReader

_MOST_LOOKS = 20  # owned issues that a narrow listing lacks: each is one request, as is each page of a full one


@dataclass
class Listings:
    """What a run lists: a glance at first, and everything from the moment that something has to rest on it."""

    tracker: TrackerReader
    first: Listing

    @cached_property
    def full(self) -> Sequence[Issue]:
        """Every issue with a key, asked for once."""
        return self.first.issues if self.first.full else self.tracker.managed()

    @cached_property
    def marked(self) -> Mapping[str, Issue]:
        """Every issue by its key: no other is made for one of these."""
        return {issue.key: issue for issue in self.full}


def listings(tracker: TrackerReader, ledger: Ledger, *, rebuild: bool) -> Listings:
    """List what this run starts from: in full where there is no ledger to go by, or a create may have been made."""
    opened = any(entry.intent is not None and not entry.issue for entry in ledger.of(tracker.name))
    if rebuild or opened or not ledger.exists:
        return Listings(tracker, Listing(tracker.managed(), full=True))
    return Listings(tracker, tracker.glance())


def observe(tracker: TrackerReader, ledger: Ledger, seats: Sequence[Seat], found: Listings) -> Mapping[str, Sight]:
    """Return what is known of every issue that matters, by reference.

    One that the listing lacks, or shows older than it was seen, is looked at alone; where a narrow listing lacks many
    of ours, as of a repository where our label cannot be set, all are listed first.
    """
    here = [entry for entry in ledger.of(tracker.name) if entry.issue]
    owned = {entry.issue for entry in here if entry.owned and not entry.no}
    listed = found.first.issues
    if len(owned - {issue.ref for issue in listed}) > _MOST_LOOKS:
        listed = found.full
    versions = {entry.issue: entry.version for entry in here if entry.version}
    lags = tracker.capabilities.lists_lag
    sights: dict[str, Sight] = {
        issue.ref: issue for issue in listed if not (lags and issue.version < versions.get(issue.ref, ""))
    }
    named = {ref for seat in seats for name, ref in seat.refs if name == tracker.name}
    kept = {entry.issue for entry in here if not entry.no}
    for ref in sorted((named | kept) - set(sights)):
        sights[ref] = tracker.get(ref)
    return sights


def together(issues: Iterable[Issue]) -> Issue:
    """Return several followed issues of one row as one: done when all are closed, in progress when some are."""
    found = list(issues)
    if len(found) == 1:
        return found[0]
    closed = sum(not issue.open for issue in found)
    status = Status.DONE if closed == len(found) else Status.IN_PROGRESS if closed else Status.TODO
    return Issue(ref=found[0].ref, values={Field.STATUS: status})
