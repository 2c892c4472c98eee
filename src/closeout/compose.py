"""The composition root: settings to ports, one function per port."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from closeout import __version__, git
from closeout.domain.item import Field
from closeout.domain.sync.guard import Limits
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from closeout.engine.world import Options, World
from closeout.errors import ConfigurationError
from closeout.ports.documents import DocumentSource, Publisher
from closeout.ports.ledger import LedgerKeeper
from closeout.ports.tracker import Tracker
from closeout.reading.vocabulary import Vocabulary, extended
from closeout.repositories.worktree import DEFAULT_PATHS, NoPublisher, Worktree, WorktreePublisher
from closeout.settings import Settings
from closeout.state.gitref import REF, GitLedger, Times
from closeout.state.tree import TreeLedger
from closeout.trackers import folder

CAPABILITIES = (folder.CAPABILITIES,)
LEASE_WAIT = 60.0  # seconds


def root_of(here: Path) -> Path:
    """Return the work tree around a folder. Raises ConfigurationError outside of one."""
    found = git.top(here)
    if found is None:
        message = (
            f"{here}: could not sync: this is no git repository, and documents are edited in place. Run `git init`"
        )
        raise ConfigurationError(message)
    return found


def world(root: Path, settings: Settings, today: str) -> World:
    """Put the ports of a run together."""
    return World(source(root, settings), publisher(root, settings), ledger(root), tracker(root, settings, today))


def source(root: Path, settings: Settings) -> DocumentSource:
    """Where documents are read from."""
    return Worktree(root, settings.paths or DEFAULT_PATHS)


def publisher(root: Path, settings: Settings) -> Publisher:
    """Where documents go back to."""
    return NoPublisher() if settings.publish == "none" else WorktreePublisher(root)


def ledger(root: Path) -> LedgerKeeper:
    """Where the ledger is kept."""
    return TreeLedger(root, git.own_file(root, "closeout.lock"), wait=LEASE_WAIT)


def git_ledger(root: Path, *, ref: str = REF, times: Times = Times()) -> LedgerKeeper:  # noqa: B008 - a frozen value
    """Where the ledger is kept for a tracker that does not lie in the tree; `times.write` is its `write_seconds`."""
    return GitLedger(root, clock=lambda: datetime.now(UTC), pause=time.sleep, ref=ref, times=times)  # noqa: TID251


def tracker(root: Path, settings: Settings, today: str) -> Tracker:
    """Where issues live: the folder, unless the remote is a host and nothing was said."""
    if not settings.tracker and (found := git.host_and_path(git.remote(root) or "")):
        message = (
            f"{'/'.join(found)}: could not choose a tracker: this closeout has none for {found[0]} yet. "
            'Say `--tracker folder` (or `tracker = "folder"` in closeout.toml) to keep the issues in this repository'
        )
        raise ConfigurationError(message)
    kept = ledger(root)

    def deleted(number: int) -> bool:
        names = (f"{number:04d}-*.md", f"{number:04d}.md")
        return any(git.deleted(root, f":(glob){folder.FolderTracker.folder}/{name}") for name in names)

    def highest() -> int:
        issues = [entry.issue for entry in kept.load().entries.values() if entry.tracker == "folder"]
        return max((int(issue) for issue in issues if issue.isdigit()), default=0)

    return folder.FolderTracker(root, today, deleted=deleted, highest=highest)


def vocabulary(settings: Settings) -> Vocabulary:
    """The words that documents are read with."""
    reading = settings.reading
    return extended(
        reading.headings,
        {str(name): words for name, words in reading.columns.items()},
        {str(name): words for name, words in reading.status.items()},
    )


def options(root: Path, settings: Settings, today: str, *, rebuild: bool = False) -> Options:
    """What a run was told."""
    rules = settings.fields
    return Options(
        repository=git.repository_id(root),
        today=today,
        version=__version__,
        vocabulary=vocabulary(settings),
        rules={
            **DEFAULT_RULES,
            Field.STATUS: Rule(rules.status),
            Field.OWNERS: Rule(rules.owners),
            Field.DUE: Rule(rules.due),
            Field.PRIORITY: Rule(rules.priority),
        },
        limits=Limits(settings.limits.max_creates, settings.limits.max_closes, settings.limits.max_edits),
        add_columns=settings.fields.add_columns,
        rebuild=rebuild,
    )
