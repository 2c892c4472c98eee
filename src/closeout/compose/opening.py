"""The trackers of a run: each is opened by its kind's own function, loaded when it is needed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from closeout import git
from closeout.compose.choice import Choice
from closeout.domain.document import Document
from closeout.errors import LaterError, TrackerError
from closeout.hosts.pacing import Pace
from closeout.ports.cache import IssueCache
from closeout.repositories.worktree import matching
from closeout.settings import Settings
from closeout.settings.kinds import KINDS
from closeout.settings.tracking import Route
from closeout.trackers.opening import Opened, Opening

if TYPE_CHECKING:
    from closeout.engine.boards import Trackers

Tell = Callable[[str], None]


def pace(settings: Settings, choice: Choice, tell: Tell, *, asks: bool = True) -> Pace:
    """Return the budget of a tracker's host; `tell` takes a line for a person who waits. One that never `asks` sends no
    request: each is refused before it goes out.
    """
    kind, cap = KINDS[choice.kind], settings.limits.max_wait
    between = 0.0 if kind.per_minute else 1.0
    tries = 4 if asks else 0
    return Pace(time.sleep, time.time, tell, cap, between, tries=tries, per_minute=kind.per_minute)  # noqa: TID251


def opened(root: Path, settings: Settings, choice: Choice, budget: Pace, *, cached: bool = False) -> Opened:
    """Open a tracker on a host.

    Raises ConfigurationError for an address, a project or a token that cannot be used.
    """
    kind = KINDS[choice.kind]
    told = Opening(
        name=choice.name,
        kind=choice.kind,
        url=choice.server,
        project=choice.project,
        pace=budget,
        token=choice.token,
        app=choice.app,
        api=choice.api,
        home=choice.home,
        accounts=_accounts(settings, choice.name),
        states={str(status): state for status, state in choice.told.states.items()},
        in_progress_label=choice.told.in_progress_label,
        priority_labels={str(level): label for level, label in choice.told.priority_labels.items()},
        due=choice.told.due,
        field_id=choice.told.field_id,
        type=choice.told.type,
        labels=choice.told.labels,
        sub_issues=choice.told.sub_issues,
        priority_field=choice.told.priority_field,
        cache=_cache(own_file(root, choice, f"closeout-issues-{choice.name}.sqlite")) if cached else None,
    )
    module, _, name = kind.opens.partition(":")
    opens = cast("Callable[[Opening], Opened]", getattr(import_module(module), name))
    return opens(told)


def _accounts(settings: Settings, name: str) -> frozenset[str]:
    """The accounts that `[people]` names on a tracker."""
    told = ((one.model_extra or {}).get(name) for one in settings.people.values())
    return frozenset(login for login in told if isinstance(login, str))


def _cache(path: Path) -> IssueCache:
    from closeout.state.cache import SqliteCache  # noqa: PLC0415 - what only lists needs no database

    return SqliteCache(path)


def own_file(root: Path, choice: Choice, name: str) -> Path:
    """A file of git's own, or of this user's where there is no clone."""
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", name)
    if (path := git.own_path(root, name)) is not None:
        return path
    project = re.sub(r"[^a-z0-9]+", "-", f"{choice.host} {choice.project} {choice.home}".lower())
    return Path.home() / ".cache/closeout" / project / name


def together(choices: Mapping[str, Choice], found: Mapping[str, Opened], settings: Settings) -> Trackers:
    """Return the trackers with their routes: the first route that takes a document decides."""
    from closeout.engine.boards import Trackers  # noqa: PLC0415 - what only lists needs none

    home = next((name for name, choice in choices.items() if choice.home), "")
    return Trackers(dict(found), _router(settings.routes), home)


def _router(routes: tuple[Route, ...]) -> Callable[[Document], str]:
    @cache  # it is asked for every row and every ticket of a document
    def of(path: str, *, private: bool) -> str:
        taking = (one for one in routes if (one.private and private) or (one.paths and matching([path], one.paths)))
        return next((route.tracker for route in taking), "")

    return lambda document: of(document.path, private=document.private)


def audience(choice: Choice, tracker: Opened, documents_are_public: Callable[[], bool]) -> str:
    """Return why issues must wait: who reads the project may not read the documents, or nobody could tell now; empty if
    that is fine. A host that is away has only its own issues wait.
    """
    if choice.home == choice.project or choice.told.allow_wider_audience:
        return ""
    try:
        if tracker.private or documents_are_public():
            return ""
    except (TrackerError, LaterError) as error:
        return f"could not tell who can see {choice.project}: {error}"
    return (
        f"{choice.project} is public, and the documents may not be: "
        f"`allow-wider-audience = true` below [trackers.{choice.name}] lets issues be made there"
    )
