"""Documents on a GitHub; apart, because its library costs more to import than most runs take."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from closeout import git
from closeout.compose.choice import Choice
from closeout.compose.circumstances import shared_branch
from closeout.compose.opening import own_file
from closeout.git import commits
from closeout.hosts.github import GitHub
from closeout.hosts.github_git import GitHubGit
from closeout.hosts.github_refusals import Refused
from closeout.ports.ledger import LedgerKeeper
from closeout.repositories.api import ApiPublisher
from closeout.repositories.github_pulls import GitHubPulls
from closeout.repositories.hosted import Hosted
from closeout.repositories.worktree import DEFAULT_PATHS
from closeout.settings import Settings
from closeout.settings.runner import Runner
from closeout.state.api import ApiChain
from closeout.state.blobs import SqliteBlobs
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
    return not _host(where).repository(choice.home).private


def hosted(root: Path, settings: Settings, choice: Choice, where: Opened, told: Runner) -> Hosted:
    """The documents' repository without a clone."""
    cache = SqliteBlobs(own_file(root, choice, "closeout-blobs.sqlite"))  # on runners too: what it holds never ages
    paths = settings.paths or DEFAULT_PATHS
    return Hosted(GitHubGit(_host(where), choice.home), told.default_branch, paths, settings.reading.encodings, cache)


def publisher(root: Path, settings: Settings, where: Hosted, told: Runner, kept: LedgerKeeper) -> ApiPublisher:
    """One commit by the API, on the branch that was read; a clone tells by itself what it holds."""
    if settings.source == "api":
        return ApiPublisher(where.git, where.name, where.listing, kept.hold)
    branch = shared_branch(root, told) or git.branch(root)
    return ApiPublisher(where.git, lambda: branch or where.name(), partial(commits.committed, root), kept.hold)


def chain(root: Path, settings: Settings, choice: Choice, where: Hosted) -> ApiChain:  # noqa: ARG001 - as the others
    """The ledger by the Git Data API."""
    return ApiChain(where.git, settings.ledger)
