"""`[report]`: which channel the settings come to, and what is said where they come to none."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from closeout import compose
from closeout.channels.hanging import Hanging
from closeout.compose.reporting import channel
from closeout.errors import ConfigurationError
from closeout.ports.channel import Channel
from closeout.settings import load
from closeout.settings.kinds import KINDS
from closeout.trackers.forgejo_desk import ForgejoDesk
from closeout.trackers.github_desk import GitHubDesk
from closeout.trackers.walls import Comments, Issues
from ledgers import git

NOW = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)
TRACKERS = """
tracker = "github"
[trackers.github]
project = "acme/pm"
token-env = "GH"
allow-wider-audience = true # so that nobody has to be asked
[trackers.infra]
kind = "forgejo"
url = "https://git.example.com"
project = "infra/ops"
token-env = "FJ"
allow-wider-audience = true
[trackers.away]
kind = "forgejo"
url = "https://away.example.com"
project = "infra/ops"
token-env = "NONE"
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(tmp_path, "init", "-q", ".")
    monkeypatch.setenv("GH", "ghp_0123456789")
    monkeypatch.setenv("FJ", "0123456789")
    return tmp_path


def made(root: Path, told: str, trackers: str = TRACKERS) -> Channel | None:
    (root / "closeout.toml").write_text(f"{trackers}\n[report]\n{told}\n", "utf-8")
    settings = load(root, {})
    return channel(compose.run(root, settings, NOW), settings)


def test_nothing_is_posted_unless_somebody_says_where(root: Path) -> None:
    assert made(root, "") is None


def test_an_issue_for_each_period_is_on_the_default_tracker(root: Path) -> None:
    found = made(root, 'post = "issue"')
    assert isinstance(found, Hanging)
    assert isinstance(found.wall, Issues)
    assert isinstance(found.wall.desk, GitHubDesk)
    assert found.wall.where == "https://github.com/acme/pm"


@pytest.mark.parametrize("ticket", ["#12", "12", "infra/ops#12", "https://git.example.com/infra/ops/issues/12"])
def test_a_ticket_is_one_of_the_tracker_that_is_named(root: Path, ticket: str) -> None:
    found = made(root, f'post = "{ticket}"\ntracker = "infra"')
    assert isinstance(found, Hanging)
    assert isinstance(found.wall, Comments)
    assert isinstance(found.wall.desk, ForgejoDesk)
    assert (found.tracker, found.wall.ticket) == ("infra", "12")


@pytest.mark.parametrize("ticket", ["acme/other#12", "SRE-12", "https://git.example.com/infra/ops/issues/12"])
def test_a_ticket_of_another_tracker_is_none(root: Path, ticket: str) -> None:
    with pytest.raises(ConfigurationError, match=r"names no issue of https://github.com/acme/pm\. Write \"issue\""):
        made(root, f'post = "{ticket}"')


def test_a_tracker_without_a_token_cannot_be_posted_into(root: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"it is not open. Describe it below \[trackers.away\]"):
        made(root, 'post = "issue"\ntracker = "away"')


def test_a_tracker_that_nobody_described_is_an_error_of_the_file(root: Path) -> None:
    with pytest.raises(ConfigurationError, match="no tracker is called 'infa'"):
        made(root, 'post = "issue"\ntracker = "infa"')


def test_the_folder_takes_no_report(root: Path) -> None:
    with pytest.raises(ConfigurationError, match="could not be used with the folder tracker"):
        made(root, 'post = "issue"', 'tracker = "folder"')


def test_every_kind_of_tracker_on_a_host_has_a_desk() -> None:
    assert all(kind.desk for kind in KINDS.values())
