"""What a run works with: its ports, and what it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from closeout.domain.item import Field
from closeout.domain.sync.guard import Limits
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from closeout.ports.documents import DocumentSource, Publisher
from closeout.ports.ledger import LedgerKeeper
from closeout.ports.tracker import Tracker
from closeout.reading.vocabulary import Vocabulary, shipped


@dataclass(frozen=True, slots=True)
class World:
    """The ports of one run."""

    source: DocumentSource
    publisher: Publisher
    ledger: LedgerKeeper
    tracker: Tracker


@dataclass(frozen=True, slots=True)
class Options:
    """What a run was told; `today` as YYYY-MM-DD."""

    repository: str = "local"
    today: str = ""
    version: str = ""
    vocabulary: Vocabulary = field(default_factory=shipped)
    rules: Mapping[Field, Rule] = field(default_factory=lambda: DEFAULT_RULES)
    limits: Limits = field(default_factory=Limits)
    templates: bool = False
    add_columns: bool = False
    rebuild: bool = False
