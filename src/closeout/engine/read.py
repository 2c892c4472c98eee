"""Discover and parse: every page to a document, with the text that edits start from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from closeout.domain.document import Document
from closeout.domain.finding import Finding
from closeout.domain.item import Field, Status
from closeout.domain.sync.claims import Seat
from closeout.editing.boxes import add_boxes
from closeout.editing.columns import widen
from closeout.editing.verify import verify
from closeout.engine.world import Options
from closeout.errors import VerificationError
from closeout.ports.documents import DocumentSource, Page
from closeout.ports.spread import Spread
from closeout.ports.tracker import TrackerReader
from closeout.reading.document import read as read_document
from closeout.reading.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Library:
    """The documents of one run.

    `texts` are as read; `bases` are what edits are computed from (with new columns and boxes, where these were asked
    for); `columns` counts the widened tables by path, `boxes` the entries that got a box; `errors` are of pages that
    could not be read, `uncommitted` the paths of those whose text may be thrown away;
    `tongues` is what was found out of their tables' languages, once for all rows (see `closeout.engine.show`).
    """

    documents: Mapping[str, Document]
    texts: Mapping[str, str]
    bases: Mapping[str, str]
    columns: Mapping[str, int] = field(default_factory=dict)
    boxes: Mapping[str, int] = field(default_factory=dict)
    errors: tuple[Finding, ...] = ()
    uncommitted: frozenset[str] = frozenset()
    tongues: dict[str, Mapping[int, int]] = field(default_factory=dict, compare=False, repr=False)

    def parse(self, path: str, text: str, vocabulary: Vocabulary, *, templates: bool) -> Document:
        """Read a changed text of a document in the same way, with the same identity."""
        return replace(read_document(path, text, vocabulary, templates_too=templates), id=self.documents[path].id)

    @property
    def known(self) -> frozenset[str] | None:
        """The ids of the documents that were read; None if all were: else nothing of the others is gone."""
        return frozenset(document.id for document in self.documents.values()) if self.errors else None


def read(
    source: DocumentSource,
    options: Options,
    *,
    tick: Callable[[int, int], None] = lambda done, total: None,
    spread: Spread = map,
) -> Library:
    """Read every document; `tick` is told how many of how many are done, `spread` does it, here or in processes."""
    documents: dict[str, Document] = {}
    texts: dict[str, str] = {}
    bases: dict[str, str] = {}
    widened: dict[str, int] = {}
    boxed: dict[str, int] = {}
    errors: list[Finding] = []
    pages = source.read()
    readable = [page for page in pages if not page.error]
    errors.extend(Finding(page.path, 0, "unreadable", page.error) for page in pages if page.error)
    for number, (page, base) in enumerate(zip(readable, spread(partial(_base, options), readable), strict=True), 1):
        tick(number, len(readable))
        if base is None:
            errors.append(Finding(page.path, 0, "unreadable", _died(page.path)))
            continue
        text = page.text if base.text is None else base.text
        documents[page.path], texts[page.path], bases[page.path] = base.document, page.text, text
        if base.columns:
            widened[page.path] = base.columns
        if base.boxes:
            boxed[page.path] = base.boxes
    dirty = frozenset(page.path for page in pages if not page.committed)
    return Library(_identified(documents), texts, bases, widened, boxed, tuple(errors), dirty)


@dataclass(frozen=True, slots=True)
class _Base:
    """A document with the new places that were asked for: how it reads, and how many tables and entries got some.

    `text` is None if it is still that of the page: then it need not go from one process to another.
    """

    document: Document
    text: str | None = None
    columns: int = 0
    boxes: int = 0


def _base(options: Options, page: Page) -> _Base:
    def parsed(text: str) -> Document:
        return read_document(page.path, text, options.vocabulary, templates_too=options.templates)

    base = _Base(parsed(page.text))
    if options.add_columns and base.document.items:
        text, count = widen(page.text, base.document.items, options.vocabulary)
        if count and _only_places(base.document, after := parsed(text)):
            base = _Base(after, text, count)
    if options.add_boxes and base.document.items:
        text, count = add_boxes(base.text or page.text, base.document.items)
        if count and _only_places(base.document, after := parsed(text)):
            base = _Base(after, text, base.columns, count)
    return base


def _died(path: str) -> str:
    return f"{path}: could not be read: the process that read it died. Look whether memory is short; if not, please report it"


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
