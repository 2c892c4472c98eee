"""The routes of work items, as Plane 1.3.1 answers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from fakes.http import Reply
from fakes.plane_call import FAILED, GONE, Call, Invalid, page
from fakes.plane_rules import checked
from fakes.plane_state import MEMBER, Item, Project

EXISTS = "Issue with the same external id and external source already exists"
ORDERS: Mapping[str, Callable[[Item], Any]] = {
    "created_at": lambda item: item.created,
    "updated_at": lambda item: item.updated,
    "sequence_id": lambda item: item.number,
    "name": lambda item: item.name,
}


def listed(call: Call) -> Reply:
    query = call.request.query
    if query.get("external_id") and query.get("external_source"):
        return _external(call, query["external_id"], query["external_source"])
    order = query.get("order_by", "-created_at")
    if order.lstrip("-") not in ORDERS:
        return Reply(500, FAILED)
    first = ":0:" in query.get("cursor", ":0:")
    found = sorted(call.project.shown(call.lag, first=first), key=ORDERS[order.lstrip("-")])
    found = found[::-1] if order.startswith("-") else found
    return page(call.request, [call.shape(item) for item in found])


def _external(call: Call, name: str, source: str) -> Reply:
    found = _with(call.project, name, source)
    if len(found) > 1:
        return Reply(500, FAILED)  # for ever
    return call.told(found[0]) if found else Reply(404, GONE)


def _with(project: Project, name: str, source: str | None) -> list[Item]:
    """Those that carry an external id, archived or not; the newest first."""
    found = [one for one in project.items if (one.external_id, one.external_source) == (name, source)]
    return [one for one in found if not one.deleted][::-1]


def read(call: Call) -> Reply:
    item = call.one()
    return call.told(item) if item else Reply(404, GONE)


def create(call: Call) -> Reply:
    sent = call.request.sent
    if sent.get("name") is None:
        raise Invalid({"name": ["This field is required."]})
    values = checked(call, sent)
    project, name, source = call.project, sent.get("external_id"), sent.get("external_source")
    if name and source and (there := _with(project, str(name), source)):
        return Reply(409, {"error": EXISTS, "id": there[0].id})
    item = project.open(values.pop("name"), call.me.id)
    state = values.pop("state", None) or project.default_state()
    for what, value in {**values, "state": state}.items():
        setattr(item, what, value)
    default = project.default_assignee
    if not item.assignees and default and project.members.get(default, 0) >= MEMBER:
        item.assignees = (default,)
    item.completed = item.created if state.group == "completed" else None
    reply = call.told(item, 201)
    item.created += timedelta(milliseconds=3)
    item.updated += timedelta(milliseconds=35)  # a task that runs behind each write notes when it ran
    return reply


def edit(call: Call) -> Reply:
    item = call.one(archived=True)
    if item is None:
        return Reply(404, GONE)
    sent = call.request.sent
    values = checked(call, sent)
    name, source = sent.get("external_id"), sent.get("external_source", item.external_source)
    if name and item.external_id != str(name) and _with(call.project, str(name), source):
        return Reply(409, {"error": EXISTS, "id": item.id})
    if "state" in sent and sent["state"] is None:
        values["state"] = call.project.default_state()
    for what, value in values.items():
        setattr(item, what, value)
    call.project.saved(item)
    return call.told(item, updated_at=call.moment(item.updated - timedelta(milliseconds=20)))


def delete(call: Call) -> Reply:
    item = call.one(archived=True)
    if item is None:
        return Reply(404, GONE)
    item.deleted = True
    return Reply(204)
