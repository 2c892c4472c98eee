"""The documents of one run: as they were read, and as they stand where they are written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from closeout.domain.document import Document
from closeout.domain.finding import Finding
from closeout.domain.item import Item, folded
from closeout.ports.documents import Page, Snapshot
from closeout.reading.document import read as read_document
from closeout.reading.vocabulary import Vocabulary

UTF_8 = "utf-8"


@dataclass(frozen=True, slots=True)
class Base:
    """A document with the new places that were asked for: how it reads, and how many tables and entries got some.

    `text` is None if it is still that of the page: then it need not go from one process to another.
    """

    document: Document
    text: str | None = None
    columns: int = 0
    boxes: int = 0


@dataclass(frozen=True, slots=True)
class Here:
    """A document as it stands where it is written; `orders` tells for each item that was read its number there."""

    page: Page
    base: Base
    orders: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Library:
    """The documents of one run.

    `texts` are as read; `bases` are what edits are computed from (with new columns and boxes, where these were asked
    for); `columns` counts the widened tables by path, `boxes` the entries that got a box; `errors` are of pages that
    could not be read, and `snapshot` tells at which commit all were. Where write-backs go onto another text than the one
    that was read, `here` holds that one, by path; `placed` are the paths of which it is known what stands there.
    `waiting` holds by path what was written and waits to be merged, `waits` what to tell of it, and `offers` where, and
    since when.
    `encodings` are those that are not UTF-8, by path, and `guessed` the paths of those that nothing is written into,
    because theirs was guessed. `tongues` is what was found out of their tables' languages, once for all rows (see
    `closeout.engine.show`).
    """

    documents: Mapping[str, Document]
    texts: Mapping[str, str]
    bases: Mapping[str, str]
    columns: Mapping[str, int] = field(default_factory=dict)
    boxes: Mapping[str, int] = field(default_factory=dict)
    errors: tuple[Finding, ...] = ()
    snapshot: Snapshot = Snapshot()
    here: Mapping[str, Here] = field(default_factory=dict)
    placed: frozenset[str] = frozenset()
    waiting: Mapping[str, Here] = field(default_factory=dict)
    waits: tuple[Finding, ...] = ()
    offers: tuple[tuple[str, str], ...] = ()
    encodings: Mapping[str, str] = field(default_factory=dict)
    guessed: frozenset[str] = frozenset()
    tongues: dict[str, Mapping[int, int]] = field(default_factory=dict, compare=False, repr=False)

    def encoding(self, path: str) -> str:
        """Return the encoding of a document."""
        return self.encodings.get(path, UTF_8)

    def without(self, errors: Sequence[Finding]) -> Library:
        """Return it without the documents that errors are of, as if these could not be read."""
        left = {error.path for error in errors}
        documents = {path: document for path, document in self.documents.items() if path not in left}
        here = {path: here for path, here in self.here.items() if path not in left}
        return replace(self, documents=documents, here=here, errors=(*self.errors, *errors))

    def can_say(self, path: str, text: str) -> bool:
        """Whether the encoding of a document has every character of a text."""
        try:
            return text.encode(self.encoding(path)).decode(self.encoding(path)) == text
        except UnicodeError:
            return False

    def parse(self, path: str, text: str, vocabulary: Vocabulary, *, templates: bool) -> Document:
        """Read a changed text of a document in the same way, with the same identity."""
        return replace(read_document(path, text, vocabulary, templates_too=templates), id=self.documents[path].id)

    def standing(self, path: str, order: int) -> tuple[int, Item] | None:
        """Return the number and the item, where it is written, of what was read as number `order`; None if a person
        made something else of it there.
        """
        if path not in self.here:
            return order, self.documents[path].items[order]
        there = self.here[path].orders.get(order)
        return None if there is None else (there, self.here[path].base.document.items[there])

    def offered(self, path: str, order: int) -> Item | None:
        """Return the item that was read as number `order` as it stands in what waits to be merged; None if none does."""
        waiting = self.waiting.get(path)
        there = waiting.orders.get(order) if waiting else None
        return None if waiting is None or there is None else waiting.base.document.items[there]

    def as_written(self) -> Library:
        """Return the documents as they stand where they are written."""
        pages = {path: here.page for path, here in self.here.items()}
        bases = {path: here.base for path, here in self.here.items()}
        return replace(
            self,
            documents={**self.documents, **{path: base.document for path, base in bases.items()}},
            texts={**self.texts, **{path: page.text for path, page in pages.items()}},
            bases={**self.bases, **{path: base.text or pages[path].text for path, base in bases.items()}},
            encodings={**self.encodings, **{path: page.encoding for path, page in pages.items()}},
            guessed=self.guessed - set(pages) | {path for path, page in pages.items() if page.guess},
            tongues={},
            columns=_counted(self.columns, {path: base.columns for path, base in bases.items()}),
            boxes=_counted(self.boxes, {path: base.boxes for path, base in bases.items()}),
        )

    @property
    def findings(self) -> list[Finding]:
        """What a person should look at in the documents themselves."""
        told = f"it is not as {self.snapshot.name} has it, and only that is synced: push what is yours, or pull"
        unpushed = [Finding(path, 0, "not-pushed", told) for path in sorted(self.snapshot.unpushed)]
        own = [finding for document in self.documents.values() for finding in document.findings]
        return [*own, *unpushed, *self.waits]

    @property
    def known(self) -> frozenset[str] | None:
        """The ids of the documents that were read; None if all were: else nothing of the others is gone."""
        return frozenset(document.id for document in self.documents.values()) if self.errors else None


def _counted(read: Mapping[str, int], here: Mapping[str, int]) -> Mapping[str, int]:
    return {path: count for path, count in {**read, **here}.items() if count}


def paired(read: Document, here: Document) -> dict[int, int]:
    """Return which item here is which that was read: by tickets, else by title, in order where several are alike."""
    found = _alike(read, here, lambda item: ", ".join(item.tickets))
    return _alike(read, here, lambda item: folded(item.title)) | found


def _alike(read: Document, here: Document, name: Callable[[Item], str]) -> dict[int, int]:
    ones, others = _by_name(read, name), _by_name(here, name)
    alike = (known for known in ones if len(ones[known]) == len(others.get(known, ())))
    return {one: other for known in alike for one, other in zip(ones[known], others[known], strict=True)}


def _by_name(document: Document, name: Callable[[Item], str]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for order, item in enumerate(document.items):
        if name(item):
            found[name(item)].append(order)
    return found
