"""Discover and parse: every page to a document, with the text that edits start from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from closeout.domain.document import Document
from closeout.domain.finding import Finding
from closeout.domain.item import Field, Status
from closeout.domain.sync.claims import Seat
from closeout.editing.boxes import add_boxes
from closeout.editing.columns import widen
from closeout.editing.verify import verify
from closeout.engine.library import UTF_8, Base, Here, Library, paired
from closeout.engine.world import Options
from closeout.errors import VerificationError
from closeout.ports.documents import DocumentSource, Page, Publisher
from closeout.ports.spread import Spread
from closeout.ports.tracker import TrackerReader
from closeout.reading.document import read as read_document
from closeout.reading.vocabulary import Vocabulary


def read(
    source: DocumentSource,
    options: Options,
    publisher: Publisher | None = None,
    *,
    tick: Callable[[int, int], None] = lambda done, total: None,
    spread: Spread = map,
) -> Library:
    """Read every document, and where it is to be published too.

    `tick` is told how many of how many are done, `spread` does it, here or in processes.
    """
    snapshot = source.read()
    readable = [page for page in snapshot.pages if not page.error]
    made: dict[Page, Base | None] = {}
    for page, base in zip(readable, spread(partial(_base, _how(options)), readable), strict=True):
        made[page] = base
        tick(len(made), len(readable))
    errors = [*((page.path, page.error) for page in snapshot.pages if page.error), *_died(made)]
    pages = {page.path: page for page, base in made.items() if base is not None}
    bases = {page.path: base for page, base in made.items() if base is not None}
    standing = {path: found for path in pages if publisher and (found := publisher.standing(path))}
    return Library(
        documents=_identified({path: base.document for path, base in bases.items()}),
        texts={path: page.text for path, page in pages.items()},
        bases={path: base.text or pages[path].text for path, base in bases.items()},
        columns={path: base.columns for path, base in bases.items() if base.columns},
        boxes={path: base.boxes for path, base in bases.items() if base.boxes},
        errors=tuple(Finding(path, 0, "unreadable", told) for path, told in errors),
        snapshot=snapshot,
        here={
            path: _stands(bases[path].document, page, options)
            for path, page in standing.items()
            if page.text != pages[path].text
        },
        placed=frozenset(pages) if publisher and publisher.writes else frozenset(),
        encodings={path: page.encoding for path, page in pages.items() if page.encoding != UTF_8},
        guessed=frozenset(path for path, page in pages.items() if page.guess),
    )


def _stands(read: Document, page: Page, options: Options) -> Here:
    base = _base(_how(options), page)
    return Here(page, base, paired(read, base.document))


@dataclass(frozen=True, slots=True)
class _How:
    """How a page is read: no more than other processes need."""

    vocabulary: Vocabulary
    templates: bool
    add_columns: bool
    add_boxes: bool


def _how(options: Options) -> _How:
    return _How(options.vocabulary, options.templates, options.add_columns, options.add_boxes)


def _base(how: _How, page: Page) -> Base:
    def parsed(text: str) -> Document:
        return read_document(page.path, text, how.vocabulary, templates_too=how.templates)

    base = Base(parsed(page.text))
    if page.guess:
        return Base(_read_only(base.document, page.guess))
    if how.add_columns and base.document.items:
        text, count = widen(page.text, base.document.items, how.vocabulary)
        if count and _only_places(base.document, after := parsed(text)):
            base = Base(after, text, count)
    if how.add_boxes and base.document.items:
        text, count = add_boxes(base.text or page.text, base.document.items)
        if count and _only_places(base.document, after := parsed(text)):
            base = Base(after, text, base.columns, count)
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


def _died(made: Mapping[Page, Base | None]) -> list[tuple[str, str]]:
    told = "could not be read: the process that read it died. Look whether memory is short; if not, please report it"
    return [(page.path, f"{page.path}: {told}") for page, base in made.items() if base is None]


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
