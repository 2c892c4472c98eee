"""What does a heading or label say about the blocks below it?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from closeout.domain.item import Status
from closeout.reading.phrases import Found
from closeout.reading.vocabulary import Says, Vocabulary

_NUMBERING = re.compile(r"\s*(?:(?:\d+(?:\.\d+)*|[ivxIVX]+|[A-Z])[.)、:：]\s*|\d+(?:\.\d+)*\s+)")
_ASIDE = re.compile(r"(?:(?<!\s)\s++)?[(\[（【]([^()\[\]（）【】]*)[)\]）】]")
_OPENS = re.compile(r"[(\[（【]")  # found much faster than what stands in front of it
_MARKS = re.compile("[*_`~]+")
_PARTS = re.compile(r"\s[—–:-]+\s|[/|:：]|\s&\s")


class Meaning(Enum):
    """What a heading or label says about the blocks below it."""

    EXPLICIT = "the follow-ups"
    FOLLOW_UPS = "follow-ups"
    PERHAPS = "perhaps"
    THEME = "theme"
    OTHER = "other"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Said:
    """The meaning, the heading's own words, and the status that it gives its entries (`Done`, `Actions (completed)`)."""

    meaning: Meaning = Meaning.NOTHING
    text: str = ""
    status: Status | None = None


UNSAID = Said()
FOLLOW_UPS = (Meaning.EXPLICIT, Meaning.FOLLOW_UPS)
_PLAIN = {
    Says.EXPLICIT: Meaning.EXPLICIT,
    Says.STRONG: Meaning.FOLLOW_UPS,
    Says.WEAK: Meaning.PERHAPS,
    Says.THEME: Meaning.THEME,
}

_WEAK = (Says.WEAK, Says.ALONE)


def read(text: str, vocabulary: Vocabulary) -> Said:
    """Return what a heading or label says."""
    bare = _MARKS.sub("", text)
    number = _NUMBERING.match(bare)
    plain = bare[number.end() if number else 0 :].strip().rstrip(":：").strip()
    asides = _ASIDE.findall(plain) if _OPENS.search(plain) else []
    bare = _ASIDE.sub(" ", plain).strip() if asides else plain
    status = next((found for part in [bare, *asides] if (found := vocabulary.states.exact(part))), None)
    return Said(_meaning(plain, bare, asides, vocabulary), plain, status)


def _meaning(plain: str, bare: str, asides: list[str], vocabulary: Vocabulary) -> Meaning:
    known = vocabulary.headings
    whole = known.exact(plain) or (known.exact(bare) if asides else None)
    if whole:
        aside = any(known.exact(part) in {Says.NOT, Says.PAST} for part in asides)
        return Meaning.OTHER if whole in _WEAK and aside else _PLAIN.get(whole, Meaning.OTHER)
    found, length = known.find(bare, gaps=True)
    if not found and not _PARTS.search(bare):
        return Meaning.NOTHING
    kinds = {one.meant for one in found}
    certain = [one for one in found if one.meant in {Says.EXPLICIT, Says.STRONG} and _tells(one, length, plain)]
    if certain and Says.PAST not in kinds:
        return Meaning.EXPLICIT if any(one.meant is Says.EXPLICIT for one in certain) else Meaning.FOLLOW_UPS
    if kinds & {Says.NOT, Says.PAST}:
        last = found[-1].end == length and found[-1].meant is Says.NOT and len(bare.split()) <= 3
        mostly = last or 2 * _covered(found) >= length
        return Meaning.OTHER if mostly or Says.PAST in kinds else Meaning.NOTHING
    parts = _PARTS.split(bare)
    if any(known.exact(part) in _WEAK or _leads(*known.find(part)) for part in parts):
        return Meaning.PERHAPS
    return Meaning.THEME if Says.THEME in kinds and 2 * _covered(found) >= length else Meaning.NOTHING


def _tells(one: Found[Says], length: int, plain: str) -> bool:
    """Whether a phrase is what a heading is about: it opens or ends it, or is much of it; of a sentence, most."""
    share = (one.end - one.start) / length
    edge = one.start == 0 or one.end == length
    return share >= 0.3 or (edge and len(plain.split()) <= 12)


def _leads(found: list[Found[Says]], length: int) -> bool:
    """Whether a weak phrase is the first or the last thing that a heading names (`Security improvements`)."""
    return any(
        (one.meant is Says.WEAK and one.start == 0) or (one.meant in _WEAK and one.end == length) for one in found
    )


def _covered(found: list[Found[Says]]) -> int:
    return sum(one.end - one.start for one in found)
