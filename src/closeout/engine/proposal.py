"""A pull request: which items and lines are its own, and what of an outcome is about them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from closeout.domain.document import Document
from closeout.domain.finding import Finding
from closeout.domain.item import Item
from closeout.domain.outcome import Outcome
from closeout.engine.read import How
from closeout.errors import Exit
from closeout.ports.documents import Page
from closeout.reading.document import read as read_document

Place = tuple[str, int]
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Own:
    """What a pull request changes: the paths of its documents, their new lines, and the items that are new or not as they were."""

    paths: frozenset[str] = frozenset()
    lines: frozenset[Place] = frozenset()
    items: frozenset[Place] = frozenset()

    def has(self, finding: Finding) -> bool:
        """Whether a finding is about what is changed; one about a whole document is where that one is."""
        where = (finding.path, finding.line)
        return finding.path in self.paths and (not finding.line or where in self.lines or where in self.items)


def own(before: Sequence[Page], after: Sequence[Page], how: How) -> Own:
    """Compare the documents that a pull request changes with what they were."""
    former = {page.path: page for page in before if not page.error}
    lines: set[Place] = set()
    items: set[Place] = set()
    for page in after:
        then = former.get(page.path, Page(page.path))
        lines |= {(page.path, line) for line in _new_lines(then.text, page.text)}
        if not page.error:
            items |= {(page.path, item.line) for item in _new_items(_read(then, how), _read(page, how))}
    return Own(frozenset({page.path for page in (*before, *after)}), frozenset(lines), frozenset(items))


def narrowed(outcome: Outcome, mine: Own) -> Outcome:
    """Return what of a plan's outcome is about a pull request's own items and lines."""
    plan = outcome.plan

    def paths(counted: Mapping[str, int]) -> dict[str, int]:
        return {path: count for path, count in counted.items() if path in mine.paths}

    narrow = replace(
        plan,
        changes=tuple(one for one in plan.changes if (one.where.path, one.where.line) in mine.items),
        held=tuple(one for one in plan.held if (one.change.where.path, one.change.where.line) in mine.items),
        findings=tuple(filter(mine.has, plan.findings)),
        documents=len(mine.paths),
        items=len(mine.items),
        columns=paths(plan.columns),
        boxes=paths(plan.boxes),
        realigned=paths(plan.realigned),
        without_place=0,
        old=0,
        unassigned=0,
        unheld={},
        digest="",
        note="",
    )
    errors = tuple(
        one for one in outcome.errors if one[0] is not Exit.DOCUMENTS or one[1].startswith(tuple(mine.paths))
    )
    return replace(outcome, plan=narrow, findings=tuple(filter(mine.has, outcome.findings)), errors=errors)


def _read(page: Page, how: How) -> Document:
    return read_document(page.path, page.text, how.vocabulary, templates_too=how.templates)


def _new_items(before: Document, after: Document) -> Iterator[Item]:
    known = Counter(said for _, said in _said(before))
    for item, said in _said(after):
        if known[said]:
            known[said] -= 1
        else:
            yield item


def _said(document: Document) -> Iterable[tuple[Item, str]]:
    """Each item with all that it says, wherever in the document it stands."""
    for item in document.items:
        incident = None if item.incident is None else document.incidents[item.incident]
        yield item, repr((replace(item, line=0, incident=None, stated={}), incident, document.id, document.private))


def _new_lines(before: str, after: str) -> Iterator[int]:
    one, other = (
        _LINE_END.split(before),
        _LINE_END.split(after),
    )  # what stands on many lines is no anchor: that bounds it
    for kind, _, _, first, end in SequenceMatcher(None, one, other).get_opcodes():
        if kind in {"replace", "insert"}:
            yield from range(first + 1, end + 1)
