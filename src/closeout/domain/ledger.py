"""What closeout remembers: per key its issue, what was seen on each side, and what is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from closeout.domain.item import Field


@dataclass(frozen=True, slots=True)
class Memory:
    """One field of one key.

    `document` and `tracker` are what was seen there, each in its own words (None: never seen); `want` is the value
    that the document should show and does not yet; `proposed` the texts that were written and may not have landed.
    """

    document: str | None = None
    tracker: str | None = None
    want: str | None = None
    proposed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Intent:
    """A write to the tracker that was about to be made, recorded before it; it is settled, never replayed.

    `values` holds per field the tracker's old and new value and the document's words; for a create the old values
    are empty and `version` too. `when` is the time of the announcement (UTC, ISO 8601 to the second).
    """

    values: Mapping[Field, tuple[str, str, str]]
    version: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One key.

    `document`, `title` (folded) and `ordinal` are the place where its item was last seen, `position` its number among
    the document's items; `issue` is its reference in
    `tracker`, empty while a create is still open, and where a *no* was said before there was any; `owned` says that
    closeout created the issue or was told to adopt it, `adopted` the latter; `holder`
    that its row is the one the ticket belongs to; `landed` that the ticket was read in the document; `no` remembers
    why nothing is to be done for it any more; `version` is the issue's when its values were last seen.

    `made` is when a clone whose ledger no other sees made the issue (UTC, ISO 8601 to the second), as long as another
    may have made one too, and `fresh` its version then (empty if its reply was lost); `gave_way` an issue that was closed for the one that is kept;
    `unassigned` that its issue was made without the owners that the row names, and nobody has changed them since;
    `parent` the issue that its own was seen below once, or what refused that (see `closeout.domain.nesting`): it is said
    once, and then people's.
    """

    key: str
    tracker: str
    document: str
    title: str
    ordinal: int
    position: int = 0
    issue: str = ""
    owned: bool = True
    adopted: bool = False
    holder: bool = True
    landed: bool = False
    first_seen: str = ""
    opened: str = ""
    closed: str = ""
    author: str = ""
    no: str = ""
    version: str = ""
    memory: Mapping[Field, Memory] = field(default_factory=dict)
    intent: Intent | None = None
    made: str = ""
    fresh: str = ""
    gave_way: str = ""
    unassigned: bool = False
    parent: str = ""

    @property
    def place(self) -> tuple[str, str, int]:
        """Where the item was last seen: document, folded title, ordinal."""
        return self.document, self.title, self.ordinal

    def remember(self, memory: Mapping[Field, Memory]) -> Entry:
        """Return the entry with some fields' memory replaced."""
        return replace(self, memory={**self.memory, **memory})


@dataclass(frozen=True, slots=True)
class Report:
    """Where a report was posted last, and what; times are UTC, ISO 8601 to the second.

    `issue` of `tracker` has it, as its own text or, where `comment` names one, in a comment that `author` wrote; `digest`
    names the text, `when` it was posted, `period` is the report's. `mentioned` is when people were mentioned last;
    `announced` when a first post was about to be made whose answer is not known yet, empty for none; `former` the issue
    of the period before as long as it is to be closed.
    """

    tracker: str = ""
    issue: str = ""
    comment: str = ""
    period: str = ""
    digest: str = ""
    when: str = ""
    author: str = ""
    mentioned: str = ""
    announced: str = ""
    former: str = ""


FORMAT = 1
UNLINKED = "unlinked"  # the *no* that a person said
NOWHERE = -1  # the position of an entry that lost its row in an earlier run: the rows were renumbered since
MISSING = -2  # of one that lost it with so many others that nobody believes it until somebody says so


@dataclass(frozen=True, slots=True)
class Ledger:
    """All entries by key, and the head: the format, the repository's id, the trackers' addresses, and `revision`, the
    commit of the documents that it was last computed from (empty where they are read as they lie); `reports` are those
    that are posted into a tracker, by name.
    """

    repository: str = ""
    trackers: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)
    exists: bool = False
    revision: str = ""
    reports: Mapping[str, Report] = field(default_factory=dict)

    @property
    def unsettled(self) -> bool:
        """Whether a write to an issue was announced of which nobody knows what came of it. One of a report is left to the
        next posting, which may be weeks ahead.
        """
        return any(entry.intent for entry in self.entries.values())

    def post(self, name: str, report: Report) -> Ledger:
        """Return the ledger with what is remembered of a report."""
        return replace(self, reports={**self.reports, name: report})

    def put(self, *entries: Entry) -> Ledger:
        """Return the ledger with entries added or replaced."""
        return replace(self, entries={**self.entries, **{entry.key: entry for entry in entries}})

    def of(self, tracker: str) -> Iterator[Entry]:
        """Yield the entries of one tracker."""
        return (entry for entry in self.entries.values() if entry.tracker == tracker)

    def drop(self, key: str) -> Ledger:
        """Return the ledger without a key."""
        return replace(self, entries={kept: entry for kept, entry in self.entries.items() if kept != key})

    def lose(self, keys: Iterable[str], position: int = NOWHERE) -> Ledger:
        """Return the ledger with entries that have no row any more, nowhere among their document's items."""
        return self.put(*(replace(self.entries[key], position=position) for key in keys if key in self.entries))
