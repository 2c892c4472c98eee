"""Lists: what is asked for, in which order, page by page."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from urllib.parse import urlencode

from fakes.github_access import refusal
from fakes.github_values import Issue
from fakes.http import Reply, Request

DEEPEST = 10_000
Rows = Sequence[object]


def size(request: Request) -> tuple[int, int]:
    """Return (page, rows a page) of a request: 30 unless told, 100 at most."""
    page, rows = (request.query.get(name, "") for name in ("page", "per_page"))
    number = int(page) if page.isdecimal() else 1
    return max(number, 1), min(int(rows) if rows.isdecimal() and int(rows) else 30, 100)


def paged(request: Request, url: str, rows: Rows) -> Reply:
    """Answer with one page of rows; `url` is what the Link header's addresses begin with."""
    page, per = size(request)
    last = max(-(-len(rows) // per), 1)
    links = {}
    if page > 1:
        links["prev"] = min(page - 1, last)
    if page < last:
        links |= {"next": page + 1, "last": last}
    if page > 1:
        links["first"] = 1
    told = [f'<{url}?{urlencode({**request.query, "page": at})}>; rel="{name}"' for name, at in links.items()]
    return Reply(200, list(rows[(page - 1) * per : page * per]), {"Link": ", ".join(told)} if told else {})


def issues(request: Request, url: str, found: Iterable[Issue], shape: Callable[[Issue], object]) -> Reply:
    """Answer with one page of issues. The next one is named by a cursor and there is no last one, as since 2025."""
    query = request.query
    page, per = size(request)
    if "after" not in query and page > 1 and page * per >= DEEPEST:
        message = "Pagination with the page parameter is not supported for large datasets, please use cursor based"
        raise refusal(422, f"{message} pagination (after/before)")
    backwards = query.get("direction", "desc") == "desc"
    key = _order(query.get("sort", "created"))
    rows = sorted(_wanted(request, found), key=key, reverse=backwards)
    if "after" in query:
        place = _read(query["after"])
        rows = [row for row in rows if (key(row) < place if backwards else key(row) > place)]
        shown, more = rows[:per], len(rows) > per
    else:
        shown, more = rows[(page - 1) * per : page * per], len(rows) > page * per
    if not more:
        return Reply(200, [shape(row) for row in shown])
    following = {**query, "after": _write(key(shown[-1])), "page": str(page + 1)}
    return Reply(200, [shape(row) for row in shown], {"Link": f'<{url}?{urlencode(following)}>; rel="next"'})


def moment(text: str) -> datetime:
    """Read a `since`. Raises Refused if it is none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise refusal(422, "Validation Failed", [{"resource": "Search", "field": "since", "code": "invalid"}]) from None


def _wanted(request: Request, found: Iterable[Issue]) -> list[Issue]:
    query = request.query
    state = query.get("state", "open")
    if state not in {"open", "closed", "all"}:
        raise refusal(422, "Validation Failed", [{"resource": "Issue", "field": "state", "code": "invalid"}])
    labels = {name.strip().lower() for name in query.get("labels", "").split(",") if name.strip()}
    since = moment(query["since"]) if query.get("since") else None
    creator = query.get("creator", "").lower()
    return [
        issue
        for issue in found
        if state in {"all", issue.state}
        and labels <= {label.name.lower() for label in issue.labels}
        and (since is None or issue.updated.replace(microsecond=0) >= since)
        and (not creator or issue.author.login.lower() == creator)
        and _assigned(issue, query.get("assignee", ""))
    ]


def _assigned(issue: Issue, whom: str) -> bool:
    if whom in {"", "*", "none"}:
        return not whom or bool(issue.assignees) == (whom == "*")
    return whom.lower() in {one.login.lower() for one in issue.assignees}


Key = tuple[float, int]


def _order(sort: str) -> Callable[[Issue], Key]:
    """The order of a list, by whole seconds; equal ones by number."""
    if sort == "comments":
        return lambda issue: (len(issue.comments), issue.number)
    if sort == "updated":
        return lambda issue: (int(issue.updated.timestamp()), issue.number)
    return lambda issue: (int(issue.created.timestamp()), issue.number)


def _write(key: Key) -> str:
    return base64.urlsafe_b64encode(f"{key[0]}:{key[1]}".encode()).decode()


def _read(cursor: str) -> Key:
    try:
        value, number = base64.urlsafe_b64decode(cursor).decode().split(":")
        return float(value), int(number)
    except ValueError:
        raise refusal(422, "Validation Failed", [{"field": "after", "code": "invalid"}]) from None
