"""A table of closeout.toml: unknown keys are errors, and keys are written with dashes."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def dashed(name: str) -> str:
    """Return a field's name as its key is written."""
    return name.replace("_", "-")


def _wildcard(value: str) -> str:
    from pathspec import PathSpec  # noqa: PLC0415 - most configurations name none

    try:
        PathSpec.from_lines("gitignore", [value])
    except (ValueError, re.error) as error:
        message = f"{value[:100]!r} is no wildcard of git's"
        raise ValueError(message) from error
    return value


Wildcard = Annotated[str, AfterValidator(_wildcard)]


class Table(BaseModel):
    """What every table has in common."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=dashed, populate_by_name=True)
