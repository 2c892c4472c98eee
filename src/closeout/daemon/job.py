"""The job: one repository's sync or report, when it is done, and what it is called in logs and metrics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from apscheduler.triggers.cron import CronTrigger

from closeout import git
from closeout.daemon.cron import trigger
from closeout.errors import ConfigurationError
from closeout.git.clones import shown
from closeout.settings import Settings
from closeout.settings.schedule import Repository


class Task(StrEnum):
    """What is done."""

    SYNC = "sync"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Job:
    """A task of a repository; `name` is the repository's, one of a kind in this daemon."""

    name: str
    task: Task
    repository: Repository
    trigger: CronTrigger

    @property
    def id(self) -> str:
        """What the scheduler knows it by."""
        return f"{self.name} {self.task}"


def jobs(settings: Settings) -> tuple[Job, ...]:
    """Return what is to be done on a schedule. Raises ConfigurationError for what cannot be, or if there is nothing."""
    told = tuple(_repositories(settings))
    if not told:
        message = (
            "closeout daemon: could not begin: no repository is named. Add [[repositories]] with a `url` to "
            "closeout.toml, or set CLOSEOUT_DAEMON__URL"
        )
        raise ConfigurationError(message)
    named = [(one.name or _name(one.url), one) for one in told]
    _apart(named)
    return tuple(job for name, one in named for job in _jobs(name, one))


def _apart(named: Iterable[tuple[str, Repository]]) -> None:
    """Raise ConfigurationError where two share a name, or are one repository with one configuration."""
    seen: dict[str, str] = {}  # a folder is called by it, and some systems do not tell Ops from ops
    same: dict[tuple[str, str], str] = {}
    for name, one in named:
        if name.casefold() in seen:
            message = (
                f"[[repositories]] {shown(one.url)}: could not be called {name}: {seen[name.casefold()]} is. "
                "Give one of them another `name`"
            )
            raise ConfigurationError(message)
        if (told_as := (_place(one.url), one.config)) in same:
            message = (
                f"[[repositories]] {name}: could not be synced beside {same[told_as]}: it is the same repository, and both "
                "would wait for each other. Take one of them out, or give it a `config` of its own"
            )
            raise ConfigurationError(message)
        seen[name.casefold()], same[told_as] = shown(one.url), name


def _repositories(settings: Settings) -> Iterator[Repository]:
    yield from settings.repositories
    told = settings.daemon
    if told.url:
        yield Repository(url=told.url, schedule=told.schedule, report=told.report, timezone=told.timezone)


def _jobs(name: str, one: Repository) -> Iterator[Job]:
    of = f"[[repositories]] {name}"
    yield Job(name, Task.SYNC, one, trigger(one.schedule, one.timezone, one.jitter, of=f"{of}: schedule"))
    if one.report:
        yield Job(name, Task.REPORT, one, trigger(one.report, one.timezone, one.jitter, of=f"{of}: report"))


def _place(url: str) -> str:
    """An address without what makes no other repository of it: who asks, by https or ssh, a last `.git`."""
    found = git.host_and_path(url)
    return "/".join(found) if found else url.removeprefix("file://").rstrip("/").removesuffix(".git")


def _name(url: str) -> str:
    """The end of an address, as owner and name: `https://github.com/acme/postmortems.git` is acme-postmortems."""
    parts = [part for part in re.split(r"[/:]+", url.rstrip("/").removesuffix(".git")) if part]
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", "-".join(parts[-2:])).strip("-.") or "repository"
