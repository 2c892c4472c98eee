"""A tracker in memory, for tests: it can have fewer fields and statuses, and play faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from closeout.domain.issue import Capabilities, Changed, Draft, Gone, Hidden, Issue, Listing, Moved, Nested, Sight
from closeout.domain.item import Field, Status, same
from closeout.domain.sync.fit import fit
from closeout.errors import OutcomeUnknown, TrackerError

_TICKET = re.compile(r"(?:#|memory:/)(\d+)")


@dataclass
class MemoryTracker:
    """Issues in a dict.

    `faults` names what happens to the writes to come, in order: "ok", "refused", "lost before" (nothing was done,
    and nobody knows) or "lost after" (it was done, and nobody knows). `pause` is called around every write.
    `unlabelled` makes a glance a narrow one, which lacks these issues. `parents` has what is below which issue;
    `no_parents` says why it is refused to put one there.
    """

    name: str = "memory"
    address: str = "memory:"
    capabilities: Capabilities = field(default_factory=lambda: Capabilities("memory", parents=True))
    today: str = "2026-01-01"
    issues: dict[str, Issue] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    moved: dict[str, Moved] = field(default_factory=dict)
    unlabelled: set[str] | None = None
    unreadable: bool = False
    account: str = "closeout"
    people: frozenset[str] | None = None
    parents: dict[str, str] = field(default_factory=dict)
    no_parents: Nested = Nested()
    faults: list[str] = field(default_factory=list)
    writes: int = 0
    pause: Callable[[str], None] = lambda where: None

    def whoami(self) -> str:
        """Return our account."""
        return self.account

    def assignable(self) -> frozenset[str] | None:
        """Return who can own an issue."""
        return self.people

    def managed(self) -> Sequence[Issue]:
        """Return every issue with a key."""
        self._readable()
        return [issue for ref, issue in self.issues.items() if issue.key and ref not in {*self.hidden, *self.moved}]

    def glance(self) -> Listing:
        """Return what carries our label, where there are labels."""
        listed = self.managed()
        if self.unlabelled is None:
            return Listing(listed, full=True)
        return Listing([issue for issue in listed if issue.ref not in self.unlabelled], full=False)

    def get(self, ref: str) -> Sight:
        """Look at one issue."""
        self._readable()
        if ref in self.moved:
            return self.moved[ref]
        if ref in self.gone:
            return Gone()
        return self.issues[ref] if ref in self.issues and ref not in self.hidden else Hidden()

    def ref(self, ticket: str, path: str) -> str | None:  # noqa: ARG002 - one tracker for all documents
        """Return the number of `#12`, or of an address."""
        match = _TICKET.fullmatch(ticket)
        return match[1] if match else None

    def spell(self, issue: Issue, path: str) -> tuple[str, str]:  # noqa: ARG002
        """Spell a ticket as `#12`."""
        return f"#{issue.ref}", f"memory:/{issue.ref}"

    def create(self, draft: Draft) -> Issue:
        """Make an issue."""
        after = self._fault()
        self.pause("before create")
        number = str(len(self.issues) + len(self.gone) + 1)
        values = {Field.STATUS: Status.TODO.value, **fit(draft.values, self.capabilities)}
        issue = Issue(number, draft.key, values, f"memory:/{number}", _version(0), "closeout", self.today)
        self.issues[number] = issue
        self.writes += 1
        self.pause("after create")
        self._lost(after)
        return issue

    def update(self, ref: str, values: Mapping[Field, str], expect: Mapping[Field, str]) -> Issue | Changed:
        """Change fields of an issue."""
        issue = self.issues.get(ref)
        if issue is None or ref in self.hidden:
            message = f"memory: could not change issue {ref}: it is not there. Look whether it was deleted"
            raise TrackerError(message)
        for what, value in values.items():
            now = issue.values.get(what, "")
            if not same(what, now, expect[what]) and not same(what, now, value):
                return Changed(issue)
        after = self._fault()
        self.pause("before update")
        self.edit(ref, fit(values, self.capabilities))
        self.writes += 1
        self.pause("after update")
        self._lost(after)
        return self.issues[ref]

    def mark(self, ref: str, key: str) -> Issue:
        """Give an issue a key."""
        issue = self.issues[ref]
        if issue.key not in {"", key}:
            message = f"memory: could not mark issue {ref}: it carries another key"
            raise TrackerError(message)
        after = self._fault()
        self.pause("before mark")
        self.issues[ref] = replace(issue, key=key)
        self.writes += issue.key != key
        self.pause("after mark")
        self._lost(after)
        return self.issues[ref]

    def nest(self, ref: str, parent: str) -> Nested:
        """Put an issue below another."""
        self._readable()
        if ref in self.parents or self.no_parents.refused:
            return Nested(self.parents[ref]) if ref in self.parents else self.no_parents
        if parent not in self.issues:
            return Nested(refused=f"issue {parent} is not there")
        after = self._fault()
        self.pause("before nest")
        self.parents[ref] = parent
        self.writes += 1
        self.pause("after nest")
        self._lost(after)
        return Nested(parent)

    def edit(self, ref: str, values: Mapping[Field, str]) -> None:
        """Change an issue as a person would."""
        issue = self.issues[ref]
        changed = replace(issue, values={**issue.values, **values}, version=_version(int(issue.version or 0)))
        self.issues[ref] = replace(changed, closed="" if changed.open else issue.closed or self.today)

    def delete(self, ref: str) -> None:
        """Delete an issue as a person would."""
        del self.issues[ref]
        self.gone.add(ref)

    def _readable(self) -> None:
        if self.unreadable:
            message = "memory: could not read the issues: the test says so. Try again"
            raise TrackerError(message)

    def _fault(self) -> str:
        fault = self.faults.pop(0) if self.faults else "ok"
        if fault == "refused":
            message = "memory: could not write: the test says so. Try again"
            raise TrackerError(message)
        if fault == "lost before":
            message = "memory: the reply was lost"
            raise OutcomeUnknown(message)
        return fault

    def _lost(self, fault: str) -> None:
        if fault == "lost after":
            message = "memory: the reply was lost"
            raise OutcomeUnknown(message)


def _version(before: int) -> str:
    """The version after another one, so written that a later one sorts behind it."""
    return f"{before + 1:06}"
