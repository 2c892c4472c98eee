"""View: the rows as they stand and what is remembered of them, for a word about one item; and how it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from closeout.domain.ledger import Entry, Ledger
from closeout.domain.sync.identity import fresh_keys
from closeout.domain.sync.match import Row, match
from closeout.engine.boards import Trackers
from closeout.engine.library import Library
from closeout.engine.naming import named, spoken
from closeout.engine.read import read
from closeout.engine.seats import seats
from closeout.engine.standing import standing
from closeout.engine.world import Options, World
from closeout.errors import ConfigurationError, MovedError, TrackerError


@dataclass(frozen=True, slots=True)
class View:
    """The ledger, the rows with their entries, and the keys that surely have no row."""

    ledger: Ledger
    library: Library
    rows: tuple[Row, ...]
    lost: frozenset[str]

    def row_of(self, key: str) -> Row | None:
        """Return the row of a key."""
        return next((row for row in self.rows if row.entry is not None and row.entry.key == key), None)

    def fresh(self, row: Row) -> tuple[str, int]:
        """Return a key and an ordinal that nobody has, for the place of a row."""
        bare = (replace(one, entry=None) if one is row else one for one in self.rows)
        of = {id(one.seat): (key, ordinal) for one, key, ordinal in fresh_keys(bare, self.ledger)}
        return of[id(row.seat)]


@dataclass(frozen=True, slots=True)
class Word:
    """What a word about one item does: the entries that change or go, the (tracker, reference, key) of an issue to be marked, and
    what a person is told of it. Without entries and mark there is nothing to do; `stop` says why it must wait.
    """

    told: tuple[str, ...]
    put: tuple[Entry, ...] = ()
    drop: tuple[str, ...] = ()
    mark: tuple[str, str, str] | None = None
    stop: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.put and not self.drop and self.mark is None


Decide = Callable[[View, Trackers], Word]


def planned(world: World, options: Options, decide: Decide) -> Word:
    """Decide what a word does, and do none of it. Raises ConfigurationError if it cannot be done, or without a ledger."""
    return _decided(world, options, decide)[1]


def viewed(world: World, options: Options) -> View:
    """Read the ledger and the documents, and tell which row is whose; the tracker is not asked."""
    loaded = world.ledger.load()
    library = read(world.source, options)
    matching = match(seats(library, world.trackers), loaded, library.known)
    return View(loaded, library, matching.rows, matching.lost)


def place_named(world: World, options: Options, name: str) -> tuple[str, str, int]:
    """Return the path, the text as it was read, and the line of the item that a ticket or a key stands for.

    Raises ConfigurationError for a name that is nobody's, and for an item whose row is gone.
    """
    view = viewed(world, options)
    row, entry = named(name, view.rows, view.ledger.entries.values(), world.trackers, options.folder)
    if row is None:
        last = f"{entry.title!r} of {entry.document}" if entry is not None else "an item"
        message = f"{name}: could not be explained: it is {last}, whose row is gone. Name a row by PATH:LINE"
        raise ConfigurationError(message)
    return row.seat.path, view.library.texts[row.seat.path], row.seat.item.line


def _decided(world: World, options: Options, decide: Decide) -> tuple[Ledger, Word]:
    view = viewed(world, options)
    if not view.ledger.exists:
        message = "The ledger: could not be changed: there is none yet. Run `closeout sync` first"
        raise ConfigurationError(message)
    word = decide(view, world.trackers)
    here = standing(world, options, view.library.snapshot, view.ledger)
    return view.ledger, replace(word, stop=here.circumstances.plans_only(first=False))


def carry_out(world: World, options: Options, decide: Decide, agreed: Word) -> None:
    """Do what was agreed to: the ledger first, then the mark. Raises MovedError if it would not be the same any more."""
    with world.ledger.lease():
        ledger, word = _decided(world, options, decide)
        if word != agreed:
            message = "The ledger: could not be changed: documents or issues changed meanwhile. Run again"
            raise MovedError(message)
        for key in word.drop:
            ledger = ledger.drop(key)
        world.ledger.save(ledger.put(*word.put), last=word.mark is None)
        if word.mark is not None:
            name, ref, key = word.mark
            tracker = world.trackers[name]
            world.ledger.hold(tracker.capabilities.write_seconds)
            if tracker.mark(ref, key).key != key:
                message = f"{tracker.address}: could not mark issue {ref}: its text does not take the mark"
                raise TrackerError(f"{message}. Look at the lines of closeout in it")


def settled(row: Row | None, entry: Entry | None) -> None:
    """Raise ConfigurationError for an entry that a dead run announced a write for: what came of it is not known yet."""
    if entry is not None and entry.intent is not None:
        message = f"{spoken(row, entry)}: could not be changed: a write to it is announced. Run `closeout sync` first"
        raise ConfigurationError(message)
