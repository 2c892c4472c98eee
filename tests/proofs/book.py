"""What is known of a team's items: whose row a key is, and what became of people's edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from closeout.domain.document import Document
from closeout.domain.issue import Issue
from closeout.domain.item import Field, folded
from closeout.domain.ledger import NOWHERE, Entry, Ledger
from closeout.engine.read import read
from closeout.engine.world import Options
from closeout.ports.documents import Page
from proofs import rows, threads
from proofs.rows import Row
from proofs.shared import Shared, Texts
from proofs.threads import HERE, THERE, Thread
from worlds import Fuse

PEOPLES = (Field.TITLE, Field.STATUS, Field.OWNERS, Field.DUE)
_OPTIONS = Options()
_READ: dict[tuple[str, str], object] = {}  # pages are the same ones again and again


def spread(act: object, pages: Sequence[Page]) -> list[object]:
    """Read pages, each text once for all worlds."""
    for page in pages:
        if (page.path, page.text) not in _READ:
            _READ[page.path, page.text] = act(page)  # type: ignore[operator]
    return [_READ[page.path, page.text] for page in pages]


def documents(texts: Texts) -> Mapping[str, Document]:
    """The documents as closeout reads them."""
    return read(Shared(texts, "commit", Fuse()), _OPTIONS, spread=spread).documents  # type: ignore[arg-type]


def items(texts: Texts) -> dict[tuple[str, int, str], Row]:
    """Every row by its document's id, its number there, and its folded title."""
    at = {(row.path, row.number + 1): row for row in rows.all_rows(texts)}
    return {
        (document.id, order, folded(item.title)): at[path, item.line]
        for path, document in documents(texts).items()
        for order, item in enumerate(document.items)
    }


@dataclass
class Book:
    """`keys` tells by a row's note which key is its own."""

    keys: dict[str, str] = field(default_factory=dict)
    threads: dict[tuple[str, str, Field], Thread] = field(default_factory=dict)

    def entry(self, tag: str, ledger: Ledger) -> Entry | None:
        return ledger.entries.get(self.keys.get(tag, ""))

    def managed(self, tag: str, ledger: Ledger) -> Entry | None:
        """The entry of a row whose issue is its own."""
        entry = self.entry(tag, ledger)
        if entry is None or not entry.issue or not entry.owned or not entry.holder or entry.no:
            return None
        return None if entry.position == NOWHERE else entry

    def tag_of(self, ref: str, ledger: Ledger) -> str:
        return next((tag for tag in self.keys if (one := self.managed(tag, ledger)) and one.issue == ref), "")

    def know(self, texts: Texts, ledger: Ledger, issues: Mapping[str, Issue]) -> None:
        """Note whose row each key is, as far as the ledger tells it of the texts that were read last."""
        there = items(texts)
        for entry in ledger.entries.values():
            known = entry.memory.get(Field.TITLE)
            titles = (entry.title, folded((known and known.document) or ""))  # we may have written it just now
            found = (there.get((entry.document, entry.position, title)) for title in titles)
            row = next(filter(None, found), None)
            if row is None or not entry.holder:
                continue
            self.keys = {tag: key for tag, key in self.keys.items() if key != entry.key} | {row.tag: entry.key}
            if self.managed(row.tag, ledger) and entry.issue in issues:
                self._begin(row, entry, issues[entry.issue])

    def _begin(self, row: Row, entry: Entry, issue: Issue) -> None:
        """A row that got an issue begins a story, another issue another one."""
        if (row.tag, entry.issue, Field.DUE) not in self.threads:
            self.threads = {spot: kept for spot, kept in self.threads.items() if spot[0] != row.tag}
            for what in PEOPLES:
                values = {HERE: row.value(what), THERE: issue.values.get(what, "")}
                self.threads[row.tag, entry.issue, what] = Thread(values)

    def look(self, texts: Texts, ledger: Ledger, issues: Mapping[str, Issue]) -> None:
        """Note what both sides show by now."""
        for row in rows.all_rows(texts):
            entry = self.managed(row.tag, ledger)
            for what in PEOPLES if entry is not None and entry.issue in issues else ():
                thread = self.threads.get((row.tag, entry.issue, what)) if entry else None
                if thread is not None and entry is not None:
                    thread.saw(HERE, row.value(what))
                    thread.saw(THERE, issues[entry.issue].values.get(what, ""))

    def typed(self, row: Row, what: Field, ledger: Ledger) -> None:
        """A person has typed what a row says now."""
        entry = self.managed(row.tag, ledger)
        if entry is None:  # nobody can tell whose row it is just now; what was typed before is typed over all the same
            for (tag, _, known), kept in self.threads.items():
                if (tag, known) == (row.tag, what) and row.value(what) != kept.values[HERE]:
                    kept.typed(HERE, row.value(what), visible=False)
        thread = self.threads.get((row.tag, entry.issue, what)) if entry else None
        if thread is not None and row.value(what) != thread.values[HERE]:
            text = row.value(what) if what is Field.TITLE else row.cells[rows.HEADS[what]]
            thread.typed(HERE, row.value(what), visible=threads.is_visible(HERE, what, text, "", entry))

    def set(self, ref: str, what: Field, value: str, ledger: Ledger) -> None:
        """A person has changed an issue."""
        tag = self.tag_of(ref, ledger)
        thread = self.threads.get((tag, ref, what))
        if thread is not None and value != thread.values[THERE]:
            entry = self.managed(tag, ledger)
            thread.typed(THERE, value, visible=threads.is_visible(THERE, what, "", value, entry))

    def forget(self, *tags: str) -> None:
        """Rows that people took apart have no story to hold anybody to."""
        self.threads = {spot: kept for spot, kept in self.threads.items() if spot[0] not in tags}

    def told(self, tag: str, message: str, values: Mapping[Field, Mapping[str, str]]) -> None:
        """A clash was told: who wins is in its words, and `values` are what both sides said before the run."""
        for (known, _, what), thread in self.threads.items():
            if known == tag and f"{what}" in message:
                winner = HERE if "the document wins" in message else THERE if "the tracker wins" in message else ""
                thread.settled(winner, values[what][winner] if winner else "")

    def lost(self) -> list[str]:
        """The edits that were lost in silence."""
        return [
            f"{what} of {tag} ({ref}): {why}" for (tag, ref, what), one in self.threads.items() if (why := one.lost())
        ]
