"""The routes of comments on work items, as Plane 1.3.1 answers them: their HTML is kept as it is sent."""

from __future__ import annotations

from fakes.http import Reply
from fakes.plane_call import GONE, Call, page
from fakes.plane_state import Comment

EXISTS = "Work item comment with the same external id and external source already exists"


def listed(call: Call) -> Reply:
    """The newest first; those of an item that is not there are none."""
    found = [one for one in call.project.comments if one.item == call.parts[0]]
    return page(call.request, [_told(call, one) for one in found[::-1]])


def read(call: Call) -> Reply:
    found = _found(call)
    return Reply(200, _told(call, found)) if found else Reply(404, GONE)


def create(call: Call) -> Reply:
    sent = call.request.sent
    name, source = sent.get("external_id"), sent.get("external_source")
    there = [one for one in call.project.comments if (one.external_id, one.external_source) == (str(name), source)]
    if name and source and there:
        return Reply(409, {"error": EXISTS, "id": there[0].id})
    made = call.project.comment(call.parts[0], sent.get("comment_html", "<p></p>"), call.me.id)
    made.external_id, made.external_source = name and str(name), source
    return Reply(201, _told(call, made))


def edit(call: Call) -> Reply:
    found = _found(call)
    if found is None:
        return Reply(404, GONE)
    sent = call.request.sent
    found.html = sent.get("comment_html", found.html)
    for name in ("external_id", "external_source"):
        if name in sent:
            setattr(found, name, sent[name])
    found.updated = call.project.clock.tick()
    return Reply(200, _told(call, found))


def _found(call: Call) -> Comment | None:
    return next((one for one in call.project.comments if (one.item, one.id) == call.parts), None)


def _told(call: Call, comment: Comment) -> dict[str, object]:
    return {
        "id": comment.id, "is_member": True, "comment_html": comment.html, "attachments": [], "access": "INTERNAL",
        "external_source": comment.external_source, "external_id": comment.external_id, "edited_at": None,
        "created_at": call.moment(comment.created), "updated_at": call.moment(comment.updated), "deleted_at": None,
        "issue": comment.item, "actor": comment.author, "created_by": comment.author, "updated_by": None,
        "project": call.project.id, "workspace": "2ae2c4a5-0000-4000-8000-000000000001", "parent": None,
    }  # fmt: skip
