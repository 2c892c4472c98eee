"""What GitHub accepts of what is sent for an issue, and what it makes of it."""

from __future__ import annotations

from typing import Any

from fakes.github_access import Refused, invalid, refusal
from fakes.github_state import Repo
from fakes.github_values import Account, Issue, Label, Right
from fakes.http import Request

TITLE, BODY, LABEL = 256, 65536, 50
REASONS = ("completed", "not_planned", "duplicate", "reopened", None)


def sent(request: Request) -> dict[str, Any]:
    """Return the object that was sent. Raises Refused if it is none."""
    try:
        values = request.sent
    except ValueError:
        raise refusal(400, "Problems parsing JSON") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise refusal(400, "Body should be a JSON object")
    return values


def check(repo: Repo, values: dict[str, Any], right: Right) -> None:
    """Raise Refused for the first thing that is wrong: nothing of it is then done."""
    _types(values)
    title, body = values.get("title"), values.get("body") or ""
    if title is not None and not str(title).strip():
        raise invalid({"code": "missing_field", "field": "title"})
    if title is not None and len(str(title)) > TITLE:
        raise invalid(too_long("title", TITLE))
    if len(body) > BODY:
        raise invalid(too_long("body", BODY))
    if right < Right.TRIAGE:
        return  # the rest is dropped, whatever it is
    for name in names(values.get("labels")):
        if len(name) > LABEL:
            raise invalid({"resource": "Label", **too_long("name", LABEL)})
    people(repo, names(values.get("assignees")))
    if values.get("milestone") is not None and values["milestone"] not in repo.milestones:
        raise invalid({"field": "milestone", "code": "invalid", "value": values["milestone"]})


def too_long(name: str, limit: int) -> dict[str, Any]:
    words = f"{name} is too long (maximum is {limit} characters)"
    return {"code": "custom", "field": name, "message": words}


def _types(values: dict[str, Any]) -> None:
    kinds = {"title": (str, int), "body": str, "assignees": list, "labels": list, "milestone": (int, str)}
    for name, kind in kinds.items():
        if values.get(name) is not None and not isinstance(values[name], kind):  # type: ignore[arg-type]
            raise _schema(name, values[name], "of the wrong type")
    if values.get("state", "open") not in ("open", "closed"):
        raise _schema("state", values["state"], 'not a member of ["open", "closed"]')
    if values.get("state_reason") not in REASONS:
        raise _schema("state_reason", values["state_reason"], f"not a member of {list(REASONS)}")


def _schema(name: str, value: object, why: str) -> Refused:
    return refusal(422, f"Invalid request.\n\nFor 'properties/{name}', {value!r} is {why}.")


def names(values: list[Any] | None) -> list[str]:
    """Names that were sent as text, or as objects that carry them."""
    return [str(one.get("name") or one.get("login")) if isinstance(one, dict) else str(one) for one in values or ()]


def people(repo: Repo, logins: list[str]) -> tuple[Account, ...]:
    """Return accounts by login in any case. Raises Refused, with the login, if one cannot own issues here."""
    able = {one.login.lower(): one for one in repo.assignable()}
    for login in logins:
        if login.lower() not in able:
            raise invalid({"value": login, "field": "assignees", "code": "invalid"})
    return tuple(dict.fromkeys(able[login.lower()] for login in logins))


def labels(repo: Repo, wanted: list[str], right: Right) -> tuple[Label, ...]:
    """Return labels by name in any case; an unknown one is made where the sender may push, else dropped."""
    found = (repo.named(name, make=right >= Right.WRITE) for name in wanted)
    return tuple(dict.fromkeys(label for label in found if label))


def apply(repo: Repo, issue: Issue, values: dict[str, Any], right: Right, by: Account) -> bool:
    """Change an issue as it was sent, after `check`; return whether anything changed."""
    before = _state(issue)
    if values.get("title") is not None:
        issue.title = str(values["title"])
    if "body" in values:
        issue.body = values["body"]
    if right >= Right.TRIAGE:
        if values.get("labels") is not None:
            issue.labels = labels(repo, names(values["labels"]), right)
        if values.get("assignees") is not None:
            issue.assignees = people(repo, names(values["assignees"]))
        if "milestone" in values:
            issue.milestone = values["milestone"] or None
    if right >= Right.WRITE:  # what the organisation does not have is dropped
        known = {name.lower(): name for name in repo.organisation.types}
        if "type" in values:
            issue.type = known.get(str(values["type"] or "").lower(), "")
        for one in values.get("issue_field_values") or ():
            if one["field_id"] in repo.organisation.fields:
                issue.fields = {**issue.fields, one["field_id"]: one["value"]}
    if values.get("state", issue.state) != issue.state:
        _turn(issue, values, by)
    return before != _state(issue)


def _turn(issue: Issue, values: dict[str, Any], by: Account) -> None:
    """Close or reopen; only then does a reason count."""
    issue.state = values["state"]
    if issue.state == "open":
        issue.reason, issue.closed, issue.closed_by = "reopened", None, None
        return
    reason = values.get("state_reason")
    issue.reason = reason if reason in {"not_planned", "duplicate"} else "completed"
    issue.closed_by = by


def _state(issue: Issue) -> tuple[object, ...]:
    return (
        issue.title,
        issue.body,
        issue.labels,
        issue.assignees,
        issue.milestone,
        issue.state,
        issue.type,
        issue.fields,
    )
