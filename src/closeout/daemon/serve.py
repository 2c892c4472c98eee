"""The daemon: jobs on their schedule until it is told to stop; a new configuration is taken when it is told so."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from queue import SimpleQueue

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, JobSubmissionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from filelock import FileLock, Timeout

from closeout.daemon import web
from closeout.daemon.job import Task, jobs
from closeout.daemon.known import Known
from closeout.daemon.log import Log
from closeout.daemon.process import Children, Cut, Ended
from closeout.daemon.schedule import Turns, arrange, scheduler
from closeout.daemon.tokens import handed
from closeout.daemon.work import Work
from closeout.errors import CloseoutError, ConfigurationError, Exit, worst
from closeout.settings import Settings

Load = Callable[[], Settings]
_LASTING = ("cache", "at_once", "listen", "log")  # what a daemon has for its whole life: it has locked and opened these
_EXITS: Mapping[int | Cut, Exit] = {
    **{int(code): code for code in Exit},
    Cut.LIMIT: Exit.LATER,
    Cut.STOPPED: Exit.LATER,
}


class Word(Enum):
    """What a daemon can be told while it works."""

    STOP = "stop"
    ANEW = "take the configuration anew"


Signals = SimpleQueue[Word]  # the one thing that a handler may put into while the same thread waits at it


def heard() -> Signals:
    """Hear SIGTERM and SIGINT as the word to stop, SIGHUP as that to take the configuration anew."""
    here: Signals = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: here.put(Word.STOP))
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: here.put(Word.ANEW))
    return here


def serve(load: Load, log: Log, signals: Signals) -> None:
    """Work until told to stop. Raises ConfigurationError for a configuration that cannot be used, or if another daemon has
    the clones; one that is reloaded and cannot be used is told, and the old one stays.
    """
    settings = load()
    told = jobs(settings)
    known, children = Known(), Children()
    act = Turns(_work(settings, known, children, log))
    runs = scheduler(settings.daemon.at_once)
    runs.add_listener(_passed(log), EVENT_JOB_MAX_INSTANCES)
    listening = (
        web.served(web.app(known, lambda: runs.running), settings.daemon.listen)
        if settings.daemon.listen
        else nullcontext(0)
    )
    with _alone(settings.daemon.cache), listening as port:
        known.keep(told)
        arrange(runs, told, act, _now())
        runs.start()
        log.info("works", repositories=len({job.name for job in told}), port=port or None)
        while signals.get() is not Word.STOP:
            settings = _taken_anew(load, settings, runs, act, known, children, log)
        log.info("stops", under_way=children.running)
        runs.pause()
        children.stop(settings.daemon.grace)
        runs.shutdown(wait=True)
    log.info("stopped")


def once(settings: Settings, log: Log, signals: Signals) -> Exit:
    """Sync every repository once, for a scheduler outside; return the worst of their exit codes.

    Told to stop it begins no more, and lets go of what is under way as the daemon does: LATER.
    """
    told = [job for job in jobs(settings) if job.task is Task.SYNC]
    known, children = Known(), Children()
    known.keep(told)

    def stop() -> None:
        while signals.get() is not Word.STOP:
            pass  # its configuration is the one that it began with
        children.stop(settings.daemon.grace)

    threading.Thread(target=stop, daemon=True).start()
    with _alone(settings.daemon.cache), ThreadPoolExecutor(settings.daemon.at_once) as pool:
        ends: Sequence[Ended] = list(pool.map(_work(settings, known, children, log), told))
    return worst({_EXITS.get(how.code, Exit.UNEXPECTED) for how in ends} - {Exit.DONE})


def _passed(log: Log) -> Callable[[JobSubmissionEvent], None]:
    return lambda event: log.info("not begun again: still under way, or waiting for its turn", job=event.job_id)


def _taken_anew(
    load: Load, before: Settings, runs: BackgroundScheduler, act: Turns, known: Known, children: Children, log: Log
) -> Settings:
    """Take the configuration anew, and return it; the one `before` if the new one cannot be used."""
    try:
        settings = load()
        told = jobs(settings)
    except CloseoutError as error:
        log.error("configuration is not taken", why=str(error))
        return before
    lasting = {key: getattr(before.daemon, key) for key in _LASTING}
    later = [key for key, kept in lasting.items() if getattr(settings.daemon, key) != kept]
    settings = settings.model_copy(update={"daemon": settings.daemon.model_copy(update=lasting)})
    known.keep(told)
    act.act = _work(settings, known, children, log)
    arrange(runs, told, act, _now())
    log.info("configuration is taken", repositories=len({job.name for job in told}))
    if later:
        log.warning("these keys of [daemon] are taken at the next start", keys=", ".join(later))
    return settings


def _work(settings: Settings, known: Known, children: Children, log: Log) -> Work:
    told = settings.daemon
    return Work(told.cache.absolute(), told.time_limit, children, known, log, time.time, handed(settings))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Have the folder of clones alone: two daemons in one clone would lose each other's work."""
    lock = FileLock(folder / ".lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        message = f"{folder}: could not be used: another daemon works here. Stop it, or name another [daemon] cache"
        raise ConfigurationError(message) from error
    except PermissionError as error:
        who = f"user {os.geteuid()}" if hasattr(os, "geteuid") else "this user"  # in a container it has no other name
        message = f"{folder}: could not be used: {who} may not write there. Give the folder to it, or name another [daemon] cache"
        raise ConfigurationError(message) from error
    except OSError as error:
        message = f"{folder}: could not be used: {error.strerror}. Name a [daemon] cache that can be written"
        raise ConfigurationError(message) from error
    try:
        yield
    finally:
        lock.release()


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the schedule is a matter of time
