"""Every test alike: the same examples each time, unless `make fuzz` asks for fresh ones; no help from the outside."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from fakes.ask import Ask
from fakes.forgejo import ForgejoFake
from fakes.github import GitHubFake
from fakes.github_state import Repo
from fakes.github_values import Right
from fakes.gitlab import GitLabFake
from fakes.plane import PlaneFake
from jobs.hosts import Host
from ledgers import Once

NETWORK = {
    "http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "requests_ca_bundle", "curl_ca_bundle",
}  # fmt: skip

settings.register_profile("test", derandomize=True, max_examples=100, deadline=None)
settings.register_profile("fuzz", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))


def pytest_collection_finish() -> None:
    """What was collected stays to the end: nobody need look through it for waste."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the user's git configuration nor settings, runners and proxies in the environment reach a test."""
    for name in os.environ:
        if name.startswith(("CLOSEOUT_", "GIT_", "GITHUB_")) or name.lower() in NETWORK:
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """What makes repositories once, and copies them for every test that wants one."""
    return Once(tmp_path_factory.mktemp("once"))


@pytest.fixture(params=["github", "forgejo"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Host]:
    """A team on each of both hosts."""
    with GitHubFake() if request.param == "github" else ForgejoFake() as fake:
        yield Host(fake, tmp_path)


@pytest.fixture
def github_fake() -> Iterator[GitHubFake]:
    """A GitHub on loopback, without a repository."""
    with GitHubFake() as fake:
        yield fake


@pytest.fixture
def forgejo_fake() -> Iterator[ForgejoFake]:
    """A Forgejo on loopback, without a repository."""
    with ForgejoFake() as fake:
        yield fake


@pytest.fixture
def gitlab_fake() -> Iterator[GitLabFake]:
    """A GitLab on loopback, without a project."""
    with GitLabFake() as fake:
        yield fake


@pytest.fixture
def fake(github_fake: GitHubFake) -> GitHubFake:
    """The same, for tests of the fake itself; `repo` is a team's, `ask` and `reader` what talks to it."""
    return github_fake


@pytest.fixture
def repo(fake: GitHubFake) -> Repo:
    made = fake.repository("acme", "pm")
    made.grant("Ann", Right.WRITE)
    made.grant("reader", Right.READ)
    return made


@pytest.fixture
def ask(fake: GitHubFake, repo: Repo) -> Ask:
    return Ask(fake.url, fake.token)


@pytest.fixture
def reader(fake: GitHubFake, repo: Repo) -> Ask:
    return Ask(fake.url, fake.sign_in("reader"))


@pytest.fixture
def plane_fake() -> Iterator[PlaneFake]:
    """A Plane on loopback, without a project."""
    with PlaneFake() as fake:
        yield fake
