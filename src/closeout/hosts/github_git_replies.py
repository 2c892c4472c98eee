"""What is read of GitHub's answers about git: names of objects are names of objects, and nothing else passes for one."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator

Oid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Object(_Answer):
    """Something that git keeps."""

    sha: Oid


class Ref(_Answer):
    """A ref, by its whole name, and what it points to."""

    ref: str
    object: Object


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


class Compared(_Answer):
    """How one commit stands to another."""

    status: Literal["identical", "ahead", "behind", "diverged"]


class Content(_Answer):
    """A file's bytes, in `encoding` base64; in no encoding (`none`) where it is too large to be told."""

    sha: Oid
    encoding: str
    content: str

    @field_validator("content")
    @classmethod
    def _whole(cls, value: str) -> str:
        try:
            base64.b64decode(value)
        except (binascii.Error, ValueError) as error:
            message = "it is no base64"
            raise ValueError(message) from error
        return value

    @property
    def raw(self) -> bytes | None:
        """The bytes; None where they were not told."""
        return base64.b64decode(self.content) if self.encoding == "base64" else None


class Text(_Answer):
    """A blob's text, as far as GraphQL tells it."""

    text: str | None = None
