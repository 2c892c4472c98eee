"""The composition root: settings to ports, one function per port."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from closeout import git
from closeout.compose import hosting, pulls
from closeout.compose.asked import ASKED, Asked
from closeout.compose.choice import Choice, choose, others
from closeout.compose.circumstances import limits
from closeout.compose.finish import finisher
from closeout.compose.hosting import by_api
from closeout.compose.opening import audience, opened, pace, together
from closeout.compose.place import root_of, told_at
from closeout.compose.site import Site, site
from closeout.compose.told import options, people, vocabulary
from closeout.domain.outcome import Outcome
from closeout.engine.boards import trackers
from closeout.engine.world import Options, World
from closeout.errors import ConfigurationError
from closeout.ports.documents import DocumentSource, Publisher
from closeout.ports.ledger import LedgerKeeper
from closeout.ports.spread import Spread
from closeout.ports.tracker import Tracker
from closeout.processes import Processes, cores
from closeout.repositories.commit import CommitPublisher
from closeout.repositories.head import Head
from closeout.repositories.worktree import DEFAULT_PATHS, NoPublisher, Worktree, WorktreePublisher
from closeout.settings import Settings
from closeout.settings.kinds import FOLDER
from closeout.settings.runner import Runner, runner
from closeout.state import history
from closeout.state.gitref import GitLedger, Times
from closeout.state.history import History
from closeout.state.tree import TreeLedger
from closeout.trackers import folder

if TYPE_CHECKING:  # its library costs more to import than most runs take
    from closeout.repositories.hosted import Hosted
    from closeout.trackers.opening import Opened

__all__ = [
    "ASKED", "Asked", "Run", "by_api", "files", "ledger", "limits", "options", "past", "people", "publisher", "root_of",
    "run", "source", "spread", "told_at", "vocabulary",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A run's ports and what it was told; `choice` is its tracker, `finish` what is to be done with its outcome, `spent`
    tells by host the requests that were sent, and those that are left where it tells.
    """

    world: World
    options: Options
    choice: Choice
    finish: Callable[[Outcome], Outcome] = lambda outcome: outcome
    spent: Callable[[], Mapping[str, Mapping[str, int]]] = dict


def run(root: Path, settings: Settings, now: datetime.datetime, asked: Asked = ASKED) -> Run:
    """Put a run together; `now` in UTC."""
    told = asked.runs or runner()
    where = site(root, settings, told)
    choice = choose(where.home, settings, told)
    settings = _unattended(settings, choice) if asked.unattended else settings
    if choice.kind == FOLDER:
        others(where.home, settings, told, choice)
        return _in_tree(where, settings, choice, told, now, asked)
    choices = {one.name: one for one in (choice, *others(where.home, settings, told, choice))}
    paces = {name: pace(settings, one, asked.tell) for name, one in choices.items()}
    found = {name: opened(root, settings, one, paces[name], cached=not told.active) for name, one in choices.items()}
    home = next((one for one in choices.values() if one.home), choice)
    there = found[home.name]
    hosted = hosting.hosted(root, settings, home, there, told)
    all_of = together(choices, found, settings)
    kept = ledger(root, settings, home, all_of.write_seconds, hosted)
    made = options(where, settings, home, told, now, asked)
    documents = hosted if hosted and settings.source == "api" else source(where, settings, home)
    back = publisher(where, settings, home, told, kept, there, now, hosted)
    public = cache(lambda: hosting.public(home, there))
    why = {name: audience(one, found[name], public) for name, one in choices.items()}
    agreed = replace(made.circumstances, audience=why)
    world = World(documents, back, kept, all_of, spread())
    run_options = replace(made, renamed=hosting.renamed(home, there), circumstances=agreed)
    return Run(world, run_options, choice, spent=lambda: {choices[name].host: one.spent for name, one in paces.items()})


def _unattended(settings: Settings, choice: Choice) -> Settings:
    """The settings where nobody would commit what is left in a work tree."""
    if "publish" in settings.model_fields_set:
        return settings
    way = "commit" if choice.kind == FOLDER else "api" if settings.source == "api" else "pull-request"
    return settings.model_copy(update={"publish": way})


def _in_tree(
    where: Site, settings: Settings, choice: Choice, told: Runner, now: datetime.datetime, asked: Asked
) -> Run:
    """A run whose issues lie beside the documents."""
    root = where.root
    hosting.hosted(root, settings, choice, None, told)
    kept = ledger(root, settings, choice)
    back = publisher(where, settings, choice, told, kept, None, now)
    world = World(files(root, settings), back, kept, trackers(_folder(root, kept, now.date().isoformat())), spread())
    made = options(where, settings, choice, told, now, asked)
    return Run(world, made, choice, finisher(root, settings, choice, told))


def source(where: Site, settings: Settings, choice: Choice) -> DocumentSource:
    """Where documents are read from: as they lie beside the folder's issues, else what everybody shares of them."""
    if choice.kind == FOLDER:
        return files(where.root, settings)
    paths, encodings = settings.paths or DEFAULT_PATHS, settings.reading.encodings
    return Head(where.root, where.shared, paths, encodings, where.remote)


def files(root: Path, settings: Settings) -> DocumentSource:
    """The documents as they lie."""
    return Worktree(root, settings.paths or DEFAULT_PATHS, settings.reading.encodings)


def publisher(
    site: Site,
    settings: Settings,
    choice: Choice,
    told: Runner,
    kept: LedgerKeeper,
    where: Opened | None,
    now: datetime.datetime,
    hosted: Hosted | None = None,
) -> Publisher:
    """Where documents go back to. Raises ConfigurationError for what could not hold the folder's issues."""
    if settings.publish == "none":
        return NoPublisher()
    if hosted:
        return hosting.publisher(site, settings, kept, hosted)
    if settings.publish == "worktree" or (choice.kind == FOLDER and settings.publish == "commit"):
        return WorktreePublisher(site.root, settings.reading.encodings, lands=choice.kind == FOLDER)
    if choice.kind == FOLDER:
        message = (
            f'publish = "{settings.publish}": could not be used with the folder tracker: its issues and its ledger lie in '
            'the tree, and must go together. Say `publish = "commit"`, or "worktree"'
        )
        raise ConfigurationError(message)
    waiting = pulls.pull_requests(site, settings, choice, told, kept, where, now)
    if settings.publish == "pull-request":
        return waiting
    author = pulls.author(settings, choice, told, where)
    return CommitPublisher(
        site.root, site.shared, kept.hold, author, waiting, remote=site.remote if site.shared else None
    )


def ledger(
    root: Path, settings: Settings, choice: Choice, write_seconds: float = 0.0, hosted: Hosted | None = None
) -> LedgerKeeper:
    """Where the ledger is kept: beside the folder's issues, else on a git ref, reached by git or through the API.

    `write_seconds` is how long one write to the tracker may take; whoever only reads needs none.
    """
    if choice.kind == FOLDER:
        return TreeLedger(root, git.own_file(root, "closeout.lock"), wait=settings.limits.lease_wait)
    times = Times(wait=settings.limits.lease_wait, lease=settings.limits.lease, write=write_seconds)
    clock = partial(datetime.datetime.now, datetime.UTC)  # noqa: TID251 - the lease is a matter of time
    chain = hosting.chain(root, settings, choice, hosted)
    return GitLedger(chain, clock=clock, pause=time.sleep, times=times)  # noqa: TID251


def past(root: Path, settings: Settings, choice: Choice) -> History:
    """The states that the ledger had. Raises ConfigurationError without a clone: git compares them."""
    if settings.source == "api" and git.top(root) is None:
        message = "the ledger: could not be compared without a clone. Run this in a clone of the documents' repository"
        raise ConfigurationError(message)
    return history.in_tree(root) if choice.kind == FOLDER else history.on_ref(root, settings.ledger)


def _folder(root: Path, kept: LedgerKeeper, today: str) -> Tracker:
    def deleted(number: int) -> bool:
        names = (f"{number:04d}-*.md", f"{number:04d}.md")
        return any(git.deleted(root, f":(glob){folder.FolderTracker.folder}/{name}") for name in names)

    @cache  # what this run makes is there as files
    def highest() -> int:
        issues = [entry.issue for entry in kept.load().entries.values() if entry.tracker == "folder"]
        return max((int(issue) for issue in issues if issue.isdigit()), default=0)

    return folder.FolderTracker(root, today, deleted=deleted, highest=highest)


def spread() -> Spread:
    """Who reads many documents: a process for each core."""
    return Processes(cores())
