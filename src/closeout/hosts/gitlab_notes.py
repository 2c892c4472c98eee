"""Comments on a GitLab's issues, one typed function per endpoint."""

from __future__ import annotations

from closeout.hosts.gitlab import PER_PAGE, GitLab
from closeout.hosts.gitlab_replies import Note
from closeout.hosts.pacing import Errand
from closeout.hosts.rest import Refused, next_query

_MOST_PAGES = 1_000


def listed(host: GitLab, project: int, number: int) -> list[Note]:
    """List the comments of an issue, all pages, in the order they were written; not what GitLab itself noted there.

    A page may have less than it could, and all of them less than the total: what may not be seen is left out last.
    """
    errand = Errand(host.place(project), f"list the comments of issue {number}")
    asked = {"order_by": "created_at", "sort": "asc", "per_page": str(PER_PAGE), "page": "1"}
    found: dict[int, Note] = {}
    for page in range(1, _MOST_PAGES):
        rows, reply = host.rest.several(Note, f"/v4/projects/{project}/issues/{number}/notes", errand, asked)
        found |= {one.id: one for one in rows}
        if next_query(reply, asked) is None and (not rows or "link" in reply.headers):
            return [one for one in found.values() if not one.system]
        asked["page"] = str(page + 1)
    raise errand.failed("its pages do not end", "Run again, and report it if it stays so")


def find(host: GitLab, project: int, number: int, note: int) -> Note | None:
    """Look at a comment of an issue; None if it is not there any more."""
    errand = Errand(host.place(project), f"read comment {note}")
    try:
        return host.rest.read(Note, f"/v4/projects/{project}/issues/{number}/notes/{note}", errand)
    except Refused as refused:
        if refused.status == 404:
            return None
        raise


def create(host: GitLab, project: int, number: int, body: str) -> Note:
    """Write a comment; commands in it are done, and one that holds nothing else is none: its answer is 202."""
    errand = Errand(host.place(project), f"comment on issue {number}", write=True)
    return host.rest.write(Note, "POST", f"/v4/projects/{project}/issues/{number}/notes", {"body": body}, errand)


def edit(host: GitLab, project: int, number: int, note: int, body: str) -> Note:
    """Replace a comment's text; nobody but its author and maintainers may."""
    errand = Errand(host.place(project), f"change comment {note}", write=True)
    return host.rest.write(Note, "PUT", f"/v4/projects/{project}/issues/{number}/notes/{note}", {"body": body}, errand)
