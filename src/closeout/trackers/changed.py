"""Whether an issue is still as a plan found it."""

from __future__ import annotations

from collections.abc import Mapping

from closeout.domain.item import Field, same


def has_changed(now: Mapping[Field, str], wanted: Mapping[Field, str], expect: Mapping[Field, str]) -> bool:
    """Tell whether a field is neither as expected nor as wanted, or is what only a person can read."""
    return any(
        what not in now or not (same(what, now[what], expect[what]) or same(what, now[what], value))
        for what, value in wanted.items()
    )
