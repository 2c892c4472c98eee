"""Documents on a Forgejo or a Gitea."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from closeout import git
from closeout.compose.choice import Choice
from closeout.compose.circumstances import shared_branch
from closeout.compose.opening import own_file
from closeout.git import commits
from closeout.hosts.forgejo import Forgejo
from closeout.hosts.forgejo_git import ForgejoGit
from closeout.hosts.rest import Refused
from closeout.ports.ledger import LedgerKeeper
from closeout.repositories.api import ApiPublisher
from closeout.repositories.forgejo_pulls import ForgejoPulls
from closeout.repositories.hosted import HostedCode
from closeout.repositories.worktree import DEFAULT_PATHS
from closeout.settings import Settings
from closeout.settings.runner import Runner
from closeout.state.apart import ApartChain
from closeout.state.blobs import SqliteBlobs
from closeout.trackers.forgejo import ForgejoTracker
from closeout.trackers.opening import Opened

Hosted = HostedCode[ForgejoGit]


def _host(where: Opened) -> Forgejo:
    assert isinstance(where, ForgejoTracker)  # noqa: S101 - as the registry says
    return where.host


def pulls(where: Opened, choice: Choice) -> ForgejoPulls:
    """The pull requests, with the tracker's account and at its pace."""
    return ForgejoPulls(_host(where), choice.home)


def full_name(where: Opened, name: str) -> str:
    """What a repository is called now."""
    try:
        return _host(where).repository(name).full_name.lower()
    except Refused as refused:
        if refused.status in {403, 404}:
            return ""
        raise


def public(where: Opened, choice: Choice) -> bool:
    """Whether surely everybody can see the documents."""
    return _host(where).repository(choice.home).private is False


def hosted(root: Path, settings: Settings, choice: Choice, where: Opened, told: Runner) -> Hosted:
    """The documents' repository without a clone."""
    cache = SqliteBlobs(own_file(root, choice, "closeout-blobs.sqlite"))
    paths = settings.paths or DEFAULT_PATHS
    code = ForgejoGit(_host(where), choice.home)
    return HostedCode(code, told.default_branch, paths, settings.reading.encodings, cache)


def publisher(root: Path, settings: Settings, where: Hosted, told: Runner, kept: LedgerKeeper) -> ApiPublisher:
    """One commit by the API, on the branch that was read; a clone tells by itself what it holds."""
    if settings.source == "api":
        return ApiPublisher(where.git, where.name, where.listing, kept.hold)
    branch = shared_branch(root, told) or git.branch(root)
    return ApiPublisher(where.git, lambda: branch or where.name(), partial(commits.committed, root), kept.hold)


def chain(root: Path, settings: Settings, choice: Choice, where: Hosted) -> ApartChain:
    """The ledger by git, from a repository that holds its ref alone: no endpoint writes other refs."""
    folder = own_file(root, choice, "closeout-ledger.git")
    address = f"{where.git.host.web}/{where.git.host.repository(choice.home).full_name}.git"
    return ApartChain(folder, address, settings.ledger, choice.token)
