"""The schedule: jobs by their triggers; one that is still under way is not begun again, and what was missed is done once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from closeout.daemon.job import Job, Task


def scheduler(at_once: int) -> BackgroundScheduler:
    """Return a scheduler that does so many jobs at a time."""
    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    return BackgroundScheduler(executors={"default": ThreadPoolExecutor(at_once)}, job_defaults=defaults, timezone=UTC)


@dataclass(slots=True)
class Turns:
    """Tasks of one repository share its clone, so they take turns; `act` does one, and may become another."""

    act: Callable[[Job], object]
    _waiting: dict[str, list[Job]] = field(default_factory=dict)  # of those repositories that one is under way of
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, job: Job) -> None:
        """Do a job, and what comes for its repository meanwhile; one that waits for its turn keeps nobody else from
        working.
        """
        with self._lock:
            if job.name in self._waiting:
                if job not in self._waiting[job.name]:
                    self._waiting[job.name].append(job)
                return
            self._waiting[job.name] = []
        following: Job | None = job
        while following:
            try:
                self.act(following)
            except BaseException:
                with self._lock:
                    del self._waiting[job.name]
                raise
            following = self._next(job.name)

    def _next(self, name: str) -> Job | None:
        with self._lock:
            if self._waiting[name]:
                return self._waiting[name].pop(0)
            del self._waiting[name]
            return None


def arrange(to: BackgroundScheduler, jobs: Iterable[Job], act: Callable[[Job], object], now: datetime) -> None:
    """Have a scheduler do these jobs and no others; those it did not know begin with a sync at once, so that a daemon that
    died goes on where it was.
    """
    wanted: Mapping[str, Job] = {job.id: job for job in jobs}
    for known in to.get_jobs():
        if known.id not in wanted:
            known.remove()
    for name, job in wanted.items():
        known = to.get_job(name)
        if known is None:
            first = {"next_run_time": now} if job.task is Task.SYNC else {}
            to.add_job(act, job.trigger, args=(job,), id=name, name=name, **first)
        elif known.args[0].repository != job.repository:
            known.modify(args=(job,))
            known.reschedule(job.trigger)
