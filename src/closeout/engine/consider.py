"""Consider: match, fit, merge and plan; all that a run decides, without an effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from closeout.domain.finding import Finding
from closeout.domain.issue import Issue, Sight
from closeout.domain.item import Field
from closeout.domain.ledger import Entry, Ledger, Memory
from closeout.domain.plan import Change, Create, Plan, Update
from closeout.domain.sync.decide import decide
from closeout.domain.sync.fit import Fitting
from closeout.domain.sync.guard import Guarded, guard
from closeout.domain.sync.identity import fresh_keys
from closeout.domain.sync.match import Row, match
from closeout.engine import align, drafting, gone, ways
from closeout.engine.library import Library
from closeout.engine.naming import new_row
from closeout.engine.observe import Listings, listings, observe, together
from closeout.engine.rebuild import known
from closeout.engine.seats import seats
from closeout.engine.settle import Settled, settle
from closeout.engine.showing import Showing, where_of
from closeout.engine.spots import still_proposed
from closeout.engine.world import Options
from closeout.ports.tracker import TrackerReader


@dataclass(frozen=True, slots=True)
class Considered:
    """A plan, and what carrying it out starts from.

    `before` is the ledger as it was loaded, `ledger` as it stands without any effect; `rows` are by key, in document
    order; `first` tells that nothing was known yet: a ledger that was asked to be rebuilt knows its issues.
    """

    plan: Plan
    before: Ledger
    ledger: Ledger
    library: Library
    rows: Mapping[str, Row]
    sights: Mapping[str, Sight]
    fitting: Fitting
    options: Options
    first: bool = False

    @property
    def waits(self) -> bool:
        """Whether a create of a run that died is still open: its issue may show up."""
        return any(entry.intent is not None and not entry.issue for entry in self.ledger.entries.values())


@dataclass
class _Draft:
    """The plan while it is made: what it is made from, and what there is of it."""

    tracker: TrackerReader
    library: Library
    options: Options
    settled: Settled
    sights: Mapping[str, Sight]
    listings: Listings
    fitting: Fitting
    entries: dict[str, Entry]
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)
    without_place: int = 0
    old: int = 0

    @cached_property
    def assignable(self) -> frozenset[str] | None:
        """Who can own an issue; asked for only when an owner is to be set."""
        return self.tracker.assignable()

    @cached_property
    def showing(self) -> Showing:
        """What tells what the documents are to show."""
        return Showing(self.tracker, self.library, self.options, self.sights, self.fitting, self.findings)

    def keep(self, entry: Entry) -> None:
        self.entries[entry.key] = entry

    def quiet(self, change: Change) -> bool:
        """Whether an issue is made without its owners."""
        entry = self.rows[change.key].entry
        return isinstance(change, Create) and entry is not None and entry.unassigned

    def tell(self, row: Row, code: str, message: str) -> None:
        self.findings.append(Finding(row.seat.path, row.seat.item.line, code, message))


def consider(tracker: TrackerReader, library: Library, loaded: Ledger, options: Options) -> Considered:
    """Decide everything; raises ConfigurationError if the ledger was lost but its issues are there."""
    found = listings(tracker, loaded, rebuild=options.rebuild)
    listed = found.first.issues
    sat = seats(library, tracker)
    settled = settle(known(loaded, listed, sat, tracker, options), tracker, listed, options.now)
    emptied = gone.emptied(library, settled.ledger, options.limits.share)
    readable = gone.readable(library, settled.ledger, emptied)
    matching = match(sat, settled.ledger, readable)
    if options.new:
        said_new = frozenset(new_row(name, matching.rows, settled.ledger, options.folder) for name in options.new)
        matching = match(sat, settled.ledger, readable, said_new)
    sights = observe(tracker, settled.ledger, sat, found)
    fitting = Fitting(tracker.name, tracker.capabilities, options.people)
    entries = dict(settled.ledger.put(*matching.followed).entries)
    draft = _Draft(tracker, library, options, settled, sights, found, fitting, entries)
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
    plan = _plan(draft, len(sat), guarded)
    return Considered(plan, loaded, ledger, library, draft.rows, sights, fitting, options, first)


def _plan(draft: _Draft, items: int, guarded: Guarded) -> Plan:
    library, circumstances = draft.library, draft.options.circumstances
    there = library.as_written()
    padding = dict(align.planned(there, draft.options))
    draft.findings.extend(align.refused(path) for path, count in padding.items() if not count)
    return Plan(
        changes=guarded.going,
        held=guarded.held,
        findings=tuple(sorted([*library.findings, *draft.findings])),
        documents=len(library.documents),
        items=items,
        without_place=draft.without_place,
        old=draft.old,
        unassigned=sum(map(draft.quiet, [*guarded.going, *(held.change for held in guarded.held if not held.later)])),
        since=circumstances.since,
        columns=there.columns,
        boxes=there.boxes,
        note="; ".join(filter(None, (library.snapshot.note, "" if draft.changes else guarded.stop))),
        realigned={path: count for path, count in padding.items() if count},
        stop=guarded.stop,
        digest=guarded.digest,
        stale=guarded.stale,
    )


def _row(draft: _Draft, row: Row, fresh: tuple[str, int]) -> None:
    """Decide one row: create, merge, or leave it as it is; `fresh` is the key and ordinal of one without an entry."""
    item, seat = row.seat.item, row.seat
    if Field.STATUS not in item.stated and (row.entry is not None or not item.closed):
        draft.without_place += 1
    draft.findings.extend(drafting.unknown_owners(seat, draft.options, draft.fitting))
    if row.entry is None and not seat.refs:
        if not item.tickets and not row.blocked and not item.closed:
            _create(draft, row, fresh)
        return
    entry = row.entry or _first_contact(draft, row, fresh)
    if entry.no == "unvouched":
        draft.tell(row, *ways.unvouched(row, entry))
    if entry.no or entry.key in draft.settled.waiting:
        if entry.no and (told := ways.no_issue(row, entry, draft.settled.ledger.entries.get(entry.key))):
            draft.tell(row, *told)
        draft.keep(entry)
        return
    refs = [entry.issue] if entry.holder and entry.owned else [ref for _, ref in seat.refs] or [entry.issue]
    found = [sight for ref in refs if isinstance(sight := draft.sights.get(ref), Issue)]
    if len(found) < len(refs):
        _unseen(draft, row, entry, refs)
    elif entry.owned and entry.holder and found[0].key not in {"", entry.key}:
        draft.tell(row, *ways.other_issue(row, entry))
        draft.keep(entry)
    elif any(issue.ignored for issue in found) and entry.owned:
        draft.tell(row, *ways.ignored(row, entry))
        draft.keep(replace(entry, no="ignored"))
    else:
        _merge(draft, row, entry, together(found))


def _create(draft: _Draft, row: Row, fresh: tuple[str, int]) -> None:
    seat, document = row.seat, draft.library.documents[row.seat.path]
    if drafting.older(seat.item, document, draft.options.circumstances.since):
        draft.old += 1
        return
    if found := draft.listings.marked.get(fresh[0]):
        draft.tell(row, *ways.unknown_mark(row, found))
        return
    made, findings = drafting.draft(
        fresh[0], seat, document, draft.options, draft.fitting, draft.tracker.address, lambda: draft.assignable
    )
    draft.findings.extend(findings)
    draft.changes.append(Create(fresh[0], draft.tracker.name, made, where_of(row), "it has no ticket yet"))
    quiet = drafting.unassigned(seat, document, draft.options, draft.fitting)
    draft.rows[fresh[0]] = replace(row, entry=replace(_entry(draft, row, fresh), unassigned=quiet))


def _made_quietly(draft: _Draft, row: Row, entry: Entry) -> bool:
    """Whether an issue of ours, whose maker died or whose ledger was lost, was made without assignees."""
    document = draft.library.documents[row.seat.path]
    ours = entry.owned and entry.holder and not entry.adopted and (entry.unassigned or not entry.memory)
    return ours and drafting.unassigned(row.seat, document, draft.options, draft.fitting)


def _entry(draft: _Draft, row: Row, fresh: tuple[str, int]) -> Entry:
    key, ordinal = fresh
    seat, today = row.seat, draft.options.today
    return Entry(key, draft.tracker.name, seat.document, seat.title, ordinal, seat.order, first_seen=today)


def _first_contact(draft: _Draft, row: Row, fresh: tuple[str, int]) -> Entry:
    issue = row.seat.refs[0][1]
    return replace(_entry(draft, row, fresh), issue=issue, owned=False, holder=not row.follower, landed=True)


def _unseen(draft: _Draft, row: Row, entry: Entry, refs: Sequence[str]) -> None:
    """An issue that cannot be seen changes nothing; one that was deleted is remembered as a no."""
    told, no = ways.unseen(row, refs, draft.sights)
    draft.tell(row, *told)
    if row.entry is not None:
        draft.keep(replace(entry, no=no or entry.no))


def _merge(draft: _Draft, row: Row, entry: Entry, issue: Issue) -> None:
    landed = entry.landed or (draft.tracker.name, entry.issue) in row.seat.refs
    unsettled = draft.settled.unsettled.get(entry.key, frozenset())
    before = replace(entry, landed=landed, memory=still_proposed(draft.library, row, entry))
    if Field.OWNERS not in entry.memory and not issue.values.get(Field.OWNERS) and _made_quietly(draft, row, entry):
        nobody = Memory(row.seat.item.stated[Field.OWNERS].text, "")  # as its maker would have remembered it
        before = replace(before.remember({Field.OWNERS: nobody}), unassigned=True)
    decision = decide(row.seat.item, before, issue, draft.fitting, draft.options.rules, unsettled)
    draft.keep(decision.entry)
    draft.rows[entry.key] = replace(row, entry=decision.entry)
    for code, message in decision.told:
        draft.tell(row, code, message)
    if decision.send:
        reason = f"{', '.join(decision.send)} changed in the document"
        draft.changes.append(Update(entry.key, entry.tracker, entry.issue, decision.send, where_of(row), reason))
    draft.changes.extend(draft.showing.of(row, decision.entry))
