"""A job's work: a run of closeout in a clone, and how that went told to the log and to who asks."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from closeout import git
from closeout.daemon.job import Job, Task
from closeout.daemon.known import FINE, Known, end
from closeout.daemon.log import Log
from closeout.daemon.process import Children, Cut, Ended
from closeout.errors import CloseoutError, Exit

_ARGUMENTS: Mapping[Task, tuple[str, ...]] = {
    Task.SYNC: ("sync", "--yes", "--unattended", "--format", "json"),
    Task.REPORT: ("report", "--post", "--quiet"),
}
_CUT: Mapping[int | Cut, str] = {
    Cut.LIMIT: "not at its end after {:.0f} s, and ended: the next run goes on. Look at the host, or raise `time_limit`",
    Cut.STOPPED: "told to stop with the daemon: the next run goes on",
    Cut.KILLED: "killed from outside: the next run goes on. Look at the machine's memory",
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
        if self.children.closed:
            return Ended(Cut.STOPPED)
        told = self.log.bind(run=secrets.token_hex(4), repository=job.name, task=str(job.task))
        told.info("begins")
        began = self.clock()
        self.known.began(job)
        how = self._done(job)
        now = self.clock()
        took = max(now - began, 0.0)  # the clock may have been set meanwhile
        self.known.ended(job, how, took, now)
        numbers = {what: how.counted[what] for what in _SHOWN if how.counted.get(what)}
        say = told.info if how.code in FINE else told.error
        for line in how.lines:
            say("said", line=line)
        if how.code in _CUT:
            say("said", line=_CUT[how.code].format(self.seconds))
        say("ends", end=end(how), seconds=round(took, 1), **numbers)
        return how

    def _done(self, job: Job) -> Ended:
        folder, one = self.folder / job.name, job.repository
        config = ("--config", one.config) if one.config else ()
        arguments = (*_ARGUMENTS[job.task], *config)
        try:
            variables, address = self.shown(job), one.url
            if one.source == "api":
                variables, address = {**variables, "CLOSEOUT_SOURCE": "api", "CLOSEOUT_REPOSITORY": _path(one.url)}, ""
            return self.children.run(arguments, folder, address, variables, self.seconds)
        except CloseoutError as error:
            return Ended(int(error.exit), lines=(str(error),))
        except OSError as error:
            line = (
                f"{job.name}: could not be begun: {error.strerror}. Check memory, the disk and the rights of {folder}"
            )
            return Ended(Exit.UNEXPECTED, lines=(line,))
        except Exception as error:  # noqa: BLE001 - a bug that one job meets is no matter of the others
            line = f"{type(error).__name__}: {error}. This is a bug of closeout: please report this line"
            return Ended(Exit.UNEXPECTED, lines=(line,))


def _path(url: str) -> str:
    """The owner/name of an address."""
    found = git.host_and_path(url)
    return found[1] if found else url
