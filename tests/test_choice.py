"""Which tracker a run works with, where its API is, and who gets which token."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from closeout.compose.choice import Choice, choose
from closeout.compose.circumstances import Consent, circumstances, limits
from closeout.compose.site import Site, origin, site
from closeout.compose.told import pages
from closeout.domain.sync.guard import Limits
from closeout.domain.sync.share import Share
from closeout.errors import ConfigurationError
from closeout.settings import Settings
from closeout.settings.runner import Runner, runner

TOKEN = "ghp_secret"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    subprocess.run(["git", "init", "-q", "-b", "main", str(tmp_path)], check=True)
    return tmp_path


def remote(root: Path, address: str) -> None:
    subprocess.run(["git", "-C", str(root), "remote", "add", "origin", address], check=True)


def chosen(root: Path, told: Mapping[str, object] | None = None, runs: Runner = Runner()) -> Choice:  # noqa: B008
    settings = Settings.model_validate(told or {})
    return choose(origin(root, runs, settings), settings, runs)


ON_GITHUB = Runner(
    active=True,
    repository="Acme/Postmortems",
    server="https://github.com",
    api="https://api.github.com",
    branch="main",
    default_branch="main",
)


def test_without_a_remote_it_is_the_folder(repository: Path) -> None:
    assert chosen(repository).kind == "folder"


@pytest.mark.parametrize(
    "address",
    ["https://github.com/acme/postmortems.git", "git@github.com:Acme/Postmortems.git"],
)
def test_a_remote_and_a_token_are_enough(repository: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    remote(repository, address)
    found = chosen(repository)
    told = (found.kind, found.server, found.project, found.home, found.token)
    assert told == ("github", "https://github.com", "acme/postmortems", "acme/postmortems", TOKEN)


def test_what_a_runner_sets_is_enough(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    found = chosen(repository, {"tracker": "github"}, ON_GITHUB)
    assert (found.project, found.home, found.api) == ("acme/postmortems", "acme/postmortems", "https://api.github.com")


def test_a_runners_api_is_for_its_own_host_only(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    told = {"tracker": "github", "trackers": {"github": {"url": "https://github.example.com", "project": "a/b"}}}
    assert chosen(repository, told, ON_GITHUB).api == ""


def test_another_project_is_not_home(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    remote(repository, "https://github.com/acme/postmortems.git")
    found = chosen(repository, {"trackers": {"github": {"project": "acme/platform"}}})
    assert (found.project, found.home) == ("acme/platform", "acme/postmortems")


@pytest.mark.parametrize(
    ("address", "told", "why"),
    [
        ("https://github.com/a/b.git", {}, "there is no token for github.com"),
        ("https://git.example.com/a/b.git", {}, "git.example.com is no host that is known"),
        ("https://github.com/a/b.git", {"tracker": "github"}, "GITHUB_TOKEN: could not be used: it is empty"),
        (
            "/srv/git/x.git",
            {"tracker": "github", "trackers": {"github": {"token-file": "/nowhere"}}},
            "could not tell the project",
        ),
        (
            "https://github.com/a/b.git",
            {"tracker": "github", "trackers": {"github": {"token-file": "/nowhere"}}},
            "/nowhere: could not be read",
        ),
    ],
)
def test_what_is_missing_is_said_with_the_way_out(
    repository: Path, address: str, told: Mapping[str, object], why: str
) -> None:
    remote(repository, address)
    with pytest.raises(ConfigurationError, match=why):
        chosen(repository, told)


def test_a_token_never_shows(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key.pem").write_text("-----KEY-----\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    remote(repository, "https://github.com/acme/postmortems.git")
    told = {"trackers": {"github": {"app-id": "7", "app-key-file": str(tmp_path / "key.pem")}}}
    assert chosen(repository, told).app == ("7", "-----KEY-----")
    for one in (chosen(repository), chosen(repository, told), runner()):
        assert TOKEN not in repr(one)
        assert "-----KEY-----" not in repr(one)


def test_a_file_for_the_token_comes_before_the_variable(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text("from-file\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    remote(repository, "https://github.com/acme/postmortems.git")
    assert chosen(repository, {"trackers": {"github": {"token-file": str(tmp_path / "token")}}}).token == "from-file"


# circumstances


def test_a_runner_tells_its_branch_and_the_default_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"repository": {"default_branch": "trunk"}}), encoding="utf-8")
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "acme/x",
        "GITHUB_REF_NAME": "wip",
        "GITHUB_EVENT_PATH": str(event),
    }.items():
        monkeypatch.setenv(name, value)
    told = runner()
    assert (told.active, told.branch, told.default_branch) == (True, "wip", "trunk")
    assert site(tmp_path, Settings(), told).other == "wip"
    event.write_text("no json", encoding="utf-8")
    assert runner().default_branch == ""


def test_a_clone_knows_the_default_branch_of_its_origin(repository: Path, tmp_path: Path) -> None:
    run = ["git", "-C", str(repository), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*run, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(repository), str(clone)], check=True)
    assert site(clone, Settings(), Runner()).other == ""
    subprocess.run(["git", "-C", str(clone), "switch", "-q", "-c", "wip"], check=True)
    assert site(clone, Settings(), Runner()).other == "wip"
    assert site(repository, Settings(), Runner()).other == ""


@pytest.mark.parametrize(
    ("choice", "here", "address"),
    [
        (Choice("github", "github", "https://github.com"), "github.com", "https://github.com/acme/pm/blob/main/"),
        (Choice("x", "gitea", "http://git.lan:3000"), "git.lan", "http://git.lan:3000/acme/pm/src/branch/main/"),
        (Choice("plane", "plane", "https://app.plane.so"), "gitlab.com", "https://gitlab.com/acme/pm/-/blob/main/"),
        (
            Choice("plane", "plane", "https://app.plane.so"),
            "codeberg.org",
            "https://codeberg.org/acme/pm/src/branch/main/",
        ),
        (Choice("plane", "plane", "https://app.plane.so"), "git.lan", ""),
        (Choice("folder", "folder"), "github.com", ""),
    ],
)
def test_a_document_is_linked_where_its_own_host_shows_it(choice: Choice, here: str, address: str) -> None:
    assert pages(choice, (here, "acme/pm"), "main") == address
    assert pages(choice, None, "main") == ""


def test_a_host_has_guards_and_the_folder_has_none(repository: Path) -> None:
    host, tree = Choice("github", "github"), Choice("folder", "folder")
    told = circumstances(Site(repository), Settings(), host, Consent(), "2026-11-21")
    assert (told.consent, told.since) == (False, "2026-08-23")
    told = circumstances(Site(repository), Settings(), tree, Consent(), "2026-11-21")
    assert (told.consent, told.since) == (True, "")
    assert limits(Settings(), host) == Limits(25, 10, 50, Share(30, 10))
    assert limits(Settings(), tree) == Limits()
    assert limits(Settings.model_validate({"limits": {"max-creates": 0, "share": 0}}), host) == Limits(
        0, 10, 50, Share(0)
    )
    assert limits(Settings.model_validate({"limits": {"share": 50, "share-from": 3}}), tree).share == Share(50, 3)
