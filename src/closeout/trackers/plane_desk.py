"""Where reports hang on a Plane: work items of a project, and their comments, whose marks are their external ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC

from closeout.domain.issue import Capabilities
from closeout.domain.item import Status
from closeout.errors import OutcomeUnknown, TrackerError
from closeout.hosts import plane_comments
from closeout.hosts.pacing import Pace
from closeout.hosts.plane import Plane
from closeout.hosts.plane_replies import Comment, RawItem, Sheet, Taken
from closeout.hosts.rest import Refused
from closeout.ports.channel import Note
from closeout.trackers import plane_words
from closeout.trackers.plane import PlaneTracker
from closeout.trackers.plane_lookup import Lookup
from closeout.trackers.plane_paper import Html

SOURCE = plane_words.REPORT


@dataclass
class PlaneDesk:
    """The work items of a project."""

    host: Plane
    lookup: Lookup
    name: str
    address: str
    capabilities: Capabilities = plane_words.CAPABILITIES
    paper: Html = Html()
    pace: Pace = field(init=False)
    _ids: dict[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.pace = self.host.pace

    def whoami(self) -> str:
        """Return the id of our account."""
        viewer = self.host.viewer()
        return viewer.id if viewer else ""

    def issue(self, ref: str) -> Note | None:
        """Look at a work item by its number."""
        try:
            raw = self.host.numbered(self.lookup.board, int(ref))
        except Refused as refused:
            if refused.status == 404:
                return None
            raise
        self._ids[ref] = raw.id
        return None if raw.archived_at else self._whole(raw)

    def issues(self, mark: str) -> list[Note]:
        """List the work items that carry a mark."""
        return [self._whole(raw) for raw in plane_comments.carrying(self.host, self.lookup.board, SOURCE, mark)]

    def create(self, title: str, body: str, mark: str) -> Note:
        """Make a work item; where one of ours carries the mark already, that one gets the text."""
        told = {"name": title, "description_html": body, "external_id": mark, "external_source": SOURCE}
        made = self.host.create_item(self.lookup.board, told)
        if not isinstance(made, Taken):
            return self._note_of(self._answered(made), body)
        there = self.host.item(self.lookup.board, made.id)
        self._ours(there.created_by, f"work item {there.sequence_id}")
        return self._note_of(
            self._answered(self.host.edit_item(self.lookup.board, there, {"description_html": body})), body
        )

    def change(self, ref: str, body: str | None = None, *, close: bool = False, unmark: bool = False) -> Note:
        """Change a work item's text, close it, take its mark off."""
        told: dict[str, object] = {} if body is None else {"description_html": body}
        told |= {"external_id": None, "external_source": None} if unmark else {}
        if close and (done := self.lookup.states.of(Status.DONE)):
            told["state"] = done
        raw = self.host.numbered(self.lookup.board, int(ref))
        return self._note_of(self._answered(self.host.edit_item(self.lookup.board, raw, told)), body or "")

    def comments(self, ref: str) -> Iterable[Note]:
        """List the comments of a work item."""
        return (self._note(ref, raw) for raw in plane_comments.listed(self.host, self.lookup.board, self._id(ref)))

    def comment(self, ref: str, name: str) -> Note | None:
        """Look at a comment."""
        raw = plane_comments.find(self.host, self.lookup.board, self._id(ref), name)
        return self._note(ref, raw) if raw else None

    def add(self, ref: str, body: str, mark: str) -> Note:
        """Write a comment; where one of ours carries the mark already, that one gets the text."""
        told = {"comment_html": body, "external_id": mark, "external_source": SOURCE}
        made = plane_comments.create(self.host, self.lookup.board, self._id(ref), told)
        if isinstance(made, Comment):
            return self._note(ref, made)
        there = self.comment(ref, made.id)
        self._ours(there.author if there else None, f"comment {made.id}")
        return self.edit(ref, made.id, body)

    def edit(self, ref: str, name: str, body: str, *, unmark: bool = False) -> Note:
        """Replace a comment's text."""
        told: dict[str, object] = {"comment_html": body}
        told |= {"external_id": None, "external_source": None} if unmark else {}
        return self._note(ref, plane_comments.edit(self.host, self.lookup.board, self._id(ref), name, told))

    def _ours(self, author: str | None, what: str) -> None:
        """Raise TrackerError for what another account wrote: Plane takes no second one with its mark."""
        me = self.whoami()
        if author is None or (me and author != me):
            why = f"{what} carries its mark, and somebody else wrote it. Delete that one"
            raise TrackerError(f"{self.address}: could not post the report: {why}")

    def _id(self, ref: str) -> str:
        """What requests call a work item."""
        if ref not in self._ids:
            self._ids[ref] = self.host.numbered(self.lookup.board, int(ref)).id
        return self._ids[ref]

    def _whole(self, raw: RawItem) -> Note:
        """A work item with its text, which no listing tells."""
        sheet = plane_comments.sheet(self.host, self.lookup.board, raw.id)
        return self._note_of(raw, (sheet.description_html or "") if isinstance(sheet, Sheet) else "")

    def _answered(self, raw: RawItem) -> RawItem:
        if raw.project != self.lookup.board.id:
            raise OutcomeUnknown(f"{self.address}: could not tell what was written: the answer is of another project")
        return raw

    def _note_of(self, raw: RawItem, body: str) -> Note:
        status = self.lookup.states.meaning(raw.state)
        mark = raw.external_id or "" if raw.external_source == SOURCE else ""
        still = status is None or not status.closed
        made, page = plane_words.moment(raw.created_at), self._page(str(raw.sequence_id))
        return Note(str(raw.sequence_id), body, raw.created_by or "", mark, made, page, open=still)

    def _note(self, ref: str, raw: Comment) -> Note:
        mark = raw.external_id or "" if raw.external_source == SOURCE else ""
        made = raw.created_at.astimezone(UTC).isoformat(timespec="seconds")
        return Note(raw.id, raw.comment_html, raw.actor or "", mark, made, self._page(ref))

    def _page(self, number: str) -> str:
        board = self.lookup.board
        return f"{self.host.web}/{board.workspace}/browse/{board.identifier}-{number}/"


def opened(tracker: PlaneTracker) -> PlaneDesk:
    """Return the desk of a tracker."""
    return PlaneDesk(tracker.host, tracker.lookup, tracker.name, tracker.address)
