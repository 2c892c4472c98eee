"""What git keeps, as a host tells it: names of objects are names of objects, and nothing else passes for one."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from closeout.errors import TrackerError
from closeout.hosts.pacing import Errand

Oid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Object(_Answer):
    """Something that git keeps."""

    sha: Oid


class Head(_Answer):
    """What a branch points to."""

    oid: Oid


class Branch(_Answer):
    """A branch, by its short name; without a `target` it has no commit."""

    name: str
    target: Head | None = None


class Entry(_Answer):
    """What a tree holds at a path; `size` in bytes, of a file."""

    path: str
    mode: Annotated[str, StringConstraints(pattern=r"^[0-7]{6}$")]
    type: Literal["blob", "tree", "commit"]
    sha: Oid
    size: int = 0


class Tree(_Answer):
    """A folder; one that is `truncated` holds more than is told."""

    sha: Oid
    tree: tuple[Entry, ...]
    truncated: bool = False


class Commit(_Answer):
    """A commit."""

    sha: Oid
    message: str
    parents: tuple[Object, ...]
    tree: Object


class Declined(TrackerError):  # noqa: N818 - it names what happened
    """The host surely made no commit; `stale` if the branch points elsewhere, `message` is what it said."""

    def __init__(self, errand: Errand, message: str, *, stale: bool) -> None:
        super().__init__(str(errand.failed(message, "Look at the answer, and run again when its cause is gone")))
        self.message = message
        self.stale = stale


def oid_of(raw: bytes) -> str:
    """Return the name that git gives to a file's bytes."""
    return hashlib.sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()
