"""Write back and verify: results and wants to new texts; then publish them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from closeout.domain.finding import Finding
from closeout.domain.issue import Issue
from closeout.domain.item import Field, Status, same
from closeout.domain.ledger import Entry, Ledger
from closeout.editing import words
from closeout.editing.splice import Edit, splice
from closeout.editing.verify import verify
from closeout.engine import show
from closeout.engine.align import aligned, refused
from closeout.engine.apply import Applied
from closeout.engine.boards import sight
from closeout.engine.consider import Considered
from closeout.engine.landing import Draft, landed, proposed
from closeout.engine.library import Library
from closeout.engine.spots import Spot, edited, is_ours, taken_back, writes_of
from closeout.engine.world import Options, World
from closeout.errors import CloseoutError, Exit, VerificationError
from closeout.ports.documents import Published, Rewrite


@dataclass(frozen=True, slots=True)
class Written:
    """The ledger after publishing, the paths that were written, what went wrong, what could not be said, the commits that
    hold it, for a person, and which of the paths wait to be merged.
    """

    ledger: Ledger
    paths: tuple[str, ...] = ()
    errors: tuple[tuple[Exit, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    places: tuple[str, ...] = ()
    offered: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the new texts are made from: `library` are the documents as they stand where they are written, `issues` those
    that this run's own writes were answered with, `findings` is what could not be said.
    """

    considered: Considered
    library: Library
    issues: Mapping[tuple[str, str], Issue]
    world: World
    options: Options
    findings: list[Finding] = field(default_factory=list)

    def issue(self, place: tuple[str, str]) -> Issue | None:
        """Return an issue as a reply or a look by its number tells it: a listing alone never enters a document."""
        if place in self.issues:
            return self.issues[place]
        seen, tracker = sight(self.considered.boards, place), self.world.trackers[place[0]]
        found = tracker.get(place[1]) if tracker.capabilities.lists_lag or seen is None else seen
        return found if isinstance(found, Issue) else None

    def seen(self, place: tuple[str, str]) -> Issue | None:
        """Return an issue as it was observed, where only its name is needed."""
        seen = self.issues.get(place) or sight(self.considered.boards, place)
        return seen if isinstance(seen, Issue) else self.issue(place)


def write_back(considered: Considered, applied: Applied, world: World, options: Options) -> Written:
    """Put every ticket and wanted value into its place; each document is written wholly or not at all."""
    ledger = applied.ledger
    scene = _Scene(considered, considered.library.as_written(), applied.issues, world, options)
    errors: list[tuple[Exit, str]] = []
    drafts: list[Draft] = []
    for path, spots in _by_path(scene, ledger).items():
        if path in scene.library.guessed:
            continue
        try:
            draft = _drafted(path, spots, scene)
        except VerificationError as error:
            errors.append((error.exit, str(error)))
            continue
        if draft is not None:
            drafts.append(draft)
    if not world.publisher.writes:
        unwritten = (_unwritten(draft) for draft in drafts)
        return Written(ledger, (), tuple(errors), (*scene.findings, *unwritten))
    if drafts:
        ledger = proposed(ledger, drafts)
        if applied.announced or ledger.entries != considered.before.entries:
            world.ledger.save(ledger)
    published = _published(drafts, considered, world)
    told = [result for result in published.values() if result.error]
    errors.extend((result.code or (Exit.MOVED if result.moved else Exit.DOCUMENTS), result.error) for result in told)
    written, seen = [], []
    for draft in drafts:
        result = published[draft.rewrite.path]
        if result.error or result.unchanged:
            continue
        written.append(result.path)
        if world.publisher.lands and not result.waits:
            shown = draft.shown.items()
            seen += [landed(ledger.entries[entry.key], draft, index) for index, (entry, _) in shown]
    places = dict.fromkeys(result.where for result in published.values() if result.where)
    offered = frozenset(path for path, result in published.items() if result.waits)
    return Written(ledger.put(*seen), tuple(written), tuple(errors), tuple(scene.findings), tuple(places), offered)


def _published(drafts: list[Draft], considered: Considered, world: World) -> Mapping[str, Published]:
    """Publish; nothing is taken back while a document cannot be read: it may want what stands there."""
    library = considered.library
    if library.errors and not drafts:
        return {}
    rewrites = [draft.rewrite for draft in drafts]
    return {result.path: result for result in world.publisher.publish(rewrites, library.snapshot.revision)}


def _by_path(scene: _Scene, ledger: Ledger) -> Mapping[str, list[Spot]]:
    found: dict[str, list[Spot]] = defaultdict(list)
    for key, row in scene.considered.rows.items():
        entry = ledger.entries.get(key)
        if entry is None or not entry.issue or entry.no or entry.tracker not in scene.considered.boards:
            continue
        seat = row.seat
        standing = scene.considered.library.standing(seat.path, seat.order)
        if standing is not None:
            here = replace(seat, order=standing[0], item=standing[1])
            found[seat.path].append(Spot(replace(row, seat=here), entry, seat.item))
        elif any(memory.want is not None for memory in entry.memory.values()):
            scene.findings.append(edited(seat.path, seat.item.line, "this row"))
    return found


def _drafted(path: str, spots: list[Spot], scene: _Scene) -> Draft | None:
    """Make one document's new text; if that reads otherwise than meant, each ticket is tried on its own first."""
    try:
        return _document(path, spots, scene, careful=False)
    except VerificationError:
        return _document(path, spots, scene, careful=True)


def _document(path: str, spots: list[Spot], scene: _Scene, *, careful: bool) -> Draft | None:
    """Make one document's new text; None if there is nothing to write. Raises VerificationError."""
    library, options = scene.library, scene.options
    document, base = library.documents[path], library.bases[path]
    edits: list[Edit] = []
    intended: dict[int, dict[Field, str]] = {}
    shown: dict[int, tuple[Entry, tuple[Field, ...]]] = {}
    for spot in spots:
        index = spot.row.seat.order
        made = {what: (said, value) for what, said, value in _edits(spot, scene, careful=careful)}
        if made:
            edits.extend(said for said, _ in made.values())
            intended[index] = {what: value for what, (_, value) in made.items()}
            shown[index] = (spot.entry, tuple(made))
    if not edits and path not in library.boxes and (not options.realign or path in library.columns):
        return None
    try:
        text = splice(base, edits)
    except (ValueError, CloseoutError) as error:
        message = f"{path}: the edits do not fit the text they were made for: {error}; nothing was written"
        raise VerificationError(message) from error
    after = library.parse(path, text, options.vocabulary, templates=options.templates)
    verify(document, after, intended)
    if options.realign:
        if padded := aligned(text, after, library, options):
            text, after = padded
        else:
            scene.findings.append(refused(path))
    if text == library.texts[path]:
        return None
    if not library.can_say(path, text):
        message = f"{path}: the new text cannot be said in {library.encoding(path)}; nothing was written"
        raise VerificationError(message)
    writes = tuple(writes_of(spots, shown, after))
    return Draft(Rewrite(path, library.texts[path], text, len(writes), library.encoding(path), writes), after, shown)


def _edits(spot: Spot, scene: _Scene, *, careful: bool) -> Iterator[tuple[Field, Edit, str]]:
    """Yield (field, edit, the value that it means) for all that an item is to show."""
    row, entry = spot.row, spot.entry
    item, index, path = row.seat.item, row.seat.order, row.seat.path
    library, place = scene.library, (entry.tracker, entry.issue)
    fitting = scene.considered.boards[entry.tracker].fitting
    wants = {what: memory.want for what, memory in entry.memory.items() if memory.want is not None}
    issue = scene.issue(place) if wants and entry.owned and entry.holder else None
    for what, want in wants.items():
        if what is Field.TITLE and not spot.read.tickets:
            continue  # not before its ticket landed
        if what in item.stated and (issue is None or _still(what, want, issue)):
            made = show.edit(path, index, what, want, library, scene.options, fitting)
            if made is not None and is_ours(spot, what, made.edit.value):
                yield what, made.edit, made.value
            elif made is not None:
                scene.findings.append(edited(path, item.line, what))
    yield from taken_back(spot)
    free = entry.holder and not item.tickets and item.stated[Field.TICKET].place is not None
    named = scene.seen(place) if free else None
    if named is not None:
        spelt = words.Ticket(*scene.world.trackers[entry.tracker].spell(named, path))
        told = show.ticket(path, index, spelt, library, scene.options, careful=careful)
        if told is not None:
            yield Field.TICKET, told.edit, told.value
        else:
            scene.findings.append(show.no_ticket(row, spelt.bare))


def _still(what: Field, want: str, issue: Issue) -> bool:
    """Whether an issue still says what a document is to show; a box shows of a status only whether it is closed."""
    now = issue.values.get(what, "")
    if what is Field.STATUS:
        return Status(now or Status.TODO).closed == Status(want).closed
    return same(what, now, want)


def _unwritten(draft: Draft) -> Finding:
    told = f'{len(draft.shown)} rows would be changed; nothing is written with publish = "none"'
    return Finding(draft.rewrite.path, 0, "not-published", told)
