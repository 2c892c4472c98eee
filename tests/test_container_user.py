"""What a container is handed may belong to somebody else: each is told by its name, and what to do about it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from closeout.daemon.log import log
from closeout.daemon.serve import Signals, serve
from closeout.errors import ConfigurationError
from closeout.settings import Settings, load, secret
from closeout.settings.schedule import Daemon
from closeout.settings.tracking import Tracker
from test_bad_input import as_nobody, opened


def test_a_folder_of_secrets_that_is_closed_holds_nothing_for_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.setattr(secret, "SECRETS", str(tmp_path / "secrets"))
    opened(tmp_path)
    (tmp_path / "secrets").mkdir(mode=0)

    def act() -> None:
        assert not secret.token(Tracker(), "github", required=False)

    assert as_nobody(act) == 0


def test_a_volume_of_another_user_is_told_with_the_user_that_needs_it(tmp_path: Path) -> None:
    opened(tmp_path)
    (tmp_path / "volume").mkdir(mode=0o755)
    (tmp_path / "volume").chmod(0o555)
    told = Settings(
        daemon=Daemon(url="https://github.com/acme/postmortems", cache=tmp_path / "volume/repositories", listen="")
    )

    def act() -> None:
        with pytest.raises(ConfigurationError, match=r"user \d+ may not write there\. Give the folder to it"):
            serve(lambda: told, log("json", io.StringIO()), Signals())

    assert as_nobody(act) == 0


def test_a_configuration_of_another_user_is_told(tmp_path: Path) -> None:
    opened(tmp_path)
    (tmp_path / "closeout.toml").touch(mode=0)

    def act() -> None:
        with pytest.raises(ConfigurationError) as found:
            load(tmp_path, {})
        file = tmp_path / "closeout.toml"
        assert str(found.value) == f"{file}: could not be read: Permission denied. Check its rights"

    assert as_nobody(act) == 0


def test_a_folder_where_the_configuration_should_be_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "closeout.toml").mkdir()
    with pytest.raises(ConfigurationError, match=r"closeout\.toml: could not be read: it is a folder"):
        load(tmp_path, {})
