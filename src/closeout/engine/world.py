"""What a run works with: its ports, and what it was told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from closeout.domain.item import Field
from closeout.domain.people import People
from closeout.domain.sync.guard import Circumstances, Limits
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from closeout.engine.boards import Trackers
from closeout.ports.documents import DocumentSource, Publisher
from closeout.ports.ledger import LedgerKeeper
from closeout.ports.spread import Spread
from closeout.reading.vocabulary import Vocabulary, shipped


@dataclass(frozen=True, slots=True)
class World:
    """The ports of one run; `spread` reads the documents, here or in several processes."""

    source: DocumentSource
    publisher: Publisher
    ledger: LedgerKeeper
    trackers: Trackers
    spread: Spread = map


@dataclass(frozen=True, slots=True)
class Options:
    """What a run was told.

    `today` as YYYY-MM-DD, `now` as UTC, ISO 8601 to the second; `place` is the address of the documents (a URL that a
    path is put behind), empty where a path is enough; `on_runner` says that this clone dies with its job;
    `renamed` tells whether the repository was once called so;
    `new` are the places (`path:line`) of rows that a person says are new, `folder` where their paths may start;
    `realign` that the tables of a document that is written get new padding.
    """

    repository: str = "local"
    today: str = ""
    now: str = ""
    place: str = ""
    on_runner: bool = False
    version: str = ""
    vocabulary: Vocabulary = field(default_factory=shipped)
    rules: Mapping[Field, Rule] = field(default_factory=lambda: DEFAULT_RULES)
    limits: Limits = field(default_factory=Limits)
    circumstances: Circumstances = field(default_factory=Circumstances)
    people: People = field(default_factory=People)
    templates: bool = False
    add_columns: bool = False
    add_boxes: bool = False
    realign: bool = False
    rebuild: bool = False
    renamed: Callable[[str], bool] = lambda former: False
    new: tuple[str, ...] = ()
    folder: str = ""
