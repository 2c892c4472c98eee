"""Which trackers a run works with: what was said, else what the remote and the runner tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from closeout.errors import ConfigurationError
from closeout.settings import Settings, declared, secret
from closeout.settings.kinds import FOLDER, KINDS, kind_of
from closeout.settings.runner import Runner
from closeout.settings.tracking import Tracker

Home = tuple[str, str] | None  # (host, owner/name) of the documents' repository


@dataclass(frozen=True, slots=True)
class Choice:
    """A tracker: its `name` in the configuration, its kind, its host, its project there, and its token.

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

    @property
    def host(self) -> str:
        """The name of its host."""
        return urlsplit(self.server).hostname or ""


def choose(here: Home, settings: Settings, runner: Runner, *, opened: bool = True) -> Choice:
    """Return the default tracker of a run, whose documents are `here`. Raises ConfigurationError with the choices where
    nothing tells.

    A tracker that is not to be `opened` needs no token.
    """
    name = settings.tracker or _by_remote(here, settings, runner, opened=opened)
    return _named(name, settings, here, runner, opened=opened)


def others(here: Home, settings: Settings, runner: Runner, first: Choice, *, opened: bool = True) -> tuple[Choice, ...]:
    """Return the other trackers: those that routes lead to, and those that are described, to read what documents name.
    Those that are not to be `opened` need no token.

    Raises ConfigurationError where one of the first cannot be opened, or beside the folder's issues.
    """
    routed = dict.fromkeys(route.tracker for route in settings.routes if route.tracker != first.name)
    if first.kind == FOLDER:
        if routed:
            message = (
                f"[[routes]]: could not be used with the folder tracker: its ledger lies in the tree, that of "
                f"{', '.join(routed)} does not. Name a tracker on a host"
            )
            raise ConfigurationError(message)
        return ()
    named = [name for name in settings.trackers if name != first.name and name not in routed]
    more = (*routed, *(name for name in named if not opened or _has_token(name, settings)))
    return tuple(_named(name, settings, here, runner, opened=opened) for name in more)


def _has_token(name: str, settings: Settings) -> bool:
    told = settings.trackers[name]
    kind = told.kind or name
    return kind in KINDS and bool(told.app_id or secret.token(told, kind, required=False))


def at_host(host: str, settings: Settings) -> str:
    """Return the name of the tracker that is described for a host, else of the kind that a shared host is; empty for none."""
    described = (name for name, told in settings.trackers.items() if urlsplit(told.url).hostname == host)
    return next(described, "") or kind_of(host)


def _by_remote(here: Home, settings: Settings, runner: Runner, *, opened: bool) -> str:
    if here is None:
        return FOLDER
    name = at_host(here[0], settings) or (runner.kind if runner.active and runner.api else "")
    if not name:
        message = (
            f"{'/'.join(here)}: could not choose a tracker: {here[0]} is no host that is known. "
            "Say `--tracker folder` to keep the issues in this repository, or, for a host of your own, "
            f"`--tracker` with one of {', '.join(KINDS)}, and its address below [trackers] in closeout.toml"
        )
        raise ConfigurationError(message)
    told = settings.trackers.get(name, Tracker())
    kind = told.kind or name
    if opened and not secret.token(told, kind, required=False) and not told.app_id:
        message = (
            f"{'/'.join(here)}: could not choose a tracker: there is no token for {here[0]}. Put one into "
            f"{secret.variable(told, kind)}, or say `--tracker folder` to keep the issues in this repository"
        )
        raise ConfigurationError(message)
    return name


def _named(name: str, settings: Settings, here: Home, runner: Runner, *, opened: bool) -> Choice:
    told = settings.trackers.get(name, Tracker())
    kind = told.kind or name
    if kind == FOLDER:
        return Choice(name, kind)
    server = _server(kind, told, here, runner)
    host = urlsplit(server).hostname or ""
    home = here[1] if here and here[0] == host and KINDS[kind].code else ""
    project = told.project or home
    if not host or "/" not in project.strip("/"):
        message = (
            f'[trackers.{name}]: could not tell the project: name it with `project = "{KINDS[kind].project}"`, '
            f"and its host with `url`{f' if it is not {KINDS[kind].hosts[0]}' if KINDS[kind].hosts else ''}"
        )
        raise ConfigurationError(message)
    ours = runner.app if runner.active and kind == "github" and urlsplit(runner.server).hostname == host else None
    if opened:
        declared.check(name, server, declared.JOBS_APP if ours and not told.app_id else declared.opener(told, kind))
    app = (secret.app(told) or ours) if opened else None
    return Choice(
        name=name,
        kind=kind,
        server=server,
        api=runner.api if runner.active and urlsplit(runner.server).hostname == host else "",
        project=project,
        home=home,
        token="" if app else secret.token(told, kind, required=opened),
        app=app,
        told=told,
    )


def _server(kind: str, told: Tracker, here: Home, runner: Runner) -> str:
    """The address of a tracker's host: as it was said, else the runner's or the remote's where it may be one of its kind,
    else the shared one.
    """
    if told.url:
        return told.url.rstrip("/")
    if KINDS[kind].code and runner.active and runner.kind == kind:
        return runner.server.rstrip("/")
    if KINDS[kind].code and here and kind_of(here[0]) in {"", kind} and not runner.active:
        return f"https://{here[0]}"
    return f"https://{KINDS[kind].hosts[0]}" if KINDS[kind].hosts else ""
