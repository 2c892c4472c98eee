"""The daemon as a real process, cut off while a host keeps one of its requests waiting, and begun again.

It is told to stop, alone or with all that it began, or killed; a run of it is killed, or takes too long; or it is told to
take a configuration that is good, bad or gone. Other repositories are not held up, nothing outlives it, clones stay sound,
and what is begun again ends where an undisturbed daemon does: one issue a row, named in it.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from closeout.daemon.job import jobs
from closeout.settings import Settings
from closeout.settings.schedule import Repository
from fakes.faults import held
from fakes.forgejo import ForgejoFake
from fakes.http import Act, Answer, Fault, Reply, Request
from ledgers import git
from proofs.soak import PAGE, START, Team, team_of

NAMES = ("one", "two")
ROWS, GRACE, LIMIT = 3, 3, 15  # LIMIT and GRACE are seconds
WAYS = ("stop", "stop all", "kill", "kill the run", "limit", "good", "bad", "gone")
SECONDS = 120.0  # longer than anything takes here
Got = TypeVar("Got")
HELD = 16  # requests that a first run of ROWS sends


@dataclass(frozen=True)
class Stage:
    """Where it plays: the folder of everything, the host, and the repositories, the first of which is held up."""

    folder: Path
    fake: ForgejoFake
    teams: tuple[Team, ...]

    @property
    def config(self) -> Path:
        return self.folder / "daemon.toml"

    def configure(self, *, limit: int = 600) -> None:
        told = [f'[daemon]\ncache = "{self.folder}/cache"\nlisten = ""\nlog = "json"\nat-once = 2\n']
        told += [f"grace = {GRACE}\ntime-limit = {limit}\n", f'[trackers.forgejo]\nurl = "{self.fake.url}"\n']
        for team in self.teams:
            told += [f'[[repositories]]\nurl = "{team.bare}"\nname = "{team.job.name}"\nschedule = "0 0 1 1 *"\n']
        self.config.write_text("".join(told))


@dataclass(frozen=True)
class Daemon:
    """A daemon that runs, and what it has said so far."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self, event: str, **named: object) -> list[dict[str, object]]:
        lines = [json.loads(line) for line in self.log.read_text().splitlines(keepends=True) if line.endswith("\n")]
        return [line for line in lines if line["event"] == event and named.items() <= line.items()]

    def until(self, event: str, **named: object) -> dict[str, object]:
        """Wait until it has said something."""
        return wait(lambda: self.said(event, **named), f"{event} {named}: {self.log.read_text()}")[0]


def play(number: int) -> None:
    """One daemon, cut off at a request and in a way that the number says."""
    dice = random.Random(number)
    way, at, done = WAYS[number % len(WAYS)], number // len(WAYS) % HELD, dice.random() < 0.5
    with stage(dice) as here:
        try:
            _interrupted(here, way, at, done=done)
            if way != "kill":  # what a killed daemon leaves is still about to end when the next one begins
                _sound(here)
            # what was let go of is free ten minutes later; what was killed has to wait for the end of its lease
            _again(here, timedelta(hours=1) if way == "kill the run" else timedelta(minutes=10))
        except AssertionError as error:
            error.add_note(f"{way}, request {at} is held up {'after' if done else 'before'} it was done")
            raise


@contextmanager
def stage(dice: random.Random) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="interrupted-") as name, ForgejoFake() as fake:
        folder = Path(name)
        named = [Repository(url=str(folder / f"{name}.git"), name=name) for name in NAMES]
        teams = tuple(team_of(folder, fake, job, dice) for job in jobs(Settings(repositories=tuple(named))))
        for team in teams:
            with (team.work / PAGE).open("a") as page:
                page.writelines(
                    f"| Task {row} of {team.job.name} | 2026-12-0{row} | todo | |\n" for row in range(1, 1 + ROWS)
                )
            team.rows = ROWS
            git(team.work, "commit", "-q", "-am", "rows")
            git(team.work, "push", "-q", "origin", "main")
        yield Stage(folder, fake, teams)


@contextmanager
def daemon(here: Stage, now: datetime) -> Iterator[Daemon]:
    """A daemon that has begun; it is killed at the end if it still lives."""
    log = here.folder / f"{now:%H%M}.log"
    at = Path(__file__).parent.parent / "daemon_at.py"
    command = [sys.executable, str(at), now.isoformat(), "daemon", "--config", str(here.config)]
    more = {"FORGEJO_TOKEN": here.fake.token, "GIT_CONFIG_GLOBAL": os.devnull, "TMPDIR": str(here.folder)}
    with (
        log.open("wb") as err,
        subprocess.Popen(command, stderr=err, cwd=here.folder, env=os.environ | more) as process,
    ):
        try:
            yield Daemon(process, log)
        finally:
            process.kill()


def _interrupted(here: Stage, way: str, at: int, *, done: bool) -> None:
    first, *others = [team.job.name for team in here.teams]
    reached = threading.Event()
    here.fake.script(Fault(reaching(reached, held(done=done)), path=rf"/acme/{first}(/|$)", skip=at))
    here.configure(limit=LIMIT if way == "limit" else 600)
    with daemon(here, START) as it:
        for name in others:
            assert it.until("ends", repository=name)["end"] == "done", "one that hangs holds up another"
        wait(lambda: reached.is_set() or it.said("ends", repository=first), it.log.read_text)
        runs = [pid for pid in processes(str(here.folder)) if pid != it.process.pid]
        if way in {"good", "bad", "gone"}:
            _told_anew(here, it, way)
        if way == "limit" and reached.is_set():
            assert it.until("ends", repository=first)["end"] == "time_limit"
        elif way == "kill the run" and reached.is_set():
            os.kill(min(runs), signal.SIGKILL)  # the run began whatever else there is
            assert it.until("ends", repository=first)["end"] == "killed"
        _ended(it, runs, way)


def _sound(here: Stage) -> None:
    """Nobody works any more, and nothing is half done."""
    wait(lambda: not processes(str(here.folder)), lambda: f"they outlive the daemon: {processes(str(here.folder))}")
    for team in here.teams:
        git(here.folder / "cache" / team.job.name, "fsck", "--no-dangling", "--strict")
        assert git(team.bare, "show", f"main:{PAGE}").count("| Task ") == ROWS


def _told_anew(here: Stage, it: Daemon, way: str) -> None:
    """In the middle of a run; what cannot be taken changes nothing."""
    if way == "gone":
        here.config.unlink()
    elif way == "bad":
        here.config.write_text("[[repositories]]\nurl = 7\n")
    it.process.send_signal(signal.SIGHUP)
    it.until("configuration is taken" if way == "good" else "configuration is not taken")


def _ended(it: Daemon, runs: list[int], way: str) -> None:
    if way == "kill":
        it.process.kill()
        return
    it.process.send_signal(signal.SIGTERM)
    if way == "stop all":
        for pid in runs:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
    assert it.process.wait(SECONDS) == 0
    (stops,), (stopped,) = it.said("stops"), it.said("stopped")
    took = datetime.fromisoformat(str(stopped["timestamp"])) - datetime.fromisoformat(str(stops["timestamp"]))
    assert took < timedelta(seconds=10 * GRACE), took  # a machine that is busy is slow; what hangs would hang for ever


def _again(here: Stage, later: timedelta) -> None:
    here.configure()
    here.fake.clock.advance(seconds=later.total_seconds())
    with daemon(here, START + later) as it:
        for team in here.teams:
            assert it.until("ends", repository=team.job.name)["end"] == "done", it.log.read_text()
        it.process.send_signal(signal.SIGTERM)
        assert it.process.wait(SECONDS) == 0
    for team in here.teams:
        team.check()
        text, before = git(team.bare, "show", f"main:{PAGE}"), git(team.work, "show", f"main:{PAGE}")
        assert re.sub(r"(?m)\| \[.*#\d+\]\(.*\) \|$", "| |", text) == before, text
        assert len(team.repo.issues) == ROWS
    _sound(here)


def reaching(reached: threading.Event, act: Act) -> Act:
    """What goes wrong, and that it has come so far."""

    def acts(request: Request, answer: Answer) -> Reply:
        reached.set()
        return act(request, answer)

    return acts


def processes(told: str) -> list[int]:
    """The processes that were told something that holds this."""
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if told.encode() in (one / "cmdline").read_bytes():
                found.append(int(one.name))
    return sorted(found)


def wait(found: Callable[[], Got], told: str | Callable[[], str]) -> Got:
    """Wait until something is so."""
    end = time.monotonic() + SECONDS
    while not (now := found()):
        assert time.monotonic() < end, told() if callable(told) else told
        time.sleep(0.02)
    return now
