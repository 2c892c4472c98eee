"""Every way out goes through the proxy that the environment names, and trusts whom it names; neither shows its secrets."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import install_action
import pytest
from pydantic import BaseModel

from closeout import git as gits
from closeout.channels.chat import Chat
from closeout.cli import network
from closeout.daemon.process import Children
from closeout.errors import ConfigurationError, TrackerError
from closeout.hosts import outward
from closeout.hosts.github import GitHub
from closeout.hosts.github_auth import Token
from closeout.hosts.pacing import Errand, Pace
from closeout.hosts.rest import Rest
from fakes.github import GitHubFake
from fakes.github_bare import Bare
from fakes.github_values import Right
from fakes.http import Loopback, Reply
from fakes.proxy import Proxy, certified
from github_bench import private_key
from jobs.hosts import Host
from ledgers import clone, git, remote

NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
FILES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
SECRET = "s3cr3t"


class Thing(BaseModel):
    name: str


@pytest.fixture(autouse=True)
def _restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test tells all is untold after it."""
    for name in (*NAMES, *map(str.upper, NAMES), *FILES):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    outward.trusted.cache_clear()
    yield
    outward.trusted.cache_clear()


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """A proxy that wants a name and a password."""
    with Proxy(wants=f"closeout:{SECRET}") as one:
        yield one


def pace() -> Pace:
    return Pace(lambda seconds: None, lambda: 0.0)


# The ways out: each asks a loopback, and returns what was said of a failure ("" if all went well).


def by_github(url: str, folder: Path) -> str:
    try:
        GitHub("https://github.com", Token("ghp_0123456789"), pace(), api=url).repository("acme/pm")
    except TrackerError as error:
        return str(error)
    return ""


def by_rest(url: str, folder: Path) -> str:
    try:
        errand = Errand("git.example.com/acme/pm", "read it")
        assert Rest(f"{url}/repos/acme/pm", {}, "", pace()).read(Thing, "", errand).name == "pm"
    except TrackerError as error:
        return str(error)
    return ""


def by_git(url: str, folder: Path) -> str:
    root = clone(remote(folder), "clone")
    git(root, "remote", "set-url", "origin", f"{url}/acme/pm.git")
    try:
        assert gits.remote_head(root, "refs/heads/main")
    except ConfigurationError as error:
        return str(error)
    return ""


def by_chat(url: str, folder: Path) -> str:
    try:
        Chat("env:CHAT_URL", lambda: f"{url.replace('http:', 'json:')}/repos/acme/pm").send("one", "two")
    except TrackerError as error:
        return str(error)
    return ""


WAYS = [by_github, by_rest, by_git, by_chat]


@pytest.fixture
def there(tmp_path: Path) -> Iterator[str]:
    """What answers all of them."""
    (tmp_path / "code").mkdir()
    with GitHubFake() as fake:
        repo = fake.repository("acme", "pm")
        repo.bare = Bare(remote(tmp_path / "code"))
        fake.sign_in("ann", value="ghp_0123456789")
        repo.grant("ann", Right.READ)
        posts = fake.server.answer
        fake.server.answer = lambda request: Reply(200, {}) if b"title" in request.body else posts(request)
        yield fake.url


@pytest.mark.parametrize(
    ("way", "name"), [*product(WAYS[:3], ("http_proxy", "HTTP_PROXY", "ALL_PROXY")), (by_chat, "HTTP_PROXY")]
)
def test_every_way_out_goes_through_the_proxy_however_it_is_spelt(
    way: Callable[[str, Path], str],
    name: str,
    proxy: Proxy,
    there: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(name, proxy.address)
    network.tell_all()
    assert way(there, tmp_path) == ""
    assert proxy.asked
    assert all(there in asked for asked in proxy.asked)


@pytest.mark.parametrize(("way", "name"), [*product(WAYS[:3], ("no_proxy", "NO_PROXY")), (by_chat, "NO_PROXY")])
def test_what_no_proxy_names_is_reached_without_it(
    way: Callable[[str, Path], str],
    name: str,
    proxy: Proxy,
    there: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.address)
    monkeypatch.setenv(name, "git.example.com,127.0.0.1")
    network.tell_all()
    assert way(there, tmp_path) == ""
    assert proxy.asked == []


@pytest.mark.parametrize("left_out", ["127.0.0.0/8", "localhost:{port}", "*"])
def test_no_proxy_may_name_a_network_a_port_and_everything(
    left_out: str, proxy: Proxy, there: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.address)
    monkeypatch.setenv("NO_PROXY", left_out.format(port=there.rpartition(":")[2]))
    there = there.replace("127.0.0.1", "localhost") if "localhost" in left_out else there
    assert (by_github(there, tmp_path), by_rest(there, tmp_path), proxy.asked) == ("", "", [])


def closed() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.parametrize("way", WAYS)
def test_a_proxy_that_is_away_is_told_without_its_name_and_password(
    way: Callable[[str, Path], str], there: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = closed()
    monkeypatch.setenv("HTTP_PROXY", f"http://me%40acme:{SECRET}@127.0.0.1:{port}")
    network.tell_all()
    said = way(there, tmp_path)
    assert said
    assert SECRET not in said
    assert not re.search("me(@|%40)acme", said)
    if way in {by_github, by_rest}:
        assert f"could not {'find the repository' if way is by_github else 'read it'}: it cannot be reached" in said
        assert f"(no connection through the proxy 127.0.0.1:{port})" in said


@pytest.mark.parametrize("way", [by_github, by_rest])
@pytest.mark.parametrize("address", [f"socks5://me:{SECRET}@proxy:1080", f"http://me:{SECRET}@proxy:port", "http://"])
def test_an_address_that_is_none_is_an_error_of_the_configuration(
    way: Callable[[str, Path], str], address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", address)
    with pytest.raises(ConfigurationError, match="could not be used: its address must be") as caught:
        way("http://127.0.0.1:9", tmp_path)
    assert SECRET not in str(caught.value)
    assert int(caught.value.exit) == 2


def test_each_spelling_is_told_to_all_and_the_small_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://one:1")
    monkeypatch.setenv("no_proxy", "a")
    monkeypatch.setenv("NO_PROXY", "b")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/one.pem")
    monkeypatch.setenv("CURL_CA_BUNDLE", "/two.pem")
    network.tell_all()
    told = {name: os.environ.get(name) for name in ("https_proxy", "NO_PROXY", "http_proxy", *FILES)}
    assert told == {
        "https_proxy": "http://one:1",
        "NO_PROXY": "a",
        "http_proxy": None,
        "SSL_CERT_FILE": "/one.pem",
        "REQUESTS_CA_BUNDLE": "/one.pem",
        "CURL_CA_BUNDLE": "/two.pem",
    }


@pytest.mark.parametrize("way", [by_github, by_rest])
def test_a_file_of_certificates_that_is_none_is_an_error_of_the_configuration(
    way: Callable[[str, Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "absent.pem"))
    network.tell_all()
    with pytest.raises(ConfigurationError, match="SSL_CERT_FILE: could not be used"):
        way("https://127.0.0.1:9", tmp_path)


def test_a_run_of_the_daemon_is_told_what_the_daemon_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    monkeypatch.setenv("SSL_CERT_FILE", "/acme.pem")
    told = Children((sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))"))
    found = told.run((), tmp_path, "", {}, 20.0).counted
    assert (found["https_proxy"], found["SSL_CERT_FILE"]) == ("http://proxy:3128", "/acme.pem")


def test_the_action_is_installed_through_the_proxy(
    proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.address)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    action = tmp_path / "action"
    action.mkdir()
    (action / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    )
    (action / "constraints.txt").touch()
    with Loopback(lambda request: Reply(404)) as index:
        proxy.leads = {"127.0.0.1": index.url}
        with pytest.raises(subprocess.CalledProcessError):
            install_action.make(tmp_path / "made", action)
    assert any(asked.startswith("GET http://127.0.0.1/simple/hatchling") for asked in proxy.asked)
    assert SECRET not in "".join(capfd.readouterr())


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Host, Proxy]]:
    """A team on ghe.com whose runners see it through a proxy only, with a certificate of their own authority."""
    tls, authority = certified(tmp_path, "acme.ghe.com", "api.acme.ghe.com")
    with GitHubFake(web="https://acme.ghe.com") as fake, Proxy(wants=f"closeout:{SECRET}", tls=tls) as proxy:
        proxy.leads = {"acme.ghe.com": fake.url, "api.acme.ghe.com": fake.url}
        own = {"https_proxy": proxy.address, "SSL_CERT_FILE": str(authority), "GIT_SSL_CAINFO": str(authority)}
        for name, value in own.items():  # the check-out sees them as the job does
            monkeypatch.setenv(name, value)
        yield Host(fake, tmp_path, cold=True, api="https://api.acme.ghe.com", own=own), proxy


def test_a_job_on_ghe_com_goes_through_the_proxy_as_an_app_with_a_certificate_of_its_own(
    hub: tuple[Host, Proxy],
) -> None:
    host, proxy = hub
    assert isinstance(host.fake, GitHubFake)
    app = host.fake.install("acme-closeout", host.repo, contents=Right.WRITE, pulls=Right.WRITE)
    job = host.ran("push", mode="sync", app_id=str(app.id), app_key=private_key())
    assert (job.outputs["created"], job.outputs["exit-code"]) == ("2", "0")
    assert set(proxy.asked) == {"CONNECT api.acme.ghe.com:443", "CONNECT acme.ghe.com:443"}
    assert job.outputs["pull-request"] == "https://acme.ghe.com/acme/pm/pull/3"
    assert SECRET not in job.log + job.summary


def test_a_job_whose_proxy_is_away_is_red_and_shows_no_password(hub: tuple[Host, Proxy]) -> None:
    job = hub[0].started("push")
    job.run([{"uses": "actions/checkout@v5"}], {})
    job.variables = {**job.variables, "https_proxy": f"http://closeout:{SECRET}@127.0.0.1:{closed()}"}
    job.run([{"uses": "OWNER/closeout@v1", "with": {"mode": "sync"}}], {})
    assert (job.failed, job.outputs["exit-code"]) == (True, "2")
    assert "could not ask origin" in job.log
    assert SECRET not in job.log + job.summary


def test_a_certificate_that_nobody_vouches_for_is_told_and_nothing_is_sent(
    hub: tuple[Host, Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    for ask in (
        lambda: GitHub("https://acme.ghe.com", Token("ghp_0123456789"), pace()).create_issue("acme/pm", "one", ""),
        lambda: Rest("https://acme.ghe.com", {}, "", pace()).read(Thing, "/", Errand("acme.ghe.com", "read it")),
    ):
        with pytest.raises(TrackerError, match=r"its certificate is not trusted; SSL_CERT_FILE names"):
            ask()
    assert hub[0].fake.requests == []


def test_a_password_that_a_proxy_refuses_is_told(
    hub: tuple[Host, Proxy], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"http://me:{SECRET}x@127.0.0.1:{hub[1].port}"
    monkeypatch.setenv("https_proxy", address)
    for ask in (
        lambda: GitHub("https://acme.ghe.com", Token("ghp_0123456789"), pace()).repository("acme/pm"),
        lambda: Rest("https://acme.ghe.com", {}, "", pace()).read(Thing, "/", Errand("acme.ghe.com", "read it")),
    ):
        with pytest.raises(TrackerError, match=r"the proxy 127.0.0.1:\d+: it wants another name or password") as caught:
            ask()
        assert SECRET not in str(caught.value)
    (tmp_path / "there").mkdir()
    said = by_git("https://acme.ghe.com", tmp_path / "there")
    assert "407" in said
    assert SECRET not in said
