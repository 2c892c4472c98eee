"""GitHub Apps: where they are installed, and the tokens that they take for an hour."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from fakes import github_rules
from fakes.github_access import App, Token, issuer, refusal
from fakes.github_json import Shapes, stamp
from fakes.github_state import Repo
from fakes.github_values import Clock, Right
from fakes.http import Reply, Request

ROUTE = re.compile(r"/app|/app/installations/(\d+)/access_tokens|/repos/([^/]+/[^/]+)/installation")


_LEVEL = {"": Right.NONE, "read": Right.READ, "write": Right.WRITE}
_WORD = {level: word for word, level in _LEVEL.items()}


def answer(
    request: Request,
    apps: Mapping[int, App],
    repos: Mapping[int, Repo],
    shapes: Shapes,
    clock: Clock,
    give: Callable[[Token], None],
) -> Reply:
    """Answer an app that names itself by a JSON web token; `give` makes a new token known."""
    match = ROUTE.fullmatch(request.route)
    name = issuer(request)
    ours = [app for app in apps.values() if str(app.id) == name]
    if not ours:
        raise refusal(404, "Integration not found")
    if request.route == "/app" and request.method == "GET":
        return Reply(200, {"id": ours[0].id, "slug": ours[0].slug})
    if match and match[1] and request.method == "POST":
        app = next((app for app in ours if app.installation == int(match[1])), None)
        if app is None:
            raise refusal(404, "Not Found")
        return _token(request, app, repos, shapes, clock, give)
    if match and match[2] and request.method == "GET":
        known = {repo.full_name.lower(): repo.id for repo in repos.values()}
        for app in ours:
            if known.get(match[2].lower()) in app.repositories:
                return Reply(200, _installation(app, shapes))
    raise refusal(404, "Not Found")


def _token(
    request: Request,
    app: App,
    repos: Mapping[int, Repo],
    shapes: Shapes,
    clock: Clock,
    give: Callable[[Token], None],
) -> Reply:
    """Make a token, narrowed to the repositories and the permission that were asked for."""
    values = github_rules.sent(request)
    names = values.get("repositories")
    chosen = [repos[one] for one in sorted(app.repositories) if names is None or repos[one].name in names]
    if names is not None and len(chosen) < len(names):
        raise refusal(
            422, "There is at least one repository that does not exist or is not accessible to the parent installation."
        )
    has = _permissions(app)
    asked = values.get("permissions") or has
    if any(_LEVEL[level] > _LEVEL[has.get(name, "")] for name, level in asked.items()):
        raise refusal(422, "The permissions requested are not granted to this installation.")
    told = dict(asked)
    now = clock.tick()
    token = Token(
        f"ghs_{app.slug}{int(now.timestamp())}",
        app.account,
        app=True,
        issues=_LEVEL[told.get("issues", "")],
        contents=_LEVEL[told.get("contents", "")],
        pulls=_LEVEL[told.get("pull_requests", "")],
        repositories=frozenset(repo.id for repo in chosen),
        expires=now + timedelta(hours=1),
    )
    give(token)
    body: dict[str, object] = {
        "token": token.value,
        "expires_at": stamp(token.expires),
        "permissions": {**told, "metadata": "read"},
        "repository_selection": "selected",
    }
    if names is not None:
        body["repositories"] = [shapes.repo(repo, Right.WRITE) for repo in chosen]
    return Reply(201, body)


def _permissions(app: App) -> dict[str, str]:
    has = {"issues": app.issues, "contents": app.contents, "pull_requests": app.pulls}
    return {name: _WORD[level] for name, level in has.items() if level}


def _installation(app: App, shapes: Shapes) -> dict[str, object]:
    return {
        "id": app.installation,
        "account": shapes.account(app.owner),
        "repository_selection": "selected",
        "access_tokens_url": f"{shapes.url}/app/installations/{app.installation}/access_tokens",
        "repositories_url": f"{shapes.url}/installation/repositories",
        "html_url": f"{shapes.web}/settings/installations/{app.installation}",
        "app_id": app.id,
        "app_slug": app.slug,
        "target_id": app.owner.id,
        "target_type": app.owner.kind,
        "permissions": {**_permissions(app), "metadata": "read"},
        "events": [],
    }
