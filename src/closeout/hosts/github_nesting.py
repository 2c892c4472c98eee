"""GitHub's endpoints for issues below issues; errors are those of `GitHub`."""

from __future__ import annotations

from closeout.hosts.github import GitHub
from closeout.hosts.github_refusals import Refused
from closeout.hosts.github_replies import RawIssue
from closeout.hosts.pacing import Errand


def parent(host: GitHub, repository: str, number: int) -> RawIssue | None:
    """Look at the issue that one is below; None where it is below none, or the host knows no such thing."""
    errand = Errand(host.place(repository), f"read the parent of issue {number}")
    try:
        return host.read(RawIssue, f"/repos/{repository}/issues/{number}/parent", errand)
    except Refused as refused:
        if refused.status == 404:
            return None
        raise


def add(host: GitHub, repository: str, number: int, child: int) -> None:
    """Put an issue below another; `child` is its id, not its number. One that is below any already is refused."""
    errand = Errand(host.place(repository), f"put an issue below issue {number}", write=True)
    host.send("POST", f"/repos/{repository}/issues/{number}/sub_issues", {"sub_issue_id": child}, errand)
