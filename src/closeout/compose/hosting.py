"""Whether a host's API is needed, and what goes through it: issues, and on request the documents and the ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from closeout.compose.choice import Choice
from closeout.errors import ConfigurationError
from closeout.ports.documents import Publisher
from closeout.ports.ledger import LedgerKeeper
from closeout.settings import Settings
from closeout.settings.runner import Runner, runner
from closeout.state.chain import Chain
from closeout.state.storage import Storage

if TYPE_CHECKING:  # its library costs more to import than most runs take
    from closeout.hosts.github import GitHub
    from closeout.repositories.hosted import Hosted


def by_api(settings: Settings) -> bool:
    """Whether the documents' repository is reached through its host's API."""
    return "api" in {settings.source, settings.publish}


def host(settings: Settings, choice: Choice, tell: Callable[[str], None]) -> GitHub | None:
    """The host of a tracker that is on one."""
    if choice.kind == "folder":
        return None
    from closeout.compose import github  # noqa: PLC0415 - see there

    return github.host(settings, choice, tell)


def hosted(root: Path, settings: Settings, choice: Choice, found: GitHub | None, told: Runner) -> Hosted | None:
    """The documents' repository where it is reached through the API. Raises ConfigurationError for the folder tracker."""
    if not by_api(settings):
        return None
    if found is None:
        key = "source" if settings.source == "api" else "publish"
        message = (
            f'{key} = "api": could not be used with the folder tracker: its issues and its ledger lie in the tree. '
            'Say `tracker = "github"`'
        )
        raise ConfigurationError(message)
    from closeout.compose import github  # noqa: PLC0415 - see there

    return github.hosted(root, settings, choice, found, told)


def publisher(root: Path, settings: Settings, told: Runner, kept: LedgerKeeper, where: Hosted) -> Publisher:
    """Where documents go back to through the API. Raises ConfigurationError for what needs a clone."""
    if settings.publish != "api":
        message = (
            f'publish = "{settings.publish}": could not be used with source = "api": there are no files here. '
            'Say `publish = "api"`, or "none"'
        )
        raise ConfigurationError(message)
    from closeout.compose import github  # noqa: PLC0415 - see there

    return github.publisher(root, settings, where, told, kept)


def chain(root: Path, settings: Settings, choice: Choice, where: Hosted | None) -> Storage:
    """Where a host's ledger is kept: in the clone and on its remote, or on the host by its API."""
    if not by_api(settings):
        return Chain(root, settings.ledger)
    from closeout.state.api import ApiChain  # noqa: PLC0415 - as of GitHub's part

    there = where or hosted(root, settings, choice, host(settings, choice, lambda line: None), runner())
    assert there is not None  # noqa: S101 - as by_api says
    return ApiChain(there.git, settings.ledger)
