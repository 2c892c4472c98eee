"""What GitLab's replies look like, and its lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fakes.github_values import Account
from fakes.gitlab_state import Issue, Project
from fakes.http import Reply, Request

Told = dict[str, Any]
DEFAULT, MOST = 20, 100


def stamp(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z" if moment else None


def account(one: Account, web: str) -> Told:
    return {
        "id": one.id,
        "username": one.login,
        "public_email": "",
        "name": one.login.title(),
        "state": "active",
        "locked": False,
        "avatar_url": None,
        "web_url": f"{web}/{one.login}",
    }


def project(one: Project, web: str, level: int) -> Told:
    opened = sum(issue.closed is None for issue in one.issues.values())
    return {
        "id": one.id,
        "description": None,
        "name": one.path.rpartition("/")[2],
        "path": one.path.rpartition("/")[2],
        "path_with_namespace": one.path,
        "default_branch": "main",
        "web_url": f"{web}/{one.path}",
        "archived": False,
        "visibility": one.visibility,
        "permissions": {
            "project_access": {"access_level": level, "notification_level": 3} if level else None,
            "group_access": None,
        },
        "issues_enabled": one.has_issues,
        "issues_access_level": "enabled" if one.has_issues else "disabled",
        **({"open_issues_count": opened} if one.has_issues else {}),
    }


def issue(home: Project, one: Issue, web: str) -> Told:
    people = [account(each, web) for each in one.assignees]
    full = f"{home.path}#{one.iid}"
    return {
        "id": one.id,
        "iid": one.iid,
        "project_id": home.id,
        "title": one.title,
        "description": one.text or None,
        "state": "closed" if one.closed else "opened",
        "created_at": stamp(one.created),
        "updated_at": stamp(one.updated),
        "closed_at": stamp(one.closed),
        "closed_by": None,
        "labels": sorted(one.labels),
        "milestone": None,
        "assignees": people,
        "author": account(one.author, web),
        "type": "ISSUE",
        "assignee": people[0] if people else None,
        "user_notes_count": len(one.notes),
        "due_date": one.due.isoformat() if one.due else None,
        "confidential": one.confidential,
        "discussion_locked": one.locked or None,
        "issue_type": "issue",
        "web_url": f"{web}/{home.path}/-/issues/{one.iid}",
        "references": {"short": f"#{one.iid}", "relative": f"#{one.iid}", "full": full},
        "moved_to_id": one.moved,
        "service_desk_reply_to": None,
    }


def paged(request: Request, rows: Sequence[object], web: str) -> Reply:
    """One page, with the whereabouts of the others; beyond 10,000 rows nobody is told how many there are."""
    query = request.query
    size, page = min(int(query.get("per_page", DEFAULT)), MOST), int(query.get("page", "1"))
    last = max(-(-len(rows) // size), 1)
    places = {"prev": page - 1} if page > 1 else {}
    places |= {"next": page + 1} if page < last else {}
    url = f"{web}{request.route}"
    links = [f'<{url}?{urlencode({**query, "page": at})}>; rel="{name}"' for name, at in {**places, "first": 1}.items()]
    headers = {"Link": ", ".join(links), "X-Page": str(page), "X-Per-Page": str(size)}
    headers |= {"X-Next-Page": str(places.get("next", "")), "X-Prev-Page": str(places.get("prev", ""))}
    headers |= {"X-Total": str(len(rows)), "X-Total-Pages": str(last)} if len(rows) <= 10_000 else {}
    return Reply(200, list(rows[(page - 1) * size : page * size]), headers)
