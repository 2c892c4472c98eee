"""Pull requests on GitHub, drafts where the repository has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from closeout.errors import TrackerError
from closeout.hosts import github_pulls
from closeout.hosts.github import GitHub
from closeout.hosts.github_refusals import Refused
from closeout.hosts.github_replies import RawPull
from closeout.ports.pulls import Pull

_SETTING = (
    'Switch on "Allow GitHub Actions to create and approve pull requests" below Settings, Actions, General of the '
    "repository or its organisation, and give the job `pull-requests: write`"
)
_RIGHT = "Give the token read and write access to this repository's pull requests (`pull-requests: write`)"


@dataclass(frozen=True)
class GitHubPulls:
    """Pull requests of the repository `project` (`owner/name`)."""

    host: GitHub
    project: str

    def find(self, branch: str) -> Pull | None:
        """Return the open pull request of a branch, else the newest."""
        try:
            found = [_pull(raw) for raw in github_pulls.pulls(self.host, self.project, branch)]
        except Refused as refused:
            raise _explained(refused) from None
        return next((one for one in found if one.state == "open"), found[0] if found else None)

    def open(self, branch: str, base: str, title: str, text: str) -> Pull:
        """Open a draft, or an ordinary one where drafts are refused."""
        for draft in (True, False):
            try:
                told = (branch, base)
                return _pull(github_pulls.create(self.host, self.project, told, title, text, draft=draft))
            except Refused as refused:
                if draft and refused.status == 422 and re.search(r"\bdraft", refused.said, re.I):
                    continue
                if refused.status == 422 and "already exists" in refused.said and (found := self.find(branch)):
                    self.update(found.number, title, text)
                    return found
                raise _explained(refused) from None
        message = (
            f"{self.project}: could not open a pull request: it is refused with and without a draft. Open it by hand"
        )
        raise TrackerError(message)

    def update(self, number: int, title: str, text: str) -> None:
        """Replace title and text."""
        github_pulls.edit(self.host, self.project, number, {"title": title, "body": text})

    def close(self, number: int, text: str) -> None:
        """Close it, with a last text."""
        github_pulls.edit(self.host, self.project, number, {"body": text, "state": "closed"})

    def compare(self, branch: str, base: str) -> str:
        """Return the page on which a person can open it."""
        return f"{self.host.web}/{self.project}/compare/{quote(base)}...{quote(branch)}?expand=1"


def _explained(refused: Refused) -> TrackerError:
    """Say which setting or right is missing, where that is why."""
    if refused.status == 403:
        todo = _SETTING if "GitHub Actions is not permitted" in refused.message else _RIGHT
        return TrackerError(f"{refused.message or 'the token may not do this'} (403). {todo}")
    return refused


def _pull(raw: RawPull) -> Pull:
    state = "merged" if raw.merged_at else raw.state
    return Pull(raw.number, raw.html_url, state, raw.head.sha, raw.body or "", raw.created_at, raw.closed_at or "")
