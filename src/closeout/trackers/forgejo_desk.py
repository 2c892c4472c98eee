"""Where reports hang on a Forgejo or a Gitea: issues of a repository, and their comments, whose marks are in their texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC
from functools import cached_property

from closeout.domain.issue import Capabilities
from closeout.errors import OutcomeUnknown
from closeout.hosts import forgejo_comments
from closeout.hosts.forgejo import Forgejo
from closeout.hosts.forgejo_replies import Comment, RawIssue, Repository
from closeout.hosts.pacing import Pace
from closeout.hosts.rest import Refused
from closeout.ports.channel import Note
from closeout.render import posting
from closeout.trackers import paper
from closeout.trackers.forgejo import ForgejoTracker
from closeout.trackers.walls import believed


@dataclass
class ForgejoDesk:
    """The issues of the repository `project` on a host."""

    host: Forgejo
    project: str
    name: str
    capabilities: Capabilities
    pace: Pace = field(init=False)
    paper: paper.Markdown = field(init=False)

    def __post_init__(self) -> None:
        self.pace, self.paper = self.host.pace, paper.forgejo(self.host.web)

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
            return self._sheet(self.host.issue(self._home, int(ref)))
        except Refused as refused:
            if refused.status in {403, 404}:
                return None
            raise

    def issues(self, mark: str) -> list[Note]:
        """List the issues that carry a mark."""
        found = believed(self.host.issues(self._home), self._repository.open_issues_count, self.address)
        return [note for raw in sorted(found, key=lambda raw: raw.number) if (note := self._sheet(raw)).mark == mark]

    def create(self, title: str, body: str, mark: str) -> Note:  # noqa: ARG002 - the body has its mark
        """Make an issue."""
        return self._answered(self.host.create_issue(self._home, {"title": title, "body": body}))

    def change(self, ref: str, body: str | None = None, *, close: bool = False, unmark: bool = False) -> Note:  # noqa: ARG002
        """Change an issue's text, or close it."""
        told: dict[str, object] = {} if body is None else {"body": body}
        return self._answered(
            self.host.edit_issue(self._home, int(ref), {**told, **({"state": "closed"} if close else {})})
        )

    def comments(self, ref: str) -> Iterable[Note]:
        """List the comments of an issue."""
        return (self._note(ref, raw) for raw in forgejo_comments.listed(self.host, self._home, int(ref)))

    def comment(self, ref: str, name: str) -> Note | None:
        """Look at a comment."""
        raw = forgejo_comments.find(self.host, self._home, int(name))
        return self._note(ref, raw) if raw else None

    def add(self, ref: str, body: str, mark: str) -> Note:  # noqa: ARG002 - the body has its mark
        """Write a comment."""
        return self._note(ref, forgejo_comments.create(self.host, self._home, int(ref), body))

    def edit(self, ref: str, name: str, body: str, *, unmark: bool = False) -> Note:  # noqa: ARG002
        """Replace a comment's text."""
        return self._note(ref, forgejo_comments.edit(self.host, self._home, int(name), body))

    @cached_property
    def _repository(self) -> Repository:
        """The repository as it is called now."""
        return self.host.repository(self.project)

    @property
    def _home(self) -> str:
        return self._repository.full_name

    def _note(self, ref: str, raw: Comment) -> Note:
        address = f"{self.address}/issues/{ref}#issuecomment-{raw.id}"
        return Note(str(raw.id), *_told(raw), address)

    def _answered(self, raw: RawIssue) -> Note:
        if raw.home.lower() != self._home.lower():
            raise OutcomeUnknown(f"{self.address}: could not tell what was written: the answer is of {raw.home}")
        return self._sheet(raw)

    def _sheet(self, raw: RawIssue) -> Note:
        address = f"{self.host.web}/{raw.home}/issues/{raw.number}"
        pull = raw.pull_request is not None
        return Note(str(raw.number), *_told(raw), address, open=raw.state == "open", pull=pull, comments=raw.comments)


def _told(raw: RawIssue | Comment) -> tuple[str, str, str, str]:
    """Text, author, mark, and when it was made."""
    body, author = raw.body or "", raw.user.login.lower() if raw.user else ""
    return body, author, posting.mark_of(body), raw.created_at.astimezone(UTC).isoformat(timespec="seconds")


def opened(tracker: ForgejoTracker) -> ForgejoDesk:
    """Return the desk of a tracker."""
    return ForgejoDesk(tracker.host, tracker.project, tracker.name, tracker.capabilities)
