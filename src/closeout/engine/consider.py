"""Consider: match, fit, merge and plan; all that a run decides, without an effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from closeout.domain.finding import Finding
from closeout.domain.issue import Draft, Gone, Issue, Sight
from closeout.domain.item import Field, Status
from closeout.domain.ledger import Entry, Ledger
from closeout.domain.plan import Change, Create, Plan, Show, Update, Where
from closeout.domain.sync.decide import MERGED, decide, fitted
from closeout.domain.sync.fit import fit
from closeout.domain.sync.guard import guard
from closeout.domain.sync.match import Row, Seat, fresh_keys, match
from closeout.engine.observe import observe, together
from closeout.engine.read import Library, seats
from closeout.engine.settle import Settled, settle
from closeout.engine.world import Options
from closeout.errors import ConfigurationError
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
    """The plan while it is made."""

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
    settled = settle(_known(loaded, listed, sat, tracker, options), tracker)
    unread = frozenset(library.unread)
    matching = match(sat, settled.ledger, unread)
    sights = observe(tracker, settled.ledger, sat, listed)
    draft = _Draft(settled.ledger, findings=list(matching.findings))
    keys = {id(row): (key, ordinal) for row, key, ordinal in fresh_keys(matching.rows, settled.ledger)}
    for row in matching.rows:
        _row(draft, row, keys.get(id(row)), sights, tracker, library, options, settled)
    for entry in matching.left:
        told = f"issue {entry.issue} ({entry.title!r}) left the documents; it stays as it is"
        draft.findings.append(Finding(entry.document, 0, "left", told))
    going, held = guard(draft.changes, options.limits)
    noted = [finding for document in library.documents.values() for finding in document.findings]
    plan = Plan(
        changes=going,
        held=held,
        findings=tuple(sorted([*noted, *draft.findings])),
        documents=len(library.documents),
        items=len(sat),
        without_place=draft.without_place,
        columns=library.columns,
    )
    return Considered(plan, loaded, draft.ledger, library, draft.rows, sights)


def _resolver(tracker: TrackerReader) -> Callable[[str, str], tuple[str, str] | None]:
    def resolve(ticket: str, path: str) -> tuple[str, str] | None:
        ref = tracker.ref(ticket, path)
        return (tracker.name, ref) if ref else None

    return resolve


def _known(
    loaded: Ledger, listed: Sequence[Issue], sat: Sequence[Seat], tracker: TrackerReader, options: Options
) -> Ledger:
    """The ledger, with its head filled in; rebuilt from the issues' keys if that was asked for."""
    ledger = replace(
        loaded,
        repository=loaded.repository or options.repository,
        trackers={**loaded.trackers, tracker.name: tracker.address},
    )
    if loaded.exists and not options.rebuild:
        return ledger
    if listed and not options.rebuild:
        message = (
            f"{tracker.address}: {len(listed)} issues were made by closeout, but the ledger that knows them is gone. "
            "Bring it back from git, or look at `closeout plan --rebuild-ledger` and then run "
            "`closeout sync --rebuild-ledger`"
        )
        raise ConfigurationError(message)
    return _rebuilt(ledger, listed, sat, tracker.name)


def _rebuilt(ledger: Ledger, listed: Sequence[Issue], sat: Sequence[Seat], tracker: str) -> Ledger:
    """Know issues again by their keys: by the place that the key was derived from, or by a ticket that names them."""
    ledger = replace(ledger, entries={})
    rows = [Row(seat) for seat in sat]
    places = {key: (row.seat, ordinal) for row, key, ordinal in fresh_keys(rows, ledger)}
    for issue in listed:
        seat, ordinal = places.get(issue.key, (None, 0))
        place = (seat.document, seat.title, ordinal) if seat else ("", issue.values.get(Field.TITLE, ""), 0)
        ledger = ledger.put(
            Entry(issue.key, tracker, *place, issue=issue.ref, landed=seat is None, opened=issue.opened)
        )
    return ledger


def _row(
    draft: _Draft,
    row: Row,
    fresh: tuple[str, int] | None,
    sights: Mapping[str, Sight],
    tracker: TrackerReader,
    library: Library,
    options: Options,
    settled: Settled,
) -> None:
    item, seat = row.seat.item, row.seat
    if Field.STATUS not in item.stated and (row.entry is not None or not item.closed):
        draft.without_place += 1
    if row.entry is None and not seat.refs:
        if fresh and not item.tickets and not row.blocked and not item.closed:
            _create(draft, row, fresh, tracker, library, options)
        return
    entry = row.entry or _first_contact(row, fresh, tracker, options)
    if entry.no or entry.key in settled.waiting:
        draft.ledger = draft.ledger.put(entry)
        return
    refs = [entry.issue] if entry.holder and entry.owned else [ref for _, ref in seat.refs] or [entry.issue]
    found = [sight for ref in refs if isinstance(sight := sights.get(ref), Issue)]
    if entry.owned and entry.holder and any(issue.key not in {"", entry.key} for issue in found):
        draft.tell(row, "other-issue", f"issue {entry.issue} now carries another item's key; the row is left as it is")
        draft.ledger = draft.ledger.put(entry)
        return
    if len(found) < len(refs):
        _unseen(draft, row, entry, refs, sights)
        return
    draft.rows[entry.key] = replace(row, entry=entry)
    _merge(draft, row, entry, together(found), tracker, options, settled)


def _create(
    draft: _Draft, row: Row, fresh: tuple[str, int], tracker: TrackerReader, library: Library, options: Options
) -> None:
    item, (key, _) = row.seat.item, fresh
    document = library.documents[row.seat.path]
    stated = {what: item.stated[what].value or "" for what in MERGED if what in item.stated}
    values = fit({**stated, Field.STATUS: item.status or Status.TODO, Field.TITLE: item.title}, tracker.capabilities)
    incident = document.incidents[item.incident or 0]
    text = body(item, incident, row.seat.path, tracker.address if tracker.capabilities.in_tree else "", options.version)
    values = {what: value for what, value in values.items() if value}
    draft.changes.append(Create(key, tracker.name, Draft(key, values, text), _where(row), "it has no ticket yet"))
    draft.rows[key] = replace(row, entry=_entry(row, fresh, tracker.name, options))


def _entry(row: Row, fresh: tuple[str, int], tracker: str, options: Options) -> Entry:
    key, ordinal = fresh
    seat = row.seat
    return Entry(key, tracker, seat.document, seat.title, ordinal, seat.order, first_seen=options.today)


def _first_contact(row: Row, fresh: tuple[str, int] | None, tracker: TrackerReader, options: Options) -> Entry:
    entry = _entry(row, fresh or ("", 0), tracker.name, options)
    ref = row.seat.refs[0][1]
    return replace(entry, issue=ref, owned=False, holder=not row.follower, landed=True)


def _unseen(draft: _Draft, row: Row, entry: Entry, refs: Sequence[str], sights: Mapping[str, Sight]) -> None:
    """An issue that cannot be seen changes nothing; one that was deleted is remembered as a no."""
    missing = ", ".join(ref for ref in refs if not isinstance(sights.get(ref), Issue))
    if row.entry is None:
        draft.tell(row, "unknown-ticket", f"issue {missing} is not in the tracker; the row is left as it is")
        return
    if any(isinstance(sights.get(ref), Gone) for ref in refs):
        draft.tell(row, "deleted-issue", f"issue {missing} was deleted; no other is made for this row")
        entry = replace(entry, no="deleted")
    else:
        draft.tell(row, "hidden-issue", f"issue {missing} cannot be seen or read now; the row is left as it is")
    draft.ledger = draft.ledger.put(entry)


def _merge(
    draft: _Draft,
    row: Row,
    entry: Entry,
    issue: Issue,
    tracker: TrackerReader,
    options: Options,
    settled: Settled,
) -> None:
    item = row.seat.item
    landed = entry.landed or (tracker.name, entry.issue) in row.seat.refs
    decision = decide(
        item,
        replace(entry, landed=landed),
        issue,
        tracker.capabilities,
        options.rules,
        settled.unsettled.get(entry.key, frozenset()),
    )
    draft.ledger = draft.ledger.put(decision.entry)
    draft.rows[entry.key] = replace(row, entry=decision.entry)
    for code, message in decision.told:
        draft.tell(row, code, message)
    if decision.send:
        changed = ", ".join(decision.send)
        reason = f"{changed} changed in the document"
        draft.changes.append(Update(entry.key, tracker.name, entry.issue, decision.send, _where(row), reason))
    draft.changes.extend(_shows(row, decision.entry))


def _shows(row: Row, entry: Entry) -> Sequence[Show]:
    item = row.seat.item
    shows = []
    if entry.holder and entry.issue and not item.tickets and item.stated[Field.TICKET].place:
        text = item.stated[Field.TICKET].text
        shows.append(Show(entry.key, Field.TICKET, text, entry.issue, _where(row), "its ticket is not written in yet"))
    for what, memory in entry.memory.items():
        if memory.want is not None and what in item.stated:
            text = item.stated[what].text
            shows.append(Show(entry.key, what, text, memory.want, _where(row), f"{what} changed in the issue"))
    return shows


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
