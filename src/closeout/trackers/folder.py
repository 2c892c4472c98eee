"""The folder tracker: issues are Markdown files with front matter, made to be read, edited and committed.

    .closeout/issues/0012-add-connection-alert.md

A file is created whole by python-frontmatter, and from then on changed line by line, so that what people write
around the fields stays as it is.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from slugify import slugify

from closeout import files
from closeout.domain.issue import Capabilities, Changed, Draft, Gone, Hidden, Issue, Listing, Sight
from closeout.domain.item import Field, Status, same
from closeout.errors import TrackerError
from closeout.markdown.frontmatter import metadata
from closeout.reading.vocabulary import Vocabulary, shipped
from closeout.trackers import issue_file

CAPABILITIES = Capabilities("folder", in_tree=True)
_FILE = re.compile(r"(\d{1,9})(?:-[^/]*)?\.md")
_TICKET = re.compile(r"#0*(\d{1,9})")
_LIMIT = 1_000_000


@dataclass(frozen=True)
class FolderTracker:
    """Issues as files below `folder` of `root`.

    `deleted` tells whether the repository's history deleted the file of a number: only then is a missing one gone,
    else it is hidden. `highest` is the highest number that was ever given, as far as the ledger knows: none is given
    twice. `today` is written as the day of opening and closing.
    """

    root: Path
    today: str
    folder: str = ".closeout/issues"
    name: str = "folder"
    deleted: Callable[[int], bool] = lambda number: False
    highest: Callable[[], int] = lambda: 0
    vocabulary: Vocabulary = field(default_factory=shipped)
    capabilities: Capabilities = CAPABILITIES

    @property
    def address(self) -> str:
        """The folder, relative to the repository."""
        return self.folder

    def whoami(self) -> str:
        """Files do not tell who made them."""
        return ""

    def assignable(self) -> frozenset[str] | None:
        """Anybody can own an issue."""
        return None

    def managed(self) -> Sequence[Issue]:
        """Return every issue that carries a key, in the order of their numbers; one that cannot be read may be any."""
        listed = self.glance()
        if not listed.full:
            broken = ", ".join(self._relative(path) for path in self._files().values() if self._read(path) is None)
            message = f"{broken}: could not read this issue: its front matter is broken. Mend it, and run again"
            raise TrackerError(message)
        return listed.issues

    def glance(self) -> Listing:
        """Return those that can be read."""
        found = [self._read(path) for _, path in sorted(self._files().items())]
        issues = [issue for issue in found if issue is not None]
        return Listing([issue for issue in issues if issue.key], full=len(issues) == len(found))

    def get(self, ref: str) -> Sight:
        """Look at one issue by its number."""
        path = self._files().get(int(ref))
        if path is not None:
            return self._read(path) or Hidden()
        return Gone() if self.deleted(int(ref)) else Hidden()

    def ref(self, ticket: str, path: str) -> str | None:
        """Return the number of `#12`, or of a link to one of our files as the document at `path` writes it."""
        if match := _TICKET.fullmatch(ticket):
            return match[1]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), ticket))
        match = _FILE.fullmatch(posixpath.basename(target))
        return str(int(match[1])) if match and posixpath.dirname(target) == self.folder else None

    def spell(self, issue: Issue, path: str) -> tuple[str, str]:
        """Spell a ticket as `#12`, with a link that works from the document at `path`."""
        return f"#{issue.ref}", posixpath.relpath(issue.address, posixpath.dirname(path) or ".")

    def create(self, draft: Draft) -> Issue:
        """Make an issue's file, under the next free number."""
        folder = self._place()
        content = issue_file.made(draft, self.today).encode()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            while True:
                number = max(self.highest(), *self._files(), 0) + 1
                slug = slugify(draft.values.get(Field.TITLE, ""), max_length=50, word_boundary=True)
                path = folder / (f"{number:04d}-{slug}.md" if slug else f"{number:04d}.md")
                if files.create(path, content):
                    return self._whole(path)
        except OSError as error:
            message = (
                f"{self.folder}: could not make an issue: {error.strerror}. Check the folder's rights and the disk"
            )
            raise TrackerError(message) from error

    def update(self, ref: str, values: Mapping[Field, str], expect: Mapping[Field, str]) -> Issue | Changed:
        """Change the named fields' lines of an issue's file."""
        path, issue = self._known(ref)
        for what, value in values.items():
            now = issue.values.get(what, "")
            if not same(what, now, expect[what]) and not same(what, now, value):
                return Changed(issue)
        closed = None
        if Field.STATUS in values:
            closed = (issue.closed or self.today) if Status(values[Field.STATUS]).closed else ""
        return self._edited(path, lambda text: issue_file.changed(text, values, closed))

    def mark(self, ref: str, key: str) -> Issue:
        """Write a key into an issue's file."""
        path, issue = self._known(ref)
        if issue.key == key:
            return issue
        if issue.key:
            message = (
                f"{self._relative(path)}: could not mark this issue: it carries the key {issue.key}. Take that out"
            )
            raise TrackerError(message)
        return self._edited(path, lambda text: issue_file.marked(text, key))

    def _known(self, ref: str) -> tuple[Path, Issue]:
        path = self._files().get(int(ref))
        issue = self._read(path) if path is not None else None
        if path is None or issue is None:
            message = (
                f"{self.folder}: could not change issue {ref}: its file is missing or broken. Bring it back from git"
            )
            raise TrackerError(message)
        return path, issue

    def _edited(self, path: Path, edit: Callable[[str], str]) -> Issue:
        try:
            files.replace(path, edit(path.read_bytes().decode()).encode())
        except (OSError, UnicodeDecodeError) as error:
            message = (
                f"{self._relative(path)}: could not change this issue: {error}. Check the file's rights and the disk"
            )
            raise TrackerError(message) from error
        return self._whole(path)

    def _files(self) -> dict[int, Path]:
        folder = self._place()
        try:
            entries = sorted(folder.iterdir()) if os.path.lexists(folder) else []
        except OSError as error:
            message = f"{self.folder}: could not list the issues: {error.strerror}. Check the folder's rights"
            raise TrackerError(message) from error
        found: dict[int, Path] = {}
        for path in entries:
            match = _FILE.fullmatch(path.name)
            number = int(match[1]) if match else 0
            if number in found:
                message = (
                    f"{self.folder}: could not tell issue {number}: {found[number].name} and {path.name} have its number "
                    "(two branches were merged?). Rename one to a free number, and its ticket in the document"
                )
                raise TrackerError(message)
            if match:
                found[number] = path if not path.is_symlink() else self._inside(path)
        return found

    def _place(self) -> Path:
        """The folder of the issues."""
        return self._inside(self.root / self.folder)

    def _inside(self, path: Path) -> Path:
        """Return a path that leads to what is in this repository; what links lead to elsewhere is somebody else's."""
        if not files.within(self.root, path):
            message = (
                f"{self._relative(path)}: could not be used: a symbolic link leads out of the repository. Put the files "
                "themselves there"
            )
            raise TrackerError(message)
        return path

    def _whole(self, path: Path) -> Issue:
        issue = self._read(path)
        if issue is None:
            message = f"{self._relative(path)}: could not read back this issue. Look at its front matter"
            raise TrackerError(message)
        return issue

    def _read(self, path: Path) -> Issue | None:
        """Read an issue's file; None if its front matter is broken."""
        try:
            if path.stat().st_size > _LIMIT:
                return None
            told = metadata(path.read_bytes().decode())
        except (OSError, ValueError):
            return None
        if "title" not in told:
            return None
        number = _FILE.fullmatch(path.name)
        return Issue(
            ref=str(int(number[1])) if number else "",
            key=issue_file.text_of(told, "key"),
            values=issue_file.values_of(told, self.vocabulary),
            address=self._relative(path),
            version=str(path.stat().st_mtime_ns),
            opened=issue_file.text_of(told, "opened"),
            closed=issue_file.text_of(told, "closed"),
        )

    def _relative(self, path: Path) -> str:
        return f"{self.folder}/{path.name}"
