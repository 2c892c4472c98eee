"""The routes of what a Plane's project has beside its items: states, labels, members."""

from __future__ import annotations

from fakes.http import Reply
from fakes.plane_call import Call, page
from fakes.plane_state import Account, Label, Project


def told(project: Project) -> dict[str, object]:
    return {"id": project.id, "identifier": project.identifier, "name": project.identifier.title(), "network": 2,
            "is_deployed": project.published, "default_assignee": project.default_assignee or None}  # fmt: skip


def person(account: Account) -> dict[str, object]:
    return {"id": account.id, "first_name": "", "last_name": "", "email": account.email, "avatar": "",
            "avatar_url": None, "display_name": account.display_name}  # fmt: skip


def states(call: Call) -> Reply:
    return page(
        call.request,
        [
            {"id": one.id, "name": one.name, "color": "#60646C", "sequence": one.sequence, "group": one.group,
             "is_triage": False, "default": one.default, "external_source": None, "external_id": None,
             "project": call.project.id}
            for one in call.project.states
        ],
    )  # fmt: skip


def labels(call: Call) -> Reply:
    return page(call.request, [{"id": one.id, "name": one.name, "color": ""} for one in call.project.labels])


def add_label(call: Call) -> Reply:
    name = call.request.sent["name"]
    if there := next((one for one in call.project.labels if one.name == name), None):
        return Reply(409, {"error": "Label with the same name already exists in the project", "id": there.id})
    made = Label(call.project.ids.next(), name)
    call.project.labels.append(made)
    return Reply(201, {"id": made.id, "name": made.name, "color": ""})


def members(call: Call) -> Reply:
    return Reply(200, [person(call.accounts[one]) for one in reversed(call.project.members)])
