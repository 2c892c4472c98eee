"""A document's text to its incidents, items and findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from closeout.domain.document import Document, Incident
from closeout.domain.finding import Finding
from closeout.domain.item import Field, Item
from closeout.markdown import frontmatter, parse
from closeout.markdown.blocks import Code, Paragraph, Table
from closeout.reading import causes as stated_causes
from closeout.reading import choice, columns, index, pasted, regions, templates
from closeout.reading import order as order_of_dates
from closeout.reading.choice import Judged
from closeout.reading.incidents import Notes
from closeout.reading.people import People
from closeout.reading.reader import Reader
from closeout.reading.region import Piece
from closeout.reading.vocabulary import Vocabulary

_PRIVATE = re.compile(r"^private\s*:\s*(true|yes|on)\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Understood:
    """A page with every piece of it: what is read, what is left out and why.

    `form` says why the page is a template, `silent` why its front matter leaves all out; both are empty if not.
    """

    title: str
    identity: str
    incidents: tuple[Incident, ...]
    judged: tuple[Judged, ...]
    findings: tuple[Finding, ...]
    form: str
    silent: str
    private: bool = False

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of the pieces that nothing leaves out."""
        return tuple(item for one in self.judged if not one.why for item in one.items)


def understand(path: str, text: str, vocabulary: Vocabulary, *, causes: bool = False) -> Understood:
    """Read a page's text; `path` is relative, with forward slashes; `causes` reads why it happened, too."""
    findings: list[Finding] = []
    try:
        metadata = frontmatter.metadata(text)
    except (ValueError, RecursionError) as error:
        metadata = {}
        why = "it is nested too deeply" if isinstance(error, RecursionError) else error
        findings.append(Finding(path, 1, "front-matter", f"the front matter cannot be read and was ignored: {why}"))
    parsed = parse.parse(text)
    blocks = pasted.as_meant(index.without(parsed.blocks))
    order = order_of_dates.of(text, blocks)
    notes = Notes(vocabulary, path, metadata, title=str(metadata.get("title", "")), order=order)
    pieces = list(regions.walk(parsed.source, blocks, vocabulary, notes))
    incidents = notes.result()
    base = Reader(vocabulary, "", parsed.links, People(text, vocabulary), order=order)
    judged = choice.judge(pieces, base, incidents, account=notes.account)
    findings.extend(
        Finding(path, block.line + 1, "unclosed-fence", "this code fence is never closed: all below it is code")
        for block in parsed.blocks
        if isinstance(block, Code) and not block.closed
    )
    titles = [notes.title, *_first_lines(blocks)]
    count = sum(len(one.items) for one in judged if not one.why)
    form = templates.reason(path, titles, text, count, vocabulary) or ""
    identity = str(metadata.get("slug") or "") or incidents[0].id
    if causes and not form:
        incidents = _with_causes(incidents, pieces, stated_causes.read(blocks, parsed.links, metadata, vocabulary))
    told = tuple(judged), tuple(findings), form, _silenced(metadata)
    return Understood(notes.title, identity, incidents, *told, private=_private(metadata, text))


def _with_causes(
    incidents: tuple[Incident, ...], pieces: Iterable[Piece], causes: Iterable[stated_causes.Cause]
) -> tuple[Incident, ...]:
    """Give each incident the causes that stand in its part of the page."""
    parts = [(piece.line, 0 if piece.incident is None else piece.incident + 1) for piece in pieces]
    found: dict[int, dict[str, None]] = {}
    for line, cause in causes:
        number = next((number for start, number in reversed(parts) if start <= line), 0)
        found.setdefault(number, {})[cause] = None
    return tuple(
        replace(one, causes=tuple(found.get(number, ()))[: stated_causes.MOST]) for number, one in enumerate(incidents)
    )


def read(
    path: str, text: str, vocabulary: Vocabulary, *, templates_too: bool = False, causes: bool = False
) -> Document:
    """Read one document; `path` is relative, with forward slashes.

    A page that is a form nobody has filled in yields no items, unless `templates_too`; `causes` are read if asked for.
    """
    page = understand(path, text, vocabulary, causes=causes)
    findings, found = list(page.findings), page.items
    if found and page.form and not templates_too:
        told = f"{page.form}: its {len(found)} items are left out (--include-templates reads them)"
        findings.append(Finding(path, 0, "template", told))
    if found and page.silent:
        findings.append(Finding(path, 1, "left-out", f"{page.silent}: its {len(found)} items are left out"))
    kept = found if not page.silent and (templates_too or not page.form) else ()
    findings.extend(_told(path, kept))
    if kept:
        tables = (one.piece.block for one in page.judged if one.items and not one.why)
        findings.extend(_unmapped(path, tables, vocabulary))
    form, all_told = bool(page.form), tuple(sorted(findings))
    return Document(path, page.title, page.identity, form, page.incidents, kept, all_told, page.private)


def _silenced(metadata: Mapping[str, Any]) -> str:
    """Why the front matter says that nothing is to be read; empty if it does not."""
    if str(metadata.get("closeout", "")).casefold() in {"false", "no", "off"}:
        return "the front matter says `closeout: false`"
    return "the front matter says `status: draft`" if str(metadata.get("status", "")).casefold() == "draft" else ""


def _private(metadata: Mapping[str, Any], text: str) -> bool:
    """Whether the front matter says `private: true`; where it cannot be read, whether a line at the top looks like it."""
    if metadata:
        return str(metadata.get("private", "")).casefold() in {"true", "yes", "on"}
    return text.startswith("---") and _PRIVATE.search(text, 0, 4_000) is not None


def _first_lines(blocks: tuple[object, ...]) -> list[str]:
    first = blocks[0] if blocks else None
    return [first.text.value.split("\n", 1)[0]] if isinstance(first, Paragraph) else []


def _unmapped(path: str, blocks: Iterable[object], vocabulary: Vocabulary) -> Iterator[Finding]:
    for table in (block for block in blocks if isinstance(block, Table)):
        for head in columns.unmapped(table, vocabulary):
            told = f"column {head!r} is not read: its header is no known name of a field (see [reading] columns)"
            yield Finding(path, table.line + 1, "unread-column", told)


def _told(path: str, items: tuple[Item, ...]) -> Iterator[Finding]:
    for item in items:
        due, status = item.stated.get(Field.DUE), item.stated.get(Field.STATUS)
        if due and due.value is None:
            yield Finding(path, item.line, "unreadable-due", f"due date {due.text!r} is not understood: {due.reason}")
        if status and status.value is None:
            yield Finding(
                path, item.line, "unknown-status", f"status {status.text!r} is not understood: it counts as open"
            )
