"""One due date and one title on a host's tracker: write-backs that nobody pushed are thrown away, kept, edited and pushed at will.

At rest the sides agree on the last value that the tracker was given, or on a person's later one; what a thrown-away
write-back uncovers is never taken for an edit.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from closeout.domain.item import Field
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from proofs.one_field import DAYS, TEXT
from worlds import Small


@dataclass
class World:
    small: Small = field(default_factory=lambda: Small({"postmortems/a.md": TEXT}))
    days: int = 0
    fine: set[str] = field(default_factory=lambda: {DAYS[0]})
    told: int = 0

    def __post_init__(self) -> None:
        self.small.options = replace(self.small.options, rules={**DEFAULT_RULES, Field.TITLE: Rule.TRACKER})
        self.small.documents.lands = False
        self.push()
        self.run()
        self.push()

    def run(self) -> None:
        outcome = self.small.sync()
        assert outcome is not None
        self.told += sum(finding.code == "clash" for finding in outcome.findings)

    def push(self) -> None:
        self.small.documents.pushed = dict(self.small.texts)

    def throw_away(self) -> None:
        self.small.texts.update(self.small.documents.pushed or {})

    def tracker(self) -> None:
        self.small.tracker.edit("1", {Field.DUE: self.new()})
        self.fine = {self.day()} | (self.fine if self.told else set())

    def retitle(self) -> None:
        self.days += 1
        self.small.tracker.edit("1", {Field.TITLE: f"Try `{self.days}` times"})

    def person(self) -> None:
        before = self.shown
        self.small.text = self.small.text.replace(before, self.new())
        self.fine = self.fine | {self.day()}

    def new(self) -> str:
        self.days += 1
        return self.day()

    def day(self) -> str:
        return f"2027-{1 + self.days // 28:02}-{1 + self.days % 28:02}"

    @property
    def shown(self) -> str:
        return next(line for line in self.small.text.split("\n") if "@ann" in line).split("|")[3].strip()


def play(seed: int) -> None:
    dice = random.Random(seed)
    world = World()
    acts = {
        "run": world.run,
        "run again": world.run,
        "push": world.push,
        "throw away": world.throw_away,
        "tracker": world.tracker,
        "retitle": world.retitle,
        "person": world.person,
    }
    events = [dice.choice(sorted(acts)) for _ in range(dice.randint(2, 14))]
    for event in events:
        acts[event]()
    for _ in range(3):
        world.run()
        world.push()
    assert world.small.plan().plan.empty, f"{events}: not at rest"
    there = world.small.tracker.issues["1"].values[Field.DUE]
    assert world.shown == there, f"{events}: {world.shown} here, {there} there"
    title = world.small.tracker.issues["1"].values[Field.TITLE].replace("`", "\\`")
    assert f"| {title} [#1]" in world.small.text, f"{events}: {title!r} is not shown"
    assert len(world.small.tracker.issues) == 1, f"{events}: a second issue"
    assert there in world.fine or world.told, f"{events}: {there} is nobody's last word ({world.fine})"
