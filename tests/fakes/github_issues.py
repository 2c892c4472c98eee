"""The routes of issues: lists, reading, writing, labels, people, comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from fakes import github_lists, github_rules
from fakes.github_access import Token, invalid, refusal
from fakes.github_json import Shapes
from fakes.github_state import Repo
from fakes.github_values import Comment, Issue, Label, Right
from fakes.http import Reply, Request


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a repository: by whom (None: nobody), the path below the repository, and its parts."""

    request: Request
    token: Token | None
    repo: Repo
    rest: str
    parts: tuple[str, ...]
    shapes: Shapes
    lag: int

    @property
    def right(self) -> Right:
        return self.token.right(self.repo) if self.token else Right.READ

    @property
    def author(self) -> Token:
        """Return who writes. Raises Refused for nobody, and for a token that may not write issues."""
        if self.token is None:
            raise refusal(401, "Requires authentication")
        if self.token.issues < Right.WRITE:
            raise refusal(
                403, f"Resource not accessible by {'integration' if self.token.app else 'personal access token'}"
            )
        return self.token

    @property
    def url(self) -> str:
        """Where the Link header points: the address that survives a rename."""
        return f"{self.shapes.url}/repositories/{self.repo.id}{self.rest}"

    def issue(self) -> Issue:
        """Return the issue of the path. Raises Refused: 410 deleted, 301 (307 for writes) transferred, 404 unknown."""
        number = int(self.parts[0])
        if number in self.repo.deleted:
            raise refusal(410, "This issue was deleted")
        if number in self.repo.transferred:
            raise moved(self, *self.repo.transferred[number])
        if number not in self.repo.issues:
            raise refusal(404, "Not Found")
        if not self.repo.has_issues and not self.repo.issues[number].pull:
            raise refusal(410, "Issues has been disabled in this repository.")
        return self.repo.issues[number]

    def told(self, issue: Issue, status: int = 200) -> Reply:
        return Reply(status, self.shapes.issue(self.repo, issue, full=True))

    def needs(self, right: Right, message: str = "Must have admin rights to Repository.") -> Token:
        """Return who writes. Raises Refused where the right is missing."""
        author = self.author
        if self.right < right:
            raise refusal(403, message)
        return author


def moved(call: Call, there: Repo, number: int) -> Exception:
    """Where a transferred issue is now; it is not found where the caller may not read it there."""
    if (call.token.right(there) if call.token else there.right(there.world.account("ghost"))) < Right.READ:
        return refusal(404, "Not Found")
    rest = call.request.path.partition(f"/issues/{call.parts[0]}")[2]
    return redirect(call.request, f"{call.shapes.url}/repositories/{there.id}/issues/{number}{rest}")


def redirect(request: Request, url: str) -> Exception:
    """301 for reads, 307 for writes: the same request, elsewhere."""
    refused = refusal(307 if request.writes else 301, "Moved Permanently")
    body = {"message": "Moved Permanently", "url": url, "documentation_url": "https://docs.github.com/rest"}
    refused.reply = Reply(refused.reply.status, body, {"Location": url})
    return refused


def listed(call: Call) -> Reply:
    _enabled(call)
    first = "after" not in call.request.query and github_lists.size(call.request)[0] == 1
    found = call.repo.listed(call.lag, first=first).values()
    return github_lists.issues(call.request, call.url, found, lambda issue: call.shapes.issue(call.repo, issue))


def create(call: Call) -> Reply:
    author = call.author
    _enabled(call)
    values = github_rules.sent(call.request)
    if values.get("title") is None:
        raise refusal(422, 'Invalid request.\n\n"title" wasn\'t supplied.')
    if isinstance(values.get("assignee"), str):
        values.setdefault("assignees", [values["assignee"]])
    github_rules.check(call.repo, values, call.right)
    values = {name: value for name, value in values.items() if not name.startswith("state")}
    issue = call.repo.open(str(values["title"]), values.get("body"), by=author.account.login)
    github_rules.apply(call.repo, issue, values, call.right, author.account)
    reply = call.told(issue, 201)
    return Reply(201, reply.body, {"Location": f"{call.shapes.repo_url(call.repo)}/issues/{issue.number}"})


def read(call: Call) -> Reply:
    return call.told(call.issue())


def edit(call: Call) -> Reply:
    author, issue = call.author, call.issue()
    if call.right < Right.TRIAGE and issue.author != author.account:
        raise refusal(403, "Must have admin rights to Repository.")
    values = github_rules.sent(call.request)
    github_rules.check(call.repo, values, call.right)
    was = issue.state
    if github_rules.apply(call.repo, issue, values, call.right, author.account):
        call.repo.touch(issue.number)
    if issue.state == "closed" != was:
        issue.closed = issue.updated
    return call.told(issue)


def put_labels(call: Call) -> Reply:
    return _labels(call, keep=False)


def add_labels(call: Call) -> Reply:
    return _labels(call, keep=True)


def _labels(call: Call, *, keep: bool) -> Reply:
    issue = call.issue()
    call.needs(Right.TRIAGE)
    values = github_rules.sent(call.request) if call.request.body[:1] != b"[" else {"labels": call.request.sent}
    wanted = github_rules.names(values.get("labels"))
    if any(len(name) > github_rules.LABEL for name in wanted):
        raise invalid({"resource": "Label", **github_rules.too_long("name", github_rules.LABEL)})
    if call.right < Right.WRITE and any(call.repo.named(name, make=False) is None for name in wanted):
        errors = [{"resource": "Repository", "field": "label", "code": "unauthorized"}]
        raise refusal(403, "You do not have permission to create labels on this repository.", errors)
    found = github_rules.labels(call.repo, wanted, call.right)
    _set_labels(call, issue, tuple(dict.fromkeys((*(issue.labels if keep else ()), *found))))
    return Reply(200, [call.shapes.label(call.repo, label) for label in issue.labels])


def remove_label(call: Call) -> Reply:
    issue = call.issue()
    call.needs(Right.TRIAGE)
    name = unquote(call.parts[1]).lower()
    kept = tuple(label for label in issue.labels if label.name.lower() != name)
    if kept == issue.labels:
        raise refusal(404, "Label does not exist")
    _set_labels(call, issue, kept)
    return Reply(200, [call.shapes.label(call.repo, label) for label in issue.labels])


def _set_labels(call: Call, issue: Issue, labels: tuple[Label, ...]) -> None:
    if issue.labels != labels:
        issue.labels = labels
        call.repo.touch(issue.number)


def assign(call: Call) -> Reply:
    """Add people; who cannot be assigned is silently left out."""
    issue = call.issue()
    call.needs(Right.TRIAGE)
    able = {one.login.lower() for one in call.repo.assignable()}
    had = issue.assignees
    logins = [name for name in _logins(call) if name.lower() in able]
    issue.assignees = tuple(dict.fromkeys((*had, *github_rules.people(call.repo, logins))))
    if issue.assignees != had:
        call.repo.touch(issue.number)
    return call.told(issue, 201)


def unassign(call: Call) -> Reply:
    issue = call.issue()
    call.needs(Right.TRIAGE)
    if {name.lower() for name in _logins(call)} & {one.login.lower() for one in issue.assignees}:
        call.repo.unassign(issue.number, *_logins(call))
    return call.told(issue)


def _logins(call: Call) -> list[str]:
    return github_rules.names(github_rules.sent(call.request).get("assignees"))


def comments(call: Call) -> Reply:
    issue = call.issue()
    since = call.request.query.get("since")
    start = github_lists.moment(since) if since else None
    found = [one for one in issue.comments if start is None or one.updated >= start]
    return github_lists.paged(call.request, call.url, [call.shapes.comment(call.repo, issue, one) for one in found])


def add_comment(call: Call) -> Reply:
    author, issue = call.author, call.issue()
    if issue.locked and call.right < Right.WRITE:
        raise refusal(403, "Unable to create comment because issue is locked.")
    body = _comment_body(call)
    comment = call.repo.comment(issue.number, body, by=author.account.login)
    return Reply(201, call.shapes.comment(call.repo, issue, comment))


def read_comment(call: Call) -> Reply:
    return Reply(200, call.shapes.comment(call.repo, *_comment(call)))


def edit_comment(call: Call) -> Reply:
    author = call.author
    issue, comment = _comment(call)
    if comment.author != author.account:
        call.needs(Right.WRITE)
    comment.body = _comment_body(call)
    comment.updated = call.repo.touch(issue.number).updated
    return Reply(200, call.shapes.comment(call.repo, issue, comment))


def _comment(call: Call) -> tuple[Issue, Comment]:
    for issue in call.repo.issues.values():
        for comment in issue.comments:
            if comment.id == int(call.parts[0]):
                return issue, comment
    raise refusal(404, "Not Found")


def _comment_body(call: Call) -> str:
    values: dict[str, Any] = github_rules.sent(call.request)
    body = values.get("body")
    if not isinstance(body, str):
        raise refusal(422, 'Invalid request.\n\n"body" wasn\'t supplied.')
    if not body.strip():
        raise invalid({"resource": "IssueComment", "code": "missing_field", "field": "body"})
    if len(body) > github_rules.BODY:
        raise invalid({"resource": "IssueComment", **github_rules.too_long("body", github_rules.BODY)})
    return body


def _enabled(call: Call) -> None:
    if not call.repo.has_issues:
        raise refusal(410, "Issues has been disabled in this repository.")
