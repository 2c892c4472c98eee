"""A GitHub on loopback, and clients whose pauses move its clock instead of taking time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from closeout.hosts.github import GitHub
from closeout.hosts.github_auth import App, Token
from closeout.hosts.pacing import Pace
from closeout.ports.cache import IssueCache
from closeout.trackers.github import GitHubTracker
from fakes.github import GitHubFake
from fakes.github_state import Repo

PROJECT = "acme/platform"


@cache
def private_key() -> str:
    """An App's key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


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
