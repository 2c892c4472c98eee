"""Discover and parse: every page to a document, with the text that edits start from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

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
from closeout.ports.tracker import TrackerReader
from closeout.reading.document import read as read_document
from closeout.reading.vocabulary import Vocabulary

UTF_8 = "utf-8"


@dataclass(frozen=True, slots=True)
class Library:
    """The documents of one run.

    `texts` are as read; `bases` are what edits are computed from (with new columns and boxes, where these were asked
    for); `columns` counts the widened tables by path, `boxes` the entries that got a box; `errors` are of pages that
    could not be read, `uncommitted` the paths of those whose text may be thrown away; `encodings` are those that are not
    UTF-8, by path, and `guessed` the paths of those that nothing is written into, because theirs was guessed.
    """

    documents: Mapping[str, Document]
    texts: Mapping[str, str]
    bases: Mapping[str, str]
    columns: Mapping[str, int] = field(default_factory=dict)
    boxes: Mapping[str, int] = field(default_factory=dict)
    errors: tuple[Finding, ...] = ()
    uncommitted: frozenset[str] = frozenset()
    encodings: Mapping[str, str] = field(default_factory=dict)
    guessed: frozenset[str] = frozenset()

    def encoding(self, path: str) -> str:
        """Return the encoding of a document."""
        return self.encodings.get(path, UTF_8)

    def can_say(self, path: str, text: str) -> bool:
        """Whether the encoding of a document has every character of a text."""
        try:
            return text.encode(self.encoding(path)).decode(self.encoding(path)) == text
        except UnicodeError:
            return False

    def parse(self, path: str, text: str, vocabulary: Vocabulary, *, templates: bool) -> Document:
        """Read a changed text of a document in the same way, with the same identity."""
        return replace(read_document(path, text, vocabulary, templates_too=templates), id=self.documents[path].id)

    @property
    def known(self) -> frozenset[str] | None:
        """The ids of the documents that were read; None if all were: else nothing of the others is gone."""
        return frozenset(document.id for document in self.documents.values()) if self.errors else None


def read(
    source: DocumentSource, options: Options, *, tick: Callable[[int, int], None] = lambda done, total: None
) -> Library:
    """Read every document; `tick` is told how many of how many are done."""
    documents: dict[str, Document] = {}
    texts: dict[str, str] = {}
    bases: dict[str, str] = {}
    widened: dict[str, int] = {}
    boxed: dict[str, int] = {}
    errors: list[Finding] = []
    pages = source.read()
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
    return Library(
        _identified(documents),
        texts,
        bases,
        widened,
        boxed,
        tuple(errors),
        uncommitted=frozenset(page.path for page in pages if not page.committed),
        encodings={page.path: page.encoding for page in pages if page.encoding != UTF_8},
        guessed=frozenset(page.path for page in pages if page.guess),
    )


@dataclass(frozen=True, slots=True)
class _Base:
    """A document with the new places that were asked for: how it reads, and how many tables and entries got some."""

    document: Document
    text: str
    columns: int = 0
    boxes: int = 0


def _base(page: Page, options: Options) -> _Base:
    def parsed(text: str) -> Document:
        return read_document(page.path, text, options.vocabulary, templates_too=options.templates)

    base = _Base(parsed(page.text), page.text)
    if page.guess:
        return _Base(_read_only(base.document, page.guess), page.text)
    if options.add_columns and base.document.items:
        text, count = widen(base.text, base.document.items, options.vocabulary)
        if count and _only_places(base.document, after := parsed(text)):
            base = _Base(after, text, count)
    if options.add_boxes and base.document.items:
        text, count = add_boxes(base.text, base.document.items)
        if count and _only_places(base.document, after := parsed(text)):
            base = _Base(after, text, base.columns, count)
    return base


def _read_only(document: Document, guess: str) -> Document:
    """Return a document without any place to write to, and say why."""
    items = (
        replace(item, stated={what: replace(stated, place=None) for what, stated in item.stated.items()})
        for item in document.items
    )
    told = (
        f"it is no UTF-8: it was read as {guess}, which is a guess, and nothing is written into it. Save it as UTF-8, or "
        "name its encoding in [reading] encodings"
    )
    findings = (Finding(document.path, 0, "encoding", told), *document.findings)
    return replace(document, items=tuple(items), findings=findings)


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
