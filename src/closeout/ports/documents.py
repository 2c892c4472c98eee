"""Documents: where they are read from, and where they go back to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Page:
    """One document's text, or why it could not be read (`error` says where, what and what to do).

    `committed` is False for a text that nobody committed yet, and that may be thrown away. `encoding` is the codec that
    makes the text's bytes again; `guess` names the one that was guessed: then nothing may be written.
    """

    path: str
    text: str = ""
    error: str = ""
    committed: bool = True
    encoding: str = "utf-8"
    guess: str = ""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A document's text as it was read, and as it shall be, both in `encoding`; `values` is how many values differ."""

    path: str
    before: str
    after: str
    values: int = 0
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Published:
    """What came of one rewrite: `error` and `moved` are empty and False where it was written.

    `where` tells a person where else than in its file to find it: in which commit; empty if nowhere.
    """

    path: str
    error: str = ""
    moved: bool = False
    where: str = ""


class DocumentSource(Protocol):
    """Where documents are read from."""

    @property
    def revision(self) -> str:
        """The commit that the documents are read at; empty where they have none."""

    def lacks(self, revision: str) -> bool:
        """Whether this is surely not what came of a revision: another clone has seen more of the documents."""

    def read(self) -> Sequence[Page]:
        """Return every document, in the order of their paths."""


class Publisher(Protocol):
    """Where documents go back to."""

    @property
    def writes(self) -> bool:
        """Whether anything is written at all (`none` writes nothing)."""

    @property
    def lands(self) -> bool:
        """Whether what is written is there for everybody; else it counts only once it is read from a commit."""

    def publish(self, rewrites: Sequence[Rewrite]) -> Sequence[Published]:
        """Write the documents, each wholly or not at all; one that fails does not stop the others."""
