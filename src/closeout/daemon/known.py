"""What is known of every job: how its last run went, and when one last went well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock

from closeout.daemon.job import Job, Task
from closeout.daemon.process import Cut, Ended
from closeout.errors import Exit

FINE = frozenset({Exit.DONE, Exit.HELD, Exit.FINDINGS, Exit.LATER})  # the run came to its end, whatever waits


@dataclass(frozen=True, slots=True)
class Past:
    """The runs of a job so far: how many by their end, the seconds they took in all, when the last one ended and when
    one last went well (seconds since 1970; 0 for never), what the last one that went well counted, and whether the last one
    did not go well, which no comparison of times would tell on a clock that was set back.
    """

    ends: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    ended: float = 0.0
    fine: float = 0.0
    counted: Mapping[str, object] = field(default_factory=dict)
    failing: bool = False
    running: bool = False


@dataclass
class Known:
    """What is known, by (name, task); several threads tell it."""

    _of: dict[tuple[str, Task], Past] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def keep(self, jobs: Iterable[Job]) -> None:
        """Know these jobs and no others."""
        with self._lock:
            self._of = {(job.name, job.task): self._of.get((job.name, job.task), Past()) for job in jobs}

    def began(self, job: Job) -> None:
        """Note that a run began."""
        with self._lock:
            self._put(job, replace(self._past(job), running=True))

    def ended(self, job: Job, how: Ended, seconds: float, now: float) -> None:
        """Note that a run ended, after so many seconds."""
        with self._lock:
            past, well = self._past(job), how.code in FINE
            ends = {**past.ends, end(how): past.ends.get(end(how), 0) + 1}
            counted = how.counted if well and how.counted else past.counted
            self._put(job, Past(ends, past.seconds + seconds, now, now if well else past.fine, counted, not well))

    def all(self) -> Mapping[tuple[str, Task], Past]:
        """Return what is known now."""
        with self._lock:
            return dict(self._of)

    def _past(self, job: Job) -> Past:
        return self._of.get((job.name, job.task), Past())

    def _put(self, job: Job, past: Past) -> None:
        if (job.name, job.task) in self._of:
            self._of[job.name, job.task] = past


def end(how: Ended) -> str:
    """Return how a run ended, in a word that metrics and logs share."""
    if isinstance(how.code, Cut):
        return str(how.code)
    return Exit(how.code).name.lower() if how.code in set(Exit) else f"exit_{how.code}"
