"""Discover and parse: every page to a document, with the text that edits start from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from closeout.domain.document import Document
from closeout.domain.finding import Finding
from closeout.engine.library import UTF_8, Base, Here, Library, paired
from closeout.ports.documents import DocumentSource, Page, Publisher
from closeout.reading.document import read as read_document
from closeout.reading.vocabulary import Vocabulary

if TYPE_CHECKING:
    from closeout.engine.world import Options
    from closeout.ports.spread import Spread


def read(
    source: DocumentSource,
    options: Options | How,
    publisher: Publisher | None = None,
    *,
    tick: Callable[[int, int], None] = lambda done, total: None,
    spread: Spread = map,
    causes: bool = False,
) -> Library:
    """Read every document, and where it is to be published too.

    `tick` is told how many of how many are done, `spread` does it, here or in processes; `causes` are read if asked for.
    """
    snapshot = source.read()
    readable = [page for page in snapshot.pages if not page.error]
    made: dict[Page, Base | None] = {}
    for page, base in zip(
        readable, spread(partial(_base, replace(_how(options), causes=causes)), readable), strict=True
    ):
        made[page] = base
        tick(len(made), len(readable))
    errors = [*((page.path, page.error) for page in snapshot.pages if page.error), *_died(made)]
    pages = {page.path: page for page, base in made.items() if base is not None}
    bases = {page.path: base for page, base in made.items() if base is not None}
    library = Library(
        documents=_identified({path: base.document for path, base in bases.items()}),
        texts={path: page.text for path, page in pages.items()},
        bases={path: base.text or pages[path].text for path, base in bases.items()},
        columns={path: base.columns for path, base in bases.items() if base.columns},
        boxes={path: base.boxes for path, base in bases.items() if base.boxes},
        errors=tuple(Finding(path, 0, "unreadable", told) for path, told in errors),
        snapshot=snapshot,
        encodings={path: page.encoding for path, page in pages.items() if page.encoding != UTF_8},
        guessed=frozenset(path for path, page in pages.items() if page.guess),
    )
    return _as_published(library, publisher, options) if publisher else library


def _as_published(library: Library, publisher: Publisher, options: Options | How) -> Library:
    """Add how the documents stand where they are written, and where write-backs wait."""

    def stands(pages: Mapping[str, Page]) -> dict[str, Here]:
        return {path: _stands(library.documents[path], page, options) for path, page in pages.items()}

    waiting = publisher.waiting(library.snapshot.revision)
    standing = {path: found for path in library.texts if (found := publisher.standing(path))}
    return replace(
        library,
        here=stands({path: page for path, page in standing.items() if page.text != library.texts[path]}),
        placed=frozenset(library.texts if waiting.known else standing),
        waiting=stands({path: page for path, page in waiting.pages.items() if path in library.texts}),
        waits=tuple(Finding(branch, 0, code, told) for branch, code, told in waiting.told),
        offers=waiting.offers,
    )


def _stands(read: Document, page: Page, options: Options | How) -> Here:
    base = _base(_how(options), page)
    return Here(page, base, paired(read, base.document))


@dataclass(frozen=True, slots=True)
class How:
    """How a page is read: no more than other processes need."""

    vocabulary: Vocabulary
    templates: bool = False
    add_columns: bool = False
    add_boxes: bool = False
    causes: bool = False


def _how(options: Options | How) -> How:
    return How(options.vocabulary, options.templates, options.add_columns, options.add_boxes)


def _base(how: How, page: Page) -> Base:
    def parsed(text: str) -> Document:
        return read_document(page.path, text, how.vocabulary, templates_too=how.templates, causes=how.causes)

    base = Base(parsed(page.text))
    if page.guess:
        return Base(_read_only(base.document, page.guess))
    if (how.add_columns or how.add_boxes) and base.document.items:
        from closeout.engine.widened import widened  # noqa: PLC0415 - what only reads makes no edits

        return widened(base, page.text, how, parsed)
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


def _identified(documents: Mapping[str, Document]) -> dict[str, Document]:
    """Give each document its id: the slug of its front matter or its incident's id if no other has it, else its path."""
    uses = Counter(document.id for document in documents.values())
    return {
        path: document if document.id and uses[document.id] == 1 else replace(document, id=path)
        for path, document in documents.items()
    }
