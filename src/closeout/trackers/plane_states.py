"""Which state of a Plane project means what: its states have names of its own, and groups that are everybody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from closeout.domain.item import Status
from closeout.errors import ConfigurationError
from closeout.hosts.plane_replies import State

_MEANT = {
    "triage": Status.TODO,
    "backlog": Status.TODO,
    "unstarted": Status.TODO,
    "started": Status.IN_PROGRESS,
    "completed": Status.DONE,
    "cancelled": Status.WONT_DO,
}
_GROUPS = {
    Status.TODO: ("unstarted", "backlog"),
    Status.IN_PROGRESS: ("started", "unstarted", "backlog"),
    Status.DONE: ("completed", "cancelled"),
    Status.WONT_DO: ("cancelled", "completed"),
}


@dataclass(frozen=True, slots=True)
class States:
    """The states of a project, and the names of those that a configuration chose for a status."""

    known: Sequence[State]
    chosen: Mapping[str, str]
    where: str

    def meaning(self, id_: str | None) -> Status | None:
        """Return what a state means: what it was chosen for, else what its group does; None for one that is unknown."""
        state = next((state for state in self.known if state.id == id_), None)
        if state is None:
            return None
        for status, name in self.chosen.items():
            if name.casefold() == state.name.casefold():
                return Status(status)
        return _MEANT.get(state.group)

    def of(self, status: Status) -> str | None:
        """Return the id of the state to set: the chosen one, else the first of its group, else of the group that is as
        open or as closed; None if there is none. Raises ConfigurationError if the chosen one is not there.
        """
        if name := self.chosen.get(status):
            return self._named(name).id
        chosen = {name.casefold() for name in self.chosen.values()}
        for group in _GROUPS[status]:
            alike = [state for state in self.known if state.group == group and state.name.casefold() not in chosen]
            if alike:
                return min(alike, key=lambda state: (state.sequence, state.name)).id
        return None

    def _named(self, name: str) -> State:
        found = [state for state in self.known if state.name.casefold() == name.casefold()]
        if not found:
            names = ", ".join(state.name for state in self.known[:20])
            message = f"{self.where}: could not find the state {name!r}: there are {names}. Name one of these"
            raise ConfigurationError(message)
        return min(found, key=lambda state: state.sequence)
