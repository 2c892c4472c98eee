"""GitHub's part of the composition; apart, because its library costs more to import than most runs take."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from closeout import git
from closeout.compose.choice import Choice
from closeout.hosts.github import GitHub
from closeout.hosts.github_auth import App, Token
from closeout.hosts.github_refusals import Refused
from closeout.hosts.pacing import Pace
from closeout.settings import Settings
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
    cache = SqliteCache(git.own_file(root, "closeout-issues.sqlite")) if cached else None
    return GitHubTracker(found, choice.project, choice.home, name=choice.name, cache=cache)


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
