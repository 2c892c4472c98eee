"""A table of closeout.toml: unknown keys are errors, and keys are written with dashes."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


def dashed(name: str) -> str:
    """Return a field's name as its key is written."""
    return name.replace("_", "-")


class Table(BaseModel):
    """What every table has in common."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=dashed, populate_by_name=True)
