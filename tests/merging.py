"""The truth table of merging: every combination of what was seen, what waits and what is there, as a sentence, and the
row of `tests/meta/merging.toml` that decides it.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AXES: Mapping[str, Sequence[Any]] = {
    "field": ("title", "status", "linked", "owners", "due", "priority"),
    "rule": ("document", "tracker", "ask", "document-only"),
    "seen": ("alike", "apart", "never"),
    "waits": (False, True),
    "document": (
        "same",
        "changed",
        "alike",
        "landed",
        "emptied",
        "unreadable",
        "still unreadable",
        "no place",
    ),
    "issue": ("same", "changed", "moved on", "emptied", "unreadable"),
}
THEN = {
    "nothing": "nothing",
    "seen": "both are remembered as they are",
    "heard": "the issue is remembered as it is",
    "send": "the document's value is sent",
    "show": "the issue's value is written into the document",
}
Row = Mapping[str, Any]
TABLE = tomllib.loads((Path(__file__).parent / "meta/merging.toml").read_text("utf-8"))
ROWS: Sequence[Row] = TABLE["row"]
IMPOSSIBLE: Sequence[Row] = TABLE["impossible"]


@dataclass(frozen=True)
class Combination:
    """One cell of the table."""

    field: str
    rule: str
    seen: str
    waits: bool
    document: str
    issue: str

    def fits(self, row: Row) -> bool:
        return all(getattr(self, axis) in among(row[axis]) for axis in AXES if axis in row)

    def sentence(self, row: Row) -> str:
        seen = {"alike": "", "apart": ", which had differed", "never": ", seen for the first time"}[self.seen]
        waits = ", another value is wanted" if self.waits else ""
        what = "status of a linked issue" if self.field == "linked" else self.field
        told = f", and a {row['told']}" if "told" in row else ""
        return f"{what}, {self.rule}: document {self.document}, issue {self.issue}{seen}{waits} -> {THEN[row['then']]}{told}"


def among(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else (value,)


def combinations() -> list[Combination]:
    return [Combination(*values) for values in itertools.product(*AXES.values())]


def decided() -> list[tuple[Combination, Row]]:
    """Every combination that can be, with its row."""
    return [
        (one, next(row for row in ROWS if one.fits(row)))
        for one in combinations()
        if not any(one.fits(row) for row in IMPOSSIBLE)
    ]
