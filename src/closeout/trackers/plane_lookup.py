"""What is looked up once of a Plane project: its id, who is in it, its states and labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from closeout.domain.item import names
from closeout.errors import TrackerError
from closeout.hosts.plane import Board, Plane
from closeout.hosts.plane_replies import Project
from closeout.hosts.rest import Refused
from closeout.trackers.plane_people import Crew, crew
from closeout.trackers.plane_states import States
from closeout.trackers.plane_words import IGNORE


@dataclass
class Lookup:
    """A project by the slug of its workspace and its identifier; `chosen` are states by status, `accounts` the names
    for people that the configuration uses. Each part is one request, made when it is first needed.
    """

    host: Plane
    workspace: str
    identifier: str
    chosen: Mapping[str, str]
    accounts: frozenset[str]
    _known: Crew | None = field(default=None, repr=False)
    _all_known: bool = field(default=False, repr=False)

    @property
    def where(self) -> str:
        """The project as an error names it."""
        return f"{self.host.web}/{self.workspace}/{self.identifier}"

    @cached_property
    def project(self) -> Project:
        """The project. Raises TrackerError if the token sees none of this identifier."""
        seen = []
        for project in self.host.projects(self.workspace):
            if project.identifier.casefold() == self.identifier.casefold():
                return project
            seen.append(project.identifier)
        message = (
            f"{self.where}: could not find the project: the token sees {', '.join(seen[:20]) or 'none'}. "
            "Correct the tracker's project, or give the token's account access to it"
        )
        raise TrackerError(message)

    @cached_property
    def board(self) -> Board:
        """The project as requests name it."""
        return Board(self.workspace, self.project.id, self.project.identifier)

    @cached_property
    def states(self) -> States:
        """Its states."""
        return States(self.host.states(self.board), self.chosen, self.where)

    @property
    def crew(self) -> Crew:
        """Who can be assigned. Raises TrackerError for nobody at all."""
        if self._known is None:
            members = self.host.members(self.board)
            if not members:
                message = (
                    f"{self.where}: could not tell who is in the project: the list is empty, and who reads it is in it"
                )
                raise TrackerError(f"{message}. Run again")
            self._known = crew(members, self.accounts)
        return self._known

    def owners(self, ids: Iterable[str]) -> str | None:
        """Return the names of those who are assigned; who has left the project is looked up in the workspace. None if
        there is one whom nobody knows, or whom the token may not know: that is not the same as nobody.
        """
        ids = tuple(ids)
        if not self._all_known and any(one not in self.crew.called for one in ids):
            self._all_known = True
            with suppress(Refused):
                self._known = self.crew.wider(self.host.colleagues(self.workspace))
        if any(one not in self.crew.called for one in ids):
            return None
        return self.crew.spoken(ids) if ids else ""

    def assigned(self, owners: str, already: Iterable[str] = ()) -> list[str]:
        """Return the ids of those whom a value names: who is assigned `already` stays, and who can be assigned comes in.

        A list of members that came by half takes nobody off.
        """
        wanted = {name.casefold() for name in names(owners)}
        kept = [one for one in already if self.crew.called.get(one, "").casefold() in wanted]
        return list(dict.fromkeys([*kept, *self.crew.found(owners)])) if owners else []

    def ignored(self, labels: Iterable[str]) -> bool:
        """Tell whether one of these labels asks to be left alone."""
        return any(self._labels.get(one) == IGNORE for one in labels)

    def label_ids(self, wanted: frozenset[str]) -> list[str]:
        """Return labels' ids, and make those that are not there; one that is refused is left out: the work item matters
        more.
        """
        ids = {name: one for one, name in self._labels.items()} if wanted else {}
        found = []
        for name in sorted(wanted):
            known = name.strip().casefold()
            try:
                one = ids.get(known) or self.host.create_label(self.board, name)
            except Refused:
                continue
            self._labels[one] = known
            found.append(one)
        return found

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {label.id: label.name.strip().casefold() for label in self.host.labels(self.board)}
