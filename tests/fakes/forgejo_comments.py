"""The routes of comments, as Forgejo and Gitea answer them."""

from __future__ import annotations

from typing import Any

from fakes.forgejo_access import Call, Refused
from fakes.forgejo_state import Comment, Issue
from fakes.http import Reply


def listed(call: Call) -> Reply:
    """All of them: the list has no pages, only a total."""
    rows = [_told(call, *one) for one in _all(call) if one[0].number == int(call.parts[0])]
    _issue(call)
    return Reply(200, rows, {"X-Total-Count": str(len(rows))})


def read(call: Call) -> Reply:
    return Reply(200, _told(call, *_found(call)))


def add(call: Call) -> Reply:
    assert call.token is not None
    issue = _issue(call)
    if issue.locked and not call.writer:
        raise call.refused(403, "Cannot comment on a locked conversation.")
    body = _body(call)
    made = call.repo.comment(issue.number, body, by=call.token.account.login)
    return Reply(201, _told(call, issue, made))


def edit(call: Call) -> Reply:
    assert call.token is not None
    issue, comment = _found(call)
    if not call.writer and comment.author != call.token.account:
        raise Refused(403)
    comment.body = _body(call)
    comment.updated = call.repo.touch(issue.number).updated
    return Reply(200, _told(call, issue, comment))


def _body(call: Call) -> str:
    body = call.sent().get("body")
    if not body:
        raise call.refused(422, "[Body]: Required")
    return str(body)


def _issue(call: Call) -> Issue:
    """The issue of the path; one that is not there is a failure of the server, and no 404."""
    found = call.repo.issues.get(int(call.parts[0]))
    if found is None:
        raise call.refused(500, f"issue does not exist [id: 0, repo_id: {call.repo.id}, index: {call.parts[0]}]")
    return found


def _all(call: Call) -> list[tuple[Issue, Comment]]:
    return [(issue, one) for issue in call.repo.issues.values() for one in issue.comments]


def _found(call: Call) -> tuple[Issue, Comment]:
    for issue, comment in _all(call):
        if comment.id == int(call.parts[0]):
            return issue, comment
    raise call.missing()


def _told(call: Call, issue: Issue, comment: Comment) -> dict[str, Any]:
    shapes = call.shapes
    page = shapes.issue(call.repo, issue)["html_url"]
    return {
        "id": comment.id,
        "html_url": f"{page}#issuecomment-{comment.id}",
        "pull_request_url": page if issue.pull else "",
        "issue_url": "" if issue.pull else page,
        "user": shapes.account(comment.author),
        "original_author": "",
        "original_author_id": 0,
        "body": comment.body,
        "assets": [],
        "created_at": shapes.stamp(comment.created),
        "updated_at": shapes.stamp(comment.updated),
    }
