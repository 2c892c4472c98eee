"""The result: what came of one change."""

from __future__ import annotations

from dataclasses import dataclass

from closeout.domain.plan import Change


@dataclass(frozen=True, slots=True)
class Result:
    """`ref` is the issue that was written, `error` why it was not; both are empty for what was left for later."""

    change: Change
    ref: str = ""
    error: str = ""
