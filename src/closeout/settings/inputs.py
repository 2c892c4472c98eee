"""What the Action was asked for: its inputs, which travel through the environment as `INPUT_*`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from closeout.errors import ConfigurationError, Exit
from closeout.settings.kinds import KINDS
from closeout.settings.runner import Runner

Mode = Literal["plan", "sync", "report", "check"]
FAIL_ON: Mapping[str, Exit] = {"later": Exit.LATER, "pending": Exit.PENDING, "findings": Exit.FINDINGS}
_CAPS = ("max-creates", "max-closes", "max-edits")
_YES, _NO = ("true",), ("", "false")


@dataclass(frozen=True, slots=True)
class Inputs:
    """`flags` are those that win over the configuration; `fail_on` the exit codes that are no mere warning;
    `app` holds a GitHub App's id and private key.
    """

    mode: Mode = "plan"
    config: str = ""
    flags: Mapping[str, object] = field(default_factory=dict)
    approve: str = ""
    comment: bool = False
    fail_on: frozenset[Exit] = frozenset()
    token: str = field(default="", repr=False)
    app: tuple[str, str] | None = field(default=None, repr=False)


def inputs() -> Inputs:
    """Read the inputs; one that is empty was not given. Raises ConfigurationError with its name for one that cannot be used."""
    app = _said("app-id"), _said("app-key")
    if any(app) and not all(app):
        message = "input app-id: could not be used without app-key, nor app-key without it. Give both, or neither"
        raise ConfigurationError(message)
    return Inputs(
        mode=_mode(_said("mode") or "plan"),
        config=_said("config"),
        flags=_flags(),
        approve=_said("approve").lower(),
        comment=_switch("comment"),
        fail_on=frozenset(map(_failing, re.split(r"[\s,]+", _said("fail-on")) if _said("fail-on") else ())),
        token=_said("token"),
        app=app if all(app) else None,
    )


def take(told: Inputs, runner: Runner) -> None:
    """Let the token be the one for the runner's own host; those for other hosts have variables of their own.

    Raises ConfigurationError for an App where the host has none: nothing would be done in its name.
    """
    if told.app and runner.kind in KINDS and runner.kind != "github":
        message = (
            f"input app-id: could not be used: {runner.kind} has no Apps. Hand the token of an account over as `token`"
        )
        raise ConfigurationError(message)
    if told.token and runner.kind in KINDS:
        os.environ[KINDS[runner.kind].token_env] = told.token  # noqa: TID251 - settings alone know the environment
    os.environ.pop("INPUT_APP_KEY", None)  # noqa: TID251 - no git and no other program has any use for it


def _said(name: str) -> str:
    return os.environ.get(f"INPUT_{name.upper().replace('-', '_')}", "").strip()  # noqa: TID251


def _flags() -> Mapping[str, object]:
    caps = {name: _said(name) for name in _CAPS if _said(name)}
    flags = {name: _said(name) for name in ("paths", "tracker", "publish", "since") if _said(name)}
    return {**flags, **({"limits": caps} if caps else {})}


def _mode(said: str) -> Mode:
    for mode in get_args(Mode):
        if said == mode:
            return mode  # type: ignore[no-any-return]
    raise _unknown("mode", said, get_args(Mode))


def _switch(name: str) -> bool:
    said = _said(name).lower()
    if said not in (*_YES, *_NO):
        raise _unknown(name, said, ("true", "false"))
    return said in _YES


def _failing(said: str) -> Exit:
    if said not in FAIL_ON:
        raise _unknown("fail-on", said, tuple(FAIL_ON))
    return FAIL_ON[said]


def _unknown(name: str, said: str, known: tuple[str, ...]) -> ConfigurationError:
    return ConfigurationError(
        f"input {name}: could not be used: {said[:50]!r} is none of {', '.join(known)}. Say one of them"
    )
