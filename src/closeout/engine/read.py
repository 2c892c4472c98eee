"""Discover and parse: every page to a document, with the text that edits start from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from closeout.domain.document import Document
from closeout.domain.finding import Finding
from closeout.domain.item import Field, Item, Status, folded
from closeout.domain.sync.claims import Seat
from closeout.editing.boxes import add_boxes
from closeout.editing.columns import widen
from closeout.editing.verify import verify
from closeout.engine.world import Options
from closeout.errors import VerificationError
from closeout.ports.documents import DocumentSource, Page, Publisher, Snapshot
from closeout.ports.tracker import TrackerReader
from closeout.reading.document import read as read_document
from closeout.reading.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Base:
    """A document that edits start from: how it reads, its text as it stands, and with the new places that were asked
    for, in how many tables and entries.
    """

    document: Document
    standing: str
    text: str
    columns: int = 0
    boxes: int = 0


@dataclass(frozen=True, slots=True)
class Here:
    """A document as it stands where it is written; `orders` tells for each item that was read its number there."""

    base: Base
    orders: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Library:
    """The documents of one run.

    `texts` are as read; `bases` are what edits are computed from (with new columns and boxes, where these were asked
    for); `columns` counts the widened tables by path, `boxes` the entries that got a box; `errors` are of pages that
    could not be read, and `snapshot` tells at which commit all were. Where write-backs go onto another text than the one
    that was read, `here` holds that one, by path; `placed` are the paths of which it is known what stands there.
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

    def as_written(self) -> Library:
        """Return the documents as they stand where they are written."""
        bases = {path: here.base for path, here in self.here.items()}
        return replace(
            self,
            documents={**self.documents, **{path: base.document for path, base in bases.items()}},
            texts={**self.texts, **{path: base.standing for path, base in bases.items()}},
            bases={**self.bases, **{path: base.text for path, base in bases.items()}},
            columns=_counted(self.columns, {path: base.columns for path, base in bases.items()}),
            boxes=_counted(self.boxes, {path: base.boxes for path, base in bases.items()}),
        )

    @property
    def findings(self) -> list[Finding]:
        """What a person should look at in the documents themselves."""
        told = f"it is not as {self.snapshot.name} has it, and only that is synced: push what is yours, or pull"
        unpushed = [Finding(path, 0, "not-pushed", told) for path in sorted(self.snapshot.unpushed)]
        return [finding for document in self.documents.values() for finding in document.findings] + unpushed

    @property
    def known(self) -> frozenset[str] | None:
        """The ids of the documents that were read; None if all were: else nothing of the others is gone."""
        return frozenset(document.id for document in self.documents.values()) if self.errors else None


def read(
    source: DocumentSource,
    options: Options,
    publisher: Publisher | None = None,
    *,
    tick: Callable[[int, int], None] = lambda done, total: None,
) -> Library:
    """Read every document, and where it is to be published too; `tick` is told how many of how many are done."""
    documents: dict[str, Document] = {}
    texts: dict[str, str] = {}
    bases: dict[str, str] = {}
    widened: dict[str, int] = {}
    boxed: dict[str, int] = {}
    errors: list[Finding] = []
    snapshot = source.read()
    pages = snapshot.pages
    for number, page in enumerate(pages, 1):
        tick(number, len(pages))
        if page.error:
            errors.append(Finding(page.path, 0, "unreadable", page.error))
            continue
        base = _base(page, options)
        documents[page.path], texts[page.path], bases[page.path] = base.document, page.text, base.text
        if base.columns:
            widened[page.path] = base.columns
        if base.boxes:
            boxed[page.path] = base.boxes
    standing = {path: publisher.standing(path) for path in texts} if publisher else {}
    return Library(
        _identified(documents),
        texts,
        bases,
        widened,
        boxed,
        tuple(errors),
        snapshot,
        {
            path: _stands(documents[path], Page(path, text), options)
            for path, text in standing.items()
            if text is not None and text != texts[path]
        },
        frozenset(path for path, text in standing.items() if text is not None),
    )


def _counted(read: Mapping[str, int], here: Mapping[str, int]) -> Mapping[str, int]:
    return {path: count for path, count in {**read, **here}.items() if count}


def _stands(read: Document, page: Page, options: Options) -> Here:
    base = _base(page, options)
    return Here(base, _paired(read, base.document))


def _paired(read: Document, here: Document) -> dict[int, int]:
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


def _base(page: Page, options: Options) -> Base:
    def parsed(text: str) -> Document:
        return read_document(page.path, text, options.vocabulary, templates_too=options.templates)

    base = Base(parsed(page.text), page.text, page.text)
    if options.add_columns and base.document.items:
        text, count = widen(base.text, base.document.items, options.vocabulary)
        if count and _only_places(base.document, after := parsed(text)):
            base = Base(after, page.text, text, count)
    if options.add_boxes and base.document.items:
        text, count = add_boxes(base.text, base.document.items)
        if count and _only_places(base.document, after := parsed(text)):
            base = Base(after, page.text, text, base.columns, count)
    return base


def _only_places(before: Document, after: Document) -> bool:
    """Whether new places changed no item: those that state no status may state that they are to be done."""
    boxed = {
        index: {Field.STATUS: Status.TODO.value}
        for index, (old, new) in enumerate(zip(before.items, after.items, strict=False))
        if Field.STATUS not in old.stated and new.status is Status.TODO
    }
    try:
        verify(before, after, boxed)
    except VerificationError:
        return False
    return True


def _identified(documents: Mapping[str, Document]) -> dict[str, Document]:
    """Give each document its id: the slug of its front matter or its incident's id if no other has it, else its path."""
    uses = Counter(document.id for document in documents.values())
    return {
        path: document if document.id and uses[document.id] == 1 else replace(document, id=path)
        for path, document in documents.items()
    }


def seats(library: Library, tracker: TrackerReader) -> Sequence[Seat]:
    """Return every item in the order of the documents, with the issues of a tracker that its tickets name."""
    found = []
    for path, document in library.documents.items():
        for order, item in enumerate(document.items):
            refs = ((tracker.name, ref) for ticket in item.tickets if (ref := tracker.ref(ticket, path)))
            found.append(Seat(path, document.id, order, item, tuple(dict.fromkeys(refs))))
    return found
