"""Labels that a team on GitHub lets say a status and a priority; all others are people's own, and never touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from closeout.domain.issue import Capabilities, Issue
from closeout.domain.item import Field, Status, same
from closeout.hosts.github_replies import RawIssue


@dataclass(frozen=True, slots=True)
class Meanings:
    """The label of an open issue in progress, empty for none, and those of priorities by level."""

    in_progress: str = ""
    priorities: Mapping[str, str] = field(default_factory=dict)

    def widened(self, bare: Capabilities) -> Capabilities:
        """Return what a repository can hold with these labels."""
        if self.in_progress:
            bare = replace(bare, statuses=bare.statuses | {Status.IN_PROGRESS})
        if self.priorities:
            bare = replace(bare, fields=bare.fields | {Field.PRIORITY}, levels=frozenset(self.priorities))
        return bare

    def read(self, raw: RawIssue) -> dict[Field, str]:
        """Return what the labels of an issue say; of two priorities none can be read."""
        said, there = {}, {_folded(name) for name in names(raw)}
        if self.in_progress and raw.state == "open" and _folded(self.in_progress) in there:
            said[Field.STATUS] = Status.IN_PROGRESS.value
        found = [level for level, name in self.priorities.items() if _folded(name) in there]
        if self.priorities and len(found) <= 1:
            said[Field.PRIORITY] = "".join(found)
        return said

    def telling(self, values: Mapping[Field, str]) -> list[str]:
        """Return the labels that say these values."""
        priority = self.priorities.get(values.get(Field.PRIORITY, ""), "")
        progress = self.in_progress if values.get(Field.STATUS) == Status.IN_PROGRESS else ""
        return [name for name in (progress, priority) if name]

    def change(self, raw: RawIssue, issue: Issue, wanted: Mapping[Field, str]) -> tuple[list[str], list[str]]:
        """Return which labels to add, and which to take off, for an issue to hold these values."""
        values = {what: value for what, value in wanted.items() if not same(what, issue.values.get(what, "\0"), value)}
        there, told = {_folded(name): name for name in names(raw)}, self.telling(values)
        saying = [self.in_progress] if Field.STATUS in values else []
        saying += self.priorities.values() if Field.PRIORITY in values else []
        kept = {_folded(name) for name in told}
        drop = [there[one] for name in saying if (one := _folded(name)) in there and one not in kept]
        return [name for name in told if _folded(name) not in there], drop


def names(raw: RawIssue) -> Iterable[str]:
    """Return the names of an issue's labels."""
    return [(label if isinstance(label, str) else label.name) or "" for label in raw.labels]


def _folded(name: str) -> str:
    return name.strip().casefold()
