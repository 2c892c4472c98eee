"""A Forgejo on loopback, and clients whose pauses move its clock instead of taking time."""

from __future__ import annotations

from dataclasses import dataclass, field

from closeout.hosts.forgejo import Forgejo
from closeout.hosts.pacing import Pace
from closeout.trackers.forgejo import ForgejoTracker
from fakes.forgejo import ForgejoFake
from fakes.forgejo_state import Repo
from fakes.github_values import Right

PROJECT = "acme/platform"


@dataclass
class ForgejoBench:
    """A fake with one repository, where `ann`, `bob` and `cid` write; what was waited for."""

    fake: ForgejoFake
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.repo: Repo = self.fake.repository("acme", "platform")
        for login in ("ann", "bob", "cid"):
            self.repo.grant(login, Right.WRITE)

    def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.fake.clock.advance(seconds=seconds)

    def now(self) -> float:
        return self.fake.clock.now.timestamp()

    def host(self, token: str = "", *, timeout: tuple[float, float] = (5.0, 5.0)) -> Forgejo:
        pace = Pace(self.pause, self.now, between_writes=0.0)
        return Forgejo(self.fake.url, token or self.fake.token, pace, timeout=timeout)

    def tracker(self, token: str = "", *, home: str = PROJECT, project: str = PROJECT) -> ForgejoTracker:
        kind = "gitea" if "+gitea" not in self.fake.flavour.version else "forgejo"
        return ForgejoTracker(self.host(token), project, home, kind=kind)

    def asked(self) -> list[str]:
        """The requests so far: method and path below the API, with the query; forgets them."""
        told = [f"{one.method} {one.path.removeprefix(f'{self.fake.prefix}/api/v1')}" for one in self.fake.requests]
        self.fake.requests.clear()
        return told
