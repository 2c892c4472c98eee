"""Share: whether so much of what is known would change, or is gone, that it looks like an accident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from closeout.domain.plan import Change, Update


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run saw of the items whose issues are ours.

    `owned` counts the rows that have such an issue; `vanished` are the keys whose row is gone, and nobody has said yet
    that it may be; `emptied` are by document the keys of those that had items when last read, and have none now.
    """

    owned: int = 0
    vanished: tuple[str, ...] = ()
    emptied: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def gone(self) -> tuple[str, ...]:
        """The keys that count as vanished: one emptied document is a matter of its own, several are not."""
        emptied = tuple(key for keys in self.emptied.values() for key in keys)
        return (*self.vanished, *emptied) if len(self.emptied) > 1 else self.vanished


@dataclass(frozen=True, slots=True)
class Share:
    """How many percent are too many (None for no such guard), where at least `start` rows are known."""

    percent: int | None = None
    start: int = 10

    def vanished(self, seen: Seen) -> str:
        """Return why creates, closes and edits are held while so many rows are gone; empty if they are not."""
        known = seen.owned + len(seen.vanished) + sum(map(len, seen.emptied.values()))
        if not self._over(len(seen.gone), known):
            return ""
        return (
            f"{len(seen.gone)} of {known} items vanished from the documents (share = {self.percent}): what is new may be "
            "what is gone"
        )

    def changed(self, changes: Sequence[Change], seen: Seen) -> str:
        """Return why closes and edits are held; empty if they are not. All of them are the documents' doing: what
        people changed in the tracker goes to the documents.
        """
        count = sum(isinstance(change, Update) for change in changes)
        if not self._over(count, seen.owned):
            return ""
        return f"{count} of {seen.owned} issues would be closed or edited because of documents (share = {self.percent})"

    def _over(self, count: int, known: int) -> bool:
        return self.percent is not None and known >= self.start and count * 100 > self.percent * known
