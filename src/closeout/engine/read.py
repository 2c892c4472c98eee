"""Discover and parse: every page to a document, with the text that edits start from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from closeout.domain.document import Document
from closeout.domain.finding import Finding
from closeout.domain.sync.claims import Seat
from closeout.editing.columns import widen
from closeout.ports.documents import DocumentSource, Page
from closeout.reading.document import read as read_document
from closeout.reading.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Library:
    """The documents of one run.

    `texts` are as read; `bases` are what edits are computed from (with new columns, where these were asked for);
    `columns` counts the widened tables by path; `errors` are of pages that could not be read.
    """

    documents: Mapping[str, Document]
    texts: Mapping[str, str]
    bases: Mapping[str, str]
    columns: Mapping[str, int] = field(default_factory=dict)
    errors: tuple[Finding, ...] = ()

    def parse(self, path: str, text: str, vocabulary: Vocabulary, *, templates: bool) -> Document:
        """Read a changed text of a document in the same way, with the same identity."""
        return replace(read_document(path, text, vocabulary, templates_too=templates), id=self.documents[path].id)

    @property
    def known(self) -> frozenset[str] | None:
        """The ids of the documents that were read; None if all were: else nothing of the others is gone."""
        return frozenset(document.id for document in self.documents.values()) if self.errors else None


def read(
    source: DocumentSource,
    vocabulary: Vocabulary,
    *,
    templates: bool = False,
    add_columns: bool = False,
    tick: Callable[[int, int], None] = lambda done, total: None,
) -> Library:
    """Read every document; `tick` is told how many of how many are done."""
    documents: dict[str, Document] = {}
    texts: dict[str, str] = {}
    bases: dict[str, str] = {}
    widened: dict[str, int] = {}
    errors: list[Finding] = []
    pages = source.read()
    for number, page in enumerate(pages, 1):
        tick(number, len(pages))
        if page.error:
            errors.append(Finding(page.path, 0, "unreadable", page.error))
            continue
        document, base, count = _page(page, vocabulary, templates=templates, add_columns=add_columns)
        documents[page.path], texts[page.path], bases[page.path] = document, page.text, base
        if count:
            widened[page.path] = count
    return Library(_identified(documents), texts, bases, widened, tuple(errors))


def _page(page: Page, vocabulary: Vocabulary, *, templates: bool, add_columns: bool) -> tuple[Document, str, int]:
    document = read_document(page.path, page.text, vocabulary, templates_too=templates)
    if not add_columns or not document.items:
        return document, page.text, 0
    base, count = widen(page.text, document.items, vocabulary)
    if not count:
        return document, page.text, 0
    return read_document(page.path, base, vocabulary, templates_too=templates), base, count


def _identified(documents: Mapping[str, Document]) -> dict[str, Document]:
    """Give each document its id: the slug of its front matter or its incident's id if no other has it, else its path."""
    uses = Counter(document.id for document in documents.values())
    return {
        path: document if document.id and uses[document.id] == 1 else replace(document, id=path)
        for path, document in documents.items()
    }


def seats(library: Library, ref: Callable[[str, str], tuple[str, str] | None]) -> Sequence[Seat]:
    """Return every item in the order of the documents; `ref` turns a ticket and its document's path into a reference."""
    found = []
    for path, document in library.documents.items():
        for order, item in enumerate(document.items):
            refs = tuple(named for ticket in item.tickets if (named := ref(ticket, path)))
            found.append(Seat(path, document.id, order, item, tuple(dict.fromkeys(refs))))
    return found
