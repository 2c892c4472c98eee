"""Pull requests merged in every way, declined, thrown away, forced back and edited at will, runs dying anywhere.

At rest document and tracker agree, or a person declined; a person's last word on the default branch holds; there is one
issue a row; and a run after which nothing happened pushes nothing.
"""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from closeout.domain.item import Field
from closeout.domain.outcome import Outcome
from closeout.repositories.head import Head
from ledgers import clone, git, remote
from proofs.one_field import DAYS, TEXT
from pulls import BRANCH, MemoryPulls, edited, publisher
from worlds import Crash, Small

PAGE = "postmortems/a.md"


@dataclass
class World:
    folder: Path
    dice: random.Random
    days: int = 0
    told: int = 0
    fine: set[str] = field(default_factory=lambda: {DAYS[0]})
    there: set[str] = field(default_factory=set)  # what people wrote on the branch: merged late, it is the last word
    last: str = ""
    outcome: Outcome | None = None

    def __post_init__(self) -> None:
        self.bare = remote(self.folder)
        blob = git(self.bare, "hash-object", "-w", "--stdin", told=TEXT)
        inner = git(self.bare, "mktree", told=f"100644 blob {blob}\ta.md\n")
        tree = git(self.bare, "mktree", told=f"040000 tree {inner}\tpostmortems\n")
        git(self.bare, "update-ref", "refs/heads/main", git(self.bare, "commit-tree", tree, "-m", "a page"))
        self.root = clone(self.bare, "clone")
        self.small = Small()
        self.pulls = MemoryPulls(self.bare, fuse=self.small.fuse)
        self.publisher = publisher(
            self.root, self.pulls, every=timedelta(0), hold=lambda _: self.small.fuse("before pushing")
        )
        self.small.world = replace(self.small.world, source=Head(self.root, "main"), publisher=self.publisher)

    # What people do.

    def tracker(self) -> None:
        if "1" in self.small.tracker.issues:
            self.small.tracker.edit("1", {Field.DUE: self.new()})
            self.fine, self.last = {self.day()} | self.there | (self.fine if self.told else set()), ""

    def back(self) -> None:
        """The tracker says again what the document does."""
        if "1" in self.small.tracker.issues:
            self.small.tracker.edit("1", {Field.DUE: self.shown})
            self.fine, self.last = self.fine | {self.shown}, ""

    def person(self) -> None:
        before, now = self.shown, self.new()
        edited(self.bare, "main", PAGE, lambda text: text.replace(before, now))
        self.fine, self.last = self.fine | {now}, now

    def retitle(self) -> None:
        self.days += 1
        edited(self.bare, "main", PAGE, lambda text: text.replace("# ", f"# {self.days} ", 1))

    def person_there(self) -> None:
        if self.pulls.tip():
            before, now = due(git(self.bare, "show", f"{BRANCH}:{PAGE}")), self.new()
            edited(self.bare, BRANCH, PAGE, lambda text: text.replace(before, now))
            self.fine, self.there, self.last = self.fine | {now}, self.there | {now}, ""

    def merge(self) -> None:
        self.pulls.merge(self.dice.choice(["merge", "squash", "rebase"]))

    def merge_and_delete(self) -> None:
        if self.pulls.merge(self.dice.choice(["merge", "squash", "rebase"])):
            self.pulls.delete()

    def decline(self) -> None:
        self.pulls.decline()

    def delete(self) -> None:
        self.pulls.delete()

    def force_back(self) -> None:
        if self.pulls.tip():
            git(self.bare, "update-ref", f"refs/heads/{BRANCH}", "main")

    # What closeout does.

    def run(self) -> None:
        self.outcome = self.small.sync()
        assert self.outcome is not None
        self.told += sum(finding.code in {"clash", "branch-conflict"} for finding in self.outcome.findings)
        before = self.pulls.tip(), self.pulls.writes
        again = self.small.sync()
        assert again is not None
        assert (self.pulls.tip(), self.pulls.writes) == before, "it flaps"

    def die(self) -> None:
        self.small.sync(dies_at=self.dice.randint(0, 9))

    def new(self) -> str:
        self.days += 1
        return self.day()

    def day(self) -> str:
        return f"2027-{1 + self.days // 28:02}-{1 + self.days % 28:02}"

    @property
    def main(self) -> str:
        return git(self.bare, "show", f"main:{PAGE}")

    @property
    def shown(self) -> str:
        return due(self.main)

    @property
    def declined(self) -> bool:
        """Whether people were told that they themselves are in the way."""
        assert self.outcome is not None
        codes = {finding.code for finding in self.outcome.findings}
        return (
            "declined" in codes
            or bool(self.outcome.errors)
            or any("not offered again" in place for place in self.outcome.places)
        )


def due(text: str) -> str:
    return next(line for line in text.split("\n") if "@ann" in line).split("|")[3].strip()


def play(seed: int) -> None:
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), dice)
        acts = [
            *[world.run] * 4, *[world.tracker] * 2, world.back, world.person, world.retitle, world.person_there,
            *[world.merge] * 2, world.merge_and_delete, world.decline, world.delete, world.force_back, world.die,
        ]  # fmt: skip
        events = []
        try:
            for _ in range(dice.randint(3, 12)):
                act = dice.choice(acts)
                events.append(act.__name__)
                act()
            at_rest(world)
        except (AssertionError, Crash) as error:
            raise AssertionError(f"{seed}: {events}: {error}") from error


def at_rest(world: World) -> None:
    for _ in range(4):
        world.run()
        world.pulls.merge()
    world.run()
    issues = world.small.tracker.issues
    assert len(issues) == 1, "a second issue"
    there = issues["1"].values[Field.DUE]
    if world.declined or world.told:
        return
    assert world.shown == there, f"{world.shown} here, {there} there"
    assert "[#1]" in world.main or "#1" in world.main, "no ticket"
    assert there in world.fine, f"{there} is nobody's last word ({world.fine})"
    assert not world.last or there == world.last, f"{world.last} was lost"
    assert world.small.plan().plan.empty, "not at rest"
