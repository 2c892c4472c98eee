"""Model and engine side by side: the same acts on both, and after each the same state, to the last word."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from closeout.domain.item import Field
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from model.engine import Played, seen_of
from model.fields import FIELDS, projected
from model.rules import Seen
from model.world import TICKET, Row, Start, World, begin

SPELT = "[#1](memory:/1)"


@dataclass
class Lockstep:
    start: Start
    story: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world = World(self.start, [])
        self.engine = begin_engine(self.start)
        self.world = begin(self.start)
        self.compare()

    def act(self, name: str, *arguments: object) -> None:
        """Do something on both sides, and compare; `run` takes the number of the effect that it dies before."""
        self.story.append(" ".join([name, *map(repr, arguments)]))
        getattr(self.world, name)(*arguments)
        getattr(self.engine, name)(*arguments)
        if name == "run" and (not arguments or arguments[0] is None):
            assert self.engine.told == Counter(self.world.told), (
                f"{self.tale}: {self.engine.told} is told, not {self.world.told}"
            )
        self.compare()

    def compare(self) -> None:
        engine, world = self.engine, self.world
        self._same("page", engine.cells(engine.small.text), shown(world.rows))
        self._same("issue", engine.values, None if world.issue is None else {w: v for w, v in world.issue.items() if v})
        self._same("a pull request is open", engine.offer is not None, world.offer is not None)
        if world.offer and world.offer[1] == world.lines:
            merged = world.copy()
            merged.merge()
            self._same("pull request", engine.offer, shown(merged.rows))
        for number, (row, entry) in enumerate(zip(world.rows, engine.entries(), strict=True)):
            self._same(f"row {number}", seen_in(row.cells, seen_of(entry)), seen_in(row.cells, row.seen))
        holder = engine.entries()[0]
        intent = holder.intent if holder else None
        told = (
            {what: value for what, value in world.intent.values.items() if what in self.start.fields}
            if world.intent
            else None
        )
        there = {what: value for what, value in intent.values.items() if what in self.start.fields} if intent else None
        self._same("intent", there, told)

    def _same(self, what: str, engine: object, model: object) -> None:
        assert engine == model, f"{self.tale}: {what}\nengine: {engine}\nmodel:  {model}"

    @property
    def tale(self) -> str:
        return f"{self.start}: {', '.join(self.story)}"


def seen_in(cells: Iterable[Field], seen: dict[Field, Seen]) -> dict[Field, Seen]:
    """What is remembered of the fields that have a place."""
    return {what: seen[what] for what in cells if what in seen}


def shown(rows: Iterable[Row]) -> list[dict[Field, str]]:
    return [{Field.TICKET: (row.spelt or SPELT) if row.ticket else "", **row.cells} for row in rows]


def begin_engine(start: Start) -> Played:
    """The beginning that the model has, for closeout."""
    first = {what: next(iter(words.means)) for what, words in FIELDS.items() if what in start.fields}
    engine = Played(start, [{**first, Field.TICKET: TICKET} if start.linked else first])
    if start.linked:
        engine.link({what: words.values[0] for what, words in FIELDS.items()})
    elif start.made:
        engine.run()
        engine.merge()
    for number in range(start.followers):
        engine.add({**first, Field.TITLE: f"Copied {number}", Field.TICKET: TICKET})
    engine.run()
    return engine


def random_start(dice: random.Random) -> Start:
    """One field as often as all of them, so that both short and tangled stories come up."""
    others = [what for what in FIELDS if what is not Field.TITLE]
    fields = dice.choice([tuple(others), (dice.choice(others),), tuple(dice.sample(others, 2))])
    kind = dice.choice(["made", "made", "made", "new", "linked", "copied"])
    return Start(
        publish=dice.choice(["commit", "pull-request"]),
        rules={what: dice.choice([rule, rule, *Rule]) for what, rule in DEFAULT_RULES.items()},
        fields=(Field.TITLE, *fields),
        coarse=dice.random() < 0.3,
        made=kind != "new",
        linked=kind == "linked",
        followers=int(kind == "copied"),
    )


def play(seed: int) -> None:
    """Play one world; at rest the sides are equal or somebody is told."""
    dice = random.Random(seed)
    both = Lockstep(random_start(dice))
    for _ in range(dice.randint(3, 14)):
        act(both, dice)
    for _ in range(3):
        both.act("run")
        both.act("merge")
    both.act("run")
    before = both.world.state
    both.act("run")
    assert both.world.state == before, f"{both.tale}: not at rest"


def act(both: Lockstep, dice: random.Random) -> None:
    name = dice.choice(["edit_cell", "edit_issue", "edit_issue", "run", "run", "death", "merge", "decline"])
    row = dice.randrange(len(both.world.rows))
    titled = both.world.rows[row].ticket and len(both.world.rows) == 1  # else a new title asks who the row is
    what = dice.choice([what for what in both.start.fields if what is not Field.TITLE or titled] or [Field.STATUS])
    if name == "edit_cell" and what in both.world.rows[row].cells:
        both.act(name, row, what, dice.choice(list(FIELDS[what].means)))
    elif name == "edit_issue":
        both.act(name, what, projected(what, dice.choice(FIELDS[what].values), coarse=both.start.coarse))
    elif name == "death":
        both.act("run", dice.randrange(7))
    elif name in {"run", "merge", "decline"}:
        both.act(name)
