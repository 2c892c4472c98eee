"""Where reports hang on GitHub: issues of a repository, and their comments, whose marks are in their texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from closeout.domain.issue import Capabilities
from closeout.errors import OutcomeUnknown
from closeout.hosts import github_comments
from closeout.hosts.github import GitHub
from closeout.hosts.github_refusals import Refused
from closeout.hosts.github_replies import Comment, RawIssue, Repository
from closeout.hosts.pacing import Pace
from closeout.ports.channel import Note
from closeout.render import posting
from closeout.trackers import paper
from closeout.trackers.github import GitHubTracker
from closeout.trackers.github_listings import Listings
from closeout.trackers.github_words import CAPABILITIES


@dataclass
class GitHubDesk:
    """The issues of the repository `project` on a host."""

    host: GitHub
    project: str
    name: str
    capabilities: Capabilities = CAPABILITIES
    pace: Pace = field(init=False)
    paper: paper.Markdown = field(init=False)

    def __post_init__(self) -> None:
        self.pace, self.paper = self.host.pace, paper.github(self.host.web)

    @property
    def address(self) -> str:
        """The repository's page."""
        return f"{self.host.web}/{self.project}"

    def whoami(self) -> str:
        """Return our login."""
        return self.host.viewer().lower()

    def issue(self, ref: str) -> Note | None:
        """Look at an issue."""
        try:
            raw = self.host.issue(self._home, int(ref))
        except Refused as refused:
            if refused.status in {403, 404} or (refused.status == 410 and not refused.disabled):
                return None
            raise
        return _sheet(raw, self.host.web) if raw.home.lower() == self._home.lower() else None

    def issues(self, mark: str) -> Iterator[Note]:
        """List the issues that carry a mark."""
        found = Listings(self.host, self._repository).full()
        return (note for _, raw in sorted(found.items()) if (note := _sheet(raw, self.host.web)).mark == mark)

    def create(self, title: str, body: str, mark: str) -> Note:  # noqa: ARG002 - the body has its mark
        """Make an issue."""
        return self._answered(self.host.create_issue(self._home, title, body))

    def change(self, ref: str, body: str | None = None, *, close: bool = False, unmark: bool = False) -> Note:  # noqa: ARG002
        """Change an issue's text, or close it."""
        told: dict[str, object] = {} if body is None else {"body": body}
        told |= {"state": "closed", "state_reason": "completed"} if close else {}
        return self._answered(self.host.edit_issue(self._home, int(ref), told))

    def comments(self, ref: str) -> Iterable[Note]:
        """List the comments of an issue."""
        return (self._note(ref, raw) for raw in self.host.comments(self._home, int(ref)))

    def comment(self, ref: str, name: str) -> Note | None:
        """Look at a comment."""
        raw = github_comments.find(self.host, self._home, int(name))
        return self._note(ref, raw) if raw else None

    def add(self, ref: str, body: str, mark: str) -> Note:  # noqa: ARG002 - the body has its mark
        """Write a comment."""
        return self._note(ref, self.host.create_comment(self._home, int(ref), body))

    def edit(self, ref: str, name: str, body: str, *, unmark: bool = False) -> Note:  # noqa: ARG002
        """Replace a comment's text."""
        return self._note(ref, self.host.edit_comment(self._home, int(name), body))

    @cached_property
    def _repository(self) -> Repository:
        """The repository as it is called now."""
        return self.host.repository(self.project)

    @property
    def _home(self) -> str:
        return self._repository.full_name

    def _note(self, ref: str, raw: Comment) -> Note:
        body, author = raw.body or "", raw.user.login.lower() if raw.user else ""
        address = f"{self.address}/issues/{ref}#issuecomment-{raw.id}"
        return Note(str(raw.id), body, author, posting.mark_of(body), raw.created_at, address)

    def _answered(self, raw: RawIssue) -> Note:
        if raw.home.lower() != self._home.lower():
            raise OutcomeUnknown(f"{self.address}: could not tell what was written: the answer is of {raw.home}")
        return _sheet(raw, self.host.web)


def _sheet(raw: RawIssue, web: str) -> Note:
    body = raw.body or ""
    return Note(
        str(raw.number),
        body,
        raw.user.login.lower() if raw.user else "",
        posting.mark_of(body),
        raw.created_at,
        f"{web}/{raw.home}/issues/{raw.number}",
        open=raw.state == "open",
        pull=raw.pull_request is not None,
        comments=raw.comments,
    )


def opened(tracker: GitHubTracker) -> GitHubDesk:
    """Return the desk of a tracker."""
    return GitHubDesk(tracker.host, tracker.project, tracker.name)
