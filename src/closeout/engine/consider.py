"""Consider: match, fit, merge and plan; all that a run decides, without an effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from closeout.domain.finding import Finding
from closeout.domain.issue import Draft, Gone, Issue, Sight
from closeout.domain.item import Field, Status
from closeout.domain.ledger import Entry, Ledger
from closeout.domain.plan import Change, Create, Plan, Show, Update, Where
from closeout.domain.sync.decide import MERGED, decide, fitted
from closeout.domain.sync.fit import fit
from closeout.domain.sync.guard import guard
from closeout.domain.sync.identity import fresh_keys
from closeout.domain.sync.match import Row, match
from closeout.engine import show
from closeout.engine.observe import observe, together
from closeout.engine.read import Library, seats
from closeout.engine.rebuild import known
from closeout.engine.settle import Settled, settle
from closeout.engine.world import Options
from closeout.ports.tracker import TrackerReader
from closeout.render.issue import body


@dataclass(frozen=True, slots=True)
class Considered:
    """A plan, and what carrying it out starts from.

    `before` is the ledger as it was loaded, `ledger` as it stands without any effect; `rows` are by key, in document
    order.
    """

    plan: Plan
    before: Ledger
    ledger: Ledger
    library: Library
    rows: Mapping[str, Row]
    sights: Mapping[str, Sight]


@dataclass
class _Draft:
    """The plan while it is made: what it is made from, and what there is of it."""

    tracker: TrackerReader
    library: Library
    options: Options
    settled: Settled
    sights: Mapping[str, Sight]
    ledger: Ledger
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)
    without_place: int = 0

    def tell(self, row: Row, code: str, message: str) -> None:
        self.findings.append(Finding(row.seat.path, row.seat.item.line, code, message))


def consider(tracker: TrackerReader, library: Library, loaded: Ledger, options: Options) -> Considered:
    """Decide everything; raises ConfigurationError if the ledger was lost but its issues are there."""
    listed = tracker.managed()
    sat = seats(library, _resolver(tracker))
    settled = settle(known(loaded, listed, sat, tracker, options), tracker)
    matching = match(sat, settled.ledger, library.known)
    sights = observe(tracker, settled.ledger, sat, listed)
    draft = _Draft(tracker, library, options, settled, sights, settled.ledger, findings=list(matching.findings))
    fresh = {id(row): (key, ordinal) for row, key, ordinal in fresh_keys(matching.rows, settled.ledger)}
    for row in matching.rows:
        _row(draft, row, fresh.get(id(row), ("", 0)))
    for entry in matching.left:
        told = f"issue {entry.issue} ({entry.title!r}) left the documents; it stays as it is"
        draft.findings.append(Finding(entry.document, 0, "left", told))
    return Considered(_plan(draft, len(sat)), loaded, draft.ledger, library, draft.rows, sights)


def _plan(draft: _Draft, items: int) -> Plan:
    library = draft.library
    going, held = guard(draft.changes, draft.options.limits)
    noted = [finding for document in library.documents.values() for finding in document.findings]
    return Plan(
        changes=going,
        held=held,
        findings=tuple(sorted([*noted, *draft.findings])),
        documents=len(library.documents),
        items=items,
        without_place=draft.without_place,
        columns=library.columns,
    )


def _resolver(tracker: TrackerReader) -> Callable[[str, str], tuple[str, str] | None]:
    def resolve(ticket: str, path: str) -> tuple[str, str] | None:
        ref = tracker.ref(ticket, path)
        return (tracker.name, ref) if ref else None

    return resolve


def _row(draft: _Draft, row: Row, fresh: tuple[str, int]) -> None:
    """Decide one row: create, merge, or leave it as it is; `fresh` is the key and ordinal of one without an entry."""
    item, seat = row.seat.item, row.seat
    if Field.STATUS not in item.stated and (row.entry is not None or not item.closed):
        draft.without_place += 1
    if row.entry is None and not seat.refs:
        if not item.tickets and not row.blocked and not item.closed:
            _create(draft, row, fresh)
        return
    entry = row.entry or _first_contact(draft, row, fresh)
    if entry.no or entry.key in draft.settled.waiting:
        draft.ledger = draft.ledger.put(entry)
        return
    refs = [entry.issue] if entry.holder and entry.owned else [ref for _, ref in seat.refs] or [entry.issue]
    found = [sight for ref in refs if isinstance(sight := draft.sights.get(ref), Issue)]
    if len(found) < len(refs):
        _unseen(draft, row, entry, refs)
    elif entry.owned and entry.holder and found[0].key not in {"", entry.key}:
        draft.tell(row, "other-issue", f"issue {entry.issue} now carries another item's key; the row is left as it is")
        draft.ledger = draft.ledger.put(entry)
    else:
        _merge(draft, row, entry, together(found))


def _create(draft: _Draft, row: Row, fresh: tuple[str, int]) -> None:
    item, path, capabilities = row.seat.item, row.seat.path, draft.tracker.capabilities
    document = draft.library.documents[path]
    stated = {what: item.stated[what].value or "" for what in MERGED if what in item.stated}
    values = fit({**stated, Field.STATUS: item.status or Status.TODO, Field.TITLE: item.title}, capabilities)
    folder = draft.tracker.address if capabilities.in_tree else ""
    text = body(item, document.incidents[item.incident or 0], path, folder, draft.options.version)
    issue = Draft(fresh[0], {what: value for what, value in values.items() if value}, text)
    draft.changes.append(Create(fresh[0], draft.tracker.name, issue, _where(row), "it has no ticket yet"))
    draft.rows[fresh[0]] = replace(row, entry=_entry(draft, row, fresh))


def _entry(draft: _Draft, row: Row, fresh: tuple[str, int]) -> Entry:
    key, ordinal = fresh
    seat, today = row.seat, draft.options.today
    return Entry(key, draft.tracker.name, seat.document, seat.title, ordinal, seat.order, first_seen=today)


def _first_contact(draft: _Draft, row: Row, fresh: tuple[str, int]) -> Entry:
    issue = row.seat.refs[0][1]
    return replace(_entry(draft, row, fresh), issue=issue, owned=False, holder=not row.follower, landed=True)


def _unseen(draft: _Draft, row: Row, entry: Entry, refs: Sequence[str]) -> None:
    """An issue that cannot be seen changes nothing; one that was deleted is remembered as a no."""
    missing = ", ".join(ref for ref in refs if not isinstance(draft.sights.get(ref), Issue))
    if row.entry is None:
        draft.tell(row, "unknown-ticket", f"issue {missing} is not in the tracker; the row is left as it is")
        return
    if any(isinstance(draft.sights.get(ref), Gone) for ref in refs):
        draft.tell(row, "deleted-issue", f"issue {missing} was deleted; no other is made for this row")
        entry = replace(entry, no="deleted")
    else:
        draft.tell(row, "hidden-issue", f"issue {missing} cannot be seen or read now; the row is left as it is")
    draft.ledger = draft.ledger.put(entry)


def _merge(draft: _Draft, row: Row, entry: Entry, issue: Issue) -> None:
    tracker = draft.tracker
    landed = entry.landed or (tracker.name, entry.issue) in row.seat.refs
    unsettled = draft.settled.unsettled.get(entry.key, frozenset())
    before = replace(entry, landed=landed)
    decision = decide(row.seat.item, before, issue, tracker.capabilities, draft.options.rules, unsettled)
    draft.ledger = draft.ledger.put(decision.entry)
    draft.rows[entry.key] = replace(row, entry=decision.entry)
    for code, message in decision.told:
        draft.tell(row, code, message)
    if decision.send:
        reason = f"{', '.join(decision.send)} changed in the document"
        draft.changes.append(Update(entry.key, tracker.name, entry.issue, decision.send, _where(row), reason))
    draft.changes.extend(_shows(draft, row, decision.entry))


def _shows(draft: _Draft, row: Row, entry: Entry) -> Iterator[Show]:
    item = row.seat.item
    if entry.holder and entry.issue and not item.tickets and item.stated[Field.TICKET].place:
        text = item.stated[Field.TICKET].text
        yield Show(entry.key, Field.TICKET, text, entry.issue, _where(row), "its ticket is not written in yet")
    for what, memory in entry.memory.items():
        if memory.want is None or what not in item.stated:
            continue
        made = show.edit(row.seat.path, row.seat.order, what, memory.want, draft.library, draft.options)
        if made is None:
            told = (
                f"the issue says {what} {memory.want or 'nothing'!r}; this row has no place or words for it: write it"
            )
            draft.tell(row, "no-words", told)
        else:
            text = item.stated[what].text
            yield Show(entry.key, what, text, made.value, _where(row), f"{what} changed in the issue")


def _where(row: Row) -> Where:
    return Where(row.seat.path, row.seat.item.line, row.seat.item.title)


def created_memory(row: Row, issue: Issue, tracker: TrackerReader) -> Mapping[Field, tuple[str, str]]:
    """Return what is seen on both sides, per field, once an issue was made for a row."""
    seen = {}
    for what in MERGED:
        stated = fitted(row.seat.item, what, tracker.capabilities)
        if stated is not None and what in tracker.capabilities.fields:
            seen[what] = (stated.text, issue.values.get(what, ""))
    return seen
