"""GitHub's endpoints for an issue's labels, one typed function each; errors are those of `GitHub`."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from closeout.hosts.github import GitHub
from closeout.hosts.github_refusals import Refused
from closeout.hosts.pacing import Errand


def add(host: GitHub, repository: str, number: int, names: Sequence[str]) -> None:
    """Give an issue labels beside those that it has; unknown ones are made."""
    errand = Errand(host.place(repository), f"label issue {number}", write=True)
    host.send("POST", f"/repos/{repository}/issues/{number}/labels", {"labels": list(names)}, errand)


def remove(host: GitHub, repository: str, number: int, name: str) -> None:
    """Take a label off an issue; one that it has no more is fine."""
    errand = Errand(host.place(repository), f"take a label off issue {number}", write=True)
    try:
        host.send("DELETE", f"/repos/{repository}/issues/{number}/labels/{quote(name, safe='')}", None, errand)
    except Refused as refused:
        if refused.status != 404:
            raise
