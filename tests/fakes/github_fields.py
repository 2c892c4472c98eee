"""Milestones, types of issues, and the fields that an organisation gives its issues."""

from __future__ import annotations

import re
from typing import Any

from fakes import github_lists, github_rules
from fakes.github_access import Token, invalid, refusal
from fakes.github_issues import Call
from fakes.github_state import Repo
from fakes.github_values import Right, World
from fakes.http import Reply, Request

ORGANISATION = re.compile(r"/orgs/([^/]+)/issue-fields")


def listed(request: Request, token: Token | None, world: World, url: str) -> Reply:
    """The fields of an organisation, to tokens that may read them."""
    match = ORGANISATION.fullmatch(request.route)
    there = world.organisations.get(match[1].lower()) if match else None
    if there is None or token is None:
        raise refusal(404, "Not Found")
    if not there.listed:
        raise refusal(403, "Resource not accessible by integration")
    rows = [
        {
            "id": number,
            "node_id": f"IF_{number}",
            "name": name,
            "data_type": kind,
            "options": [{"id": at, "name": option} for at, option in enumerate(there.options.get(number, ()), 1)]
            or None,
        }
        for number, (name, kind) in there.fields.items()
    ]
    return github_lists.paged(request, f"{url}{request.route}", rows)


def set_values(call: Call) -> Reply:
    """Set fields beside those that are set; an empty list clears all."""
    issue = call.issue()
    call.needs(Right.WRITE)
    told = github_rules.sent(call.request).get("issue_field_values")
    if not isinstance(told, list):
        raise refusal(422, "Invalid request.")
    _check(call.repo, told)
    issue.fields = {**issue.fields, **{one["field_id"]: one["value"] for one in told}} if told else {}
    call.repo.touch(issue.number)
    return Reply(200, call.shapes.fields(call.repo, issue))


def drop_value(call: Call) -> Reply:
    issue = call.issue()
    call.needs(Right.WRITE)
    if issue.fields.pop(int(call.parts[1]), None) is None:
        raise refusal(404, "Not Found")
    call.repo.touch(issue.number)
    return Reply(204, None)


def _check(repo: Repo, told: list[dict[str, Any]]) -> None:
    if not repo.organisation.fields:
        raise refusal(404, "Not Found")
    for one in told:
        if one.get("field_id") not in repo.organisation.fields:
            raise invalid({"resource": "IssueFieldValue", "field": "field_id", "code": "invalid"})
        options = repo.organisation.options.get(one["field_id"])
        if options is not None and one.get("value") not in options:
            raise invalid({"resource": "IssueFieldValue", "field": "value", "code": "invalid"})


def milestones(call: Call) -> Reply:
    rows = [call.shapes.milestone(call.repo, number) for number in call.repo.milestones]
    return github_lists.paged(call.request, call.url, rows)


def add_milestone(call: Call) -> Reply:
    call.needs(Right.WRITE)
    told = github_rules.sent(call.request)
    if told.get("title") in call.repo.milestones.values():
        raise invalid({"resource": "Milestone", "code": "already_exists", "field": "title"})
    number = max(call.repo.milestones, default=0) + 1
    call.repo.milestones[number] = str(told["title"])
    call.repo.milestone_days[number] = str(told.get("due_on") or "")
    return Reply(201, call.shapes.milestone(call.repo, number))
