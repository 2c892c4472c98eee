"""The finding: something a person should look at; never an error by itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`path` and `line` (from 1, 0 for the whole document) say where; `code` is stable; `message` says what to do."""

    path: str
    line: int
    code: str
    message: str
