"""A repository on a host without a clone: its documents at one revision, and one commit through its API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from closeout.errors import ConfigurationError
from closeout.git.commits import Kept
from closeout.hosts.git_objects import Branch, Entry, Tree, oid_of
from closeout.ports.cache import BlobCache
from closeout.ports.documents import Snapshot
from closeout.repositories.trees import documents
from closeout.repositories.worktree import DEFAULT_PATHS, SKIPPED, SUFFIXES

_TOGETHER, _LONG = 1_000_000, 400_000  # bytes
_WILD = "*?[\\"


class CodeHost(Protocol):
    """A repository on a host, as far as it is read; a method raises as `closeout.hosts.github_git` says."""

    @property
    def place(self) -> str:
        """The repository as an error names it."""

    def branch(self, name: str = "") -> Branch | None:
        """Look at a branch, the default one without a name; None if there is none."""

    def tree(self, oid: str, *, deep: bool) -> Tree:
        """List a folder, or the root of a commit; `deep` with all that is below it."""

    def blob(self, oid: str) -> bytes:
        """Read a blob."""

    def texts(self, oids: Sequence[str]) -> Mapping[str, bytes]:
        """Read those of the blobs that can be read many with a request."""

    def stands(self, oid: str, base: str) -> str:
        """Return how a commit stands to another: identical, ahead, or anything else."""


Code = TypeVar("Code", bound=CodeHost)


@dataclass
class HostedCode(Generic[Code]):
    """The documents that match `paths` at the head of `branch` (the default one without a name), read by the API.

    What was read once is known again by its name in git, as far as `cache` kept it: then a run costs requests only for
    what changed.
    """

    git: Code
    branch: str = ""
    paths: tuple[str, ...] = DEFAULT_PATHS
    encodings: tuple[str, ...] = ()
    cache: BlobCache | None = None
    _listings: dict[str, Mapping[str, Entry]] = field(default_factory=dict, repr=False)

    def read(self) -> Snapshot:
        """Return every document of the head, those that only lead to another one left out.

        Raises ConfigurationError if there is no such branch, TrackerError if the host cannot be asked.
        """
        found = self._head()
        revision = found.target.oid if found.target else ""
        listed = self._listing(revision)
        store = _Store(self.git, {entry.sha: entry.size for entry in listed.values()}, self.cache)
        pages = documents(self.listing(revision), self.paths, self.encodings, store)
        if self.cache is not None:
            self.cache.keep([*store.used, self._name(revision)], {**store.new, self._name(revision): _packed(listed)})
        return Snapshot(pages, revision, f"{found.name} of {self.git.place}")

    def descends(self, revision: str, ancestor: str) -> bool:
        """Whether a revision may have come of an older one; a host does not know one that was rewritten long ago."""
        return revision == ancestor or self.git.stands(revision, ancestor) in {"identical", "ahead"}

    def name(self) -> str:
        """Return the branch's name. Raises as `read`."""
        return self.branch or self._head().name

    def listing(self, revision: str) -> Mapping[str, Kept]:
        """Return the Markdown files of a revision, by path."""
        return {path: Kept(entry.mode, entry.sha) for path, entry in self._listing(revision).items()}

    def _head(self) -> Branch:
        found = self.git.branch(self.branch)
        if found is None or found.target is None:
            what = f"it has no branch {self.branch}" if self.branch else "nothing is committed there yet"
            message = f"{self.git.place}: could not read the documents: {what}. Push the documents, then run again"
            raise ConfigurationError(message)
        self.branch = found.name
        return found

    def _listing(self, revision: str) -> Mapping[str, Entry]:
        if revision not in self._listings:
            kept = self.cache.load([self._name(revision)]).get(self._name(revision)) if self.cache is not None else None
            known = _unpacked(kept) if kept is not None else None
            self._listings[revision] = known if known is not None else dict(self._walk(revision, ""))
        return self._listings[revision]

    def _walk(self, oid: str, folder: str) -> Iterator[tuple[str, Entry]]:
        """Yield the Markdown files of a tree; folder by folder, where it is more than one answer tells."""
        found = self.git.tree(oid, deep=True)
        deep = not found.truncated
        for entry in found.tree if deep else self._alone(oid).tree:
            path = f"{folder}{entry.path}"
            if entry.type == "tree" and not deep and entry.path not in SKIPPED and may_hold(path, self.paths):
                yield from self._walk(entry.sha, f"{path}/")
            elif entry.type == "blob" and path.lower().endswith(SUFFIXES):
                yield path, entry

    def _alone(self, oid: str) -> Tree:
        found = self.git.tree(oid, deep=False)
        if found.truncated:
            message = f'{self.git.place}: could not list a folder: it has too many files. Say `source = "clone"`'
            raise ConfigurationError(message)
        return found

    def _name(self, revision: str) -> str:
        """What the listing of a revision is kept as: of a large tree only what may match was walked."""
        return f"tree {revision} {oid_of(repr(self.paths).encode())}"


if TYPE_CHECKING:  # its library costs more to import than most runs take
    from closeout.hosts.github_git import GitHubGit

    Hosted = HostedCode[GitHubGit]
else:
    Hosted = HostedCode


@dataclass
class _Store:
    """Blobs by their names, from the cache or the host; `used` are all that were asked for, `new` those that came."""

    git: CodeHost
    known: Mapping[str, int]
    cache: BlobCache | None
    used: list[str] = field(default_factory=list)
    new: dict[str, bytes] = field(default_factory=dict)

    def sizes(self, blobs: Sequence[str]) -> Mapping[str, int]:
        """Return how many bytes each blob has, as its tree says."""
        return {blob: self.known[blob] for blob in blobs}

    def contents(self, blobs: Sequence[str]) -> Mapping[str, bytes]:
        """Return what each blob holds: a hundred texts with a request, anything else one by one."""
        self.used = list(dict.fromkeys(blobs))
        found = dict(self.cache.load(self.used)) if self.cache is not None else {}
        for some in self._batches([blob for blob in self.used if blob not in found and self.known[blob] <= _LONG]):
            self.new |= self.git.texts(some)
        for blob in self.used:
            if blob not in found and blob not in self.new:
                self.new[blob] = self.git.blob(blob)
        return found | self.new

    def _batches(self, blobs: Sequence[str]) -> Iterator[list[str]]:
        some: list[str] = []
        size = 0
        for blob in blobs:
            if some and (len(some) == 100 or size + self.known[blob] > _TOGETHER):
                yield some
                some, size = [], 0
            some.append(blob)
            size += self.known[blob]
        if some:
            yield some


def may_hold(folder: str, paths: Sequence[str]) -> bool:
    """Tell whether something below a folder may match one of git's wildcards; those without a fixed start match anywhere."""
    for path in paths:
        if "/" not in path.rstrip("/"):
            return True
        wild = min((at for sign in _WILD if (at := path.find(sign)) >= 0), default=len(path))
        start = path[:wild].lstrip("/").rpartition("/")[0]
        if not start or f"{folder}/".startswith(f"{start}/") or f"{start}/".startswith(f"{folder}/"):
            return True
    return not paths


def _packed(listed: Mapping[str, Entry]) -> bytes:
    return json.dumps([entry.model_dump() | {"path": path} for path, entry in listed.items()]).encode()


def _unpacked(raw: bytes) -> Mapping[str, Entry] | None:
    try:
        return {entry.path: entry for entry in map(Entry.model_validate, json.loads(raw))}
    except ValueError:
        return None
