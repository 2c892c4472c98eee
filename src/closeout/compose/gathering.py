"""What a report is put together from: documents alone, the ledger beside them, trackers where they may be asked."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import cast

from closeout import compose, git
from closeout.compose.asked import Asked
from closeout.compose.choice import Choice, choose, others
from closeout.compose.opening import opened, pace, together
from closeout.compose.site import Site, origin, site
from closeout.compose.told import options, people, vocabulary
from closeout.domain.ledger import Ledger
from closeout.domain.policy import Policy, severity_key
from closeout.domain.report.rows import without_private
from closeout.domain.report.scope import Scope
from closeout.domain.report.summarise import summarise
from closeout.domain.report.summary import Summary
from closeout.engine.boards import Trackers
from closeout.engine.gather import About
from closeout.engine.report import Ground, Made
from closeout.engine.world import Options
from closeout.errors import ConfigurationError, TrackerError
from closeout.git import past
from closeout.ports.documents import DocumentSource
from closeout.ports.tracker import Tracker
from closeout.repositories.head import AtCommit, Head
from closeout.repositories.worktree import DEFAULT_PATHS, Files
from closeout.settings import FILE, Settings, load
from closeout.settings.kinds import FOLDER
from closeout.settings.runner import Runner, runner
from closeout.state.history import History
from closeout.state.tree import PATH

_NO_TOKEN = "none"  # noqa: S105 - it goes nowhere, since nothing is asked
_MARKERS = ("refs/closeout/ledger", "refs/closeout/ledger-of-origin")


@dataclass
class GitArchive:
    """What git keeps of the days before on the branch that `head` reads; `history` is None where no ledger is kept."""

    head: Head
    history: History | None = None

    @cached_property
    def _tip(self) -> str:
        return self.head.where()[0]

    def documents(self, day: datetime.date) -> DocumentSource | None:
        """Return the documents at the last commit of the branch when a day ended; None where nothing that old is here."""
        found = past.last(self.head.root, self._tip, day) if self._tip else ""
        return AtCommit(self.head.root, found, self.head.paths, self.head.encodings) if found else None

    def ledger(self, day: datetime.date) -> Ledger:
        """Return the ledger as it stood when a day ended."""
        return self.history.on(day) if self.history else Ledger()

    def published(self, revision: str) -> Mapping[str, datetime.date]:
        """Return by path the day on which each file came to the branch."""
        return past.published(self.head.root, revision or self._tip)


@dataclass(frozen=True, slots=True)
class Publications:
    """When files came to the branch of a clone, by their paths as they are seen from `folder`; nothing else of its past."""

    root: Path
    folder: Path

    def documents(self, day: datetime.date) -> DocumentSource | None:  # noqa: ARG002 - named files are read as they lie
        """Return None: what was named is only here."""
        return None

    def ledger(self, day: datetime.date) -> Ledger:  # noqa: ARG002
        """Return a ledger that does not exist."""
        return Ledger()

    def published(self, revision: str) -> Mapping[str, datetime.date]:  # noqa: ARG002 - no commit was read
        """Return by path the day on which each file came to the branch."""
        found = past.published(self.root, git.head(self.root, "HEAD"))
        return {os.path.relpath(self.root / path, self.folder).replace(os.sep, "/"): day for path, day in found.items()}


@dataclass(frozen=True, slots=True)
class Where:
    """Where a report is made: the folder or the root of the clone, and its settings. `chosen` tells that somebody said where
    issues live, or that a ledger is here; `configured` that closeout may be at work here.
    """

    root: Path
    settings: Settings
    chosen: bool
    configured: bool


def where(here: Path, flags: Mapping[str, object], config: Path | None) -> Where:
    """Return where a report is made; it needs neither a clone nor a configuration."""
    root = git.top(here) or here
    found = load(root, flags, config)
    told = runner()
    known = any(git.head(root, name) for name in _MARKERS) or (root / PATH).exists()
    chosen = known or bool(found.model_fields_set - {"report", "reading", "people", "paths"})
    return Where(root, found, chosen, chosen or told.active or (root / FILE).exists())


def policy(settings: Settings) -> Policy:
    """How soon a postmortem is due."""
    told = settings.report
    by_severity = {severity_key(name): hours for name, hours in told.hours_by_severity.items()}
    return Policy(told.hours, min(Policy().urgent, told.hours), by_severity)


def summary(place: Where, made: Made, scope: Scope, *, posted: bool = False) -> Summary:
    """Return what a report says; one that is `posted` leaves out what is private."""
    rows = without_private(made.rows) if posted else made.rows
    before = without_private(made.before) if posted and made.before else made.before
    return summarise(rows, scope, before, policy(place.settings), vocabulary(place.settings).common)


def ground(place: Where, now: datetime.datetime, asked: Asked, paths: tuple[str, ...], *, offline: bool) -> Ground:
    """Return what a report is made from; `now` in UTC, `offline` asks no tracker.

    Named files and folders are read as they lie, and nothing else is. Raises ConfigurationError for settings that cannot
    be used.
    """
    if paths:
        return _named(place, now, asked, paths)
    told, choice = runner(), None
    if git.top(place.root) is not None or place.settings.source == "api":
        choice = _choice(place, told)
    if choice is None:
        return _alone(place, now, asked)
    reachable = choice.kind == FOLDER or _has_token(choice)
    if reachable and not offline:
        return of_run(place, compose.run(place.root, place.settings, now, asked))
    return _remembered(place, choice, told, now, asked)


def _choice(place: Where, told: Runner) -> Choice | None:
    """The tracker; None where nobody said any, and nothing but its host tells of one."""
    try:
        found = choose(origin(place.root, told, place.settings), place.settings, told, opened=False)
    except ConfigurationError:
        if place.chosen:
            raise
        return None
    return found if place.configured or (found.kind != FOLDER and _has_token(found)) else None


def _has_token(choice: Choice) -> bool:
    return bool(choice.token or choice.told.app_id)


def _named(place: Where, now: datetime.datetime, asked: Asked, paths: tuple[str, ...]) -> Ground:
    here = Path.cwd()
    archive = Publications(place.root.resolve(), here.resolve()) if git.top(here) else None
    source = Files(here, tuple(map(os.path.normpath, paths)), place.settings.reading.encodings)
    return Ground(source, _words(place, now, asked), _about(place.settings), archive, spread=compose.spread())


def _alone(place: Where, now: datetime.datetime, asked: Asked) -> Ground:
    """The documents of a folder as they lie, and in a clone as its own commits have them."""
    settings = place.settings
    archive = _archive(place.root, settings, "", None) if git.top(place.root) else None
    source = compose.files(place.root, settings)
    return Ground(source, _words(place, now, asked), _about(settings), archive, spread=compose.spread())


def _words(place: Where, now: datetime.datetime, asked: Asked) -> Options:
    found = git.host_and_path(git.remote(place.root) or "") if git.top(place.root) else None
    name = "/".join(found) if found else ""
    return Options(
        repository=name, today=now.date().isoformat(), vocabulary=vocabulary(place.settings), templates=asked.templates
    )


def of_run(place: Where, run: compose.Run) -> Ground:
    """Return all that a plan has as what a report is made from: the same requests, and nothing is written."""
    world = run.world
    archive = _history(place, run.choice, site(place.root, place.settings, runner()))
    about = _about(place.settings, run.options.place)
    return Ground(world.source, run.options, about, archive, world.trackers, world, world.ledger.load, world.spread)


def _remembered(place: Where, choice: Choice, told: Runner, now: datetime.datetime, asked: Asked) -> Ground:
    """The documents that everybody shares, and what the ledger remembers of their issues."""
    root, settings, here = place.root, place.settings, site(place.root, place.settings, told)
    if settings.source == "api":
        message = 'The report: could not be made from the ledger alone with source = "api": its host must be asked. '
        message += "Give it a token, and leave --offline away"
        raise ConfigurationError(message)
    made, source = options(here, settings, choice, told, now, asked), compose.source(here, settings, choice)
    kept = compose.ledger(root, settings.model_copy(update={"publish": "none"}), choice)  # by git, not through an API
    named = _unasked(here, settings, choice, told, now)
    archive, about = _history(place, choice, here), _about(settings, made.place)
    return Ground(source, made, about, archive, named, None, kept.load, compose.spread())


def _unasked(here: Site, settings: Settings, choice: Choice, told: Runner, now: datetime.datetime) -> Trackers:
    """The trackers as far as they tell what a ticket names without being asked."""
    if choice.kind == FOLDER:
        return compose.run(here.root, settings, now).world.trackers
    choices = {one.name: one for one in (choice, *others(here.home, settings, told, choice, opened=False))}
    bare = {name: replace(one, token=_NO_TOKEN, app=None) for name, one in choices.items()}
    found = {
        name: opened(here.root, settings, one, pace(settings, one, lambda line: None, asks=False))
        for name, one in bare.items()
    }
    made = together(choices, found, settings)
    quiet = {name: cast("Tracker", _Unasked(one)) for name, one in made.by_name.items()}
    return replace(made, by_name=quiet)


class _Unasked:
    """A tracker that names nothing for which it would have to be asked."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker

    def __getattr__(self, name: str) -> object:
        return getattr(self._tracker, name)

    def ref(self, ticket: str, path: str) -> str | None:
        try:
            return self._tracker.ref(ticket, path)
        except TrackerError:
            return None


def _history(place: Where, choice: Choice, here: Site) -> GitArchive | None:
    if git.top(place.root) is None:
        return None
    branch = "" if choice.kind == FOLDER else here.shared
    return _archive(place.root, place.settings, branch, compose.past(place.root, place.settings, choice))


def _archive(root: Path, settings: Settings, branch: str, history: History | None) -> GitArchive:
    return GitArchive(Head(root, branch, settings.paths or DEFAULT_PATHS, settings.reading.encodings), history)


def _about(settings: Settings, place: str = "") -> About:
    return About(people(settings), dict(settings.report.teams), place)
