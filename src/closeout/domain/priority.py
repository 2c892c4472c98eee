"""Priorities: every team has its own words; a tracker with fixed ones takes them by what they mean."""

from __future__ import annotations

import re
from collections.abc import Sequence

LEVELS = ("urgent", "high", "medium", "low")
_WORDS = {
    "urgent": frozenset({"urgent", "critical", "blocker", "highest", "immediate", "emergency", "p0"}),
    "high": frozenset({"high", "major", "important", "p1"}),
    "medium": frozenset({"medium", "med", "mid", "moderate", "normal", "p2"}),
    "low": frozenset({"low", "lowest", "minor", "trivial", "p3", "p4", "p5"}),
}
_COUNTED = re.compile(r"p\d", re.IGNORECASE)


def level(text: str) -> str | None:
    """Return what a priority means: one of LEVELS by the one word of these that it holds; None for anything else."""
    said = set(re.findall(r"[a-z]+\d*", text[:100].casefold()))
    found = [name for name in LEVELS if said & _WORDS[name]]
    return found[0] if len(found) == 1 else None


def spoken(value: str, used: Sequence[str]) -> str:
    """Return a level in the words of a document: as it says this level, else counted (P0) where it counts, else as
    capitalised as its other priorities, which are `used`.
    """
    for word in used:
        if level(word) == value:
            return word
    if value in LEVELS and used and all(_COUNTED.fullmatch(word) for word in used):
        return f"{used[0][0]}{LEVELS.index(value)}"
    return value.capitalize() if not used or any(word[:1].isupper() for word in used) else value
