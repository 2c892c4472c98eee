"""Who git is to the remote in a job: the App where there is one, else whose token was handed over."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

from closeout.git import moving
from closeout.hosts.pacing import Pace
from closeout.settings.inputs import Inputs
from closeout.settings.runner import Runner


def let_in(root: Path, told: Runner, asked: Inputs, tell: Callable[[str], None]) -> AbstractContextManager[None]:
    """Within this, git is let in on the runner's host; what `actions/checkout` left for the job's own token gives way to an
    App, and to another token that was named. `tell` takes a line for a person who waits.
    """
    if told.app and told.kind == "github":
        return moving.let_in(root, told.server, _app(told, tell), instead=True)
    return moving.let_in(root, told.server, lambda: asked.token, instead=told.is_other(asked.token))


def _app(told: Runner, tell: Callable[[str], None]) -> Callable[[], str]:
    """What returns the App's token."""

    @cache
    def asked() -> Callable[[], str]:
        from closeout.compose.github import app_token  # noqa: PLC0415 - it costs more to import than many jobs take

        return app_token(told, Pace(time.sleep, time.time, tell))  # noqa: TID251 - a token lives an hour

    def token() -> str:
        return asked()()

    return token
