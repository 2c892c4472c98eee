"""A plan as JSON: the same changes as its text has, in the same order."""

from __future__ import annotations

import json

from closeout.domain.plan import Change, Create, Nest, Plan, Show, Update
from closeout.render.plan import TONES


def as_json(plan: Plan) -> str:
    """Return the plan as one JSON object."""
    told = {
        "changes": [_json(change) for change in plan.changes],
        "held": [
            {**_json(held.change), "guard": held.guard, "later": held.later, "approvable": held.approvable}
            for held in plan.held
        ],
        "findings": [
            {"path": one.path, "line": one.line, "code": one.code, "message": one.message} for one in plan.findings
        ],
        "documents": plan.documents,
        "items": plan.items,
        "open": plan.open,
        "overdue": plan.overdue,
        "without_place": plan.without_place,
        "old": plan.old,
        "unassigned": plan.unassigned,
        "unheld": {tracker: dict(counts) for tracker, counts in plan.unheld.items()},
        "columns": dict(plan.columns),
        "boxes": dict(plan.boxes),
        "realigned": dict(plan.realigned),
        "digest": plan.digest,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _json(change: Change) -> dict[str, object]:
    where = change.where
    told: dict[str, object] = {
        "operation": TONES[type(change)].value,
        "key": change.key,
        "path": where.path,
        "line": where.line,
        "title": where.title,
        "reason": change.reason,
    }
    match change:
        case Create():
            told["values"] = {str(what): value for what, value in change.draft.values.items()}
            told |= {"parent": change.parent} if change.parent else {}
        case Update():
            told |= {"issue": change.ref, "values": {str(what): list(pair) for what, pair in change.values.items()}}
        case Nest():
            told |= {"issue": change.ref, "parent": change.parent}
        case Show():
            told |= {"field": str(change.what), "before": change.before, "value": change.value}
    return told
