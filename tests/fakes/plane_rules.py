"""Which values Plane takes of a work item, and what it says of those that it does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fakes.plane_call import Call, Invalid
from fakes.plane_html import rewritten
from fakes.plane_state import MEMBER, State

PRIORITIES = ("urgent", "high", "medium", "low", "none")


def checked(call: Call, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are taken of those that were sent. Raises Invalid for one that is refused."""
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
    if told is None:
        raise Invalid({"priority": ["This field may not be null."]})
    if told not in PRIORITIES:
        raise Invalid({"priority": [f'"{told}" is not a valid choice.']})
    return told


def _html(call: Call, told: str) -> str:
    try:
        return rewritten(told)
    except ValueError:
        raise Invalid({"non_field_errors": ["Invalid HTML passed"]}) from None


def _assignees(call: Call, told: Sequence[str]) -> tuple[str, ...]:
    """Those who can be assigned; the others are dropped without a word."""
    _known("assignees", told, set(call.accounts))
    able = {one for one, role in call.project.members.items() if role >= MEMBER}
    return tuple(one for one in dict.fromkeys(told) if one in able)


def _labels(call: Call, told: Sequence[str]) -> tuple[str, ...]:
    _known("labels", told, {label.id for label in call.project.labels})
    return tuple(dict.fromkeys(told))


def _day(call: Call, told: object) -> date | None:
    if told is None:
        return None
    if not isinstance(told, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", told):
        raise Invalid({"target_date": ["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."]})
    return date.fromisoformat(told)


def _state(call: Call, told: object) -> State | None:
    if told is None:
        return None
    found = next((state for state in call.project.states if state.id == told), None)
    if found is None:
        raise Invalid({"state": [f'Invalid pk "{told}" - object does not exist.']})
    return found


def _known(field: str, told: Sequence[str], ids: set[str]) -> None:
    for index, one in enumerate(told):
        try:
            UUID(one)
        except ValueError:
            raise Invalid({field: {str(index): [f"“{one}” is not a valid UUID."]}}) from None
        if one not in ids:
            raise Invalid({field: {str(index): [f'Invalid pk "{one}" - object does not exist.']}})


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
