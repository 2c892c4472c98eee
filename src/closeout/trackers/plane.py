"""The Plane tracker: work items of one project, whose key is their external id."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from closeout.domain.issue import Capabilities, Changed, Draft, Hidden, Issue, Listing, Sight
from closeout.domain.item import Field, Status, same
from closeout.domain.sync.fit import fit
from closeout.errors import ConfigurationError, LaterError, OutcomeUnknown, TrackerError
from closeout.hosts.plane import Plane
from closeout.hosts.plane_replies import RawItem, Taken
from closeout.hosts.rest import Refused
from closeout.trackers import plane_words as words
from closeout.trackers.changed import has_changed
from closeout.trackers.opening import Opening
from closeout.trackers.plane_lookup import Lookup

_PROJECT = re.compile(r"([\w-]{1,100})/([^\s/?#-]{1,100})")


@dataclass
class PlaneTracker:
    """Work items of `project`, which is `workspace/IDENTIFIER`, as in `acme/ROOSE`.

    `states` chooses states by their names, for statuses whose group has several: `{"in_progress": "In Review"}`.
    `accounts` are the names for people that the configuration uses, which tell who is called by an e-mail address.

    A reference is the number: it is what documents say, counts upwards, outlives a new identifier, and needs no
    request. Raises ConfigurationError for a project of another form, and where a chosen state does not exist.
    """

    host: Plane
    project: str
    states: Mapping[str, str] = field(default_factory=dict)
    accounts: frozenset[str] = frozenset()
    name: str = "plane"
    capabilities: Capabilities = words.CAPABILITIES
    _numbers: dict[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        match = _PROJECT.fullmatch(self.project)
        if match is None:
            message = (
                f"{self.project[:100]}: could not use this project: a Plane project is named "
                "WORKSPACE/IDENTIFIER, as in acme/ROOSE. Correct the tracker's project"
            )
            raise ConfigurationError(message)
        self.lookup = Lookup(self.host, match[1], match[2], self.states, self.accounts)

    @property
    def address(self) -> str:
        """The project below the address where people find it."""
        return f"{self.host.web}/{self.project}"

    @property
    def private(self) -> bool:
        """Whether surely only the members of the workspace can see the project."""
        return self.lookup.project.is_deployed is not True

    def whoami(self) -> str:
        """Return the id of our account, which nobody can change."""
        viewer = self.host.viewer()
        return viewer.id if viewer else ""

    def assignable(self) -> frozenset[str] | None:
        """Return the names and addresses of the project's members, in lower case; guests among them are dropped by
        Plane, which the reply to a write tells.
        """
        return frozenset(self.lookup.crew.ids)

    def managed(self) -> Sequence[Issue]:
        """Return every work item with a key, in the order of their numbers; Plane narrows no listing."""
        return [self._issue(raw) for raw in self._items() if words.key_of(raw)]

    def glance(self) -> Listing:
        """Return the same."""
        return Listing(self.managed(), full=True)

    def get(self, ref: str) -> Sight:
        """Look at one work item; one that was deleted or archived cannot be seen, and Plane does not tell which."""
        sight = self._look(ref)
        return self._issue(sight) if isinstance(sight, RawItem) else sight

    def ref(self, ticket: str, path: str) -> str | None:  # noqa: ARG002 - one project for all documents
        """Return the number of `ROOSE-12` and of an item's address; for an address with an id it is looked up once."""
        place = words.read_ticket(ticket, self.host.web, self.lookup.workspace, self.lookup.identifier)
        if not isinstance(place, words.Link):
            return str(place) if place else None
        if place.project != self.lookup.board.id:
            return None
        if place.item not in self._numbers:
            sight = self._look(place.item)
            self._numbers[place.item] = str(sight.sequence_id) if isinstance(sight, RawItem) else place.item
        return self._numbers[place.item]

    def spell(self, issue: Issue, path: str) -> tuple[str, str]:  # noqa: ARG002
        """Spell a ticket as `ROOSE-12`."""
        return f"{self.lookup.board.identifier}-{issue.ref}", issue.address

    def create(self, draft: Draft) -> Issue:
        """Make a work item; where one carries the key already, it is that one, as it is."""
        values = fit(draft.values, self.capabilities)
        board, labels = self.lookup.board, self.lookup.label_ids(draft.labels)
        told = {
            **words.sent(values),
            "description_html": words.html(draft.body, due=bool(values.get(Field.DUE))),
            "assignees": self.lookup.assigned(values.get(Field.OWNERS, "")),
            "labels": labels,
        }
        if draft.key:
            told |= {"external_id": draft.key, "external_source": words.SOURCE}
        if state := self.lookup.states.of(Status(values.get(Field.STATUS, Status.TODO))):
            told["state"] = state
        with self.host.pace.within(words.SENT_WITHIN):
            made = self.host.create_item(board, told)
        return self._issue(self._owner(draft.key, made) if isinstance(made, Taken) else self._answered(made))

    def update(self, ref: str, values: Mapping[Field, str], expect: Mapping[Field, str]) -> Issue | Changed:
        """Read a work item, and send what it lacks of the values in one request."""
        with self.host.pace.within(words.SENT_WITHIN):
            sight = self._look(ref)
            if not isinstance(sight, RawItem):
                raise TrackerError(f"{self._where(ref)}: could not change it: {words.unwritable(sight)}")
            issue, wanted = self._issue(sight), fit(values, self.capabilities)
            if has_changed(issue.values, wanted, expect):
                return Changed(issue)
            lacking = {what: value for what, value in wanted.items() if not same(what, issue.values[what], value)}
            patch = self._patch(lacking, sight)
            return self._patched(sight, patch) if patch else issue

    def mark(self, ref: str, key: str) -> Issue:
        """Make a key the external id of a work item that has none."""
        with self.host.pace.within(words.SENT_WITHIN):
            sight = self._look(ref)
            failed = f"{self._where(ref)}: could not mark it"
            if not isinstance(sight, RawItem) or not words.takes_key(sight, key):
                raise TrackerError(f"{failed}: {words.unwritable(sight)}")
            if words.key_of(sight) == key:
                return self._issue(sight)
            try:
                return self._patched(sight, {"external_id": key, "external_source": words.SOURCE})
            except Refused as refused:
                if refused.status != 409:
                    raise
                message = f"{failed}: another work item carries its key. Unlink that one first"
                raise TrackerError(message) from None

    def _patch(self, lacking: Mapping[Field, str], there: RawItem) -> dict[str, object]:
        patch = words.sent(lacking)
        if Field.OWNERS in lacking:
            patch["assignees"] = self.lookup.assigned(lacking[Field.OWNERS], there.assignees)
        if Field.STATUS in lacking and (state := self.lookup.states.of(Status(lacking[Field.STATUS]))):
            patch["state"] = state
        return patch

    def _patched(self, raw: RawItem, patch: Mapping[str, object]) -> Issue:
        """Change an item, and read it back: the reply tells an older time of change than the one that is kept.

        What is read may come from a copy that lags, or not at all; the change was made all the same.
        """
        reply = self._answered(self.host.edit_item(self.lookup.board, raw, patch), raw)
        try:
            again = self.host.item(self.lookup.board, raw.id)
        except (TrackerError, LaterError):
            return self._issue(reply)
        return self._issue(again if again.id == raw.id and again.updated_at >= reply.updated_at else reply)

    def _answered(self, raw: RawItem, meant: RawItem | None = None) -> RawItem:
        """The item that a write answered with, if it is the one that was meant."""
        if raw.project != self.lookup.board.id or (meant is not None and raw.id != meant.id):
            raise OutcomeUnknown(f"{self.address}: could not tell what was written: the answer is of another item")
        return raw

    def _owner(self, key: str, taken: Taken) -> RawItem:
        """The item that carries a key of ours; of several, which two runs at once can make, the one with the lowest
        number: Plane fails to look these up, so all are listed.
        """
        try:
            found = self.host.external(self.lookup.board, key, words.SOURCE)
        except Refused:
            raise
        except TrackerError:
            found = next((raw for raw in self._items() if words.key_of(raw) == key), None)
        if found is None or words.key_of(found) != key or found.archived_at:
            message = (
                f"{self.address}: could not create a work item: {taken.id} carries its key, and cannot be seen: it may "
                "be archived or a draft. Restore it, or take its external id off"
            )
            raise TrackerError(message)
        return found

    def _items(self) -> list[RawItem]:
        found = sorted(self.host.items(self.lookup.board), key=lambda raw: raw.sequence_id)
        self._numbers.update((raw.id, str(raw.sequence_id)) for raw in found)
        return found

    def _look(self, ref: str) -> RawItem | Hidden:
        board = self.lookup.board
        try:
            if not ref.isdecimal():
                raw = self.host.item(board, ref) if words.is_id(ref) else None
            else:
                raw = self.host.numbered(board, int(ref))
        except Refused as refused:
            if refused.status == 404:
                return Hidden()
            raise
        if raw is None or raw.archived_at:
            return Hidden()
        if raw.project != board.id or ref not in {raw.id, str(raw.sequence_id)}:
            message = f"{self._where(ref)}: could not read it: the answer is of another work item. Run again"
            raise TrackerError(message)
        return raw

    def _issue(self, raw: RawItem) -> Issue:
        board = self.lookup.board
        status = self.lookup.states.meaning(raw.state)
        return Issue(
            ref=str(raw.sequence_id),
            key=words.key_of(raw),
            values=words.values_of(raw, status, self.lookup.owners(raw.assignees)),
            address=f"{self.host.web}/{board.workspace}/browse/{board.identifier}-{raw.sequence_id}/",
            version=words.version_of(raw),
            author=raw.created_by or "",
            opened=words.moment(raw.created_at)[:10],
            closed=words.closed_on(raw, status),
            ignored=self.lookup.ignored(raw.labels),
            report=raw.external_source == words.REPORT,
        )

    def _where(self, ref: str) -> str:
        return f"{self.address}-{ref}"


def opened(told: Opening) -> PlaneTracker:
    """Open a Plane project. Raises ConfigurationError for an address, a token or a project that cannot be used."""
    return PlaneTracker(Plane(told.url, told.token, told.pace), told.project, told.states, told.accounts, told.name)
