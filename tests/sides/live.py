"""Real servers, where variables name one (CONTRIBUTING.md): a project that was made for it, on whose way a request can
go wrong.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from closeout.domain.issue import Gone, Hidden, Sight
from closeout.hosts.forgejo import Forgejo
from closeout.hosts.github import GitHub
from closeout.hosts.github_auth import Token
from closeout.hosts.gitlab import GitLab
from closeout.hosts.pacing import Pace
from closeout.hosts.plane import PER_MINUTE, Plane
from closeout.ports.tracker import Tracker
from closeout.trackers.forgejo import ForgejoTracker
from closeout.trackers.github import GitHubTracker
from closeout.trackers.gitlab import GitLabTracker
from closeout.trackers.plane import PlaneTracker
from fakes import faults
from fakes.http import Fault, Loopback, Reply, Request

PREFIX = "CLOSEOUT_TEST_"
GIVEN = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}  # before a test runs alone
SENT = ("authorization", "x-api-key", "private-token", "content-type", "accept")
TOLD = ("link", "location", "retry-after", "x-total-count", "x-total", "x-next-page", "content-type")


@dataclass
class Live:
    """A tracker on a real server; `path` is how its API says issues, `delete` what deletes one as a person would."""

    real: Tracker
    way: Loopback
    deleted: Sight = Gone()
    path: str = "/issues"
    delete: Callable[[str], httpx.Response] | None = None
    people: tuple[str, ...] = ()
    emulated: bool = False

    def tracker(self) -> Tracker:
        return self.real

    @property
    def owners(self) -> tuple[str, ...]:
        return self.people or tuple(sorted(one for one in self.real.assignable() or () if "@" not in one))

    def remove(self, ref: str) -> None:
        if self.delete is None:
            pytest.skip("issues are not deleted there")
        self.delete(ref).raise_for_status()

    def break_listing(self) -> None:
        self.way.faults.append(Fault(faults.refused(404, "Not Found"), "GET", self.path, times=None))

    def lose(self) -> None:
        self.way.faults.append(Fault(faults.dropped(done=True), "POST|PATCH|PUT", self.path))

    def lag(self, reads: int) -> None:
        """A real server shows things when it does."""


def told(kind: str, *names: str) -> list[str]:
    """What the variables of a kind say; skips where one is missing. Raises AssertionError for a project that people use."""
    values = [GIVEN.get(f"{PREFIX}{kind}_{name}", "") for name in names]
    if not all(values):
        pytest.skip(f"{', '.join(f'{PREFIX}{kind}_{name}' for name in names)} are not set")
    assert any("closeout-test" in value for value in values), "a live project must be made for it, and be called so"
    return values


@contextmanager
def way_to(url: str) -> Iterator[Loopback]:
    """A server that passes everything on to the one at `url`, and calls that by its own address."""
    with httpx.Client(timeout=30) as client:

        def passed_on(request: Request) -> Reply:
            kept = {name: request.headers[name] for name in SENT if name in request.headers}
            asked = client.request(request.method, url + request.path, content=request.body, headers=kept)
            back = {name: asked.headers[name].replace(url, way.url) for name in TOLD if name in asked.headers}
            return Reply(asked.status_code, None, back, raw=asked.content.replace(url.encode(), way.url.encode()))

        with Loopback(passed_on) as way:
            yield way


def pace(url: str, per_minute: int = 0) -> Pace:
    """The pace of a real host; one on this machine is in no hurry."""
    here = url.startswith("http://")
    return Pace(time.sleep, time.time, between_writes=0.0 if here else 1.0, per_minute=0 if here else per_minute)


@contextmanager
def github(_folder: Path) -> Iterator[Live]:
    """A GitHub; an emulator has its API elsewhere, no list of assignees, and deletes nothing."""
    address, token = told("GITHUB", "URL", "TOKEN")
    url, owner, name = address.rstrip("/").rsplit("/", 2)
    api = GIVEN.get(f"{PREFIX}GITHUB_API", "")
    with way_to(api or "https://api.github.com") as way:
        host = GitHub(url, Token(token), pace(api or url), api=way.url)
        tracker = GitHubTracker(host, f"{owner}/{name}", f"{owner}/{name}")
        yield Live(tracker, way, people=(tracker.whoami(),) if api else (), emulated=bool(api))


def _forgejo(kind: str) -> Callable[[Path], AbstractContextManager[Live]]:
    @contextmanager
    def opened(_folder: Path) -> Iterator[Live]:
        address, token = told(kind.upper(), "URL", "TOKEN")
        url, owner, name = address.rstrip("/").rsplit("/", 2)
        with way_to(url) as way:
            tracker = ForgejoTracker(
                Forgejo(way.url, token, pace(url)), f"{owner}/{name}", f"{owner}/{name}", kind=kind
            )

            def delete(ref: str) -> httpx.Response:
                path = f"{url}/api/v1/repos/{owner}/{name}/issues/{ref}"
                return httpx.delete(path, headers={"Authorization": f"token {token}"}, timeout=30)

            yield Live(tracker, way, delete=delete)

    return opened


forgejo, gitea = _forgejo("forgejo"), _forgejo("gitea")


@contextmanager
def gitlab(_folder: Path) -> Iterator[Live]:
    address, token = told("GITLAB", "URL", "TOKEN")
    at = address.index("/", 8)
    url, path = address[:at], address[at:].strip("/")
    with way_to(url) as way:
        yield Live(GitLabTracker(GitLab(way.url, token, pace(url)), path, path), way, Hidden())


@contextmanager
def plane(_folder: Path) -> Iterator[Live]:
    url, token, project = told("PLANE", "URL", "TOKEN", "PROJECT")
    with way_to(url) as way:
        tracker = PlaneTracker(Plane(way.url, token, pace(url, PER_MINUTE)), project)

        def delete(ref: str) -> httpx.Response:
            board = tracker.lookup.board
            item = tracker.host.numbered(board, int(ref))
            path = f"{url}/api/v1{board.path}/work-items/{item.id}/"
            return httpx.delete(path, headers={"X-API-Key": token}, timeout=30)

        yield Live(tracker, way, Hidden(), "items/", delete)
