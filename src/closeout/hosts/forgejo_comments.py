"""Comments on a Forgejo's issues, one typed function per endpoint; Gitea's are the same."""

from __future__ import annotations

import re

from closeout.hosts.forgejo import Forgejo
from closeout.hosts.forgejo_replies import Comment
from closeout.hosts.pacing import Errand
from closeout.hosts.rest import Refused


def listed(host: Forgejo, repository: str, number: int) -> list[Comment]:
    """List the comments of an issue, in the order they were written; the list has no pages, only a total.

    An issue that is not there is no 404 here, but a failure of the host.
    """
    errand = Errand(host.place(repository), f"list the comments of issue {number}")
    found, reply = host.rest.several(Comment, f"/repos/{repository}/issues/{number}/comments", errand)
    total = reply.headers.get("x-total-count", "")
    if re.fullmatch(r"[0-9]{1,9}", total) and len(found) < int(total):
        raise errand.failed(f"the list breaks off after {len(found)} of {total}", "Run again later")
    return sorted(found, key=lambda one: one.id)


def find(host: Forgejo, repository: str, comment: int) -> Comment | None:
    """Look at a comment; None if it is not there any more."""
    errand = Errand(host.place(repository), f"read comment {comment}")
    try:
        return host.rest.read(Comment, f"/repos/{repository}/issues/comments/{comment}", errand)
    except Refused as refused:
        if refused.status == 404:
            return None
        raise


def create(host: Forgejo, repository: str, number: int, body: str) -> Comment:
    """Write a comment."""
    errand = Errand(host.place(repository), f"comment on issue {number}", write=True)
    return host.rest.write(Comment, "POST", f"/repos/{repository}/issues/{number}/comments", {"body": body}, errand)


def edit(host: Forgejo, repository: str, comment: int, body: str) -> Comment:
    """Replace a comment's text; who may write the repository's issues may do that to anybody's."""
    errand = Errand(host.place(repository), f"change comment {comment}", write=True)
    return host.rest.write(Comment, "PATCH", f"/repos/{repository}/issues/comments/{comment}", {"body": body}, errand)
