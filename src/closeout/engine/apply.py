"""Apply: a loop over the plan's changes to the tracker; what was announced, done and read back is in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from closeout.domain.finding import Finding
from closeout.domain.issue import Changed, Issue
from closeout.domain.item import Field, quoted, same
from closeout.domain.ledger import Entry, Intent, Ledger, Memory
from closeout.domain.plan import Change, Create, Held, Update
from closeout.domain.result import Result
from closeout.domain.sync.decide import MERGED
from closeout.domain.sync.fit import Fitting
from closeout.domain.sync.match import Row
from closeout.domain.sync.merge import Rule
from closeout.engine.boards import sight
from closeout.engine.consider import Considered
from closeout.engine.world import Options, World
from closeout.errors import LaterError, OutcomeUnknown, TrackerError

_CHUNK = 20  # so many writes may have to be looked for after a death
_MOST_SAVES = 10


@dataclass(frozen=True, slots=True)
class Applied:
    """The ledger after the tracker's part, what came of each change, what a reply held otherwise than asked, the issues
    as their last replies told them, why the rest was left for later (empty if nothing was), what was held, whether
    anything was announced: then the ledger as it was saved tells of it, and what a person should look at.
    """

    ledger: Ledger
    results: tuple[Result, ...] = ()
    told: tuple[tuple[Change, str], ...] = ()
    issues: Mapping[tuple[str, str], Issue] = field(default_factory=dict)
    later: str = ""
    held: tuple[Held, ...] = ()
    announced: bool = False
    findings: tuple[Finding, ...] = ()


def apply(
    considered: Considered,
    world: World,
    options: Options,
    tick: Callable[[int, int], None] = lambda done, total: None,
) -> Applied:
    """Carry out the creates and updates one by one; one that fails does not stop the others."""
    changes = [change for change in considered.plan.changes if isinstance(change, Create | Update)]
    if not changes:
        return Applied(considered.ledger)
    announced = considered.ledger.put(*(_announced(change, considered, options.now) for change in changes))
    world.ledger.save(announced)
    held: tuple[Held, ...] = ()
    if options.on_runner and not world.ledger.shared:
        changes, announced, held = _without_creates(changes, announced)
    doing = _Doing(announced)
    chunk = max(_CHUNK, len(changes) // _MOST_SAVES)
    for number, change in enumerate(changes, 1):
        try:
            world.ledger.hold(world.trackers[change.tracker].capabilities.write_seconds)
            doing.note(change, *_carry_out(change, doing.entries[change.key], considered, world))
        except LaterError as error:
            left = _withdrawn(changes[number - 1 :], doing.ledger)
            return replace(doing.applied(held), ledger=left, later=str(error))
        tick(number, len(changes))
        if number % chunk == 0:
            world.ledger.save(doing.ledger)
    return doing.applied(held)


@dataclass
class _Doing:
    """What came of the changes so far; `before` is the ledger in which all of them are announced."""

    before: Ledger
    entries: dict[str, Entry] = field(init=False)
    results: list[Result] = field(default_factory=list)
    told: list[tuple[Change, str]] = field(default_factory=list)
    issues: dict[tuple[str, str], Issue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.entries = dict(self.before.entries)

    @property
    def ledger(self) -> Ledger:
        return replace(self.before, entries=dict(self.entries))

    def note(
        self, change: Create | Update, entry: Entry | None, result: Result, refused: Sequence[str], issue: Issue | None
    ) -> None:
        if entry is None:
            del self.entries[change.key]
        else:
            self.entries[change.key] = entry
        self.results.append(result)
        self.told.extend((change, message) for message in refused)
        if issue is not None:
            self.issues[change.tracker, issue.ref] = issue

    def applied(self, held: tuple[Held, ...]) -> Applied:
        told = tuple(self.results), tuple(self.told)
        return Applied(self.ledger, *told, issues=self.issues, held=held, announced=True)


_Changes = list[Create | Update]


def _without_creates(changes: _Changes, ledger: Ledger) -> tuple[_Changes, Ledger, tuple[Held, ...]]:
    """Hold the creates: this clone dies with its job, and no other run would know what it made."""
    why = "the ledger cannot be pushed from here: give the job `contents: write`"
    creates = [change for change in changes if isinstance(change, Create)]
    kept: _Changes = [change for change in changes if isinstance(change, Update)]
    return kept, _withdrawn(creates, ledger), tuple(Held(change, why) for change in creates)


def _withdrawn(changes: Iterable[Create | Update], ledger: Ledger) -> Ledger:
    """Take back what was announced and never sent."""
    entries = dict(ledger.entries)
    for change in changes:
        if isinstance(change, Create):
            del entries[change.key]
        else:
            entries[change.key] = replace(entries[change.key], intent=None)
    return replace(ledger, entries=entries)


def _announced(change: Create | Update, considered: Considered, now: str) -> Entry:
    stated = considered.rows[change.key].seat.item.stated

    def text(what: Field) -> str:
        return stated[what].text if what in stated else ""

    if isinstance(change, Create):
        entry = considered.rows[change.key].entry
        assert entry is not None  # noqa: S101 - a planned create has its entry
        values = {what: ("", value, text(what)) for what, value in change.draft.values.items()}
        return replace(entry, intent=Intent(values, when=now))
    seen = sight(considered.boards, (change.tracker, change.ref))
    version = seen.version if isinstance(seen, Issue) else ""
    values = {what: (old, new, text(what)) for what, (old, new) in change.values.items()}
    return replace(considered.ledger.entries[change.key], intent=Intent(values, version, now))


_Done = tuple[Entry | None, Result, list[str], Issue | None]


def _carry_out(change: Create | Update, entry: Entry, considered: Considered, world: World) -> _Done:
    try:
        if isinstance(change, Create):
            return _created(change, entry, world.trackers[change.tracker].create(change.draft), considered)
        wanted = {what: new for what, (_, new) in change.values.items()}
        expected = {what: old for what, (old, _) in change.values.items()}
        reply = world.trackers[change.tracker].update(change.ref, wanted, expected)
    except OutcomeUnknown as error:
        return entry, Result(change, error=str(error)), [], None
    except TrackerError as error:
        kept = None if isinstance(change, Create) else replace(entry, intent=None)
        return kept, Result(change, error=str(error)), [], None
    if isinstance(reply, Changed):
        told = f"issue {change.ref} changed while this run worked; the next run decides again"
        return replace(entry, intent=None), Result(change, error=told), [], None
    memory = _read_back(change.values, entry, considered, reply)
    refused = [*_refused({what: new for what, (_, new) in change.values.items()}, reply), *reply.remarks]
    after = replace(entry.remember(memory), intent=None, closed=reply.closed, version=reply.version)
    return after, Result(change, ref=reply.ref), refused, reply


def _created(change: Create, entry: Entry, issue: Issue, considered: Considered) -> _Done:
    row = considered.rows[change.key]
    fitting, rules = considered.boards[change.tracker].fitting, considered.options.rules
    memory = _created_memory(row, issue, fitting)
    for what, seen in memory.items():  # an empty cell is filled: with the status, and what the tracker gives of its own
        filled = rules[what] is not Rule.DOCUMENT_ONLY
        if filled and row.seat.item.stated[what].value == "" and seen.tracker:
            memory[what] = replace(seen, want=seen.tracker)
    after = replace(
        entry.remember(memory),
        issue=issue.ref,
        intent=None,
        opened=issue.opened,
        author=issue.author,
        closed=issue.closed,
        version=issue.version,
    )
    if fitting.capabilities.lists_lag and entry.intent is not None:
        after = replace(after, made=entry.intent.when, fresh=issue.version)
    return after, Result(change, ref=issue.ref), [*_refused(change.draft.values, issue), *issue.remarks], issue


def _read_back(
    values: Mapping[Field, tuple[str, str]], entry: Entry, considered: Considered, reply: Issue
) -> Mapping[Field, Memory]:
    """The reply makes seen what each side then says, equal or not."""
    stated = considered.rows[entry.key].seat.item.stated
    proposed = {what: entry.memory[what].proposed for what in values if what in entry.memory}
    return {
        what: Memory(stated[what].text, reply.values.get(what, ""), None, proposed.get(what, frozenset()))
        for what in values
        if what in stated
    }


def _refused(wanted: Mapping[Field, str], reply: Issue) -> list[str]:
    return [
        f"{what} {value!r} was sent, but the issue holds {quoted(reply.values.get(what, ''))}"
        for what, value in wanted.items()
        if not same(what, reply.values.get(what, ""), value)
    ]


def _created_memory(row: Row, issue: Issue, fitting: Fitting) -> dict[Field, Memory]:
    """What is seen on both sides, per field, once an issue was made for a row."""
    stated = {what: fitting.stated(row.seat.item, what) for what in MERGED if what in fitting.capabilities.fields}
    return {what: Memory(one.text, issue.values.get(what, "")) for what, one in stated.items() if one is not None}
