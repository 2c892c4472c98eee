"""One issue and the rows that name it: people edit, closeout runs and dies between two effects, write-backs are merged,
declined and get stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from closeout.domain.item import Field
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from model.fields import CLOSED, FIELDS, projected, same
from model.rules import Case, Seen, Verdict, judge

TICKET = "#1"
Cells = dict[Field, str]
Words = frozenset[tuple[int, Field, str]]


class Death(BaseException):
    """The process died between two effects."""


@dataclass(frozen=True)
class Start:
    """How a world begins: `fields` are those that the table has a column for, `coarse` that the tracker tells only done
    and open apart; `made` that closeout made the issue and its ticket is in the row, `linked` that a person did both;
    `followers` rows name the same ticket.
    """

    publish: str = "pull-request"  # or "commit"
    rules: Mapping[Field, Rule] = field(default_factory=lambda: DEFAULT_RULES)
    fields: tuple[Field, ...] = tuple(FIELDS)
    coarse: bool = False
    made: bool = True
    linked: bool = False
    followers: int = 0


@dataclass
class Row:
    """`cells` are the words at the default branch's head, `ticket` whether it stands there; `ours` that closeout may
    write to its issue.
    """

    cells: Cells
    ours: bool
    ticket: bool = False
    spelt: str = ""  # a ticket that a person wrote
    seen: dict[Field, Seen] = field(default_factory=dict)
    landed: bool = False


@dataclass(frozen=True)
class Intent:
    """Recorded before a write: old and new value and the cell's word by field; `version` is None for a create."""

    values: Mapping[Field, tuple[str, str, str]]
    version: int | None = None


@dataclass(frozen=True)
class Remembered:
    """The ledger."""

    seen: tuple[Mapping[Field, Seen], ...]
    landed: tuple[bool, ...]
    known: bool
    intent: Intent | None = None


@dataclass
class World:
    start: Start
    rows: list[Row]
    issue: dict[Field, str] | None = None
    version: int = 0
    offer: tuple[Words, tuple[str, ...]] | None = None  # an open pull request, and the rows that it was made for
    declined: Words = frozenset()
    known: bool = False
    intent: Intent | None = None
    told: list[tuple[int, str]] = field(default_factory=list)
    judged: list[Case] = field(default_factory=list)
    fuse: int | None = None

    # What people do.

    def edit_cell(self, row: int, what: Field, word: str) -> None:
        self.rows[row].cells[what] = word

    def edit_issue(self, what: Field, value: str) -> None:
        if self.issue is not None and self.issue.get(what, "") != value:
            self.issue[what] = value
            self.version += 1

    def merge(self) -> None:
        if self.offer and self.offer[1] == self.lines:
            for row, what, word in self.offer[0]:
                self._put(row, what, word)
            self.offer = None

    def decline(self) -> None:
        if self.offer:
            self.declined |= self.offer[0]
            self.offer = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The rows as they are, which is all that a pull request can be in conflict with."""
        return tuple(f"{row.ticket} {row.cells}" for row in self.rows)

    def _put(self, row: int, what: Field, word: str) -> None:
        if what is Field.TICKET:
            self.rows[row].ticket = True
        else:
            self.rows[row].cells[what] = word

    # What closeout does.

    def run(self, dies_at: int | None = None) -> bool:
        """Run once; return whether it came to its end."""
        self.fuse, self.told, self.judged = dies_at, [], []
        try:
            self._run()
        except Death:
            return False
        return True

    def _effect(self) -> None:
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                raise Death

    def _run(self) -> None:
        now = Remembered(tuple(dict(row.seen) for row in self.rows), tuple(row.landed for row in self.rows), self.known)
        now, unsettled = self._settled(now)
        self._publish(self._update(now, unsettled) if now.known else self._create(now))

    def _settled(self, now: Remembered) -> tuple[Remembered, set[Field]]:
        """A dead run's intent decides what was seen; it is never replayed."""
        if self.intent is None or (self.intent.version is None and self.issue is None):
            return now, set()
        holder, unsettled = dict(now.seen[0]), set()
        for what, (old, new, word) in self.intent.values.items():
            there = self.issue.get(what, "") if self.issue is not None else ""
            if self.intent.version is None:
                value = "" if there == "" else new
                holder[what] = Seen(word, value, value if what is Field.STATUS and word == "" else None)
            elif same(what, there, new):
                holder[what] = Seen(word, there, None, holder.get(what, Seen()).proposed)
            elif not (same(what, there, old) and self.version == self.intent.version):
                unsettled.add(what)
        return replace(now, seen=(holder, *now.seen[1:]), known=True), unsettled

    def _create(self, now: Remembered) -> Remembered:
        """Make the issue, unless nobody would have to do anything."""
        cells = self.rows[0].cells
        values = {
            what: projected(what, FIELDS[what].means[word], coarse=self.start.coarse) for what, word in cells.items()
        }
        status = FIELDS[Field.STATUS].means[cells.get(Field.STATUS, "OPEN")] or "todo"
        if status in CLOSED:
            return now
        said = {what: value for what, value in {**values, Field.STATUS: status}.items() if value}
        said[Field.STATUS] = projected(Field.STATUS, status, coarse=self.start.coarse) or ""
        words = {what: ("", value, cells.get(what, "")) for what, value in said.items()}
        self._save(replace(now, intent=Intent(words)))
        self._effect()
        self.issue, self.version = said, 1
        holder = {what: Seen(word, said.get(what, "")) for what, word in cells.items()}
        if cells.get(Field.STATUS) == "" and self.start.rules[Field.STATUS] is not Rule.DOCUMENT_ONLY:
            holder[Field.STATUS] = holder[Field.STATUS]._replace(want=said[Field.STATUS])
        return replace(now, seen=(holder, *now.seen[1:]), known=True)

    def _update(self, now: Remembered, unsettled: set[Field]) -> Remembered:
        """Decide every field of every row, and send what goes to the issue."""
        assert self.issue is not None
        after = [dict(seen) for seen in now.seen]
        send: dict[Field, tuple[str, str, str]] = {}
        for number, row in enumerate(self.rows):
            for what in FIELDS if row.ours else (Field.STATUS,):
                verdict = self._judge(number, what, now.seen[number].get(what), what in unsettled and row.ours)
                if verdict is None:
                    continue
                after[number][what] = verdict.seen
                if verdict.told:
                    self.told.append((number, verdict.told))
                if verdict.send is not None:
                    send[what] = (self.issue.get(what, ""), verdict.send, row.cells[what])
        now = replace(now, seen=tuple(after), landed=tuple(row.landed or row.ticket for row in self.rows))
        if not send:
            return now
        self._save(replace(now, intent=Intent(send, self.version)))
        self._effect()
        self.version += 1
        for what, (_, new, word) in send.items():
            self.issue[what] = new
            after[0][what] = Seen(word, new, None, after[0][what].proposed)  # read back: seen on both sides
        return replace(now, seen=tuple(after))

    def _judge(self, number: int, what: Field, seen: Seen | None, unsettled: bool) -> Verdict | None:
        assert self.issue is not None
        row, there = self.rows[number], self.issue.get(what, "")
        if what not in row.cells:  # without a place nothing is wanted, sent or told
            return None if seen is None else Verdict(seen._replace(tracker=there, want=None))
        seen = seen or Seen()
        offered = (
            {word for where, field, word in self.offer[0] if (where, field) == (number, what)} if self.offer else set()
        )
        seen = seen._replace(proposed=seen.proposed & {row.cells[what], *offered})  # thrown away: anybody's again
        if what is Field.STATUS and row.ours and seen.tracker is None:
            seen = seen._replace(tracker="todo")  # what we made, we made open
        here = projected(what, FIELDS[what].means[row.cells[what]], coarse=self.start.coarse)
        case = Case(what, seen, row.cells[what], here, there, self.start.rules[what], row.ours, unsettled)
        self.judged.append(case)
        return judge(case)

    def _publish(self, now: Remembered) -> None:
        words = frozenset(self._words(now.seen)) if now.known else frozenset[tuple[int, Field, str]]()
        if words:
            now = replace(now, seen=tuple(_proposed(now.seen, words)))
            self._save(now)
            now = self._commit(now, words) if self.start.publish == "commit" else self._offer(now, words)
        elif self.offer is not None:
            self._effect()
            self.offer = None
        self._save(now)

    def _words(self, seen: Iterable[Mapping[Field, Seen]]) -> Iterable[tuple[int, Field, str]]:
        for number, (row, known) in enumerate(zip(self.rows, seen, strict=True)):
            if not row.ticket:
                yield number, Field.TICKET, TICKET
            for what, memory in known.items():
                waits = what is Field.TITLE and not row.ticket
                if memory.want is not None and what in row.cells and not waits:
                    yield number, what, FIELDS[what].say(memory.want)

    def _commit(self, now: Remembered, words: Words) -> Remembered:
        self._effect()
        seen, landed = [dict(one) for one in now.seen], list(now.landed)
        for row, what, word in words:
            self._put(row, what, word)
            if what is Field.TICKET:
                landed[row] = True
            else:
                seen[row][what] = Seen(word, seen[row][what].tracker)
        return replace(now, seen=tuple(seen), landed=tuple(landed))

    def _offer(self, now: Remembered, words: Words) -> Remembered:
        if not words <= self.declined and self.offer != (words, self.lines):
            self._effect()
            self.offer, self.declined = (words, self.lines), frozenset()
        return now

    def _save(self, now: Remembered) -> None:
        if now != self.remembered:
            self._effect()
            for row, seen, landed in zip(self.rows, now.seen, now.landed, strict=True):
                row.seen, row.landed = dict(seen), landed
            self.known, self.intent = now.known, now.intent

    @property
    def remembered(self) -> Remembered:
        seen, landed = tuple(row.seen for row in self.rows), tuple(row.landed for row in self.rows)
        return Remembered(seen, landed, self.known, self.intent)

    @property
    def state(self) -> tuple[object, ...]:
        """All that anything later can depend on; of versions it matters only whether an intent's is still there."""
        rows = tuple((tuple(row.cells.items()), tuple(row.seen.items()), row.ticket, row.landed) for row in self.rows)
        issue = None if self.issue is None else tuple(self.issue.items())
        old = None if self.intent is None else (tuple(self.intent.values.items()), self.intent.version == self.version)
        return rows, issue, self.offer, self.declined, self.known, old

    def copy(self) -> World:
        rows = [replace(row, cells=dict(row.cells), seen=dict(row.seen)) for row in self.rows]
        issue = None if self.issue is None else dict(self.issue)
        return replace(self, rows=rows, issue=issue, told=[], judged=[])


def _proposed(seen: Iterable[Mapping[Field, Seen]], words: Words) -> Iterable[Mapping[Field, Seen]]:
    for number, known in enumerate(seen):
        after = dict(known)
        for row, what, word in words:
            if row == number and what is not Field.TICKET:
                after[what] = after[what]._replace(proposed=after[what].proposed | {word})
        yield after


def begin(start: Start) -> World:
    """A world in which nothing has happened yet."""
    first = {what: next(iter(words.means)) for what, words in FIELDS.items() if what in start.fields}
    world = World(start, [Row(dict(first), ours=not start.linked)])
    if start.linked:
        world.issue, world.version, world.known = {what: words.values[0] for what, words in FIELDS.items()}, 1, True
        world.rows[0].ticket, world.rows[0].spelt = True, TICKET
    elif start.made:
        world.run()
        world.merge()
    for number in range(start.followers):
        title = {Field.TITLE: f"Copied {number}"}
        world.rows.append(Row({**first, **title}, ours=False, ticket=True, spelt=TICKET))
    world.run()
    return world
