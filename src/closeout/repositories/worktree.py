"""Documents as they lie in a folder: found by globs, read as bytes, written atomically."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from closeout import files, git
from closeout.ports.documents import Page, Published, Rewrite, Snapshot, Waiting
from closeout.repositories.pages import read_page

DEFAULT_PATHS = ("**/post*mortem*/**", "**/incident*/**", "**/rca/**")
SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
SKIPPED = frozenset(
    {".git", "node_modules", "vendor", "vendored", "third_party", ".venv", "venv", "site-packages", "dist", "build", ".closeout", ".tox"}
)  # fmt: skip


@dataclass(frozen=True)
class Worktree:
    """The documents below `root` that match `paths` (git's wildcards; none: every Markdown file), as they lie.

    `encodings` are those that documents may have besides UTF-8.
    """

    root: Path
    paths: tuple[str, ...] = DEFAULT_PATHS
    encodings: tuple[str, ...] = ()

    def descends(self, revision: str, ancestor: str) -> bool:  # noqa: ARG002 - they are read as they lie
        """Whether a revision may have come of an older one; nobody else is asked."""
        return True

    def read(self) -> Snapshot:
        """Return every document, in the order of their paths, and an error for every folder that cannot be opened.

        A file of two names is one document: a symbolic link to a document is left out, any other twin is an error, and so
        is a link that leads out of the repository.
        """
        names, closed = self._listed()
        pages, seen = [], dict[tuple[int, int], str]()
        found = self._documents(names)
        for name in sorted(found, key=lambda name: (self.root / name).is_symlink()):
            if (self.root / name).is_symlink() and not files.within(self.root, self.root / name):
                pages.append(_astray(name))
                continue
            first = seen.setdefault(_identity(self.root / name), name)
            if first == name:
                pages.append(read_page(self.root, name, self.encodings))
            elif not (self.root / name).is_symlink():
                pages.append(_twin(name, first))
        return Snapshot([*sorted(pages, key=lambda page: page.path), *map(_closed, closed)])

    def _listed(self) -> tuple[list[str], list[str]]:
        return git.files(self.root) or (sorted(_walk(self.root)), [])

    def _documents(self, names: list[str]) -> list[str]:
        return [name for name in matching(names, self.paths) if _is_there(self.root / name)]


def matching(names: Iterable[str], paths: tuple[str, ...]) -> list[str]:
    """Return the names of Markdown files that match `paths`, in order; vendored folders are left out."""
    from pathspec import PathSpec  # noqa: PLC0415 - files that are named match nothing

    spec = PathSpec.from_lines("gitignore", paths)
    return [
        name
        for name in names
        if name.lower().endswith(SUFFIXES)
        and SKIPPED.isdisjoint(name.split("/")[:-1])
        and spec.match_file(name.lower() if paths == DEFAULT_PATHS else name)
    ]


def _is_there(path: Path) -> bool:
    """Whether there is a file, or something that should be one: what cannot be looked at is told, not left out."""
    try:
        return not stat.S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:
        return path.is_symlink()
    except OSError:
        return True


def _identity(path: Path) -> tuple[int, int]:
    """Return which file a path leads to; a link and its target, or `a.md` and `A.md` on some disks, are the same one."""
    try:
        found = path.stat()
    except OSError:
        return 0, hash(path)
    return found.st_dev, found.st_ino


def _twin(name: str, first: str) -> Page:
    told = f"{name}: could not be read: it is the same file as {first}. Keep one of the two names"
    return Page(name, error=told)


def _astray(name: str) -> Page:
    told = (
        f"{name}: could not be read: it is a symbolic link that leads out of the repository. Put the file itself there"
    )
    return Page(name, error=told)


def _closed(folder: str) -> Page:
    return Page(folder, error=f"{folder}: could not be read: it cannot be opened. Check its rights")


@dataclass(frozen=True)
class Files:
    """Exactly the files, and the Markdown below the folders, that were named; `root` is what paths are shown from."""

    root: Path
    names: tuple[str, ...]
    encodings: tuple[str, ...] = ()

    def descends(self, revision: str, ancestor: str) -> bool:  # noqa: ARG002 - they are read as they lie
        """Whether a revision may have come of an older one; nobody else is asked."""
        return True

    def read(self) -> Snapshot:
        """Return every document, in the order in which they were named."""
        pages: list[Page] = []
        for name in self.names:
            path = self.root / name
            if path.is_dir():
                pages.extend(self._folder(name))
            else:
                pages.append(read_page(self.root, name, self.encodings))
        return Snapshot(pages)

    def _folder(self, name: str) -> Iterator[Page]:
        unread: list[OSError] = []
        found = sorted(_walk(self.root / name, unread.append))
        for inner in found:
            if inner.lower().endswith(SUFFIXES):
                shown = f"{name.rstrip('/')}/{inner}" if name != "." else inner
                yield read_page(self.root, shown, self.encodings)
        for error in unread:
            yield _closed(Path(error.filename or name).relative_to(self.root).as_posix())


def _walk(root: Path, onerror: Callable[[OSError], None] | None = None) -> Iterator[str]:
    for folder, folders, names in os.walk(root, onerror=onerror):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        for name in names:
            yield (Path(folder) / name).relative_to(root).as_posix()


@dataclass(frozen=True)
class NoPublisher:
    """Publishes nothing."""

    writes: bool = False
    lands: bool = True
    retries: int = 0

    def waiting(self, revision: str) -> Waiting:  # noqa: ARG002 - it writes nothing
        """Nothing waits."""
        return Waiting()

    def standing(self, path: str) -> Page | None:  # noqa: ARG002 - it writes nothing
        """Return None: nothing is written."""
        return None

    def publish(self, rewrites: Sequence[Rewrite], revision: str) -> Sequence[Published]:  # noqa: ARG002
        """Leave every document as it is."""
        return [Published(rewrite.path) for rewrite in rewrites]


@dataclass(frozen=True)
class WorktreePublisher:
    """Writes documents where they lie: same folder, fsync, rename; mode and symlink are kept.

    It `lands` where the files as they lie are what is read; else what it writes is there once somebody pushed it.
    """

    root: Path
    encodings: tuple[str, ...] = ()
    writes: bool = True
    lands: bool = True
    retries: int = 1

    def waiting(self, revision: str) -> Waiting:  # noqa: ARG002 - the file tells
        """Nothing waits but what `standing` tells."""
        return Waiting(known=True)

    def standing(self, path: str) -> Page | None:
        """Return the file, which a person may have edited."""
        return None if self.lands else read_page(self.root, path, self.encodings)

    def publish(self, rewrites: Sequence[Rewrite], revision: str) -> Sequence[Published]:  # noqa: ARG002
        """Write each document; one that changed since it was read is left alone."""
        return [self._write(rewrite) for rewrite in rewrites]

    def _write(self, rewrite: Rewrite) -> Published:
        path = self.root / rewrite.path
        try:
            if path.read_bytes() != rewrite.before.encode(rewrite.encoding):
                told = f"{rewrite.path}: could not be written: it changed while this run worked. Run again"
                return Published(rewrite.path, told, moved=True)
            files.replace(path, rewrite.after.encode(rewrite.encoding))
        except OSError as error:
            told = f"{rewrite.path}: could not be written: {error.strerror}. Check its rights and the disk; nothing was changed"
            return Published(rewrite.path, told)
        return Published(rewrite.path)
