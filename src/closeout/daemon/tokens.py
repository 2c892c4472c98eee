"""Tokens of the daemon: what lets the git of a run in, and which of them is for which host."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from closeout import git
from closeout.compose.choice import at_host
from closeout.daemon.job import Job, jobs
from closeout.git.showing import showing_token
from closeout.hosts.pacing import Pace
from closeout.settings import Settings, declared, secret
from closeout.settings.kinds import KINDS
from closeout.settings.runner import Runner
from closeout.settings.tracking import Tracker


def handed(settings: Settings) -> Callable[[Job], Mapping[str, str]]:
    """Return what a run is handed, by its job: what lets git in, and which token is for which host. Where its configuration is the
    repository's, it belongs to who may push there, and not to who has the tokens of all.
    """
    shown = lets_in(settings)
    hosts = {server for job in jobs(settings) if (server := _server(job.repository.url))}
    alone = hosts if len(hosts) == 1 else ()  # where there are several, nobody said whose a token is

    def variables(job: Job) -> Mapping[str, str]:
        one = job.repository
        if one.config and Path(one.config).is_absolute():
            return shown(job)
        own = {(declared.place(_server(one.url)), told) for told in (one.token_file or one.token_env,) if told}
        return {**shown(job), **declared.handed_on(declared.declared(settings, alone) | own)}

    return variables


def _server(url: str) -> str:
    """The address of a repository's host; that of its pages where it is cloned by ssh, empty for a folder."""
    found, parts = git.host_and_path(url), urlsplit(url)
    if parts.scheme in {"http", "https"}:
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return f"https://{found[0]}" if found else ""


def lets_in(settings: Settings) -> Callable[[Job], Mapping[str, str]]:
    """How git shows a repository's token to its host alone, else that of the App that is described for the host, taken for
    each run; an address without https, or without either, needs none.
    """

    def shown(job: Job) -> Mapping[str, str]:
        one = job.repository
        place = urlsplit(one.url)
        tracker = at_host(place.hostname or "", settings)
        kind = (settings.trackers[tracker].kind if tracker in settings.trackers else "") or tracker
        told = Tracker(token_env=one.token_env, token_file=one.token_file)
        if place.scheme not in {"https", "http"} or not (kind in KINDS or one.token_env or one.token_file):
            return {}
        found = secret.token(told, kind or "github", required=bool(one.token_env))
        server = f"{_server(one.url)}/"
        app = secret.app(settings.trackers[tracker]) if tracker in settings.trackers and kind == "github" else None
        if app and not (one.token_env or one.token_file):
            found = _app_token(Runner(server=server, repository=place.path.strip("/").removesuffix(".git"), app=app))
        return showing_token(server, found, "oauth2" if kind == "gitlab" else "x-access-token") if found else {}

    return shown


def _app_token(told: Runner) -> str:
    from closeout.compose.github import app_token  # noqa: PLC0415 - its library is for GitHub alone

    return app_token(told, Pace(time.sleep, time.time))()  # noqa: TID251 - a token lives an hour
