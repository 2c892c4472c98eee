"""GitHub's endpoints for milestones and for the fields of an organisation's issues; errors are those of `GitHub`."""

from __future__ import annotations

from collections.abc import Sequence

from closeout.hosts.github import GitHub
from closeout.hosts.github_replies import IssueField, Milestone
from closeout.hosts.pacing import Errand


def fields(host: GitHub, organisation: str) -> Sequence[IssueField]:
    """List the fields that an organisation's issues have."""
    errand = Errand(host.place(organisation), "list the fields of issues")
    return tuple(host.pages(IssueField, f"/orgs/{organisation}/issue-fields", errand, None))


def set_field(host: GitHub, repository: str, number: int, field: int, value: str) -> None:
    """Set a field of an issue, and none of its others; an empty value takes it away."""
    errand = Errand(host.place(repository), f"set a field of issue {number}", write=True)
    there = f"/repos/{repository}/issues/{number}/issue-field-values"
    if value:
        told = {"issue_field_values": [{"field_id": field, "value": value}]}
        host.send("POST", there, told, errand)
    else:
        host.send("DELETE", f"{there}/{field}", None, errand)


def milestones(host: GitHub, repository: str) -> Sequence[Milestone]:
    """List the milestones of a repository, open and closed."""
    errand = Errand(host.place(repository), "list the milestones")
    return tuple(host.pages(Milestone, f"/repos/{repository}/milestones", errand, {"state": "all"}))


def create_milestone(host: GitHub, repository: str, title: str, due_on: str) -> Milestone:
    """Make a milestone; `due_on` is a moment in UTC."""
    errand = Errand(host.place(repository), f"make the milestone {title}", write=True)
    told = {"title": title, "due_on": due_on}
    return host.write(Milestone, "POST", f"/repos/{repository}/milestones", told, errand)
