"""Documents: where they are read from, and where they go back to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from closeout.domain.plan import Write
from closeout.errors import Exit


@dataclass(frozen=True, slots=True)
class Page:
    """One document's text, or why it could not be read (`error` says where, what and what to do).

    `encoding` is the codec that makes the text's bytes again; `guess` names the one that was guessed: then nothing may
    be written.
    """

    path: str
    text: str = ""
    error: str = ""
    encoding: str = "utf-8"
    guess: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every document as it stood at one moment.

    `revision` is the commit that they are read at, and `name` what a person calls it (`origin/main`); both are empty
    where files are read as they lie. `note` tells what a person should know of the choice; `unpushed` names the
    documents whose files here are not as the revision has them, and `ahead` tells that commits here are not in it yet.
    """

    pages: Sequence[Page] = ()
    revision: str = ""
    name: str = ""
    note: str = ""
    unpushed: frozenset[str] = frozenset()
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A document's text as it stands where it is written, and as it shall be, both in `encoding`; `values` is how many
    values differ, and `writes` tells of each.
    """

    path: str
    before: str
    after: str
    values: int = 0
    encoding: str = "utf-8"
    writes: tuple[Write, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """What came of one rewrite: `error` and `moved` are empty and False where it was written.

    `where` tells a person where else than in its file to find it: in which commit; empty if nowhere. `waits` says that
    it counts once somebody merges it, `unchanged` that it stood there before, or was left for later. An error may be
    about more than one document: its path is then none of theirs. `code` is its exit code where that is not the usual.
    """

    path: str
    error: str = ""
    moved: bool = False
    where: str = ""
    waits: bool = False
    unchanged: bool = False
    code: Exit | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was written earlier and waits to be merged: by path, the documents as they stand there; `known` says that
    there is surely no other. `told` are (name of the branch, code, message) for a person, `offers` (address, since when,
    as YYYY-MM-DD or empty) of each branch that waits.
    """

    pages: Mapping[str, Page] = field(default_factory=dict)
    known: bool = False
    told: tuple[tuple[str, str, str], ...] = ()
    offers: tuple[tuple[str, str], ...] = ()


class DocumentSource(Protocol):
    """Where documents are read from."""

    def read(self) -> Snapshot:
        """Return every document, in the order of their paths."""

    def descends(self, revision: str, ancestor: str) -> bool:
        """Whether a revision may have come of an older one; False if it surely has not."""


class Publisher(Protocol):
    """Where documents go back to."""

    @property
    def writes(self) -> bool:
        """Whether anything is written at all (`none` writes nothing)."""

    def standing(self, path: str) -> Page | None:
        """Return the document that a rewrite at `path` goes onto, without a text if there is none that can be edited;
        None if it is the one that was read.
        """

    @property
    def lands(self) -> bool:
        """Whether what is written is there for everybody; else it counts only once it is read from a commit."""

    @property
    def retries(self) -> int:
        """How often a run reads and plans again if somebody else was faster."""

    def waiting(self, revision: str) -> Waiting:
        """Return what waits to be merged; it is asked once a round, with the revision that was read, before `standing`.

        Raises ConfigurationError or TrackerError if it cannot be asked.
        """

    def publish(self, rewrites: Sequence[Rewrite], revision: str) -> Sequence[Published]:
        """Write the documents that were read at a revision, each wholly or not at all; one that fails does not stop the
        others.
        """
