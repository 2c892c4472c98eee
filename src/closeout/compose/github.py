"""GitHub's part of the composition; apart, because its library costs more to import than most runs take."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlsplit

from closeout import git
from closeout.compose.choice import Choice
from closeout.compose.circumstances import shared_branch
from closeout.errors import ConfigurationError
from closeout.git import commits
from closeout.hosts.github import GitHub
from closeout.hosts.github_auth import App, Token
from closeout.hosts.github_git import GitHubGit
from closeout.hosts.github_refusals import Refused
from closeout.hosts.pacing import Pace
from closeout.ports.ledger import LedgerKeeper
from closeout.repositories.api import ApiPublisher
from closeout.repositories.hosted import Hosted
from closeout.repositories.worktree import DEFAULT_PATHS
from closeout.settings import Settings
from closeout.settings.runner import Runner
from closeout.state.blobs import SqliteBlobs
from closeout.state.cache import SqliteCache
from closeout.trackers.github import GitHubTracker

Tell = Callable[[str], None]


def host(settings: Settings, choice: Choice, tell: Tell) -> GitHub:
    """The host of a tracker, at its pace; `tell` takes a line for a person who waits."""
    pace = Pace(time.sleep, time.time, tell, cap=settings.limits.max_wait)  # noqa: TID251
    auth = App(*choice.app, choice.project) if choice.app else Token(choice.token)
    return GitHub(choice.server, auth, pace, api=choice.api)


def tracker(root: Path, choice: Choice, found: GitHub, *, cached: bool) -> GitHubTracker:
    """Where issues live; the cache is a file of git's own."""
    cache = SqliteCache(_own_file(root, choice, "closeout-issues.sqlite")) if cached else None
    return GitHubTracker(found, choice.project, choice.home, name=choice.name, cache=cache)


def hosted(root: Path, settings: Settings, choice: Choice, found: GitHub, told: Runner) -> Hosted:
    """The documents' repository without a clone. Raises ConfigurationError if nothing names it on the tracker's host."""
    if not choice.home:
        key, todo = ("source", 'Name it with `repository = "owner/name"`') if settings.source == "api" else (
            "publish", "Say another way to publish")  # fmt: skip
        message = (
            f'{key} = "api": could not tell the repository of the documents: none is known on '
            f"{urlsplit(choice.server).hostname}, which the token is for. {todo}"
        )
        raise ConfigurationError(message)
    cache = SqliteBlobs(_own_file(root, choice, "closeout-blobs.sqlite"))  # on runners too: what it holds never ages
    paths = settings.paths or DEFAULT_PATHS
    return Hosted(GitHubGit(found, choice.home), told.default_branch, paths, settings.reading.encodings, cache)


def publisher(root: Path, settings: Settings, where: Hosted, told: Runner, kept: LedgerKeeper) -> ApiPublisher:
    """One commit by the API, on the branch that was read; a clone tells by itself what it holds."""
    if settings.source == "api":
        return ApiPublisher(where.git, where.name, where.listing, kept.hold)
    branch = shared_branch(root, told) or git.branch(root)
    return ApiPublisher(where.git, lambda: branch or where.name(), partial(commits.committed, root), kept.hold)


def _own_file(root: Path, choice: Choice, name: str) -> Path:
    """A file of git's own, or of this user's where there is no clone."""
    if git.top(root) is not None:
        return git.own_file(root, name)
    project = re.sub(r"[^a-z0-9]+", "-", f"{urlsplit(choice.server).hostname} {choice.project} {choice.home}".lower())
    return Path.home() / ".cache/closeout" / project / name


def renamed(choice: Choice, found: GitHub) -> Callable[[str], bool]:
    """What tells whether the documents' repository was once called `host/owner/name`: the host leads from the old name
    to the new one.
    """

    @cache
    def told(former: str) -> bool:
        host, _, name = former.partition("/")
        if not choice.home or host != urlsplit(choice.server).hostname:
            return False
        try:
            return found.repository(name).full_name.lower() == choice.home
        except Refused as refused:
            if refused.status in {403, 404, 451}:
                return False
            raise

    return told


def audience(choice: Choice, found: GitHub, where: GitHubTracker) -> str:
    """Return why issues must wait: who reads the project may not read the documents; empty if that is fine."""
    if choice.home == choice.project or choice.told.allow_wider_audience or where.private:
        return ""
    if choice.home and not found.repository(choice.home).private:
        return ""
    return (
        f"{choice.project} is public, and the documents may not be: "
        f"`allow-wider-audience = true` below [trackers.{choice.name}] lets issues be made there"
    )
