"""GitHub's endpoints for pull requests, one typed function each; errors are those of `GitHub`."""

from __future__ import annotations

from collections.abc import Sequence

from closeout.hosts.github import GitHub
from closeout.hosts.github_replies import RawPull
from closeout.hosts.pacing import Errand


def pulls(host: GitHub, repository: str, branch: str) -> Sequence[RawPull]:
    """List the pull requests from a branch of the repository itself, open and closed, the newest first."""
    head = f"{repository.partition('/')[0]}:{branch}"
    query = {"head": head, "state": "all", "sort": "created", "direction": "desc"}
    errand = Errand(host.place(repository), "list the pull requests")
    found = host.pages(RawPull, f"/repos/{repository}/pulls", errand, query)
    return [one for one in found if one.head.ref == branch]  # a head that is not known does not narrow the list


def create(host: GitHub, repository: str, told: tuple[str, str], title: str, body: str, *, draft: bool) -> RawPull:
    """Open a pull request; `told` are the branch and the one that it is for."""
    sent = {"head": told[0], "base": told[1], "title": title, "body": body, "draft": draft}
    errand = Errand(host.place(repository), "open a pull request", write=True)
    return host.write(RawPull, "POST", f"/repos/{repository}/pulls", sent, errand)


def edit(host: GitHub, repository: str, number: int, patch: dict[str, str]) -> RawPull:
    """Change what `patch` names of a pull request: title, body, state."""
    errand = Errand(host.place(repository), f"change pull request {number}", write=True)
    return host.write(RawPull, "PATCH", f"/repos/{repository}/pulls/{number}", patch, errand)
