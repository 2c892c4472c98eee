"""A tracker in memory as a host's are: bodies that hold key and date among people's words, and lists that lag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from closeout.domain.issue import Capabilities, Changed, Draft, Issue
from closeout.domain.item import Field
from closeout.trackers import issue_body
from closeout.trackers.memory import MemoryTracker

PERSON = "ann"


@dataclass(frozen=True)
class Sent:
    """One write of closeout's: `before` is the issue as it was, None for a new one; `values` what was asked for."""

    ref: str
    values: Mapping[Field, str]
    before: Issue | None = None


@dataclass
class Desk(MemoryTracker):
    """`sent` is what closeout asked for; `around` what people wrote above and below our block, by issue; `lag` how many
    listings ago a listing is from.
    """

    bodies: dict[str, str] = field(default_factory=dict)
    around: dict[str, tuple[str, str]] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    shots: list[Sequence[Issue]] = field(default_factory=list)
    lag: int = 0

    def lags(self, reads: int) -> None:
        """Let listings lag; what is older was listed by then."""
        if reads:
            self.capabilities = Capabilities("memory", lists_lag=True)
        self.lag, self.shots = reads, []

    def managed(self) -> Sequence[Issue]:
        self.shots.append(super().managed())
        return self.shots[max(len(self.shots) - 1 - self.lag, 0)]

    def create(self, draft: Draft) -> Issue:
        number = str(len(self.issues) + len(self.gone) + 1)
        self.sent.append(Sent(number, draft.values))
        self.bodies[number] = issue_body.made(draft.key, draft.values.get(Field.DUE), draft.body)
        empty = dict.fromkeys((Field.OWNERS, Field.DUE), "")  # a missing one would be one that cannot be read
        return super().create(replace(draft, values={**empty, **draft.values}))

    def update(self, ref: str, values: Mapping[Field, str], expect: Mapping[Field, str]) -> Issue | Changed:
        before, writes = self.issues.get(ref), len(self.sent)
        if before is not None and ref not in self.hidden:
            self.sent.append(Sent(ref, values, before))
        reply = super().update(ref, values, expect)
        if isinstance(reply, Changed):
            del self.sent[writes:]  # it was read, and not written
        return reply

    def mark(self, ref: str, key: str) -> Issue:
        self.sent.append(Sent(ref, {}, self.issues[ref]))
        self.bodies[ref] = issue_body.with_key(self.bodies[ref], key)
        return super().mark(ref, key)

    def edit(self, ref: str, values: Mapping[Field, str]) -> None:
        super().edit(ref, values)
        if Field.DUE in values:
            self.bodies[ref] = issue_body.with_due(self.bodies[ref], values[Field.DUE])
        self._read(ref)

    def _read(self, ref: str) -> None:
        """The key and the date are what the body says."""
        issue, body = self.issues[ref], self.bodies[ref]
        due = issue_body.due_of(body)
        values = dict(issue.values)
        values.pop(Field.DUE, None)
        if due is not None:
            values[Field.DUE] = due
        version = f"{int(issue.version or 0):06}"
        self.issues[ref] = replace(issue, key=issue_body.key_of(body), values=values, version=version)

    # What people do.

    def write_around(self, ref: str, word: str) -> None:
        """Write above and below what closeout wrote."""
        above, below = self.around.get(ref, ("", ""))
        self.around[ref] = (f"{word}: read this first.\r\n\r\n{above}", f"{below}\n{word} was here.")
        first = self.around[ref][0].removesuffix(above)
        self.bodies[ref] = f"{first}{self.bodies[ref]}\n{word} was here."
        self._read(ref)

    def made_by_hand(self, title: str, body: str = "") -> str:
        """A person opens an issue."""
        number = str(len(self.issues) + len(self.gone) + 1)
        values = {Field.TITLE: title, Field.STATUS: "todo", Field.OWNERS: "", Field.DUE: ""}
        self.issues[number] = Issue(number, "", values, f"memory:/{number}", "1", PERSON, self.today)
        self.bodies[number] = body
        self._read(number)
        return number

    def label(self, ref: str, *, ignored: bool) -> None:
        """Ask closeout to leave it alone, or not any more."""
        self.issues[ref] = replace(self.issues[ref], ignored=ignored)

    def kept(self) -> list[str]:
        """The issues whose people's words are not there any more."""
        return [
            ref
            for ref, (above, below) in self.around.items()
            if ref in self.issues and not (self.bodies[ref].startswith(above) and below in self.bodies[ref])
        ]
