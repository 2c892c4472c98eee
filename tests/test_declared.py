"""A token goes only to the host that whoever has it declared it for, whatever somebody else's configuration says."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from closeout.daemon.job import jobs
from closeout.daemon.log import log
from closeout.daemon.serve import Signals, once
from closeout.daemon.tokens import handed
from closeout.errors import Exit, UndeclaredError
from closeout.settings import Settings, declared
from closeout.settings.schedule import Daemon, Repository
from closeout.settings.tracking import Tracker
from fakes.forgejo import ForgejoFake
from jobs.hosts import OTHER, OTHER_TEXT, PAGE, TEXT, Host

ODD = "| Ask Carla about it     | @carla  | 2026-12-09 | 🔲 TODO |\n"
SECRET = "the-secret-of-another-team"


@pytest.fixture
def strange() -> Iterator[ForgejoFake]:
    """A host of somebody else's, that takes note of what it is shown."""
    with ForgejoFake() as fake:
        yield fake


def elsewhere(strange: ForgejoFake, more: str = "") -> str:
    return f'tracker = "x"\n[trackers.x]\nkind = "forgejo"\nurl = "{strange.url}"\nproject = "acme/pm"\n{more}'


@pytest.mark.parametrize("fork", [False, True])
def test_a_pull_request_leads_no_token_to_a_host_of_its_own(host: Host, strange: ForgejoFake, fork: bool) -> None:
    name = "GITHUB_TOKEN" if host.kind == "github" else "FORGEJO_TOKEN"
    host.propose({PAGE: TEXT + ODD, "closeout.toml": elsewhere(strange, f'token-env = "{name}"\n')}, fork=fork)
    job = host.ran("pull_request")
    assert strange.requests == []
    assert "It was not planned: its configuration shows a token" in job.summary
    assert "nobody who has the tokens said that" in job.log
    assert job.outputs["created"] == "0"


def test_a_pull_request_leads_the_runners_files_nowhere(host: Host, strange: ForgejoFake) -> None:
    told = elsewhere(strange, 'token-file = "/proc/self/environ"\n')
    host.propose({PAGE: TEXT + ODD, "closeout.toml": told})
    assert "It was not planned" in host.ran("pull_request").summary
    assert strange.requests == []


def test_a_tracker_that_the_branch_has_already_is_asked_for_a_pull_request(host: Host, strange: ForgejoFake) -> None:
    strange.repository("acme", "pm")
    host.own = {"X_TOKEN": strange.token}
    toml = elsewhere(strange, 'token-env = "X_TOKEN"\nallow-wider-audience = true\n')
    host.push({"closeout.toml": toml})
    host.propose({PAGE: TEXT + ODD, "closeout.toml": f"since = 2026-01-01\n{toml}"})
    job = host.ran("pull_request")
    assert job.outputs["created"] == "1", job.log
    assert strange.requests


def test_a_configuration_that_is_new_in_a_pull_request_is_planned_with_the_jobs_own_token(host: Host) -> None:
    toml = f'paths = ["docs/**"]\n[trackers.{host.kind}]\nurl = "{host.web}"\n'
    host.propose({PAGE: TEXT + ODD, "closeout.toml": toml})
    assert host.ran("pull_request").outputs["created"] == "1"


def test_one_repository_of_many_leads_nobodys_token_to_a_host_of_its_own(
    tmp_path: Path, strange: ForgejoFake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ForgejoFake() as fake:
        team = Host(fake, tmp_path)
        key = tmp_path / "key.pem"
        key.write_text(SECRET)
        monkeypatch.setenv("OTHER_TOKEN", SECRET)
        monkeypatch.setenv("GITHUB_TOKEN", SECRET)
        ways = (
            'token-env = "OTHER_TOKEN"\n',
            f'token-file = "{key}"\n',
            'token-env = "GITHUB_TOKEN"\n',
        )
        for way in ways:
            team.push({OTHER: OTHER_TEXT, "closeout.toml": elsewhere(strange, way)})
            said = io.StringIO()
            told = Settings(
                repositories=(Repository(url=team.bare.as_uri(), name="ops"),),
                daemon=Daemon(cache=tmp_path / "cache", listen=""),
            )
            assert once(told, log("json", said), Signals()) is Exit.CONFIGURATION
            assert "nobody who has the tokens said that" in said.getvalue()
            assert SECRET not in said.getvalue()
        assert strange.requests == []


def opens(settings: Settings, name: str) -> declared.Pairs | None:
    (job,) = (job for job in jobs(settings) if job.name == name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THEIRS", "theirs")
        for key, value in handed(settings)(job).items():
            patch.setenv(key, value)
        return declared.handed_over()


def may(pairs: declared.Pairs | None, server: str, what: str) -> bool:
    with declared.only(pairs):
        try:
            declared.check("x", server, what)
        except UndeclaredError:
            return False
    return True


SELF = "https://git.example.com"


def test_where_all_are_on_one_host_its_usual_variable_is_for_it() -> None:
    told = Settings(repositories=(Repository(url=f"{SELF}/ops/a"), Repository(url="git@git.example.com:ops/b.git")))
    assert may(opens(told, "ops-b"), SELF, "FORGEJO_TOKEN")
    assert may(opens(told, "ops-b"), "https://github.com", "GITHUB_TOKEN")
    assert not may(opens(told, "ops-b"), "http://github.com", "GITHUB_TOKEN")
    assert not may(opens(told, "ops-b"), SELF, "OTHER_TOKEN")


def test_where_there_are_several_hosts_each_gets_what_was_said_for_it() -> None:
    mine, theirs = (
        Repository(url=f"{SELF}/ops/a"),
        Repository(url="https://git.partner.example/x/y", token_env="THEIRS"),
    )
    told = Settings(repositories=(mine, theirs), trackers={"forgejo": Tracker(url=SELF)})
    for name in ("ops-a", "x-y"):
        assert may(opens(told, name), SELF, "FORGEJO_TOKEN")
        assert not may(opens(told, name), "https://codeberg.org", "FORGEJO_TOKEN")
        assert not may(opens(told, name), "https://git.partner.example", "GITHUB_TOKEN")
    assert may(opens(told, "x-y"), "https://git.partner.example", "THEIRS")
    assert not may(opens(told, "ops-a"), "https://git.partner.example", "THEIRS")


def test_a_configuration_of_the_daemons_own_is_as_its_owner_likes(tmp_path: Path) -> None:
    told = Settings(repositories=(Repository(url=f"{SELF}/ops/a", config=str(tmp_path / "ops.toml")),))
    assert opens(told, "ops-a") is None
    told = Settings(repositories=(Repository(url=f"{SELF}/ops/a", config="ops.toml"),))
    assert opens(told, "ops-a") is not None, "it lies in the clone"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example\\@git.example.com",
        "https://git.example.com@evil.example",
        "https://git.example.com\t.evil.example",
        "https://git.example.com#@evil.example",
        "http://git.example.com",
        "https://git.example.com:8443",
        "https://git.example.com.evil.example",
    ],
)
def test_an_address_that_two_readers_could_take_for_two_is_no_host(address: str) -> None:
    pairs = declared.declared(Settings(trackers={"forgejo": Tracker(url=SELF)}))
    assert may(pairs, f"{SELF}:443/forgejo", "FORGEJO_TOKEN")
    assert not may(pairs, address, "FORGEJO_TOKEN")
