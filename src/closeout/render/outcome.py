"""What a sync did, in numbers for programs: one JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping

from closeout.domain.item import Field, Status
from closeout.domain.outcome import Outcome
from closeout.domain.plan import Change, Create, Update


def numbers(outcome: Outcome) -> Mapping[str, int]:
    """Return how many issues were created, updated and closed, how many documents written or offered, how many changes
    failed, are held until somebody approves, or remain for the next run, and how many items are open and overdue.
    """
    done = [result.change for result in outcome.results if result.ref and not result.error]
    closed = sum(map(_closes, done))
    later = sum(held.later for held in outcome.plan.held)
    return {
        "created": sum(isinstance(change, Create) for change in done),
        "updated": sum(isinstance(change, Update) for change in done) - closed,
        "closed": closed,
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


def _closes(change: Change) -> bool:
    told = change.values.get(Field.STATUS) if isinstance(change, Update) else None
    return told is not None and not Status(told[0] or Status.TODO).closed and Status(told[1]).closed
