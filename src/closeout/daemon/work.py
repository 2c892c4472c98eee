"""A job's work: the clone brought to the head, closeout run in it, and how that went told to the log and to who asks."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from closeout import git
from closeout.daemon.job import Job, Task
from closeout.daemon.known import FINE, Known, end
from closeout.daemon.log import Log
from closeout.daemon.process import Children, Ended
from closeout.errors import CloseoutError
from closeout.git.clones import brought

_ARGUMENTS: Mapping[Task, tuple[str, ...]] = {
    Task.SYNC: ("sync", "--yes", "--unattended", "--format", "json"),
    Task.REPORT: ("report", "--post", "--quiet"),
}
_SHOWN = ("created", "updated", "closed", "written", "held", "remaining", "open", "overdue")


@dataclass(frozen=True, slots=True)
class Work:
    """Who does it: `folder` keeps the clones, `seconds` is a run's time limit, `shown` are git's variables that show a
    repository's token to its host, `clock` gives seconds since 1970.
    """

    folder: Path
    seconds: float
    children: Children
    known: Known
    log: Log
    clock: Callable[[], float]
    shown: Callable[[Job], Mapping[str, str]]

    def __call__(self, job: Job) -> Ended:
        """Do a job once; whatever goes wrong is told and stays with this job."""
        told = self.log.bind(run=secrets.token_hex(4), repository=job.name, task=str(job.task))
        told.info("begins")
        began = self.clock()
        self.known.began(job)
        how = self._done(job)
        now = self.clock()
        self.known.ended(job, how, now - began, now)
        numbers = {what: how.counted[what] for what in _SHOWN if how.counted.get(what)}
        say = told.info if how.code in FINE else told.error
        for line in how.lines:
            say("said", line=line)
        say("ends", end=end(how), seconds=round(now - began, 1), **numbers)
        return how

    def _done(self, job: Job) -> Ended:
        folder, one = self.folder / job.name, job.repository
        try:
            variables = self.shown(job)
            if one.source == "clone":
                brought(one.url, folder, variables)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                variables = {**variables, "CLOSEOUT_SOURCE": "api", "CLOSEOUT_REPOSITORY": _path(one.url)}
        except CloseoutError as error:
            return Ended(int(error.exit), lines=(str(error),))
        except OSError as error:
            return Ended(None, lines=(f"{folder}: could not be kept: {error.strerror}. Check its rights and the disk",))
        config = ("--config", one.config) if one.config else ()
        return self.children.run((*_ARGUMENTS[job.task], *config), folder, variables, self.seconds)


def _path(url: str) -> str:
    """The owner/name of an address."""
    found = git.host_and_path(url)
    return found[1] if found else url
