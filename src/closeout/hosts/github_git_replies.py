"""What is read of GitHub's answers about git: names of objects are names of objects, and nothing else passes for one."""

from __future__ import annotations

import base64
import binascii
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from closeout.hosts.git_objects import Object, Oid


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Ref(_Answer):
    """A ref, by its whole name, and what it points to."""

    ref: str
    object: Object


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
