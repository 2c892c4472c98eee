"""The routes of comments on issues, as GitLab answers them."""

from __future__ import annotations

from typing import Any

from fakes import gitlab_json
from fakes.gitlab_issues import Call, Refused, found
from fakes.gitlab_state import DEVELOPER, Issue, Note
from fakes.http import Reply

LONGEST = 1_000_000


def listed(call: Call) -> Reply:
    """What GitLab itself noted is among them; what may not be seen is left out of its page, but not of the total."""
    issue = found(call)
    notes = sorted(issue.notes, key=lambda one: one.id, reverse=call.request.query.get("sort", "desc") == "desc")
    reply = gitlab_json.paged(call.request, [_told(call, issue, one) for one in notes], call.web)
    seen = {one.id for one in notes if not one.internal or call.reporter}
    assert isinstance(reply.body, list)
    return Reply(200, [row for row in reply.body if row["id"] in seen], reply.headers)


def read(call: Call) -> Reply:
    return Reply(200, _told(call, *_note(call)))


def add(call: Call) -> Reply:
    issue, text = found(call), _body(call)
    if issue.locked and call.project.level(call.who) < DEVELOPER:
        raise Refused(403, {"message": "403 Forbidden"})
    made = call.project.note(issue.iid, text, by=call.who.login)
    if not made.text:
        return Reply(202, {"commands_changes": {}, "summary": ["Applied."]})
    return Reply(201, _told(call, issue, made))


def edit(call: Call) -> Reply:
    issue, note = _note(call)
    if note.author != call.who:
        raise Refused(403, {"message": "403 Forbidden"})
    text = _body(call)
    old, note.text = note.text, call.project.act(issue, text, old=note.text)
    call.project.world.read(note.text.replace(old, ""))
    note.updated = call.project.world.clock.tick()
    return Reply(200, _told(call, issue, note))


def _body(call: Call) -> str:
    body = (call.request.sent or {}).get("body")
    if not body:
        raise Refused(400, {"error": "body is missing"})
    if len(body) > LONGEST:
        raise Refused(400, {"message": {"note": [f"is too long (maximum is {LONGEST} characters)"]}})
    return str(body)


def _note(call: Call) -> tuple[Issue, Note]:
    issue = found(call)
    for note in issue.notes:
        if note.id == int(call.parts[1]):
            return issue, note
    raise Refused(404, {"message": "404 Note Not Found"})


def _told(call: Call, issue: Issue, note: Note) -> dict[str, Any]:
    return {
        "id": note.id,
        "type": None,
        "body": note.text,
        "author": gitlab_json.account(note.author, call.web),
        "created_at": gitlab_json.stamp(note.created),
        "updated_at": gitlab_json.stamp(note.updated),
        "system": note.system,
        "noteable_id": issue.id,
        "noteable_type": "Issue",
        "project_id": call.project.id,
        "resolvable": False,
        "confidential": note.internal,
        "internal": note.internal,
        "imported": False,
        "noteable_iid": issue.iid,
        "commands_changes": {},
    }
