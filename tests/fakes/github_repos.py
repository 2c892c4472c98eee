"""The routes beside issues: the repository, its labels and people, pull requests, and whose token it is."""

from __future__ import annotations

from urllib.parse import unquote

from fakes import github_lists, github_rules
from fakes.github_access import Token, invalid, refusal
from fakes.github_issues import Call
from fakes.github_json import Shapes
from fakes.github_values import Label, Right, World
from fakes.http import Reply

OTHERS = (("search", 30), ("graphql", 5000), ("integration_manifest", 5000))


def user(token: Token | None, shapes: Shapes) -> Reply:
    if token is None:
        raise refusal(401, "Requires authentication")
    if token.app:
        raise refusal(403, "Resource not accessible by integration")
    return Reply(200, shapes.user(token.account))


def someone(login: str, world: World, shapes: Shapes) -> Reply:
    if login.lower() not in world.accounts:
        raise refusal(404, "Not Found")
    return Reply(200, shapes.user(world.account(login)))


def rate_limit(token: Token) -> Reply:
    """How much is left; asking costs nothing."""
    core = {**token.rate(), "resource": "core"}
    others = {name: {**core, "limit": limit, "used": 0, "remaining": limit, "resource": name} for name, limit in OTHERS}
    return Reply(200, {"resources": {"core": core, **others}, "rate": core})


def read(call: Call) -> Reply:
    return Reply(200, call.shapes.repo(call.repo, call.right))


def pull(call: Call) -> Reply:
    issue = call.repo.issues.get(int(call.parts[0]))
    if issue is None or not issue.pull:
        raise refusal(404, "Not Found")
    return Reply(200, call.shapes.pull(call.repo, issue))


def assignees(call: Call) -> Reply:
    found = [call.shapes.account(one) for one in call.repo.assignable()]
    return github_lists.paged(call.request, call.url, found)


def assignee(call: Call) -> Reply:
    if unquote(call.parts[0]).lower() not in {one.login.lower() for one in call.repo.assignable()}:
        raise refusal(404, "Not Found")
    return Reply(204)


def labels(call: Call) -> Reply:
    found = [call.shapes.label(call.repo, label) for _, label in sorted(call.repo.labels.items())]
    return github_lists.paged(call.request, call.url, found)


def label(call: Call) -> Reply:
    found = call.repo.named(unquote(call.parts[0]), make=False)
    if found is None:
        raise refusal(404, "Not Found")
    return Reply(200, call.shapes.label(call.repo, found))


def add_label(call: Call) -> Reply:
    call.needs(Right.WRITE)
    values = github_rules.sent(call.request)
    name = values.get("name")
    if not isinstance(name, str) or not name.strip():
        raise invalid({"resource": "Label", "code": "missing_field", "field": "name"})
    if len(name) > github_rules.LABEL:
        raise invalid({"resource": "Label", **github_rules.too_long("name", github_rules.LABEL)})
    if len(values.get("description") or "") > 100:
        raise invalid({"resource": "Label", **github_rules.too_long("description", 100)})
    if call.repo.named(name, make=False):
        raise invalid({"resource": "Label", "code": "already_exists", "field": "name"})
    made = Label(next(call.repo.world.ids), name, values.get("color") or "ededed", values.get("description"))
    call.repo.labels[name.lower()] = made
    return Reply(201, call.shapes.label(call.repo, made))
