"""The documents of a commit: which of its files they are, and what each holds."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import Protocol

from closeout.git.commits import Kept
from closeout.ports.documents import Page
from closeout.repositories.pages import MAX_BYTES, decoded, too_large
from closeout.repositories.worktree import matching

LINK = "120000"
SUBMODULE = "160000"


class Store(Protocol):
    """Where blobs are asked for, many at a time."""

    def sizes(self, blobs: Sequence[str]) -> Mapping[str, int]:
        """Return how many bytes each has."""

    def contents(self, blobs: Sequence[str]) -> Mapping[str, bytes]:
        """Return what each holds."""


def documents(
    kept: Mapping[str, Kept], paths: tuple[str, ...], encodings: tuple[str, ...], store: Store
) -> Sequence[Page]:
    """Return every document of a commit that holds `kept`, in the order of their paths, those that only lead to another
    one left out.
    """
    names = [found for found in matching(kept, paths) if kept[found].mode != SUBMODULE]
    links = [found for found in names if kept[found].mode == LINK]
    plain = sorted(set(names) - set(links))
    sizes = store.sizes([kept[found].blob for found in plain])
    small = [kept[found].blob for found in plain if sizes[kept[found].blob] <= MAX_BYTES]
    contents = store.contents([*small, *(kept[found].blob for found in links)])
    pages = [
        decoded(found, contents[kept[found].blob], encodings)
        if sizes[kept[found].blob] <= MAX_BYTES
        else too_large(found, sizes[kept[found].blob])
        for found in plain
    ]
    targets = {found: _target(found, contents[kept[found].blob]) for found in links}
    pages += [_led(found, target) for found, target in targets.items() if target not in plain]
    return sorted(pages, key=lambda page: page.path)


def _target(name: str, link: bytes) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), link.decode(errors="replace")))


def _led(name: str, target: str) -> Page:
    told = f"{name}: could not be read: it is a symbolic link to {target}, which is no document. Name that in `paths`"
    return Page(name, error=told)
