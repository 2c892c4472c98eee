"""A team in memory: documents, tracker, ledger, people, and runs that are watched for what they may not do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from closeout.domain.finding import Finding
from closeout.domain.item import Field
from closeout.domain.ledger import Ledger
from closeout.domain.outcome import Outcome
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from closeout.engine.boards import trackers
from closeout.engine.sync import plan, sync
from closeout.engine.world import Options, World
from closeout.errors import CloseoutError, Exit, TrackerError
from closeout.state.memory import MemoryLedger
from proofs import rows
from proofs.book import Book, spread
from proofs.desk import Desk
from proofs.rows import Row
from proofs.shared import Shared, Texts, Way
from proofs.watch import Watch
from worlds import Crash, Fuse

_START = datetime(2026, 5, 3, 10, tzinfo=UTC)
_LONG = 20  # minutes: lists have caught up by then


@dataclass
class Team:
    """`typed` tells what people did, `foreign` are issues that closeout may only read, `happened` counts what did."""

    texts: Texts
    way: Way
    title: Rule
    book: Book = field(default_factory=Book)
    typed: list[str] = field(default_factory=list)
    foreign: set[str] = field(default_factory=set)
    happened: Counter[str] = field(default_factory=Counter)
    minutes: int = 0
    broken: bool = False

    def __post_init__(self) -> None:
        self.fuse = Fuse()
        self.documents = Shared(self.texts, self.way, self.fuse)
        self.desk = Desk(pause=self.fuse)
        self.ledger = MemoryLedger(pause=self.fuse)
        self.world = World(self.documents, self.documents, self.ledger, trackers(self.desk), spread)  # type: ignore[arg-type]
        self.tags: Iterator[str] = (f"n{number}" for number in count(100))
        self.number = 0

    @property
    def options(self) -> Options:
        self.minutes += 1
        now = (_START + timedelta(minutes=self.minutes)).isoformat(timespec="seconds")
        return Options(today=now[:10], now=now, version="test", rules={**DEFAULT_RULES, Field.TITLE: self.title})

    # What is there.

    @property
    def rows(self) -> list[Row]:
        return rows.all_rows(self.documents.main)

    def row(self, tag: str) -> Row | None:
        return next((row for row in self.rows if row.tag == tag), None)

    @property
    def remembered(self) -> Ledger:
        return self.ledger.load()

    def new(self) -> int:
        """A number that no value has yet."""
        self.number += 1
        return self.number

    # What people do.

    def edit(self, change: Callable[[Texts], Texts], *, elsewhere: bool = False) -> None:
        """Change what is shared, and push it; who has the work tree pushes all that lies there."""
        shared = self.documents
        if not elsewhere:
            shared.push_tree()
        self.look()
        before = shared.main
        shared.push(change(dict(before)))
        shared.pull(before)
        self.typed.append("documents")

    def type(self, tag: str, what: Field, text: str, *, elsewhere: bool = False) -> None:
        """Type into a cell of a row."""

        def change(texts: Texts) -> Texts:
            row = next((one for one in rows.all_rows(texts) if one.tag == tag), None)
            return texts if row is None else rows.changed(texts, row, row.put(**{rows.HEADS[what]: text}))

        self.edit(change, elsewhere=elsewhere)
        if row := self.row(tag):
            self.book.typed(row, what, self.remembered)
        self.look()

    def set(self, ref: str, what: Field, value: str) -> None:
        """Change an issue."""
        self.desk.edit(ref, {what: value})
        self.book.set(ref, what, value, self.remembered)
        self.typed.append("tracker")

    def look(self) -> None:
        self.book.look(self.documents.main, self.remembered, self.desk.issues)

    def know(self) -> None:
        self.book.know(self.documents.reads[-1], self.remembered, self.desk.issues)
        self.look()

    # What closeout does.

    def run(self, *, dies_at: int | None = None, new: tuple[str, ...] = ()) -> Outcome | None:
        """Run, watched; None if it died or could not read the tracker."""
        self.look()
        watch, options = Watch(self), replace(self.options, new=new)
        told: Sequence[Finding] = ()
        if dies_at is not None:
            with suppress(CloseoutError):
                lag = self.documents.stale, self.documents.meanwhile
                self.documents.meanwhile = None
                told = plan(self.world, options).findings  # who dies tells what its plan told
                self.documents.stale, self.documents.meanwhile = lag
        self.fuse.left, outcome, self.broken = dies_at, None, True
        try:
            outcome = sync(self.world, options)
            told = outcome.findings
        except Crash:
            self.happened["a run died"] += 1
        except TrackerError:
            self.happened["the tracker could not be read"] += 1
        finally:
            self.fuse.left = None
        self.happened.update({finding.code for finding in told})
        self.happened.update({f"exit {int(code)}" for code in (outcome.exits if outcome else ())})
        watch.check(told)
        self.broken = False
        watch.settle(told)
        self.know()
        return outcome

    def settle(self) -> Outcome:
        """Let all that waits land, and run until nothing is left to do."""
        self.desk.lags(0)
        self.desk.faults, self.desk.hidden, self.desk.unreadable = [], set(), False
        self.documents.broken, self.documents.meanwhile = frozenset(), None
        outcome = None
        for _ in range(6):
            self.documents.declined = None
            if not self.documents.push_tree():
                self.documents.merge()
            self.minutes += _LONG
            outcome = self.run()
            assert outcome is not None
            assert not outcome.exits & {Exit.VERIFICATION, Exit.UNEXPECTED, Exit.TRACKER, Exit.MOVED}, outcome.errors
        return outcome  # type: ignore[return-value]

    def plan(self) -> Outcome:
        return plan(self.world, self.options)
