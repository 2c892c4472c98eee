"""Which tracker a run works with: what was said, else what the remote and the runner tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from closeout import git
from closeout.errors import ConfigurationError
from closeout.settings import Settings, secret
from closeout.settings.keys import Tracker
from closeout.settings.runner import Runner

PUBLIC = "github.com"


@dataclass(frozen=True, slots=True)
class Choice:
    """A tracker: its `name` in the configuration, its kind, its host, `owner/name` of its project, and its token.

    `api` is the API's address where a runner told it; `home` the documents' repository where it is on the same host;
    `app` holds a GitHub App's id and private key.
    """

    name: str
    kind: str
    server: str = ""
    api: str = ""
    project: str = ""
    home: str = ""
    token: str = field(default="", repr=False)
    app: tuple[str, str] | None = field(default=None, repr=False)
    told: Tracker = field(default_factory=Tracker)


def choose(root: Path, settings: Settings, runner: Runner, *, opened: bool = True) -> Choice:
    """Return the tracker of a run. Raises ConfigurationError with the choices where nothing tells.

    A tracker that is not to be `opened` needs no token.
    """
    here = origin(root, runner, settings)
    name = settings.tracker or _by_remote(here, settings, runner, opened=opened)
    told = settings.trackers.get(name, Tracker())
    kind = told.kind or name
    if kind == "folder":
        return Choice(name, kind)
    return _github(name, told, here, runner, opened=opened)


def origin(root: Path, runner: Runner, settings: Settings | None = None) -> tuple[str, str] | None:
    """Return (host, owner/name) of the documents' repository; None without a host."""
    if settings is not None and settings.source == "api" and (name := settings.repository or runner.repository):
        told = settings.trackers.get(settings.tracker or "github", Tracker())
        return urlsplit(told.url or runner.server).hostname or PUBLIC, name.lower()
    if runner.active and runner.repository:
        return (urlsplit(runner.server).hostname or PUBLIC), runner.repository.lower()
    return git.host_and_path(git.remote(root) or "")


def _by_remote(here: tuple[str, str] | None, settings: Settings, runner: Runner, *, opened: bool) -> str:
    if here is None:
        return "folder"
    choices = (
        "Say `--tracker folder` to keep the issues in this repository, or `--tracker github` for a GitHub of your own, "
        "with its address below [trackers.github] in closeout.toml"
    )
    if here[0] != PUBLIC and not (runner.active and runner.api):
        message = f"{'/'.join(here)}: could not choose a tracker: {here[0]} is no host that is known. {choices}"
        raise ConfigurationError(message)
    told = settings.trackers.get("github", Tracker())
    if opened and not secret.token(told, required=False) and not told.app_id:
        message = (
            f"{'/'.join(here)}: could not choose a tracker: there is no token for {here[0]}. Put one into "
            f"{told.token_env}, or say `--tracker folder` to keep the issues in this repository"
        )
        raise ConfigurationError(message)
    return "github"


def _github(name: str, told: Tracker, here: tuple[str, str] | None, runner: Runner, *, opened: bool) -> Choice:
    server = (
        told.url.rstrip("/") or (runner.server if runner.active else "") or f"https://{here[0] if here else PUBLIC}"
    )
    host = urlsplit(server).hostname or ""
    project = told.project or (here[1] if here and here[0] == host else "")
    if not host or project.count("/") != 1:
        message = (
            f'[trackers.{name}]: could not tell the project: name it with `project = "owner/name"`, '
            "and its host with `url` if it is not github.com"
        )
        raise ConfigurationError(message)
    app = secret.app(told) if opened else None
    return Choice(
        name=name,
        kind="github",
        server=server,
        api=runner.api if runner.active and urlsplit(runner.server).hostname == host else "",
        project=project,
        home=here[1] if here and here[0] == host else "",
        token="" if app else secret.token(told, required=opened),
        app=app,
        told=told,
    )
