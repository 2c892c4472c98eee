"""The labels of a Forgejo repository: by name in any case, its own before its organisation's, made where missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from closeout.errors import OutcomeUnknown
from closeout.hosts.forgejo import Forgejo
from closeout.hosts.forgejo_replies import Label
from closeout.hosts.rest import Refused
from closeout.trackers.forgejo_words import EXCLUSIVE, named

_COLOR = "#6a737d"


@dataclass
class Labels:
    """The labels that issues of a repository can have, asked for once. A listing narrowed by a name shows only issues
    with the repository's own label, and only where exactly one has that name.
    """

    host: Forgejo
    repository: str
    _own: list[Label] | None = field(default=None, repr=False)
    _shared: list[Label] | None = field(default=None, repr=False)

    @property
    def own(self) -> Sequence[Label]:
        """Those of the repository itself."""
        if self._own is None:
            self._own = self.host.labels(self.repository)
        return self._own

    @property
    def shared(self) -> Sequence[Label]:
        """Those of the organisation that it belongs to."""
        if self._shared is None:
            self._shared = self.host.org_labels(self.repository.partition("/")[0])
        return self._shared

    def ids(self, names: Iterable[str]) -> list[int]:
        """Return the labels of these names, made where there are none; without those that we may not make."""
        return [label.id for name in names for label in self._had(name)]

    def _had(self, name: str) -> Sequence[Label]:
        found = named(self.own, name) or named(self.shared, name) or self._made(name)
        return [label for label in found if label.name == name][:1] or found[:1]

    def _made(self, name: str) -> list[Label]:
        """A new label. If nobody can tell whether it was made it is looked for, since names can come twice."""
        try:
            made = [self.host.create_label(self.repository, name, _COLOR, exclusive=name.startswith(EXCLUSIVE))]
        except OutcomeUnknown:
            self._own = None
            return named(self.own, name)
        except Refused as refused:
            if refused.status not in {403, 422}:
                raise
            return []
        self._own = [*self.own, *made]
        return made
