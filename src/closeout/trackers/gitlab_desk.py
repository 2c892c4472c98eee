"""Where reports hang on a GitLab: issues of a project, and their comments, whose marks are in their texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC
from functools import cached_property

from closeout.domain.issue import Capabilities
from closeout.errors import OutcomeUnknown
from closeout.hosts import gitlab_notes
from closeout.hosts.gitlab import GitLab
from closeout.hosts.gitlab_replies import Account, Project, RawIssue
from closeout.hosts.gitlab_replies import Note as Comment
from closeout.hosts.pacing import Pace
from closeout.hosts.rest import Refused
from closeout.ports.channel import Note
from closeout.render import posting
from closeout.trackers import gitlab_words, paper
from closeout.trackers.gitlab import GitLabTracker
from closeout.trackers.gitlab_text import title_sent
from closeout.trackers.walls import believed


@dataclass
class GitLabDesk:
    """The issues of the project `project` on a host."""

    host: GitLab
    project: str
    name: str
    capabilities: Capabilities = gitlab_words.CAPABILITIES
    pace: Pace = field(init=False)
    paper: paper.Markdown = field(init=False)

    def __post_init__(self) -> None:
        self.pace, self.paper = self.host.pace, paper.gitlab(self.host.web)

    @property
    def address(self) -> str:
        """The project's page."""
        return f"{self.host.web}/{self.project}"

    def whoami(self) -> str:
        """Return our account."""
        return self.host.viewer().lower()

    def issue(self, ref: str) -> Note | None:
        """Look at an issue; what is left of one that was moved is none."""
        try:
            raw = self.host.issue(self._home.id, int(ref))
        except Refused as refused:
            if refused.status in {403, 404}:
                return None
            raise
        return self._sheet(raw) if raw.moved_to_id is None else None

    def issues(self, mark: str) -> list[Note]:
        """List the issues that carry a mark."""
        found = believed(self.host.issues(self._home.id), self._home.open_issues_count, self.address)
        notes = (self._sheet(raw) for raw in sorted(found, key=lambda raw: raw.iid) if raw.moved_to_id is None)
        return [note for note in notes if note.mark == mark]

    def create(self, title: str, body: str, mark: str) -> Note:  # noqa: ARG002 - the body has its mark
        """Make an issue."""
        return self._answered(
            self.host.create_issue(self._home.id, {"title": title_sent(title), "description": body})
        )  # fmt: skip

    def change(self, ref: str, body: str | None = None, *, close: bool = False, unmark: bool = False) -> Note:  # noqa: ARG002
        """Change an issue's text, or close it."""
        told: dict[str, object] = {} if body is None else {"description": body}
        told |= {"state_event": "close"} if close else {}
        return self._answered(self.host.edit_issue(self._home.id, int(ref), told))

    def comments(self, ref: str) -> Iterable[Note]:
        """List the comments of an issue."""
        return (self._note(ref, raw) for raw in gitlab_notes.listed(self.host, self._home.id, int(ref)))

    def comment(self, ref: str, name: str) -> Note | None:
        """Look at a comment."""
        raw = gitlab_notes.find(self.host, self._home.id, int(ref), int(name))
        return self._note(ref, raw) if raw else None

    def add(self, ref: str, body: str, mark: str) -> Note:  # noqa: ARG002 - the body has its mark
        """Write a comment."""
        return self._note(ref, gitlab_notes.create(self.host, self._home.id, int(ref), body))

    def edit(self, ref: str, name: str, body: str, *, unmark: bool = False) -> Note:  # noqa: ARG002
        """Replace a comment's text."""
        return self._note(ref, gitlab_notes.edit(self.host, self._home.id, int(ref), int(name), body))

    @cached_property
    def _home(self) -> Project:
        """The project as it is called now."""
        return self.host.project(self.project)

    def _note(self, ref: str, raw: Comment) -> Note:
        address = f"{gitlab_words.page(self.host.web, self.project, int(ref))}#note_{raw.id}"
        made = raw.created_at.astimezone(UTC).isoformat(timespec="seconds")
        return Note(str(raw.id), *_told(raw.body, raw.author), made, address)

    def _answered(self, raw: RawIssue) -> Note:
        if raw.project_id != self._home.id:
            raise OutcomeUnknown(f"{self.address}: could not tell what was written: the answer is of {raw.home}")
        return self._sheet(raw)

    def _sheet(self, raw: RawIssue) -> Note:
        made = raw.created_at.astimezone(UTC).isoformat(timespec="seconds")
        address = gitlab_words.page(self.host.web, raw.home, raw.iid)
        return Note(str(raw.iid), *_told(raw.description, raw.author), made, address, open=raw.state == "opened")


def _told(body: str | None, author: Account | None) -> tuple[str, str, str]:
    """Text, author, mark."""
    return body or "", author.username.lower() if author else "", posting.mark_of(body or "")


def opened(tracker: GitLabTracker) -> GitLabDesk:
    """Return the desk of a tracker."""
    return GitLabDesk(tracker.host, tracker.project, tracker.name)
