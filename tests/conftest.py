"""Every test alike: the same examples each time, unless `make fuzz` asks for fresh ones; no help from the outside."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("test", derandomize=True, max_examples=100, deadline=None)
settings.register_profile("fuzz", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the user's git configuration nor settings and runners in the environment reach a test."""
    for name in os.environ:
        if name.startswith(("CLOSEOUT_", "GIT_", "GITHUB_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
