"""Tokens in files: as containers and systemd hand them to a program."""

from __future__ import annotations

from pathlib import Path

import pytest

from closeout.errors import ConfigurationError
from closeout.settings import secret
from closeout.settings.tracking import Tracker


@pytest.fixture(autouse=True)
def _none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("GITHUB_TOKEN", "GITHUB_TOKEN_FILE", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(secret, "SECRETS", str(tmp_path / "secrets"))


def found(**told: str) -> str:
    return secret.token(Tracker(**told), "github", required=True)


def test_a_variable_may_name_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("abc\n")
    monkeypatch.setenv("GITHUB_TOKEN_FILE", str(tmp_path / "token"))
    assert found() == "abc"
    monkeypatch.setenv("GITHUB_TOKEN", "nearer")
    assert found() == "nearer"


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "github_token"])
def test_a_folder_of_secrets_is_looked_into(name: str, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / name).write_text("abc\n")
    assert found() == "abc"


def test_what_systemd_hands_over_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("secrets", "credentials"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "GITHUB_TOKEN").write_text(folder)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    assert found() == "credentials"


def test_a_file_that_cannot_be_read_is_told_by_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN_FILE", str(tmp_path / "none"))
    with pytest.raises(ConfigurationError, match="Check `GITHUB_TOKEN_FILE`"):
        found()


def test_a_token_that_is_nowhere_is_told_with_the_ways_to_give_it() -> None:
    with pytest.raises(ConfigurationError, match="into GITHUB_TOKEN_FILE, or name another `token-env`"):
        found()


def test_another_variable_has_its_own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("abc")
    monkeypatch.setenv("INFRA_TOKEN_FILE", str(tmp_path / "token"))
    assert found(token_env="INFRA_TOKEN") == "abc"
