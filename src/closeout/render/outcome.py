"""What a sync did, in numbers for programs: one JSON object."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from closeout.domain.item import Field, Status
from closeout.domain.outcome import Outcome
from closeout.domain.plan import Change, Create, Nest, Show, Update

ISSUES = ("created", "updated", "closed")


def numbers(outcome: Outcome) -> Mapping[str, int]:
    """Return how many issues were created, updated and closed, how many documents written or offered, how many changes
    failed, are held until somebody approves, or remain for the next run, and how many items are open and overdue.
    """
    count = Counter(kind(result.change) for result in outcome.results if result.ref and not result.error)
    later = sum(held.later for held in outcome.plan.held)
    return {
        **{what: count[what] for what in ISSUES},
        "written": len(outcome.written),
        "failed": sum(bool(result.error) for result in outcome.results),
        "held": len(outcome.plan.held) - later,
        "remaining": later,
        "findings": len(outcome.findings),
        "open": outcome.plan.open,
        "overdue": outcome.plan.overdue,
    }


def as_json(outcome: Outcome, hosts: Mapping[str, Mapping[str, int]]) -> str:
    """Return a run as one JSON object: its numbers, what it tells a person, and `hosts`: by name, the requests `sent` to
    each, and those `left` of its limit where it tells.
    """
    told = {
        **numbers(outcome),
        "digest": outcome.plan.digest,
        "documents": list(outcome.written),
        "places": list(outcome.places),
        "errors": [{"exit": int(code), "message": message} for code, message in outcome.errors],
        "hosts": hosts,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def kind(change: Change) -> str:
    """Return what a change does: one of ISSUES to an issue, or `shown` in a document."""
    match change:
        case Create():
            return "created"
        case Update(values=values) if Field.STATUS in values and Status(values[Field.STATUS][1]).closed:
            return "closed"
        case Update() | Nest():
            return "updated"
        case Show():
            return "shown"
