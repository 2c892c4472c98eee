"""Whom git is shown a token to: the host that it is for, and nobody who was let in otherwise unless that is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from closeout.git import moving
from closeout.git.letting import environment
from ledgers import git

SERVER = "https://git.example.com"
KEPT = ("http.https://git.example.com/.extraHeader", "Authorization: Basic a2VwdA==")  # as actions/checkout leaves it


def shown(root: Path, token: str, *, instead: bool = False) -> list[str]:
    """The values that git is handed in variables."""
    with moving.let_in(root, SERVER, lambda: token, instead=instead):
        told = environment({}, far=True)
    return [value for name, value in sorted(told.items()) if name.startswith("GIT_CONFIG_VALUE_")]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    git(tmp_path, "remote", "add", "origin", f"{SERVER}/acme/pm.git")
    return tmp_path


def test_a_token_is_shown_to_the_host_that_it_is_for(root: Path) -> None:
    (header, redirects) = shown(root, "t0ken")
    assert header.startswith("Authorization: Basic ")
    assert redirects == "false"
    assert shown(root, "") == []


def test_what_checkout_left_stays_unless_another_is_to_be_shown_instead(root: Path) -> None:
    git(root, "config", *KEPT)
    assert shown(root, "t0ken") == []
    (nothing, header, _) = shown(root, "t0ken", instead=True)
    assert nothing == "", "git would show both"
    assert header.startswith("Authorization: Basic ")


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example.com.evil.example/acme/pm.git",
        "https://git.example.com:8443/acme/pm.git",
        "https://ann:secret@git.example.com/acme/pm.git",
        "ssh://git@git.example.com/acme/pm.git",
        "git@git.example.com:acme/pm.git",
        "/srv/git/pm.git",
    ],
)
def test_nobody_else_is_shown_it(address: str, root: Path) -> None:
    git(root, "remote", "set-url", "origin", address)
    assert shown(root, "t0ken", instead=True) == []


def test_a_git_that_stays_here_asks_for_no_token_and_is_handed_the_last_one(root: Path) -> None:
    asked: list[int] = []

    def token() -> str:
        asked.append(1)
        return "t0ken"

    with moving.let_in(root, SERVER, token):
        assert "GIT_CONFIG_COUNT" not in environment({}, far=False)
        far = environment({}, far=True)
        assert environment({}, far=False) == far
    assert asked == [1]
    assert "GIT_CONFIG_COUNT" not in environment({}, far=True), "what was shown ends with the run"
