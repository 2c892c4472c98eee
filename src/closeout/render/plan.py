"""A plan as text, JSON and Markdown: the same changes, in the same order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from closeout.domain.item import Field
from closeout.domain.plan import Change, Create, Plan, Show, Update


def sentence(change: Change) -> str:
    """Return what a change does, in one line."""
    match change:
        case Create():
            values = {
                what: value for what, value in change.draft.values.items() if what not in {Field.TITLE, Field.STATUS}
            }
            told = ", ".join(f"{what} {value}" for what, value in values.items())
            return f"create an issue{f' ({told})' if told else ''}"
        case Update():
            told = ", ".join(
                f"{what} {old or 'nothing'} → {new or 'nothing'}" for what, (old, new) in change.values.items()
            )
            return f"update issue {change.ref}: {told}"
        case Show(what=Field.TICKET):
            return f"write ticket {change.value} into the document"
        case Show():
            return f"write {change.what} into the document: {change.before or 'nothing'} → {change.value or 'nothing'}"


def _operation(change: Change) -> str:
    return {Create: "create", Update: "update", Show: "show"}[type(change)]


def counted(plan: Plan) -> str:
    """Return how much there is to do, in one line."""
    if plan.empty:
        return f"nothing to do ({plan.items} items in {plan.documents} documents)"
    count = Counter(_operation(change) for change in plan.changes)
    told = [
        f"{count['create']} to create",
        f"{count['update']} to update",
        f"{count['show']} values to write into documents",
    ]
    if plan.held:
        told.append(f"{len(plan.held)} wait for a later run")
    return "; ".join(told)


def as_text(plan: Plan) -> str:
    """Return the plan for a person at a terminal."""
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    path = ""
    for change, note in [
        *((one, "") for one in plan.changes),
        *((held.change, f"  [waits: {held.guard}]") for held in plan.held),
    ]:
        if change.where.path != path:
            path = change.where.path
            yield path
        yield f"  {change.where.line}: {change.where.title}"
        yield f"      {sentence(change)}: {change.reason}{note}"
    yield from findings_text(plan)
    yield counted(plan)


def findings_text(plan: Plan) -> Iterator[str]:
    """Yield the findings, and the items whose status has no place."""
    for finding in plan.findings:
        where = f"{finding.path}:{finding.line}" if finding.line else finding.path
        yield f"note: {where}: {finding.message} [{finding.code}]"
    for path, count in plan.columns.items():
        yield f"note: {path}: {count} tables get new columns when a value is written there"
    if plan.without_place:
        yield (
            f"note: {plan.without_place} items have no place for a status in their document; "
            "`add-columns = true` below [fields] gives those in tables one"
        )


def as_json(plan: Plan) -> str:
    """Return the plan as one JSON object."""
    told = {
        "changes": [_json(change) for change in plan.changes],
        "held": [{**_json(held.change), "guard": held.guard, "later": held.later} for held in plan.held],
        "findings": [
            {"path": one.path, "line": one.line, "code": one.code, "message": one.message} for one in plan.findings
        ],
        "documents": plan.documents,
        "items": plan.items,
        "without_place": plan.without_place,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _json(change: Change) -> dict[str, object]:
    where = change.where
    told: dict[str, object] = {
        "operation": _operation(change),
        "key": change.key,
        "path": where.path,
        "line": where.line,
        "title": where.title,
        "reason": change.reason,
    }
    match change:
        case Create():
            told["values"] = {str(what): value for what, value in change.draft.values.items()}
        case Update():
            told |= {"issue": change.ref, "values": {str(what): list(pair) for what, pair in change.values.items()}}
        case Show():
            told |= {"field": str(change.what), "before": change.before, "value": change.value}
    return told


def as_markdown(plan: Plan) -> str:
    """Return the plan as a Markdown table, for a summary page."""
    rows = [
        f"| {_cell(change.where.path)}:{change.where.line} | {_cell(change.where.title)} | {_cell(sentence(change))} | {_cell(change.reason)} |"
        for change in plan.changes
    ]
    table = ["| where | item | what | why |", "|---|---|---|---|", *rows, ""] if rows else []
    notes = [f"- {_cell(line)}" for line in findings_text(plan)]
    return "\n".join([*table, *notes, "", counted(plan), ""])


def _cell(text: str) -> str:
    plain = " ".join(text.split())
    for character in "\\`*_[]<>|@#":
        plain = plain.replace(character, f"\\{character}")
    return plain
