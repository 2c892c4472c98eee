"""A GitLab on loopback, and clients whose pauses move its clock instead of taking time."""

from __future__ import annotations

from dataclasses import dataclass, field

from closeout.hosts.gitlab import GitLab
from closeout.hosts.pacing import Pace
from closeout.trackers.gitlab import GitLabTracker
from fakes.gitlab import GitLabFake
from fakes.gitlab_state import DEVELOPER, Project

PROJECT = "acme/sre/platform"


@dataclass
class GitLabBench:
    """A fake with one project, where `ann`, `bob` and `cid` work; what was waited for."""

    fake: GitLabFake
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.project: Project = self.fake.project(PROJECT)
        for login in ("ann", "bob", "cid"):
            self.project.grant(login, DEVELOPER)

    def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.fake.clock.advance(seconds=seconds)

    def now(self) -> float:
        return self.fake.clock.now.timestamp()

    def host(self, token: str = "", *, timeout: tuple[float, float] = (5.0, 5.0)) -> GitLab:
        pace = Pace(self.pause, self.now, between_writes=0.0)
        return GitLab(self.fake.url, token or self.fake.token, pace, timeout=timeout)

    def tracker(self, token: str = "", *, home: str = PROJECT, project: str = PROJECT) -> GitLabTracker:
        return GitLabTracker(self.host(token), project, home)

    def asked(self) -> list[str]:
        """The requests so far: method and path below the API, without query, `P` for the project; forgets them."""
        told = [f"{one.method} {one.route.removeprefix(f'{self.fake.prefix}/api')}" for one in self.fake.requests]
        self.fake.requests.clear()
        return [one.replace(f"/v4/projects/{self.project.id}", "P") for one in told]
