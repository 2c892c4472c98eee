"""Documents as they lie in a folder: found by globs, read as bytes, written atomically."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from closeout import files, git
from closeout.ports.documents import Page, Published, Rewrite

DEFAULT_PATHS = ("**/post*mortem*/**", "**/incident*/**", "**/rca/**")
SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
MAX_BYTES = 5_000_000
_SKIPPED = frozenset(
    {".git", "node_modules", "vendor", "vendored", "third_party", ".venv", "venv", "site-packages", "dist", "build", ".closeout", ".tox"}
)  # fmt: skip


@dataclass(frozen=True)
class Worktree:
    """The documents below `root` that match `paths` (git's wildcards; none: every Markdown file).

    `shared` says that others work on the documents too: then it matters what is committed.
    """

    root: Path
    paths: tuple[str, ...] = DEFAULT_PATHS
    shared: bool = False

    @property
    def revision(self) -> str:
        """The commit that is checked out, where it matters."""
        return git.head(self.root, "HEAD") if self.shared else ""

    def lacks(self, revision: str) -> bool:
        """Whether the commit that is checked out is older than a revision, or beside it; a shallow clone cannot tell."""
        if not self.shared or not revision or git.descends(self.root, "HEAD", revision):
            return False
        return bool(git.head(self.root, revision)) or not git.is_shallow(self.root)

    def read(self) -> Sequence[Page]:
        """Return every document, in the order of their paths, and an error for every folder that cannot be opened.

        A file of two names is one document: a symbolic link to a document is left out, any other twin is an error.
        """
        names, closed = self._listed()
        pages, seen = [], dict[tuple[int, int], str]()
        changed = git.changed(self.root) if self.shared else frozenset()
        found = self._documents(names)
        for name in sorted(found, key=lambda name: (self.root / name).is_symlink()):
            first = seen.setdefault(_identity(self.root / name), name)
            if first == name:
                pages.append(replace(read_page(self.root, name), committed=name not in changed))
            elif not (self.root / name).is_symlink():
                pages.append(_twin(name, first))
        return [*sorted(pages, key=lambda page: page.path), *map(_closed, closed)]

    def find(self) -> list[str]:
        """Return the paths of the documents."""
        return self._documents(self._listed()[0])

    def _listed(self) -> tuple[list[str], list[str]]:
        return git.files(self.root) or (sorted(_walk(self.root)), [])

    def _documents(self, names: list[str]) -> list[str]:
        from pathspec import PathSpec  # noqa: PLC0415 - files that are named match nothing

        spec = PathSpec.from_lines("gitignore", self.paths)
        return [
            name
            for name in names
            if name.lower().endswith(SUFFIXES)
            and _SKIPPED.isdisjoint(name.split("/")[:-1])
            and spec.match_file(name.lower() if self.paths == DEFAULT_PATHS else name)
            and _is_there(self.root / name)
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


def _closed(folder: str) -> Page:
    return Page(folder, error=f"{folder}: could not be read: it cannot be opened. Check its rights")


@dataclass(frozen=True)
class Files:
    """Exactly the files, and the Markdown below the folders, that were named; `root` is what paths are shown from."""

    root: Path
    names: tuple[str, ...]
    revision: str = ""

    def lacks(self, revision: str) -> bool:  # noqa: ARG002 - they are read as they lie
        """Whether another clone has seen more; nobody else is asked."""
        return False

    def read(self) -> Sequence[Page]:
        """Return every document, in the order in which they were named."""
        pages: list[Page] = []
        for name in self.names:
            path = self.root / name
            if path.is_dir():
                pages.extend(self._folder(name))
            else:
                pages.append(read_page(self.root, name))
        return pages

    def _folder(self, name: str) -> Iterator[Page]:
        unread: list[OSError] = []
        found = sorted(_walk(self.root / name, unread.append))
        for inner in found:
            if inner.lower().endswith(SUFFIXES):
                yield read_page(self.root, f"{name.rstrip('/')}/{inner}" if name != "." else inner)
        for error in unread:
            yield _closed(Path(error.filename or name).relative_to(self.root).as_posix())


def _walk(root: Path, onerror: Callable[[OSError], None] | None = None) -> Iterator[str]:
    for folder, folders, names in os.walk(root, onerror=onerror):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        for name in names:
            yield (Path(folder) / name).relative_to(root).as_posix()


def read_page(root: Path, name: str) -> Page:
    """Read one document; what is wrong with it is in its page."""

    def wrong(why: str, todo: str) -> Page:
        return Page(name, error=f"{name}: could not be read: {why}. {todo}")

    path = root / name
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return wrong("it is no file", "Name a Markdown file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            return wrong(
                f"it has {size:,} bytes, and {MAX_BYTES:,} are the limit", "Split it, or leave it out with `paths`"
            )
        raw = path.read_bytes()
    except OSError as error:
        todo = {
            "FileNotFoundError": "Check the path",
            "PermissionError": "Give this user the right to read it",
        }.get(type(error).__name__, "Look at the file")
        return wrong(error.strerror or str(error), todo)
    if b"\0" in raw:
        return wrong(f"it holds a NUL byte at byte {raw.index(0)}", "Save it as UTF-8 text")
    try:
        return Page(name, raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return wrong(f"line {line} is not UTF-8 (byte 0x{raw[error.start]:02x})", "Save it as UTF-8")


@dataclass(frozen=True)
class NoPublisher:
    """Publishes nothing."""

    writes: bool = False
    lands: bool = True

    def publish(self, rewrites: Sequence[Rewrite]) -> Sequence[Published]:
        """Leave every document as it is."""
        return [Published(rewrite.path) for rewrite in rewrites]


@dataclass(frozen=True)
class WorktreePublisher:
    """Writes documents where they lie: same folder, fsync, rename; mode and symlink are kept."""

    root: Path
    writes: bool = True
    lands: bool = True

    def publish(self, rewrites: Sequence[Rewrite]) -> Sequence[Published]:
        """Write each document; one that changed since it was read is left alone."""
        return [self._write(rewrite) for rewrite in rewrites]

    def _write(self, rewrite: Rewrite) -> Published:
        path = self.root / rewrite.path
        try:
            if path.read_bytes() != rewrite.before.encode():
                told = f"{rewrite.path}: could not be written: it changed while this run worked. Run again"
                return Published(rewrite.path, told, moved=True)
            files.replace(path, rewrite.after.encode())
        except OSError as error:
            told = f"{rewrite.path}: could not be written: {error.strerror}. Check its rights and the disk; nothing was changed"
            return Published(rewrite.path, told)
        return Published(rewrite.path)
