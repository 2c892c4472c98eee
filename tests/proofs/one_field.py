"""One due date of one item, edited on both sides; what must hold at rest is what the merge rules were designed for.

A person's edit is lost only if somebody who could see it changed it later, or if a clash was told (a run that dies
tells what its plan tells). One edit cannot be told from none, and is left out: a cell put back to its old value after
a run wrote it and died before it said so.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from closeout.domain.item import Field
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from closeout.engine.world import Options
from worlds import Small

DAYS = ("2026-06-15", "2026-06-16", "2026-06-17")
TEXT = f"""## Action items

| Action | Owner | Due | Status |
|---|---|---|---|
| Add an alert | @ann | {DAYS[0]} | TODO |
"""


@dataclass
class World:
    """`edits` are people's, by number: (side, value); `live` those that nobody who could see them changed later.

    `shows` is which of them each side shows, as far as it is one.
    """

    rule: Rule
    edits: list[tuple[str, str]] = field(default_factory=list)
    live: set[int] = field(default_factory=set)
    shows: dict[str, int | None] = field(default_factory=lambda: {"document": None, "tracker": None})
    told: int = 0
    unsaid: str = ""

    def __post_init__(self) -> None:
        rules = {**DEFAULT_RULES, Field.DUE: self.rule}
        self.small = Small({"postmortems/a.md": TEXT}, Options(today="2026-05-03", version="test", rules=rules))
        self.small.sync()

    @property
    def values(self) -> dict[str, str]:
        document = next(day for day in DAYS if day in self.small.text)
        return {"document": document, "tracker": self.small.tracker.issues["1"].values[Field.DUE]}

    def edit(self, side: str, value: str) -> None:
        now = self.values[side]
        if now == value:
            return
        self.live -= {number for number, (where, _) in enumerate(self.edits) if where == side}
        self.live.discard(-1 if self.shows[side] is None else self.shows[side])
        self.edits.append((side, value))
        self.shows[side] = len(self.edits) - 1
        if side != "document" or value != self.unsaid:
            self.live.add(len(self.edits) - 1)
        if side == "document":
            self.small.text = self.small.text.replace(now, value)
        else:
            self.small.tracker.edit("1", {Field.DUE: value})

    def run(self, dies_at: int | None = None) -> None:
        before, shown = self.values, dict(self.shows)
        self.told += sum(finding.code in {"clash", "differs"} for finding in self.small.plan().findings)
        outcome = self.small.sync(dies_at=dies_at)
        for side, other in (("document", "tracker"), ("tracker", "document")):
            if self.values[side] != before[side]:
                self.shows[side] = shown[other]
        if outcome is None and self.values["document"] != before["document"]:
            self.unsaid = before["document"]
        if outcome is not None:
            self.unsaid = ""


def play(seed: int) -> None:
    dice = random.Random(seed)
    world = World(dice.choice([Rule.DOCUMENT, Rule.TRACKER]))
    events = []
    for _ in range(dice.randint(2, 10)):
        event = dice.choice(["document", "tracker", "run", "run", "death"])
        if event in {"document", "tracker"}:
            world.edit(event, dice.choice(DAYS))
        else:
            world.run(dice.randrange(12) if event == "death" else None)
        events.append(event)
    for _ in range(3):
        world.run()
    told = world.told
    assert world.small.plan().plan.empty, f"{events}: not at rest"
    assert len(world.small.tracker.issues) == 1, f"{events}: a duplicate"
    now = world.values
    if now["document"] != now["tracker"]:
        assert told, f"{events}: the sides differ and nobody is told"
        return
    live = {world.edits[number][1] for number in world.live}
    assert not live or now["document"] in live or told, f"{events}: an edit was lost, {live} for {now}"
