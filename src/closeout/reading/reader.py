"""What the text of a field says: a status, a day, names, a priority, a title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from closeout.domain.item import Field, Stated, Status
from closeout.markdown import inline
from closeout.reading.fields import dates, owners
from closeout.reading.people import People
from closeout.reading.region import Region
from closeout.reading.repair import repaired
from closeout.reading.vocabulary import EMOJI, Vocabulary

CHECKBOX = re.compile(r"^\s*\[([ xX✓✔])\](?=\s|$)\s*")
EMOJI_CHARACTERS = "".join(character for characters in EMOJI.values() for character in characters)
LEAD_EMOJI = re.compile(rf"^\s*([{EMOJI_CHARACTERS}])\ufe0f?\s*")
IGNORED = re.compile(r"<!--\s*closeout:\s*ignore\s*-->", re.I)
_TRIM = " \t\n.:;,-–—"


@dataclass(frozen=True, slots=True)
class Reader:
    """What the reading of any field needs: the words, the date of the incident, the document's links and people.

    `region` is where the entry stands; `owners_above` are named by the label over its list;
    `order` is how the page writes 03/04/2026; `incident` is the number of the entry's among the document's.
    """

    vocabulary: Vocabulary
    incident_date: str
    links: Mapping[str, Any]
    people: People = People("", Vocabulary())
    region: Region | None = None
    owners_above: tuple[str, ...] = ()
    order: dates.Order = dates.Order.UNKNOWN
    incident: int | None = None

    @property
    def names_owners(self) -> bool:
        """Whether the region's name says that its entries name their owners."""
        found = self.vocabulary.heads.find(self.region.name)[0] if self.region else ()
        return any(one.meant is Field.OWNERS for one in found)

    def given(self, stated: dict[Field, Stated]) -> None:
        """Add what the headings and labels above an entry say of it, where it says nothing itself."""
        if self.owners_above and Field.OWNERS not in stated:
            label = self.region.label if self.region else ""
            stated[Field.OWNERS] = Stated(label, ", ".join(self.owners_above), reason="the label above the list")
        if self.region and self.region.status and Field.STATUS not in stated:
            told = f"the heading above says {self.region.status_text!r}"
            stated[Field.STATUS] = Stated(self.region.status_text, self.region.status, reason=told)

    def due(self, text: str) -> Stated:
        """Read a due date's text; the place is not set yet."""
        meant = repaired(text)
        if self.vocabulary.is_placeholder(meant):
            return Stated(text, "", reason="nothing is stated")
        value, reason = dates.read(meant, self.vocabulary, self.incident_date, self.order)
        return Stated(text, value, reason=reason)

    def owners(self, text: str) -> Stated:
        """Read the text of an owner's cell or note."""
        return Stated(text, ", ".join(owners.read(repaired(text), self.vocabulary)), reason="names")

    def status(self, text: str) -> Stated:
        """Read a status word or emoji; None where the word is not known."""
        meant = repaired(text)
        if match := CHECKBOX.match(meant + " "):
            return Stated(text, Status.TODO if match[1] == " " else Status.DONE, reason="a box", box=True)
        value = self.vocabulary.read_status(meant)
        if value is None and self.vocabulary.is_placeholder(meant):
            return Stated(text, "", reason="nothing is stated")
        return Stated(text, value, reason="a word" if value else "not understood")

    def priority(self, text: str) -> Stated:
        """Read a priority: its words without emoji."""
        meant = inline.read(repaired(text), self.links).plain
        bare = re.sub(r"^[^\w]+|[^\w)]+$", "", meant)
        return Stated(text, "" if self.vocabulary.is_placeholder(bare) else bare, reason="a word")

    def plain(self, raw: str) -> str:
        """Return a title's raw text as a person would type it."""
        return inline.read(repaired(raw.strip()), self.links).plain.strip(_TRIM.replace(".", "")).strip()

    def field(self, what: Field, text: str) -> Stated:
        """Read the text of a field by its name; tickets and titles are read where they stand."""
        read = {
            Field.OWNERS: self.owners,
            Field.DUE: self.due,
            Field.STATUS: self.status,
            Field.PRIORITY: self.priority,
        }
        return read[what](text)
