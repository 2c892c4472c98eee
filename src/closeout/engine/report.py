"""Report: the rows of a day, from documents alone, with what the ledger remembers, or with what trackers say now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

from closeout.domain.issue import Issue
from closeout.domain.ledger import Entry, Ledger
from closeout.domain.plan import Plan
from closeout.domain.report.rows import UNREADABLE, Mark, Rows, Waiting
from closeout.domain.sync.match import Row, match
from closeout.engine.boards import Board, Trackers, sight
from closeout.engine.consider import Considered, consider
from closeout.engine.gather import NOTHING, About, Known, gather
from closeout.engine.library import Library
from closeout.engine.observe import together
from closeout.engine.read import read
from closeout.engine.seats import seats
from closeout.engine.standing import standing
from closeout.engine.world import Options, World
from closeout.errors import CloseoutError, ConfigurationError, Exit, LaterError, TrackerError
from closeout.ports.archive import Archive
from closeout.ports.documents import DocumentSource
from closeout.ports.spread import Spread

Tick = Callable[[str, int, int], None]
Thing = TypeVar("Thing")
Out = TypeVar("Out")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a report is made from.

    `source` are the documents; `trackers` tell what tickets name, None where all is from documents alone; `world` is what
    a run works with, None where no tracker is to be asked: then what the ledger remembers stands. `archive` is None where
    nothing tells of earlier days.
    """

    source: DocumentSource
    options: Options
    about: About
    archive: Archive | None = None
    trackers: Trackers | None = None
    world: World | None = None
    ledger: Callable[[], Ledger] = Ledger
    spread: Spread = map


@dataclass(frozen=True, slots=True)
class Made:
    """The rows of the day, those of the day before the period (None where nobody knows), and errors by exit code."""

    rows: Rows
    before: Rows | None = None
    errors: tuple[tuple[Exit, str], ...] = ()


def make(ground: Ground, as_of: date, before: date, tick: Tick = lambda step, done, total: None) -> Made:
    """Return the rows as they stand now, and those when the day `before` ended.

    A tracker that cannot be asked leaves a note and an error, and what was last seen of it stands.
    """
    ground = replace(ground, spread=_Once(ground.spread))
    told = partial(tick, "reading documents")
    publisher = ground.world.publisher if ground.world else None
    library = read(ground.source, ground.options, publisher, tick=told, spread=ground.spread, causes=True)
    errors: list[tuple[Exit, str]] = [(Exit.DOCUMENTS, error.message) for error in library.errors]
    ledger = ground.ledger()
    considered: Considered | None = None
    away: tuple[CloseoutError, ...]
    try:
        considered = _considered(ground, library, ledger)
    except (TrackerError, LaterError) as error:
        away = (error,)
    else:
        away = considered.errors if considered else ()
    errors += [(error.exit, str(error)) for error in away]
    rows = _rows(ground, library, considered or ledger, as_of)
    then, missed = _before(ground, before, as_of)
    notes = (*rows.notes, *(("tracker", str(error)) for error in away), *missed)
    return Made(replace(rows, notes=notes), then, tuple(errors))


def look_back(ground: Ground, as_of: date, before: date) -> Made | None:
    """Return the rows as they stood when the day `as_of` ended, and when `before` did; None if nothing that old is here."""
    ground = replace(ground, spread=_Once(ground.spread))
    rows = _then(ground, as_of)
    if rows is None:
        return None
    errors = tuple((Exit.DOCUMENTS, words) for code, words in rows.notes if code == UNREADABLE)
    then, missed = _before(ground, before, as_of)
    return Made(replace(rows, notes=(*rows.notes, *missed)), then, errors)


def _before(ground: Ground, day: date, as_of: date) -> tuple[Rows | None, Sequence[tuple[str, str]]]:
    """The rows of an earlier day, and what to tell where they cannot be read: that is no reason to have no report."""
    try:
        return (_then(ground, day) if day < as_of else None), ()
    except ConfigurationError as error:
        return None, (("before", str(error)),)


def _then(ground: Ground, day: date) -> Rows | None:
    source = ground.archive.documents(day) if ground.archive else None
    if source is None or ground.archive is None:
        return None
    library = read(source, ground.options, spread=ground.spread, causes=True)
    return _rows(ground, library, ground.archive.ledger(day) if ground.trackers else Ledger(), day)


def _considered(ground: Ground, library: Library, ledger: Ledger) -> Considered | None:
    """What a plan starts from; None where no tracker is asked."""
    if ground.world is None:
        return None
    options = standing(ground.world, ground.options, library.snapshot, ledger)
    return consider(ground.world.trackers, library, ledger, options)


def _rows(ground: Ground, library: Library, seen: Considered | Ledger, as_of: date) -> Rows:
    ledger = seen.ledger if isinstance(seen, Considered) else seen
    revision, archive = library.snapshot.revision, ground.archive
    about = replace(ground.about, published=archive.published(revision) if archive else ground.about.published)
    known = {} if ground.trackers is None else _known(ground.trackers, library, ledger, seen)
    items, cases = gather(library.documents.values(), lambda path, order: known.get((path, order), NOTHING), about)
    notes = [(UNREADABLE, error.message) for error in library.errors]
    if library.snapshot.note:
        notes.append(("snapshot", library.snapshot.note))
    return Rows(
        as_of=as_of,
        items=items,
        cases=cases,
        waiting=tuple(Waiting(address, _day(since)) for address, since in library.offers),
        notes=tuple(notes),
        repository=ground.options.repository,
        tracked=isinstance(seen, Considered) or ledger.exists,
    )


def _known(
    trackers: Trackers, library: Library, ledger: Ledger, seen: Considered | Ledger
) -> Mapping[tuple[str, int], Known]:
    matching = match(seats(library, trackers), ledger, library.known)
    considered = seen if isinstance(seen, Considered) else None
    odd = _marks(considered.plan) if considered else {}
    found = {}
    for row in matching.rows:
        known = (
            _remembered(row, trackers) if row.entry else Known(next(iter(row.seat.refs), ("", "")), not row.follower)
        )
        if considered and row.entry and not row.entry.no:
            known = _looked_at(row, row.entry, known, considered.boards)
        sent = known.issue[1] or row.seat.item.tickets or row.seat.item.closed or (row.entry and row.entry.no)
        marks = odd.get((row.seat.path, row.seat.item.line), frozenset())
        if not sent and (considered or ledger.exists):
            marks |= {Mark.UNSENT}
        found[row.seat.path, row.seat.order] = replace(known, marks=marks)
    return found


def _remembered(row: Row, trackers: Trackers) -> Known:
    """What was last seen of a row's issue; of one that is left alone only which it is."""
    entry = row.entry
    if entry is None or entry.tracker not in trackers.by_name:
        return NOTHING
    seen = {what: memory.tracker for what, memory in entry.memory.items() if memory.tracker is not None}
    return Known(
        issue=(entry.tracker, entry.issue),
        holder=entry.holder and not row.follower,
        values={} if entry.no else seen,
        capabilities=trackers[entry.tracker].capabilities,
        opened=entry.opened,
        closed="" if entry.no else entry.closed,
        first_seen=entry.first_seen,
    )


def _looked_at(row: Row, entry: Entry, known: Known, boards: Mapping[str, Board]) -> Known:
    """What a tracker says of a row's issues now; where one of them cannot be seen, what was last seen stands."""
    own = (entry.tracker, entry.issue)
    places = [own] if entry.holder and entry.owned else list(row.seat.refs) or [own]
    issues = [seen for place in places if isinstance(seen := sight(boards, place), Issue)]
    if not issues or len(issues) < len(places):
        return known
    issue, tracker = together(issues), boards[places[0][0]].tracker
    return replace(
        known,
        values=issue.values,
        opened=min((one.opened for one in issues if one.opened), default=known.opened),
        closed=max(one.closed for one in issues),
        ticket=next(iter(row.seat.item.tickets), "") or tracker.spell(issues[0], row.seat.path)[0],
        address=issues[0].address,
    )


def _marks(plan: Plan) -> Mapping[tuple[str, int], frozenset[Mark]]:
    """What the plan says of rows; where nothing at all is written, that is no matter of single ones."""
    found: dict[tuple[str, int], frozenset[Mark]] = {}
    held = () if plan.stop else (one.change.where for one in plan.held if not one.later)
    clashing = (finding for finding in plan.findings if finding.code == "clash")
    places: Iterable[tuple[str, int, Mark]] = (
        *((where.path, where.line, Mark.HELD) for where in held),
        *((finding.path, finding.line, Mark.CLASH) for finding in clashing),
    )
    for path, line, mark in places:
        found[path, line] = found.get((path, line), frozenset()) | {mark}
    return found


@dataclass
class _Once:
    """Reads each page once, however many days it stood as it is."""

    spread: Spread
    made: dict[object, Any] = field(default_factory=dict)

    def __call__(self, act: Callable[[Thing], Out], things: Sequence[Thing], /) -> Iterable[Out | None]:
        fresh = [thing for thing in things if thing not in self.made]
        self.made.update(zip(fresh, self.spread(act, fresh), strict=True))
        return [self.made[thing] for thing in things]


def _day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
