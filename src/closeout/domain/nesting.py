"""Nesting: whether an issue is to be put below its incident's own one. Once there was a word about that, never again.

The ledger's word is the reference of the issue that it was seen below, or a refusal: `!` and the reference of the issue
that it was refused for, `!` alone where the tracker refuses it for any; `-` where a ledger that was lost may have had a word.
"""

from __future__ import annotations

from closeout.domain.issue import Nested
from closeout.domain.ledger import Entry, Ledger

REFUSED = "!"
LOST = "-"


def due(entry: Entry, parent: str) -> bool:
    """Whether an issue of ours is to be put below `parent`, about which nothing was said yet, or another one was refused."""
    ours = entry.owned and entry.holder and not entry.no and entry.issue != parent
    unsaid = not entry.parent or (entry.parent.startswith(REFUSED) and entry.parent not in {REFUSED, REFUSED + parent})
    # one that another clone may have made, too, may have to give way: by then nobody may have touched it
    return bool(parent) and ours and unsaid and entry.intent is None and not entry.made


def refused(ledger: Ledger, tracker: str) -> frozenset[str]:
    """Return the words of refusal of a tracker, which hold for all its issues."""
    return frozenset(entry.parent for entry in ledger.of(tracker) if entry.parent.startswith(REFUSED))


def possible(parent: str, words: frozenset[str]) -> bool:
    """Whether a tracker that said these words of refusal may still take issues below `parent`."""
    return words.isdisjoint({REFUSED, REFUSED + parent})


def word(parent: str, told: Nested) -> str:
    """Return what is remembered of an answer."""
    if told.parent:
        return told.parent
    return REFUSED if told.everywhere else REFUSED + parent
