"""The routes of issues, labels and people."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from itertools import accumulate
from typing import Any

from fakes import forgejo_lists
from fakes.forgejo_access import Call, Refused
from fakes.forgejo_state import Issue
from fakes.github_values import Account
from fakes.http import Reply

LONGEST_TITLE = 255


def listed(call: Call) -> Reply:
    if not call.repo.has_issues:
        raise call.missing()
    return forgejo_lists.paged(call, [call.shapes.issue(call.repo, one) for one in forgejo_lists.wanted(call)])


def read(call: Call) -> Reply:
    return Reply(200, call.shapes.issue(call.repo, _issue(call)))


def create(call: Call) -> Reply:
    """Who may only read makes an issue of title and body; all else is dropped without a word."""
    assert call.token is not None
    values = call.sent()
    if not values.get("title"):
        raise call.refused(422, "[Title]: Required")
    ids = values.get("labels") or []
    if not all(isinstance(one, int) for one in ids):
        raise call.refused(422, "[]: json: cannot unmarshal string into Go struct field .labels of type int64")
    due = _moment(call, values.get("due_date"))
    people = _people(call, values.get("assignees") or [], refuse=422) if call.writer else ()
    issue = call.repo.open(_title(call, values["title"]), values.get("body") or "", by=call.token.account.login)
    if call.writer:
        call.repo.add(issue, [label for label in call.repo.known if label.id in ids])
        issue.assignees = people
        issue.due = due  # to the second, as it was sent
    return Reply(201, call.shapes.issue(call.repo, issue))


def edit(call: Call) -> Reply:
    """Step by step, without a transaction: what fails leaves what came before it done. A change answers 201."""
    assert call.token is not None
    issue, values = _issue(call), call.sent()
    if not call.writer and issue.author != call.token.account:
        raise Refused(403)
    due = _moment(call, values.get("due_date"))
    version = values.get("content_version")
    if call.shapes.world.flavour.content_version and version is not None and version != issue.content_version:
        raise call.refused(409, "issue is already changed")
    before = _state(issue)
    if call.shapes.world.flavour.old and call.writer and values.get("assignees") is not None:
        _assign(call, issue, values["assignees"])
    if values.get("title"):
        issue.title = _title(call, values["title"])
    if values.get("body") is not None and values["body"] != issue.body:
        issue.body, issue.content_version = values["body"], issue.content_version + 1
    if call.writer:
        _edit_due(call, issue, values, due)
        if values.get("assignees") is not None and not call.shapes.world.flavour.old:
            _assign(call, issue, values["assignees"])
    if values.get("state") is not None and (values["state"] == "closed") != (issue.closed is not None):
        issue.closed = call.shapes.world.clock.now if values["state"] == "closed" else None
    if before != _state(issue):
        call.repo.touch(issue.number)
        issue.closed = issue.closed and issue.updated if before[-1] is None else issue.closed
    return Reply(201, call.shapes.issue(call.repo, issue))


def _edit_due(call: Call, issue: Issue, values: dict[str, Any], due: datetime | None) -> None:
    world = call.shapes.world
    if values.get("unset_due_date"):
        issue.due = None
    elif due is not None:
        issue.due = world.end_of(due.date(), due.tzinfo if world.flavour.edited == "sent" else None)
    elif values.get("unset_due_date") is not None:
        raise call.refused(500 if world.flavour.old else 400, "The due_date cannot be empty")


def _assign(call: Call, issue: Issue, logins: list[str]) -> None:
    """An unknown name fails before anything; one who may not be assigned after those who were there are off."""
    accounts = _accounts(call, logins, refuse=500)
    issue.assignees = tuple(one for one in issue.assignees if one in accounts)
    for one in accounts:
        if one not in issue.assignees and not call.repo.can_be_assigned(one):
            raise call.refused(500, f"user doesn't have access to repo [user_id: {one.id}]")
        issue.assignees = tuple(dict.fromkeys((*issue.assignees, one)))


def add_labels(call: Call) -> Reply:
    return _labels(call, keep=True)


def replace_labels(call: Call) -> Reply:
    return _labels(call, keep=False)


def _labels(call: Call, *, keep: bool) -> Reply:
    """By ids or by names, not both; what is unknown is dropped without a word."""
    issue, asked = _issue(call), call.sent().get("labels") or []
    names = [one for one in asked if isinstance(one, str)]
    if names and call.shapes.world.flavour.old:
        raise call.refused(422, "[]: json: cannot unmarshal number into Go struct field .labels of type int64")
    if names and len(names) < len(asked):
        raise call.refused(400, "labels should be an array of strings or integers")
    if not call.writer:
        raise Refused(403)
    pool = call.repo.labels if names else call.repo.known
    before = issue.labels
    issue.labels = issue.labels if keep else ()
    call.repo.add(issue, [label for label in pool if label.name in names or label.id in asked])
    if issue.labels != before:
        call.repo.touch(issue.number)
    return Reply(200, [call.shapes.label(call.repo, label) for label in sorted(issue.labels, key=lambda one: one.name)])


def remove_label(call: Call) -> Reply:
    issue = _issue(call)
    if not call.writer:
        raise Refused(403)
    if int(call.parts[1]) not in {label.id for label in call.repo.known}:
        raise call.refused(422, f"label does not exist [label_id: {call.parts[1]}]")
    kept = tuple(label for label in issue.labels if label.id != int(call.parts[1]))
    if kept != issue.labels:
        call.repo.touch(issue.number).labels = kept
    return Reply(204)


def repository(call: Call) -> Reply:
    return Reply(200, call.shapes.repo(call.repo, call.right))


def assignees(call: Call) -> Reply:
    return Reply(200, [call.shapes.account(one) for one in call.repo.writers()])


def labels(call: Call) -> Reply:
    told = [call.shapes.label(call.repo, one) for one in sorted(call.repo.labels, key=lambda one: one.name)]
    if "page" not in call.request.query:  # all of them then, whatever the limit
        return Reply(200, told, {"X-Total-Count": str(len(told))})
    return forgejo_lists.paged(call, told, linked=False)


def add_label(call: Call) -> Reply:
    """A name that is there already makes a second label."""
    if not call.writer:
        raise call.refused(403, "user should have a permission to write to a repo")
    values = call.sent()
    for name in ("name", "color"):
        if not values.get(name):
            raise call.refused(422, f"[{name.title()}]: Required")
    made = call.repo.label_made(values["name"], exclusive=bool(values.get("exclusive")), color=values["color"])
    return Reply(201, call.shapes.label(call.repo, made))


def _issue(call: Call) -> Issue:
    found = call.repo.issues.get(int(call.parts[0]))
    if found is None or not (call.repo.has_pulls if found.pull else call.repo.has_issues):
        raise call.missing()
    return found


def _accounts(call: Call, logins: list[str], *, refuse: int) -> tuple[Account, ...]:
    for login in logins:
        if login.lower() not in call.repo.world.accounts:
            why = f"user does not exist [uid: 0, name: {login}, keyid: 0]"
            raise call.refused(refuse, f"Assignee does not exist: [name: {why}]" if refuse == 422 else why)
    return tuple(dict.fromkeys(call.repo.world.account(login) for login in logins))


def _people(call: Call, logins: list[str], *, refuse: int) -> tuple[Account, ...]:
    found = _accounts(call, logins, refuse=refuse)
    for one in found:
        if one.kind != "User":
            raise call.refused(500, "")
        if not call.repo.can_be_assigned(one):
            raise call.refused(
                422, f"user doesn't have access to repo [user_id: {one.id}, repo_name: {call.repo.name}]"
            )
    return found


def _moment(call: Call, told: object) -> datetime | None:
    if told is None:
        return None
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise call.refused(422, f'parsing time "{told}" as "2006-01-02T15:04:05Z07:00": cannot parse')
    return moment


def _title(call: Call, title: str) -> str:
    """Cut silently, by bytes, or with dots where it is wider than as many letters."""
    title, cut = title.strip(), call.shapes.world.flavour.cut
    if cut == "width" and sum(map(_width, title)) > LONGEST_TITLE:
        widths = accumulate(_width(one) for one in title)
        return "".join(one for one, used in zip(title, widths, strict=True) if used + 3 <= LONGEST_TITLE) + "…"
    return title.encode()[:LONGEST_TITLE].decode(errors="ignore") if cut == "bytes" else title


def _width(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _state(issue: Issue) -> tuple[object, ...]:
    return issue.title, issue.body, issue.assignees, issue.due, issue.closed
