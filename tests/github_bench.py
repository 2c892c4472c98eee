"""A GitHub on loopback, and clients whose pauses move its clock instead of taking time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import requests

from closeout.hosts.github import GitHub
from closeout.hosts.github_auth import App, Token
from closeout.hosts.pacing import Pace
from closeout.ports.cache import IssueCache
from closeout.trackers.github import GitHubTracker
from fakes.github import GitHubFake
from fakes.github_state import Repo
from fakes.http import Loopback, Reply, Request

PROJECT = "acme/platform"


@dataclass
class MemoryCache:
    """A cache in a dict."""

    kept: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def load(self, project: str) -> tuple[str, Mapping[str, str]]:
        return self.kept.get(project, ("", {}))

    def save(self, project: str, when: str, issues: Mapping[str, str]) -> None:
        self.kept[project] = (when, dict(issues))


@dataclass
class GitHubBench:
    """A fake with one repository; what was waited for and told."""

    fake: GitHubFake
    waits: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.repo: Repo = self.fake.repository(*PROJECT.split("/"))

    def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.fake.clock.advance(seconds=seconds)

    def now(self) -> float:
        return self.fake.clock.now.timestamp()

    def host(
        self,
        auth: Token | App | None = None,
        *,
        between_writes: float = 0.0,
        cap: float = 120.0,
        timeout: tuple[float, float] = (5.0, 5.0),
    ) -> GitHub:
        pace = Pace(self.pause, self.now, self.told.append, cap=cap, between_writes=between_writes)
        return GitHub(self.fake.web, auth or Token(self.fake.token), pace, api=self.fake.url, timeout=timeout)

    def tracker(
        self, token: str = "", *, home: str = PROJECT, project: str = PROJECT, cache: IssueCache | None = None
    ) -> GitHubTracker:
        return GitHubTracker(self.host(Token(token) if token else None), project, home, cache=cache)

    def asked(self) -> list[str]:
        """The requests so far: method and path without the query; forgets them."""
        told = [f"{request.method} {request.route}" for request in self.fake.requests]
        self.fake.requests.clear()
        return told


def way_to(api: str) -> Loopback:
    """A server that passes everything on to the one at `api`, so that it can go wrong on the way."""

    def passed_on(request: Request) -> Reply:
        kept = {name: request.headers[name] for name in ("authorization", "content-type") if name in request.headers}
        told = requests.request(
            request.method, api + request.path, data=request.body, headers=kept, allow_redirects=False, timeout=30
        )
        return Reply(told.status_code, None, {"Link": told.headers.get("Link", "")}, raw=told.content)

    return Loopback(passed_on)


def live(url: str, token: str, project: str, api: str = "") -> GitHubTracker:
    """A tracker on a real host, at its real pace; one whose API is elsewhere (`api`) is an emulator, in no hurry."""
    pace = Pace(time.sleep, time.time, between_writes=0.0 if api else 1.0)
    return GitHubTracker(GitHub(url, Token(token), pace, api=api), project, project)
