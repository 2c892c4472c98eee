"""Documents on a Forgejo or a Gitea."""

from __future__ import annotations

from pathlib import Path

from closeout.compose.choice import Choice
from closeout.compose.opening import own_file
from closeout.hosts.forgejo import Forgejo
from closeout.hosts.forgejo_git import ForgejoGit
from closeout.hosts.rest import Refused
from closeout.repositories.forgejo_pulls import ForgejoPulls
from closeout.repositories.hosted import HostedCode
from closeout.settings import Settings
from closeout.state.apart import ApartChain
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


def code(where: Opened, choice: Choice) -> ForgejoGit:
    """The documents' repository as the API shows it."""
    return ForgejoGit(_host(where), choice.home)


def chain(root: Path, settings: Settings, choice: Choice, where: Hosted) -> ApartChain:
    """The ledger by git, from a repository that holds its ref alone: no endpoint writes other refs."""
    folder = own_file(root, choice, "closeout-ledger.git")
    address = f"{where.git.host.web}/{where.git.host.repository(choice.home).full_name}.git"
    return ApartChain(folder, address, settings.ledger, choice.token)
