"""Plane on loopback, seen from a shell whose documents lie on a plain git remote, and people who use it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from closeout.domain.issue import Hidden, Sight
from closeout.trackers.plane import PlaneTracker
from fakes import faults
from fakes.http import WRITES, Fault, Loopback
from fakes.plane import FORBIDDEN, PlaneFake
from fakes.plane_state import Item
from plane_bench import PROJECT, PlaneBench
from sides import Shown


@dataclass
class PlaneSide:
    """A project; people are called by their display names."""

    fake: PlaneFake
    owners: tuple[str, ...] = ("ann", "cid", "bob")
    deleted: Sight = Hidden()
    taken: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bench = PlaneBench(self.fake)
        self.project = self.bench.project
        self.bench.join("ann", "bob", "cid")

    @property
    def toml(self) -> str:
        return f'tracker = "plane"\n\n[trackers.plane]\nurl = "{self.fake.url}"\nproject = "{PROJECT}"\n'

    @property
    def environment(self) -> Mapping[str, str]:
        return {"PLANE_TOKEN": self.fake.key}

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.fake.key,)

    @property
    def server(self) -> Loopback:
        return self.fake.server

    def now(self) -> datetime:
        return self.fake.clock.now

    def pass_time(self, seconds: float) -> None:
        self.fake.clock.advance(seconds=seconds)

    def lag(self, reads: int) -> None:
        self.fake.lag = reads

    def catch_up(self) -> None:
        self.project.caught_up()

    def issues(self) -> list[Shown]:
        return [self._shown(item) for item in self.project.items if item.listed]

    def close(self, ref: str) -> None:
        self.project.move(int(ref), "Done")

    def reopen(self, ref: str) -> None:
        self.project.move(int(ref), "Todo")

    def retitle(self, ref: str, title: str) -> None:
        self.project.edit(int(ref), name=title)

    def assign(self, ref: str, login: str) -> None:
        (who,) = [one.id for one in self.fake.accounts.values() if one.display_name == login]
        self.project.edit(int(ref), assignees=(*self.project.item(int(ref)).assignees, who))

    def set_due(self, ref: str, day: str) -> None:
        self.project.edit(int(ref), target=date.fromisoformat(day))

    def add_words(self, ref: str, words: str) -> None:
        self.project.edit(int(ref), html=f"{self.project.item(int(ref)).html}\n<p>{words}</p>")

    def remove(self, ref: str) -> None:
        self.project.delete(int(ref))

    def pulls(self) -> list[int]:
        return []

    def merge(self, number: int) -> None:
        raise NotImplementedError

    def take_rights(self, after: int = 0) -> None:
        self.taken = [Fault(faults.refused(403, FORBIDDEN["detail"]), WRITES, times=None, skip=after)]
        self.fake.script(*self.taken)

    def give_rights(self) -> None:
        for fault in self.taken:
            self.fake.server.faults.remove(fault)
        self.taken.clear()

    def break_listing(self) -> None:
        self.fake.script(Fault(faults.refused(500, ""), "GET", r"/(work-items|issues)/(\?|$)", times=None))

    def lose(self) -> None:
        self.fake.script(Fault(faults.dropped(done=True), "POST|PATCH"))

    def tracker(self) -> PlaneTracker:
        return self.bench.tracker()

    def _shown(self, item: Item) -> Shown:
        return Shown(
            str(item.number),
            item.name,
            item.state.group not in {"completed", "cancelled"},
            tuple(self.fake.accounts[one].display_name for one in item.assignees),
            item.target.isoformat() if item.target else "",
            item.external_id or "",
            re.sub(r"<[^>]*>", "", item.html) + "\n",
        )


@contextmanager
def opened(_bare: Path) -> Iterator[PlaneSide]:
    """The fake; the documents' repository is none of its."""
    with PlaneFake() as fake:
        yield PlaneSide(fake)
