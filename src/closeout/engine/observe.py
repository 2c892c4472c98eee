"""Observe: what the tracker says of the issues that we own and of those that documents name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from closeout.domain.issue import Issue, Sight
from closeout.domain.item import Field, Status
from closeout.domain.ledger import Ledger
from closeout.domain.sync.claims import Seat
from closeout.ports.tracker import TrackerReader

Refs = tuple[tuple[str, str], ...]


def observe(
    tracker: TrackerReader, ledger: Ledger, seats: Sequence[Seat], listed: Sequence[Issue]
) -> Mapping[str, Sight]:
    """Return what is known of every issue that matters, by reference.

    One that the listing lacks, or shows older than it was seen, is looked at alone.
    """
    versions = {entry.issue: entry.version for entry in ledger.entries.values() if entry.version}
    lags = tracker.capabilities.lists_lag
    sights: dict[str, Sight] = {
        issue.ref: issue for issue in listed if not (lags and issue.version < versions.get(issue.ref, ""))
    }
    named = {ref for seat in seats for name, ref in seat.refs if name == tracker.name}
    kept = {entry.issue for entry in ledger.entries.values() if entry.issue and not entry.no}
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
