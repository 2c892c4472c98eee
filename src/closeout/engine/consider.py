"""Consider: match, fit, merge and plan; all that a run decides, without an effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from closeout.domain.finding import Finding
from closeout.domain.issue import Issue
from closeout.domain.item import Field
from closeout.domain.ledger import Entry, Ledger, Memory
from closeout.domain.plan import Change, Create, Plan, Update
from closeout.domain.sync.decide import decide
from closeout.domain.sync.guard import Guarded, guard
from closeout.domain.sync.identity import fresh_keys
from closeout.domain.sync.match import Row, match
from closeout.domain.sync.still_open import still_open
from closeout.engine import align, drafting, gone, ways
from closeout.engine.boards import Board, Trackers, sight
from closeout.engine.library import Library
from closeout.engine.naming import new_row
from closeout.engine.observe import together
from closeout.engine.parents import Parents
from closeout.engine.seats import readable_seats
from closeout.engine.settle import Settled
from closeout.engine.showing import Showing, where_of
from closeout.engine.spots import still_proposed
from closeout.engine.survey import listed, observed
from closeout.engine.unheld import unheld
from closeout.engine.world import Options
from closeout.errors import CloseoutError


@dataclass(frozen=True, slots=True)
class Considered:
    """A plan, and what carrying it out starts from.

    `before` is the ledger as it was loaded, `ledger` as it stands without any effect; `rows` are by key, in document
    order; `boards` those of the trackers that could be read; `first` tells that nothing was known yet: a ledger that was
    asked to be rebuilt knows its issues; `errors` what went wrong with one of several trackers.
    """

    plan: Plan
    before: Ledger
    ledger: Ledger
    library: Library
    rows: Mapping[str, Row]
    boards: Mapping[str, Board]
    options: Options
    first: bool = False
    errors: tuple[CloseoutError, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether a create of a run that died is still open: its issue may show up."""
        known = (entry for entry in self.ledger.entries.values() if entry.tracker in self.boards)
        return any(entry.intent is not None and not entry.issue for entry in known)


@dataclass
class _Draft:
    """The plan while it is made: what it is made from, and what there is of it."""

    trackers: Trackers
    boards: Mapping[str, Board]
    library: Library
    options: Options
    settled: Settled
    entries: dict[str, Entry]
    parents: Parents
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)
    without_place: int = 0
    old: int = 0

    @cached_property
    def showing(self) -> Showing:
        """What tells what the documents are to show."""
        return Showing(self.boards, self.library, self.options, self.findings)

    def keep(self, entry: Entry) -> None:
        self.entries[entry.key] = entry

    def quiet(self, change: Change) -> bool:
        """Whether an issue is made without its owners."""
        entry = self.rows[change.key].entry
        return isinstance(change, Create) and entry is not None and entry.unassigned

    def tell(self, row: Row, code: str, message: str) -> None:
        self.findings.append(Finding(row.seat.path, row.seat.item.line, code, message))


def consider(trackers: Trackers, library: Library, loaded: Ledger, options: Options) -> Considered:
    """Decide everything; raises ConfigurationError if the ledger was lost but its issues are there."""
    sat, library = readable_seats(library, trackers)
    boards, settled, errors = listed(trackers, sat, loaded, options)
    emptied = gone.emptied(library, settled.ledger, options.limits.share)
    readable = gone.readable(library, settled.ledger, emptied)
    matching = match(sat, settled.ledger, readable)
    if options.new:
        said_new = frozenset(new_row(name, matching.rows, settled.ledger, options.folder) for name in options.new)
        matching = match(sat, settled.ledger, readable, said_new)
    boards, unseen = observed(boards, settled.ledger, sat)
    entries = dict(settled.ledger.put(*matching.followed).entries)
    parents = Parents(trackers, library, settled.ledger, loaded, options.now)
    draft = _Draft(trackers, boards, library, options, settled, entries, parents)
    draft.findings.extend((*settled.findings, *matching.findings))
    fresh = {id(row): (key, ordinal) for row, key, ordinal in fresh_keys(matching.rows, settled.ledger)}
    for row in matching.rows:
        _row(draft, row, fresh.get(id(row), ("", 0)))
    for entry in matching.left:
        draft.findings.append(Finding(entry.document, 0, *ways.left(entry)))
    first = not loaded.exists and not settled.ledger.entries
    seen = gone.seen(matching, settled.ledger, emptied)
    guarded = guard(draft.changes, options.limits, options.circumstances, seen, first=first)
    ledger = gone.settled(replace(settled.ledger, entries=draft.entries), matching, seen, guarded)
    draft.findings.extend(gone.told(library, matching, seen, options.limits.share))
    plan = still_open(_plan(draft, guarded), matching.rows, options.today)
    return Considered(plan, loaded, ledger, library, draft.rows, boards, options, first, (*errors, *unseen))


def _plan(draft: _Draft, guarded: Guarded) -> Plan:
    library, circumstances = draft.library, draft.options.circumstances
    there = library.as_written()
    padding = dict(align.planned(there, draft.options))
    draft.findings.extend(align.refused(path) for path, count in padding.items() if not count)
    return Plan(
        changes=guarded.going,
        held=guarded.held,
        findings=tuple(sorted([*library.findings, *draft.findings])),
        documents=len(library.documents),
        without_place=draft.without_place,
        old=draft.old,
        unheld=unheld(draft.rows.values(), draft.boards),
        unassigned=sum(map(draft.quiet, [*guarded.going, *(held.change for held in guarded.held if not held.later)])),
        since=circumstances.since,
        columns=there.columns,
        boxes=there.boxes,
        note="; ".join(filter(None, (library.snapshot.note, "" if draft.changes else guarded.stop))),
        realigned={path: count for path, count in padding.items() if count},
        stop=guarded.stop,
        digest=guarded.digest,
        stale=guarded.stale,
        several=len(draft.trackers.by_name) > 1,
    )


def _row(draft: _Draft, row: Row, fresh: tuple[str, int]) -> None:
    """Decide one row: create, merge, or leave it as it is; `fresh` is the key and ordinal of one without an entry."""
    item, seat = row.seat.item, row.seat
    board = _board(draft, row)
    if board is None:  # it could not be read: absence is not an answer
        return
    if Field.STATUS not in item.stated and (row.entry is not None or not item.closed):
        draft.without_place += 1
    draft.findings.extend(drafting.unknown_owners(seat, draft.options, board.fitting))
    if row.entry is None and not seat.refs:
        if not item.tickets and not row.blocked and not item.closed:
            _create(draft, row, fresh, board)
        return
    entry = row.entry or _first_contact(draft, row, fresh)
    if entry.no == "unvouched":
        draft.tell(row, *ways.unvouched(row, entry))
    if entry.no or entry.key in draft.settled.waiting:
        if entry.no and (told := ways.no_issue(row, entry, draft.settled.ledger.entries.get(entry.key))):
            draft.tell(row, *told)
        draft.keep(entry)
        return
    own = (entry.tracker, entry.issue)
    places = [own] if entry.holder and entry.owned else list(seat.refs) or [own]
    found = [seen for place in places if isinstance(seen := sight(draft.boards, place), Issue)]
    if any(name not in draft.boards for name, _ in places):
        draft.keep(entry)
    elif len(found) < len(places):
        _unseen(draft, row, entry, places)
    elif entry.owned and entry.holder and found[0].key not in {"", entry.key}:
        draft.tell(row, *ways.other_issue(row, entry))
        draft.keep(entry)
    elif any(issue.ignored for issue in found) and entry.owned:
        draft.tell(row, *ways.ignored(row, entry))
        draft.keep(replace(entry, no="ignored"))
    else:
        _merge(draft, row, entry, together(found))


def _board(draft: _Draft, row: Row) -> Board | None:
    """The tracker of a row: of its issue, of the one that it names, else where its document's new ones go."""
    name = row.entry.tracker if row.entry is not None else row.seat.refs[0][0] if row.seat.refs else ""
    return draft.boards.get(name or draft.trackers.of(draft.library.documents[row.seat.path]).name)


def _create(draft: _Draft, row: Row, fresh: tuple[str, int], board: Board) -> None:
    seat, document = row.seat, draft.library.documents[row.seat.path]
    if drafting.older(seat.item, document, draft.options.circumstances.since):
        draft.old += 1
        return
    if found := board.listings.marked.get(fresh[0]):
        draft.tell(row, *ways.unknown_mark(row, found))
        return
    made, findings = drafting.draft(
        fresh[0], seat, document, draft.options, board.fitting, board.tracker.address, lambda: board.assignable
    )
    draft.findings.extend(findings)
    why, parent = "it has no ticket yet", draft.parents.of(row, board)
    draft.changes.append(Create(fresh[0], board.tracker.name, made, where_of(row), why, parent))
    quiet = drafting.unassigned(seat, document, draft.options, board.fitting)
    draft.rows[fresh[0]] = replace(row, entry=replace(_entry(draft, row, fresh, board.tracker.name), unassigned=quiet))


def _entry(draft: _Draft, row: Row, fresh: tuple[str, int], tracker: str) -> Entry:
    (key, ordinal), seat = fresh, row.seat
    return Entry(key, tracker, seat.document, seat.title, ordinal, seat.order, first_seen=draft.options.today)


def _first_contact(draft: _Draft, row: Row, fresh: tuple[str, int]) -> Entry:
    tracker, issue = row.seat.refs[0]
    return replace(_entry(draft, row, fresh, tracker), issue=issue, owned=False, holder=not row.follower, landed=True)


def _unseen(draft: _Draft, row: Row, entry: Entry, places: Sequence[tuple[str, str]]) -> None:
    """An issue that cannot be seen changes nothing; one that was deleted is remembered as a no."""
    told, no = ways.unseen(row, places, draft.boards)
    draft.tell(row, *told)
    if row.entry is not None:
        draft.keep(replace(entry, no=no or entry.no))


def _merge(draft: _Draft, row: Row, entry: Entry, issue: Issue) -> None:
    landed = entry.landed or (entry.tracker, entry.issue) in row.seat.refs
    fitting = draft.boards[entry.tracker].fitting
    unsettled = draft.settled.unsettled.get(entry.key, frozenset())
    before = replace(entry, landed=landed, memory=still_proposed(draft.library, row, entry))
    quietly = drafting.made_quietly(row.seat, entry, draft.library.documents[row.seat.path], draft.options, fitting)
    if Field.OWNERS not in entry.memory and not issue.values.get(Field.OWNERS) and quietly:
        nobody = Memory(row.seat.item.stated[Field.OWNERS].text, "")  # as its maker would have remembered it
        before = replace(before.remember({Field.OWNERS: nobody}), unassigned=True)
    decision = decide(row.seat.item, before, issue, fitting, draft.options.rules, unsettled)
    draft.keep(decision.entry)
    draft.rows[entry.key] = replace(row, entry=decision.entry)
    for code, message in decision.told:
        draft.tell(row, code, message)
    if decision.send:
        reason = f"{', '.join(decision.send)} changed in the document"
        draft.changes.append(Update(entry.key, entry.tracker, entry.issue, decision.send, where_of(row), reason))
    draft.changes.extend(draft.parents.nested(row, decision.entry, issue, draft.boards[entry.tracker]))
    draft.changes.extend(draft.showing.of(row, decision.entry))
