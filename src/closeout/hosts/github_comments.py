"""One comment on GitHub, looked at by its number."""

from __future__ import annotations

from closeout.hosts.github import GitHub
from closeout.hosts.github_refusals import Refused
from closeout.hosts.github_replies import Comment
from closeout.hosts.pacing import Errand


def find(host: GitHub, repository: str, comment: int) -> Comment | None:
    """Look at a comment; None if it is not there any more."""
    errand = Errand(host.place(repository), f"read comment {comment}")
    try:
        return host.read(Comment, f"/repos/{repository}/issues/comments/{comment}", errand)
    except Refused as refused:
        if refused.status in {404, 410}:
            return None
        raise
