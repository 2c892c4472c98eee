"""One due date and one title on a host's tracker, and two clones whose write-backs are kept, committed, pushed and thrown
away at will, while people edit cells there, in the issue and in what was pushed.

At rest the sides agree on the last value that the tracker was given, or on a person's later one; what a thrown-away
write-back uncovers, and what comes late, is never taken for an edit, and no cell of a person's is overwritten here.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from closeout.domain.item import Field
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from closeout.engine.boards import trackers
from proofs.one_field import DAYS, TEXT
from worlds import Small

PAGE = "postmortems/a.md"
TITLE, DUE = 1, 3  # the cells


@dataclass
class Clone:
    """A work tree with its own commit; `base` is the last one that it has of the others."""

    small: Small
    head: str
    base: str

    @property
    def text(self) -> str:
        return self.small.text

    @text.setter
    def text(self, value: str) -> None:
        self.small.text = value


@dataclass
class World:
    """`mine` are the values that a person typed into a work tree and nobody committed, by clone."""

    clones: list[Clone] = field(default_factory=list)
    turn: int = 0
    days: int = 0
    fine: set[str] = field(default_factory=lambda: {DAYS[0]})
    told: int = 0
    mine: dict[int, str] = field(default_factory=dict)
    pushes: int = 1
    past: list[str] = field(default_factory=lambda: [TEXT])

    def __post_init__(self) -> None:
        shared: dict[str, str] = {PAGE: TEXT}
        for _ in range(2):
            small = Small({PAGE: TEXT})
            small.options = replace(small.options, rules={**DEFAULT_RULES, Field.TITLE: Rule.TRACKER})
            small.documents.lands, small.documents.pushed = False, shared
            if self.clones:
                small.tracker, small.ledger = self.clones[0].small.tracker, self.clones[0].small.ledger
                small.world = replace(small.world, trackers=trackers(small.tracker), ledger=small.ledger)
            self.clones.append(Clone(small, TEXT, TEXT))
        self.shared = shared
        self.run()
        self.push()
        self.run()
        self.other()
        self.pull()
        self.other()

    @property
    def clone(self) -> Clone:
        return self.clones[self.turn]

    def run(self) -> None:
        small = self.clone.small
        small.documents.ahead = self.clone.head != self.clone.base
        small.documents.revision = f"{self.pushes:04}"
        before = cell(self.clone.text, DUE)
        outcome = small.sync()
        assert outcome is not None
        self.told += sum(finding.code == "clash" for finding in outcome.findings)
        mine = self.mine.get(self.turn)
        assert mine is None or cell(self.clone.text, DUE) == before, f"{before}, a person's own, was overwritten"

    def run_on_older(self) -> None:
        """A run that reads what was pushed before, from a mirror that lags."""
        documents, now = self.clone.small.documents, self.pushes
        documents.pushed, self.pushes = {PAGE: self.past[-1]}, now - 1
        self.run()
        documents.pushed, self.pushes = self.shared, now

    def other(self) -> None:
        self.turn = 1 - self.turn

    def commit(self) -> None:
        self.clone.head = self.clone.text
        if self.mine.pop(self.turn, ""):
            self.fine = {*self.fine, cell(self.clone.text, DUE)}

    def pull(self) -> None:
        """Bring what others pushed here; cells that differ on both sides stay as they are here."""
        clone, there = self.clone, self.shared[PAGE]
        head = merged(clone.base, clone.head, there)
        text = merged(clone.head, clone.text, head)
        for kept, other in ((head, there), (text, head)):
            if cell(kept, DUE) != cell(other, DUE) and cell(other, DUE) != cell(clone.base, DUE):
                self.fine = {*self.fine, cell(kept, DUE)}  # somebody who saw both decided
        clone.text = text
        clone.head, clone.base = head, there

    def push_head(self) -> None:
        """Push what was committed; what only lies here stays behind."""
        if self.clone.base != self.shared[PAGE]:
            self.pull()
        if self.clone.head != self.shared[PAGE]:
            self.pushes += 1
            self.past.append(self.shared[PAGE])
        self.shared[PAGE] = self.clone.base = self.clone.head

    def push(self) -> None:
        self.commit()
        self.push_head()

    def throw_away(self) -> None:
        self.mine.pop(self.turn, None)
        self.clone.text = self.clone.head

    def tracker(self) -> None:
        self.small.tracker.edit("1", {Field.DUE: self.new()})
        self.fine = {self.day()} | (self.fine if self.told else set())

    def retitle(self) -> None:
        self.days += 1
        self.small.tracker.edit("1", {Field.TITLE: f"Try `{self.days}` times"})

    def person(self) -> None:
        self.clone.text = put(self.clone.text, DUE, self.new())
        self.mine[self.turn] = self.day()

    def new(self) -> str:
        self.days += 1
        return self.day()

    def day(self) -> str:
        return f"2027-{1 + self.days // 28:02}-{1 + self.days % 28:02}"

    @property
    def small(self) -> Small:
        return self.clones[0].small


def cells(text: str) -> list[str]:
    return next(line for line in text.split("\n") if "@ann" in line).replace("\\|", "\0").split("|")


def cell(text: str, number: int) -> str:
    return cells(text)[number].strip()


def put(text: str, number: int, value: str) -> str:
    before = next(line for line in text.split("\n") if "@ann" in line)
    after = cells(text)
    after[number] = f" {value} "
    return text.replace(before, "|".join(after).replace("\0", "\\|"))


def merged(base: str, here: str, there: str) -> str:
    """What git and a person make of it, cell by cell."""
    for number in (TITLE, DUE):
        if cell(here, number) == cell(base, number):
            here = put(here, number, cell(there, number))
    return here


def play(seed: int) -> None:
    dice = random.Random(seed)
    world = World()
    acts = {
        "run": world.run,
        "run again": world.run,
        "run on what was there before": world.run_on_older,
        "commit": world.commit,
        "push": world.push,
        "push what is committed": world.push_head,
        "pull": world.pull,
        "throw away": world.throw_away,
        "tracker": world.tracker,
        "retitle": world.retitle,
        "person": world.person,
        "in the other clone": world.other,
    }
    events = [dice.choice(sorted(acts)) for _ in range(dice.randint(2, 18))]
    for event in events:
        acts[event]()
    for _ in range(4):
        for _ in world.clones:
            world.push()
            world.run()
            world.other()
    _at_rest(world, f"{seed}, {events}")


def _at_rest(world: World, story: str) -> None:
    small, shown = world.small, world.shared[PAGE]
    for clone in world.clones:
        assert clone.small.plan().plan.empty, f"{story}: not at rest"
    there = small.tracker.issues["1"].values[Field.DUE]
    assert cell(shown, DUE) == there, f"{story}: {cell(shown, DUE)} here, {there} there"
    title = small.tracker.issues["1"].values[Field.TITLE].replace("`", "\\`")
    assert f"| {title} [#1]" in shown, f"{story}: {title!r} is not shown"
    assert len(small.tracker.issues) == 1, f"{story}: a second issue"
    assert there in world.fine or world.told, f"{story}: {there} is nobody's last word ({world.fine})"
