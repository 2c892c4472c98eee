"""The same world played with closeout itself: a page with a table, a tracker and a ledger in memory, and one branch of
write-backs that people merge or decline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from closeout.domain.issue import Capabilities, Issue
from closeout.domain.item import Field, Status
from closeout.domain.ledger import Entry
from closeout.engine.world import Options
from closeout.ports.documents import Page, Published, Rewrite, Waiting
from model.rules import Seen
from model.world import Start
from worlds import MemoryDocuments, Small

PAGE = "postmortems/a.md"
HEAD = "# Outage\n\n**Date**: 2026-05-01\n\n## Action items\n\n"
COLUMNS = {
    Field.TICKET: "Ticket",
    Field.TITLE: "Action",
    Field.OWNERS: "Owner",
    Field.DUE: "Due",
    Field.PRIORITY: "Priority",
    Field.STATUS: "Status",
}
TOLD = {"clash", "differs", "retitled", "unreadable"}


@dataclass
class Branch(MemoryDocuments):
    """Write-backs wait in a pull request: the page there, the page that it was made from, and what it says anew."""

    lands: bool = False
    offer: tuple[str, str, frozenset[tuple[int, str, str]]] | None = None
    declined: frozenset[tuple[int, str, str]] = frozenset()

    def waiting(self, revision: str) -> Waiting:
        return Waiting({PAGE: Page(PAGE, self.offer[0])} if self.offer else {}, known=True)

    def publish(self, rewrites: Sequence[Rewrite], revision: str) -> Sequence[Published]:
        for rewrite in rewrites:
            words = frozenset((one.line, one.what, upper(Field(one.what), one.after)) for one in rewrite.writes)
            offer = (rewrite.after, rewrite.before, words)
            if not words <= self.declined and offer != self.offer:
                self._effect()
                self.offer, self.declined = offer, frozenset()
        if not rewrites and self.offer:
            self._effect()
            self.offer = None
        return [Published(rewrite.path, waits=True) for rewrite in rewrites]

    def _effect(self) -> None:
        if self.fuse:
            self.fuse("before document")
            self.fuse("after document")

    def merge(self) -> None:
        if self.offer and self.texts[PAGE] == self.offer[1]:
            self.texts[PAGE], self.offer = self.offer[0], None

    def decline(self) -> None:
        if self.offer:
            self.declined, self.offer = self.declined | self.offer[2], None


@dataclass
class Played:
    """What `Start` says, as it is for closeout."""

    start: Start
    rows: list[dict[Field, str]]
    told: Counter[tuple[int, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        options = Options(today="2026-05-03", version="test", rules=self.start.rules)
        self.columns = [what for what in COLUMNS if what is Field.TICKET or what in self.rows[0]]
        self.small = Small({PAGE: self._page(self.rows)}, options)
        if self.start.publish != "commit":
            branch = Branch(self.small.texts, fuse=self.small.fuse)
            self.small.documents = branch
            self.small.world = replace(self.small.world, source=branch, publisher=branch)
        if self.start.coarse:
            statuses = frozenset({Status.TODO, Status.DONE})
            self.small.tracker.capabilities = Capabilities("memory", statuses=statuses)

    def _page(self, rows: Sequence[dict[Field, str]]) -> str:
        heads = [[COLUMNS[what] for what in self.columns], ["---"] * len(self.columns)]
        lines = [*heads, *([row.get(what, "") for what in self.columns] for row in rows)]
        return HEAD + "".join(f"| {' | '.join(line)} |\n" for line in lines)

    @staticmethod
    def _lines(text: str) -> list[list[str]]:
        return [[cell.strip() for cell in line.split("|")[1:-1]] for line in text[len(HEAD) :].split("\n")[2:-1]]

    def cells(self, text: str) -> list[dict[Field, str]]:
        rows = (zip(self.columns, line, strict=True) for line in self._lines(text))
        return [{what: upper(what, word) for what, word in row} for row in rows]

    # What people do.

    def link(self, values: dict[Field, str]) -> None:
        self.small.tracker.issues["1"] = Issue("1", "", values, "memory:/1", "1", "ann")

    def add(self, row: dict[Field, str]) -> None:
        self.small.text += self._page([row])[len(self._page([])) :]

    def edit_cell(self, row: int, what: Field, word: str) -> None:
        rows = [dict(zip(self.columns, line, strict=True)) for line in self._lines(self.small.text)]
        if upper(what, rows[row][what]) != word:
            rows[row][what] = word
            self.small.text = self._page(rows)

    def edit_issue(self, what: Field, value: str) -> None:
        issue = self.small.tracker.issues.get("1")
        if issue is not None and issue.values.get(what, "") != value:
            self.small.tracker.edit("1", {what: value})

    def merge(self) -> None:
        if isinstance(self.small.documents, Branch):
            self.small.documents.merge()

    def decline(self) -> None:
        if isinstance(self.small.documents, Branch):
            self.small.documents.decline()

    # What closeout does.

    def run(self, dies_at: int | None = None) -> bool:
        """Run once; return whether it came to its end. Every effect has a moment before and one after it."""
        outcome = self.small.sync(dies_at=None if dies_at is None else 2 * dies_at)
        found = () if outcome is None else outcome.findings
        first = HEAD.count("\n") + 3
        self.told = Counter((finding.line - first, finding.code) for finding in found if finding.code in TOLD)
        assert outcome is None or not outcome.errors, outcome.errors
        return outcome is not None

    # What there is to see.

    @property
    def values(self) -> dict[Field, str] | None:
        issue = self.small.tracker.issues.get("1")
        return None if issue is None else {what: value for what, value in issue.values.items() if value}

    @property
    def offer(self) -> list[dict[Field, str]] | None:
        documents = self.small.documents
        return self.cells(documents.offer[0]) if isinstance(documents, Branch) and documents.offer else None

    def entries(self) -> list[Entry | None]:
        found = {entry.position: entry for entry in self.small.ledger.load().entries.values()}
        return [found.get(number) for number in range(len(self.cells(self.small.text)))]


def upper(what: Field, word: str) -> str:
    """A status is written small or large as the cell was before, which is no matter of the rules."""
    return word.upper() if what is Field.STATUS else word


def seen_of(entry: Entry | None) -> dict[Field, Seen]:
    return {
        what: Seen(
            None if one.document is None else upper(what, one.document),
            one.tracker,
            one.want,
            frozenset(upper(what, word) for word in one.proposed),
        )
        for what, one in (entry.memory if entry else {}).items()
    }
