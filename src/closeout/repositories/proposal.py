"""Documents as a pull request would leave them: those that everybody shares, with its own changes put over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from closeout.git.commits import committed, promisor
from closeout.ports.documents import DocumentSource, Page, Snapshot
from closeout.repositories.head import Local
from closeout.repositories.trees import documents


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is `shared`, where the documents of `before` become those of `after`."""

    shared: DocumentSource
    before: Sequence[Page]
    after: Sequence[Page]

    def read(self) -> Snapshot:
        """Return every document, in the order of their paths."""
        snapshot = self.shared.read()
        gone = {page.path for page in self.before}
        pages = {page.path: page for page in snapshot.pages if page.path not in gone}
        pages |= {page.path: page for page in self.after}
        return replace(snapshot, pages=[pages[path] for path in sorted(pages)], unpushed=frozenset(), ahead=False)

    def descends(self, revision: str, ancestor: str) -> bool:
        """Whether what is shared may have come of an older revision."""
        return self.shared.descends(revision, ancestor)


def changed(
    root: Path, base: str, head: str, paths: tuple[str, ...], encodings: tuple[str, ...]
) -> tuple[Sequence[Page], Sequence[Page]]:
    """Return the documents that differ between two commits, as the first and as the second has them."""
    one, other = committed(root, base), committed(root, head)
    names = {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}
    absent = promisor(root)
    before = documents({name: one[name] for name in names & one.keys()}, paths, encodings, Local(root, base, absent))
    after = documents({name: other[name] for name in names & other.keys()}, paths, encodings, Local(root, head, absent))
    return before, after
