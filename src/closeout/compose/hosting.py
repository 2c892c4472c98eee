"""The host of the documents' repository: what goes through its API, its pull requests, its former names."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from closeout.compose.choice import Choice
from closeout.compose.opening import opened, own_file, pace
from closeout.compose.site import Site
from closeout.errors import ConfigurationError
from closeout.git import commits
from closeout.ports.documents import Publisher
from closeout.ports.ledger import LedgerKeeper
from closeout.ports.pulls import Pulls
from closeout.repositories.worktree import DEFAULT_PATHS
from closeout.settings import Settings
from closeout.settings.kinds import KINDS
from closeout.settings.runner import Runner, runner
from closeout.state.chain import Chain
from closeout.state.storage import Storage
from closeout.trackers.opening import Opened

if TYPE_CHECKING:
    from closeout.repositories.hosted import Hosted


class Documents(Protocol):
    """What the module of a kind gives for documents on such a host (`Kind.documents`); `where` is a tracker there."""

    def pulls(self, where: Opened, choice: Choice) -> Pulls:
        """Return the pull requests of the documents' repository."""

    def full_name(self, where: Opened, name: str) -> str:
        """Return what a repository is called now, in lower case; empty where it cannot be seen."""

    def public(self, where: Opened, choice: Choice) -> bool:
        """Whether surely everybody can see the documents' repository."""

    def code(self, where: Opened, choice: Choice) -> Any:
        """Return the documents' repository as the API shows it."""

    def chain(self, root: Path, settings: Settings, choice: Choice, where: Hosted) -> Storage:
        """Return where the ledger is kept without a clone."""


def documents(choice: Choice) -> Documents | None:
    """Load what reaches documents on the host of a tracker; None where it holds none."""
    name = KINDS[choice.kind].documents if choice.kind in KINDS else ""
    return cast("Documents", import_module(name)) if name else None


def by_api(settings: Settings) -> bool:
    """Whether the documents' repository is reached through its host's API."""
    return "api" in {settings.source, settings.publish}


def hosted(root: Path, settings: Settings, choice: Choice, where: Opened | None, told: Runner) -> Hosted | None:
    """The documents' repository where it is reached through the API. Raises ConfigurationError where it cannot be."""
    if not by_api(settings):
        return None
    key = "source" if settings.source == "api" else "publish"
    if where is None:
        message = (
            f'{key} = "api": could not be used with the folder tracker: its issues and its ledger lie in the tree. '
            'Say `tracker = "github"`'
        )
        raise ConfigurationError(message)
    there = documents(choice)
    if there is None or not choice.home:
        todo = 'Name it with `repository = "owner/name"`' if settings.source == "api" and there else "Say another way"
        message = (
            f'{key} = "api": could not tell the repository of the documents: none is known on '
            f"{choice.host}, which the token is for. {todo}"
        )
        raise ConfigurationError(message)
    from closeout.repositories.hosted import HostedCode  # noqa: PLC0415 - most runs have a clone
    from closeout.state.blobs import SqliteBlobs  # noqa: PLC0415

    cache = SqliteBlobs(own_file(root, choice, "closeout-blobs.sqlite"))  # on runners too: what it holds never ages
    paths, encodings = settings.paths or DEFAULT_PATHS, settings.reading.encodings
    return HostedCode(there.code(where, choice), told.default_branch, paths, encodings, cache)


def publisher(site: Site, settings: Settings, kept: LedgerKeeper, where: Hosted) -> Publisher:
    """Where documents go back to through the API: one commit, on the branch that was read; a clone tells by itself what it
    holds. Raises ConfigurationError for what needs a clone.
    """
    if settings.publish != "api":
        message = (
            f'publish = "{settings.publish}": could not be used with source = "api": there are no files here. '
            'Say `publish = "api"`, or "none"'
        )
        raise ConfigurationError(message)
    from closeout.repositories.api import ApiPublisher  # noqa: PLC0415 - most runs have a clone

    if settings.source == "api":
        return ApiPublisher(where.git, where.name, where.listing, kept.hold)
    return ApiPublisher(where.git, lambda: site.base or where.name(), partial(commits.committed, site.root), kept.hold)


def chain(root: Path, settings: Settings, choice: Choice, where: Hosted | None) -> Storage:
    """Where a host's ledger is kept: in the clone and on its remote, or on the host by its API."""
    there = documents(choice)
    if not by_api(settings) or there is None:
        return Chain(root, settings.ledger)
    where = where or hosted(
        root, settings, choice, opened(root, settings, choice, pace(settings, choice, lambda line: None)), runner()
    )
    assert where is not None  # noqa: S101 - as by_api says
    return there.chain(root, settings, choice, where)


def renamed(choice: Choice, where: Opened | None) -> Callable[[str], bool]:
    """What tells whether the documents' repository was once called `host/owner/name`: the host leads from the old name
    to the new one.
    """
    there = documents(choice)

    @cache
    def told(former: str) -> bool:
        host, _, name = former.partition("/")
        if where is None or there is None or not choice.home or host != choice.host:
            return False
        return there.full_name(where, name) == choice.home

    return told


def public(choice: Choice, where: Opened) -> bool:
    """Whether surely everybody can see the documents' repository; False where it is on another host than the tracker's."""
    there = documents(choice)
    return there is not None and bool(choice.home) and there.public(where, choice)
