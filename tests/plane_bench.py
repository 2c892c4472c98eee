"""A Plane on loopback, and clients whose pauses move its clock instead of taking time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from closeout.hosts.pacing import Pace
from closeout.hosts.plane import Plane
from closeout.trackers.plane import PlaneTracker
from fakes.plane import PlaneFake
from fakes.plane_state import MEMBER, Project

PROJECT = "acme/ROOSE"


@dataclass
class PlaneBench:
    """A fake with one project; what was waited for and told."""

    fake: PlaneFake
    waits: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.project: Project = self.fake.project("ROOSE")

    def join(self, *names: str, role: int = MEMBER) -> list[str]:
        """Let people into the project, and return their ids."""
        made = [self.fake.sign_up(name) for name in names]
        self.project.members.update((one.id, role) for one in made)
        return [one.id for one in made]

    def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.fake.clock.advance(seconds=seconds)

    def now(self) -> float:
        return self.fake.clock.now.timestamp()

    def host(
        self, key: str = "", *, per_minute: int = 0, cap: float = 120.0, timeout: tuple[float, float] = (5.0, 5.0)
    ) -> Plane:
        pace = Pace(self.pause, self.now, self.told.append, cap=cap, between_writes=0.0, per_minute=per_minute)
        return Plane(self.fake.url, key or self.fake.key, pace, timeout=timeout)

    def tracker(
        self,
        key: str = "",
        *,
        project: str = PROJECT,
        states: Mapping[str, str] | None = None,
        accounts: frozenset[str] = frozenset(),
    ) -> PlaneTracker:
        return PlaneTracker(self.host(key), project, states or {}, accounts)

    def asked(self) -> list[str]:
        """The requests so far: method and path with ids left out; forgets them."""
        told = [f"{request.method} {request.route}" for request in self.fake.requests]
        self.fake.requests.clear()
        return [one.replace("/api/v1/workspaces/acme", "").replace(self.project.id, "P") for one in told]
