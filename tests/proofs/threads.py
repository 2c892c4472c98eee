"""What became of people's edits: of each field of each item, those that nobody who could see them changed later."""

from __future__ import annotations

from dataclasses import dataclass, field

from closeout.domain.item import Field
from closeout.domain.ledger import Entry

HERE, THERE = "document", "tracker"


@dataclass
class Thread:
    """One field of one item; `live` are edits by number that must not be lost, `shows` which one each side shows, and
    `waived` says that a clash was told in a way that leaves it to people which one stays.
    """

    values: dict[str, str]
    live: dict[int, str] = field(default_factory=dict)
    past: list[tuple[str, str]] = field(default_factory=list)
    shows: dict[str, int | None] = field(default_factory=lambda: {HERE: None, THERE: None})
    waived: bool = False

    def typed(self, side: str, value: str, *, visible: bool) -> None:
        """A person changed a side; an edit that cannot be told from none is not `visible`."""
        gone = {number for number, (where, _) in enumerate(self.past) if where == side} | {self.shows[side]}
        self.live = {number: kept for number, kept in self.live.items() if number not in gone}
        self.past.append((side, value))
        self.shows[side] = len(self.past) - 1
        self.values[side] = value
        if visible:
            self.live[len(self.past) - 1] = value

    def saw(self, side: str, value: str) -> None:
        """A side shows another value, which no person put there just now."""
        if value != self.values[side]:
            self.values[side] = value
            found = [number for number, (_, typed) in enumerate(self.past) if typed == value]
            self.shows[side] = found[-1] if found else None

    def settled(self, winner: str, value: str) -> None:
        """A clash was told: what did not win is lost, and somebody knows."""
        self.live = {number: kept for number, kept in self.live.items() if kept == value}
        self.waived = self.waived or not winner

    def lost(self) -> str:
        """Say which edit was lost in silence; empty if none was."""
        now = set(self.values.values())
        if self.waived or not self.live or now & set(self.live.values()):
            return ""
        return f"{sorted(set(self.live.values()))} lost for {sorted(now)}"


def is_visible(side: str, what: Field, text: str, value: str, entry: Entry | None) -> bool:
    """Whether an edit can be told from none: it is neither what was seen there last, nor what was about to be written."""
    if entry is None:
        return True
    memory = entry.memory.get(what)
    announced = entry.intent.values.get(what) if entry.intent is not None else None
    if side == HERE:
        known = {memory.document, *memory.proposed} if memory else set()
        return text not in known | ({announced[2]} if announced else set())
    known = {memory.tracker} if memory else set()
    return value not in known | (set(announced[:2]) if announced else set())
