"""Lists: which issues, how many, and where the next page is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from fakes.forgejo_access import Call
from fakes.forgejo_state import Issue
from fakes.http import Reply

DEFAULT = 30


def paged(call: Call, rows: Sequence[object], *, linked: bool = True) -> Reply:
    """One page: what is asked for is clamped, though the links repeat it. Lists of labels have a total, and no links."""
    query = call.request.query
    size = int(query["limit"]) if query.get("limit", "").isdecimal() and query["limit"] != "0" else DEFAULT
    size, page = min(size, call.most), max(int(query.get("page", "1") or 1), 1)
    last = max(-(-len(rows) // size), 1)
    places = {"next": page + 1, "last": last} if page < last else {}
    places |= {"first": 1, "prev": page - 1} if page > 1 else {}
    url = f"{call.shapes.web}{call.request.route}"
    links = [f'<{url}?{urlencode({**query, "page": at})}>; rel="{name}"' for name, at in places.items()]
    headers = {"X-Total-Count": str(len(rows))} | ({"Link": ",".join(links)} if links and linked else {})
    return Reply(200, list(rows[(page - 1) * size : page * size]), headers)


def wanted(call: Call) -> list[Issue]:
    """The issues that a query asks for, the newest first. A label that the repository itself does not have is dropped;
    of two with one name only one would have to be there, and none is found.
    """
    query, repo = call.request.query, call.repo
    state, kind = query.get("state", ""), query.get("type", "")
    asked = {name for name in query.get("labels", "").split(",") if name}
    labels = [label for label in repo.labels if label.name in asked]
    since = _since(call, query["since"]) if query.get("since") else None
    for name in ("created_by", "assigned_by"):
        if query.get(name) and query[name].lower() not in repo.world.accounts:
            raise call.missing()
    found = [
        issue
        for issue in repo.issues.values()
        if (state == "all" or (issue.closed is not None) == (state == "closed"))
        and (not kind or issue.pull == (kind == "pulls"))
        and all(label in issue.labels for label in labels)
        and (since is None or issue.updated >= since)
        and query.get("created_by", "").lower() in {"", issue.author.login.lower()}
        and (not issue.pull or repo.has_pulls)
    ]
    return sorted(found, key=lambda issue: (issue.created, issue.number), reverse=True)


def _since(call: Call, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise call.refused(422, f'parsing time "{text}" as "2006-01-02T15:04:05Z07:00": cannot parse')
    return moment
