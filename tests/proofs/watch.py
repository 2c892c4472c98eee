"""What no run may do, whether it came to its end or died: held against what stood there before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from closeout.domain.finding import Finding
from closeout.domain.item import Field
from closeout.domain.ledger import Entry, Ledger, Memory
from proofs import rows
from proofs.book import items
from proofs.desk import Sent
from proofs.rows import Row

if TYPE_CHECKING:
    from proofs.team import Team


class Watch:
    """What stood there before a run."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.main, self.tree = dict(team.documents.main), dict(team.documents.tree)
        self.offered = dict(team.documents.offered)
        self.issues = dict(team.desk.issues)
        self.ledger = team.ledger.load()
        self.sent, self.read = len(team.desk.sent), len(team.documents.reads)
        self.edited = len(team.typed)

    @property
    def meanwhile(self) -> bool:
        """Whether a person changed something while the run worked."""
        return len(self.team.typed) > self.edited

    def check(self, told: Sequence[Finding]) -> None:
        wrong = [*self._documents(told), *self._tracker(told)]
        assert not wrong, "; ".join(wrong)

    def tags(self, finding: Finding) -> set[str]:
        """The rows that a finding is about, where they were read."""
        texts = [self.main, self.team.documents.main, *self.team.documents.reads[self.read :]]
        return {
            row.tag for one in texts for row in rows.rows(one.get(finding.path, "")) if row.number + 1 == finding.line
        }

    def clashes(self, told: Sequence[Finding]) -> set[tuple[str, Field]]:
        return {
            (tag, what)
            for finding in told
            if finding.code == "clash"
            for tag in self.tags(finding)
            for what in Field
            if f"{what} " in finding.message
        }

    def settle(self, told: Sequence[Finding]) -> None:
        """Tell the book which clashes were told."""
        for finding in told:
            if finding.code == "clash":
                for tag in self.tags(finding):
                    stories = {spot[2]: one for spot, one in self.team.book.threads.items() if spot[0] == tag}
                    self.team.book.told(tag, finding.message, {what: dict(one.values) for what, one in stories.items()})

    # Documents.

    def _documents(self, told: Sequence[Finding]) -> Iterator[str]:
        """Never a foreign byte, and nothing of a person's that was not seen before."""
        shared, clashes = self.team.documents, self.clashes(told)

        def may(old: Row, new: Row, head: str) -> bool:
            return head != rows.NOTE and self._may(old, new, head, clashes)

        pairs = [] if shared.offered == self.offered else list(shared.offered.values())
        if shared.way == "worktree":
            pairs += [(self.tree.get(path, ""), text) for path, text in shared.tree.items()]
        if shared.way == "commit" and not self.meanwhile:
            pairs += [(self.main.get(path, ""), text) for path, text in shared.main.items()]
        for before, after in pairs:
            if before != after and not (self.meanwhile and shared.way == "worktree"):
                yield from rows.untouched(before, after, may)

    def _may(self, old: Row, new: Row, head: str, clashes: set[tuple[str, Field]]) -> bool:
        what = next(known for known, name in rows.HEADS.items() if name == head)
        if head in {rows.TITLE, rows.TICKET} and old.value(Field.TITLE) == new.value(Field.TITLE) and head != rows.DUE:
            return old.cells[head] == "" or new.cells[head].startswith(old.cells[head]) or not old.tickets
        seen: set[str | None] = {"", "-"}
        for entry in self._entries(old):
            memory, intent = entry.memory.get(what), entry.intent
            seen |= {memory.document, *memory.proposed} if memory else set()
            seen |= set(intent.values.get(what, ())) if intent else set()
        return bool({old.cells[head], old.value(what)} & seen) or (old.tag, what) in clashes

    def _entries(self, row: Row) -> list[Entry]:
        """What was remembered of a row, and of the issues that it names."""
        named = [one for one in self.ledger.entries.values() if one.issue in row.tickets]
        keys = {self.team.book.keys.get(row.tag, ""), *(key for key, tag in self._given() if tag == row.tag)}
        return [*named, *(one for one in self.ledger.entries.values() if one.key in keys)]

    def _given(self) -> list[tuple[str, str]]:
        """Which row this run gave each key: one that was reworded or moved may have got another's."""
        there = items(self._texts[-1]) if self._texts else {}
        after = self.team.remembered.entries.values()
        places = ((entry.key, (entry.document, entry.position, entry.title)) for entry in after if entry.holder)
        return [(key, there[place].tag) for key, place in places if place in there]

    # Tracker.

    def _tracker(self, told: Sequence[Finding]) -> Iterator[str]:
        clashes = self.clashes(told)
        after = self.team.ledger.load()
        mine = self.team.desk.sent[self.sent :]
        for number, sent in enumerate(mine):
            if sent.before is None:
                yield from self._created(sent)
            else:
                earlier = [one for one in mine[:number] if one.ref == sent.ref]
                own = {value for one in earlier for value in ("", *one.values.values())}
                yield from self._updated(sent, after, clashes, own)
        for ref in self.team.desk.kept():
            yield f"people's words around issue {ref} are gone"
        for ref in self.team.foreign:
            if self.team.desk.issues.get(ref) != self.issues.get(ref) and not self.meanwhile:
                yield f"issue {ref} is a person's, and was written to"
        keys = Counter(
            one.key for one in self.team.desk.issues.values() if one.key and one.open and one.author == "closeout"
        )
        yield from (f"{number} open issues of {key}" for key, number in keys.items() if number > 1)

    @property
    def _texts(self) -> list[dict[str, str]]:
        return self.team.documents.reads[self.read :]

    def _created(self, sent: Sent) -> Iterator[str]:
        """An issue is made for an open row without a ticket."""
        alike = [
            row
            for one in self._texts
            for row in rows.all_rows(one)
            if row.value(Field.TITLE) == sent.values[Field.TITLE]
        ]
        if not any(not row.closed and not row.tickets for row in alike):
            yield f"an issue was made for no open row: {dict(sent.values)}"

    def _updated(self, sent: Sent, after: Ledger, clashes: set[tuple[str, Field]], own: set[str]) -> Iterator[str]:
        """An issue of ours gets what its row says, instead of what was seen of it, or of what a clash told; `own` is what
        this run has written there itself.
        """
        if sent.ref in self.team.foreign:
            yield f"issue {sent.ref} is a person's, and was written to"
        every = [*after.entries.values(), *self.ledger.entries.values()]
        known = {entry.key for entry in every if entry.issue == sent.ref}
        holders = [entry for entry in every if entry.key in known]
        if not any(entry.owned and entry.holder for entry in holders):
            yield f"issue {sent.ref} was written to and is nobody's own"
        for what, value in sent.values.items():
            says = {row.value(what) for one in self._texts for row in rows.all_rows(one)}
            if value not in says:
                yield f"issue {sent.ref} got {what} {value!r}, which no row says"
            before = sent.before.values.get(what, "") if sent.before else ""
            seen = {entry.memory[what].tracker for entry in holders if what in entry.memory}
            if not any(
                entry.memory.get(what, Memory()).tracker for entry in holders if entry in self.ledger.entries.values()
            ):
                seen.add("")  # at first contact an empty side is filled
            intents = {one for entry in holders if entry.intent for one in entry.intent.values.get(what, ())[:2]}
            tags = {tag for tag, key in self.team.book.keys.items() for entry in holders if entry.key == key}
            tags |= {row.tag for one in self._texts for row in rows.all_rows(one) if sent.ref in row.tickets}
            tags |= {tag for key, tag in self._given() if key in known}
            if before not in seen | intents | own | {value} and not any((tag, what) in clashes for tag in tags):
                yield f"issue {sent.ref}: {what} {before!r} was overwritten with {value!r}, and nobody had seen it"
