"""The routes of GitLab's issues, people and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fakes import gitlab_json
from fakes.github_values import Account
from fakes.gitlab_state import MINIMAL, REPORTER, Issue, Project
from fakes.http import Reply, Request

LONGEST_TITLE, LONGEST_TEXT = 255, 1_048_576
KNOWN = {
    "title", "description", "assignee_ids", "labels", "add_labels", "remove_labels", "due_date", "confidential", "state_event",
}  # fmt: skip


class Refused(Exception):  # noqa: N818 - it carries a reply, it is no error of the fake
    """A reply that ends the handling of a request."""

    def __init__(self, status: int, body: object = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.reply = Reply(status, body, headers or {})


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a project, by whom, and the parts of the path."""

    request: Request
    who: Account
    project: Project
    parts: tuple[str, ...]
    web: str

    @property
    def reporter(self) -> bool:
        return self.project.level(self.who) >= REPORTER

    def told(self, issue: Issue, status: int = 200) -> Reply:
        return Reply(status, gitlab_json.issue(self.project, issue, self.web))


def project(call: Call) -> Reply:
    return Reply(200, gitlab_json.project(call.project, call.web, call.project.levels.get(call.who.login.lower(), 0)))


def listed(call: Call) -> Reply:
    """The issues that may be seen: none where the project has none, and not an error."""
    query = call.request.query
    labels = {name for name in query.get("labels", "").split(",") if name}
    state = query.get("state", "all")
    since = datetime.fromisoformat(query["created_after"]) if "created_after" in query else None
    found = [
        issue
        for issue in call.project.issues.values()
        if call.project.sees(call.who, issue)
        and (state == "all" or (issue.closed is not None) == (state == "closed"))
        and labels <= set(issue.labels)
        and (since is None or issue.created >= since)
    ]
    newest = query.get("sort", "desc") == "desc"
    key = "updated" if query.get("order_by") == "updated_at" else "created"
    found.sort(key=lambda one: (getattr(one, key), one.id), reverse=newest)
    return gitlab_json.paged(call.request, [gitlab_json.issue(call.project, one, call.web) for one in found], call.web)


def read(call: Call) -> Reply:
    return call.told(found(call))


def create(call: Call) -> Reply:
    """Who is no reporter makes an issue of title and description; all else is dropped without a word."""
    values = _sent(call)
    if not call.project.has_issues:
        raise Refused(403, {"message": "403 Forbidden"})
    if not str(values.get("title") or "").strip():
        raise Refused(400, {"error": "title is missing, title is empty"})
    _checked(values)
    issue = call.project.open(values["title"], values.get("description") or "", by=call.who.login)
    if call.reporter:
        issue.confidential = issue.confidential or bool(values.get("confidential"))
        _fields(call, issue, values)
    return call.told(issue, 201)


def edit(call: Call) -> Reply:
    """All of it or nothing."""
    issue, values = found(call), _sent(call)
    if not values:
        told = f"{', '.join(sorted(KNOWN))} are missing, at least one parameter must be provided"
        raise Refused(400, {"error": told})
    if not call.reporter and issue.author != call.who:
        raise Refused(403, {"message": "403 Forbidden"})
    _checked(values)
    before = repr(issue)
    if "title" in values:
        issue.title = values["title"].strip()
        call.project.world.read(issue.title)
    if "description" in values:
        old, issue.text = issue.text, call.project.act(issue, values["description"] or "", old=issue.text)
        call.project.world.read(issue.text.replace(old, ""))
    if values.get("state_event") == "close" and issue.closed is None:
        issue.closed = call.project.world.clock.now
    elif values.get("state_event") == "reopen":
        issue.closed = None
    if call.reporter:
        _fields(call, issue, values)
    if repr(issue) != before:
        call.project.touch(issue.iid)
    return call.told(issue)


def _fields(call: Call, issue: Issue, values: dict[str, Any]) -> None:
    world = call.project.world
    if "due_date" in values:
        issue.due = date.fromisoformat(values["due_date"]) if values["due_date"] else None
    if "assignee_ids" in values:
        issue.assignees = _assigned(call, values["assignee_ids"], issue.assignees)
    if "labels" in values:
        issue.labels = ()
    for name in ("labels", "add_labels"):
        call.project.add(issue, tuple(one.strip() for one in (values.get(name) or "").split(",") if one.strip()))
    drop = {one.strip() for one in (values.get("remove_labels") or "").split(",")}
    issue.labels = tuple(one for one in issue.labels if one not in drop)
    world.clock.tick()


def _assigned(call: Call, ids: Sequence[int], before: tuple[Account, ...]) -> tuple[Account, ...]:
    """The first alone where it is not paid for; who may not be is left out, and where nobody is left nothing changes."""
    if list(ids) in ([], [0]):
        return ()
    asked = list(ids) if call.project.world.premium else list(ids)[:1]
    known = {one.id: one for one in call.project.world.accounts.values()}
    able = tuple(known[one] for one in asked if one in known and call.project.can_be_assigned(known[one]))
    return able or before


def members(call: Call) -> Reply:
    people = [(call.project.world.accounts[login], level) for login, level in sorted(call.project.levels.items())]
    told = [
        {
            **gitlab_json.account(one, call.web),
            "access_level": level,
            "state": "blocked" if one.login.lower() in call.project.blocked else "active",
        }
        for one, level in people
        if level >= MINIMAL
    ]
    return gitlab_json.paged(call.request, told, call.web)


def labels(call: Call) -> Reply:
    told = [
        {"id": at, "name": name, "color": "#6699cc", "is_project_label": True}
        for at, name in enumerate(call.project.labels, 1)
    ]
    return gitlab_json.paged(call.request, told, call.web)


def named(request: Request, projects: Sequence[Project], who: Account) -> Reply:
    """GraphQL's answer to what an issue is called; nothing for one that may not be seen."""
    wanted = int(request.sent["variables"]["id"].rpartition("/")[2])
    for one in projects:
        for issue in one.issues.values():
            hidden = one.visibility == "private" and not one.level(who)
            if issue.id == wanted and not hidden and one.sees(who, issue):
                return Reply(200, {"data": {"issue": {"reference": f"{one.path}#{issue.iid}"}}})
    return Reply(200, {"data": {"issue": None}})


def found(call: Call) -> Issue:
    """Return the issue of the path."""
    issue = call.project.issues.get(int(call.parts[0]))
    if issue is None or not call.project.sees(call.who, issue):
        raise Refused(404, {"message": "404 Not found"})
    return issue


def _sent(call: Call) -> dict[str, Any]:
    values = call.request.sent
    return {name: value for name, value in values.items() if name in KNOWN} if isinstance(values, dict) else {}


def _checked(values: dict[str, Any]) -> None:
    wrong = {}
    if len(values.get("title") or "") > LONGEST_TITLE:
        wrong["title"] = [f"is too long (maximum is {LONGEST_TITLE} characters)"]
    if len(values.get("description") or "") > LONGEST_TEXT:
        wrong["description"] = [f"is too long (maximum is {LONGEST_TEXT} characters)"]
    if wrong:
        raise Refused(400, {"message": wrong})
