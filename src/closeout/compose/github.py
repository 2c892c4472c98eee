"""Documents on a GitHub; apart, because its library costs more to import than most runs take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from closeout.compose.choice import Choice
from closeout.errors import ConfigurationError, LaterError, TrackerError
from closeout.hosts import github_viewer
from closeout.hosts.github import GitHub
from closeout.hosts.github_auth import App
from closeout.hosts.github_git import GitHubGit
from closeout.hosts.github_refusals import Refused
from closeout.hosts.pacing import Pace
from closeout.repositories.github_pulls import GitHubPulls
from closeout.repositories.hosted import Hosted
from closeout.settings import Settings
from closeout.settings.runner import Runner
from closeout.state.api import ApiChain
from closeout.trackers.github import GitHubTracker
from closeout.trackers.opening import Opened


def _host(where: Opened) -> GitHub:
    assert isinstance(where, GitHubTracker)  # noqa: S101 - as the registry says
    return where.host


def pulls(where: Opened, choice: Choice) -> GitHubPulls:
    """The pull requests, with the tracker's account and at its pace."""
    return GitHubPulls(_host(where), choice.home)


def full_name(where: Opened, name: str) -> str:
    """What a repository is called now."""
    try:
        return _host(where).repository(name).full_name.lower()
    except Refused as refused:
        if refused.status in {403, 404, 451}:
            return ""
        raise


def public(where: Opened, choice: Choice) -> bool:
    """Whether surely everybody can see the documents."""
    return _host(where).repository(choice.home).private is False


def code(where: Opened, choice: Choice) -> GitHubGit:
    """The documents' repository as the API shows it."""
    return GitHubGit(_host(where), choice.home)


def chain(root: Path, settings: Settings, choice: Choice, where: Hosted) -> ApiChain:  # noqa: ARG001 - as the others
    """The ledger by the Git Data API."""
    return ApiChain(where.git, settings.ledger)


def bot(where: Opened) -> tuple[str, str] | None:
    """Who commits in an App's run; None in anybody else's, and where the host does not tell."""
    try:
        return github_viewer.app_author(_host(where))
    except (TrackerError, LaterError):
        return None


def app_token(told: Runner, budget: Pace) -> Callable[[], str]:
    """What returns the token with which a runner's App is let in on its host; asked for when it is first needed, and anew
    before it ends. It raises ConfigurationError where the host gives none.
    """
    assert told.app is not None  # noqa: S101 - as who calls it looks
    host = GitHub(told.server, App(*told.app, told.repository), budget, api=told.api)

    def token() -> str:
        try:
            return host.token()
        except (TrackerError, LaterError) as error:
            raise ConfigurationError(str(error)) from None

    return token
