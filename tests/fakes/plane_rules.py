"""Which values Plane takes of a work item, and what it says of those that it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from fakes.plane_call import Call, Invalid
from fakes.plane_html import rewritten
from fakes.plane_state import MEMBER, State

PRIORITIES = ("urgent", "high", "medium", "low", "none")


def checked(call: Call, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are taken of those that were sent. Raises Invalid for one that is refused."""
    for name in ("name", "priority", "assignees", "labels"):
        if name in sent and sent[name] is None:
            raise Invalid({name: ["This field may not be null."]})
    values: dict[str, Any] = {what: read(call, sent[name]) for name, (what, read) in _READ.items() if name in sent}
    if sent.get("state") is None:
        values.pop("state", None)
    if values.get("start") and values.get("target") and values["start"] > values["target"]:
        raise Invalid({"non_field_errors": ["Start date cannot exceed target date"]})
    for field in ("external_id", "external_source"):
        if field in sent:
            values[field] = None if sent[field] is None else str(sent[field])
    if "sequence_id" in sent:
        values["number"] = int(sent["sequence_id"])
    return values


def _name(call: Call, told: object) -> str:
    if len(str(told)) > 255:
        raise Invalid({"name": ["Ensure this field has no more than 255 characters."]})
    if not str(told).strip():
        raise Invalid({"name": ["This field may not be blank."]})
    return str(told).strip()


def _priority(call: Call, told: object) -> object:
    if told not in PRIORITIES:
        raise Invalid({"priority": [f'"{told}" is not a valid choice.']})
    return told


def _html(call: Call, told: str) -> str:
    try:
        return rewritten(told)
    except ValueError:
        raise Invalid({"non_field_errors": ["Invalid HTML passed"]}) from None


def _assignees(call: Call, told: Sequence[str]) -> tuple[str, ...]:
    """Those who can be assigned, in the order in which they came to the project; the others are dropped without a word."""
    _known("assignees", told, set(call.accounts))
    return tuple(one for one, role in call.project.members.items() if role >= MEMBER and one in told)


def _labels(call: Call, told: Sequence[str]) -> tuple[str, ...]:
    _known("labels", told, {label.id for label in call.project.labels})
    return tuple(dict.fromkeys(told))


def _day(call: Call, told: object) -> date | None:
    try:
        return None if told is None else datetime.strptime(str(told), "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        wrong = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."
        raise Invalid({"target_date": [wrong]}) from None


def _state(call: Call, told: object) -> State | None:
    if told is None:
        return None
    if not _is_uuid(str(told)):
        raise Invalid({"state": [f"“{told}” is not a valid UUID."]})
    found = next((state for state in call.project.states if state.id == told), None)
    if found is None:
        raise Invalid({"state": [f'Invalid pk "{told}" - object does not exist.']})
    return found


def _known(field: str, told: Sequence[str], ids: set[str]) -> None:
    for index, one in enumerate(told):
        if not _is_uuid(one):
            raise Invalid({field: {str(index): [f"“{one}” is not a valid UUID."]}})
        if one not in ids:
            raise Invalid({field: {str(index): [f'Invalid pk "{one}" - object does not exist.']}})


def _is_uuid(told: str) -> bool:
    try:
        UUID(told)
    except ValueError:
        return False
    return True


_READ: Mapping[str, tuple[str, Callable[[Call, Any], Any]]] = {
    "name": ("name", _name),
    "priority": ("priority", _priority),
    "target_date": ("target", _day),
    "start_date": ("start", _day),
    "state": ("state", _state),
    "description_html": ("html", _html),
    "assignees": ("assignees", _assignees),
    "labels": ("labels", _labels),
}
