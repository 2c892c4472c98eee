"""Forgejo's endpoints for pull requests, one typed function each; errors are those of `Forgejo`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from closeout.hosts.forgejo import Forgejo
from closeout.hosts.forgejo_replies import RawPull
from closeout.hosts.pacing import Errand
from closeout.hosts.rest import Refused


def between(host: Forgejo, repository: str, base: str, branch: str) -> RawPull | None:
    """Return one pull request of a branch onto another, open or not, whichever comes first; None without any.

    Raises Refused (404, without a message) where the host is too old to be asked that.
    """
    errand = Errand(host.place(repository), f"look for a pull request of {branch}")
    try:
        return host.rest.read(RawPull, f"/repos/{repository}/pulls/{quote(base, safe='')}/{quote(branch)}", errand)
    except Refused as refused:
        if refused.status == 404 and refused.message:
            return None
        raise


def pulls(host: Forgejo, repository: str, state: str) -> Iterator[RawPull]:
    """List the pull requests that are `open` or `closed`, page by page, the newest first."""
    errand = Errand(host.place(repository), "list the pull requests")
    return host.pages(RawPull, f"/repos/{repository}/pulls", errand, {"state": state})


def pull(host: Forgejo, repository: str, number: int) -> RawPull:
    """Look at a pull request."""
    errand = Errand(host.place(repository), f"read pull request {number}")
    return host.rest.read(RawPull, f"/repos/{repository}/pulls/{number}", errand)


def create(host: Forgejo, repository: str, told: tuple[str, str], title: str, body: str) -> RawPull:
    """Open a pull request; `told` are the branch and the one that it is for. 409 where one is open."""
    sent = {"head": told[0], "base": told[1], "title": title, "body": body}
    errand = Errand(host.place(repository), "open a pull request", write=True)
    return host.rest.write(RawPull, "POST", f"/repos/{repository}/pulls", sent, errand)


def edit(host: Forgejo, repository: str, number: int, patch: Mapping[str, str]) -> RawPull:
    """Change what `patch` names of a pull request: title, body, state."""
    errand = Errand(host.place(repository), f"change pull request {number}", write=True)
    return host.rest.write(RawPull, "PATCH", f"/repos/{repository}/pulls/{number}", patch, errand)
