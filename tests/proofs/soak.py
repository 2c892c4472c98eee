"""A daemon's repositories over simulated weeks: people edit documents and issues, runs are killed or told to stop in the middle, and
memory and file handles of the daemon stay as they are.

Each run is a process of its own, forked with the time of the story. At rest there is one open issue a row, both sides say
the same, and a plan is empty.
"""

from __future__ import annotations

import io
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from closeout.daemon import process
from closeout.daemon.job import Job, jobs
from closeout.daemon.known import Known
from closeout.daemon.log import log
from closeout.daemon.process import Children, Cut, Ended
from closeout.daemon.work import Work
from closeout.git.clones import brought
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped
from closeout.settings import Settings
from closeout.settings.schedule import Repository
from fakes.forgejo import ForgejoFake
from fakes.forgejo_state import Repo
from ledgers import git

PAGE = "docs/postmortems/outage.md"
START = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
HEAD = "# Outage\n\n**Date**: 2026-11-01\n\n## Action items\n\n| Action | Due | Status | Ticket |\n|---|---|---|---|\n"


@dataclass
class Forked(Children):
    """Runs in a copy of this process at the time of the story; `kills` says after how many seconds one gets which signal."""

    now: datetime = START
    kills: list[tuple[float, int]] = field(default_factory=list)
    killed: int = 0

    def run(
        self, arguments: Sequence[str], folder: Path, address: str, variables: Mapping[str, str], seconds: float
    ) -> Ended:
        brought(address, folder, seconds)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if not child:
                _closeout(arguments, folder, variables, self.now, out.fileno(), err.fileno())
            end = None
            if self.kills:
                after, number = self.kills.pop()
                end = threading.Timer(after, _kill, (child, number))
                end.start()
            _, status = os.waitpid(child, 0)
            if end:
                end.cancel()
                end.join()
            if os.WIFSIGNALED(status):
                self.killed += 1
                return Ended(Cut.KILLED)
            lines = process._lines(process._read(err))
            return Ended(os.waitstatus_to_exitcode(status), process._counted(process._read(out)), lines)


def _kill(child: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, number)


def _closeout(
    arguments: Sequence[str], folder: Path, variables: Mapping[str, str], now: datetime, out: int, err: int
) -> None:
    """Be `closeout` with these arguments, at that time, and end without clearing up."""
    from closeout import compose
    from closeout.cli import app, start

    class _Then(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return now

    story = SimpleNamespace(datetime=_Then, UTC=UTC, timedelta=timedelta, date=datetime)
    start.datetime = compose.datetime = story  # type: ignore[assignment,attr-defined]
    time.sleep = lambda seconds: None
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.stdout, sys.stderr = io.TextIOWrapper(os.fdopen(1, "wb")), io.TextIOWrapper(os.fdopen(2, "wb"))
    os.chdir(folder)
    os.environ.update(variables)
    sys.argv = ["closeout", *arguments]
    code = 70
    try:
        app.run()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(bool(error.code))
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


@dataclass
class Team:
    """One repository with its project, and what people do there."""

    job: Job
    bare: Path
    work: Path
    repo: Repo
    dice: random.Random
    rows: int = 0

    def edit(self) -> None:
        """Somebody changes the document: a new row, a status, a date; and pushes."""
        git(self.work, "pull", "-q", "--no-rebase", "origin", "main")
        page = self.work / PAGE
        lines = page.read_text().splitlines(keepends=True)
        rows = [number for number, line in enumerate(lines) if line.startswith("| Task")]
        what = self.dice.choice(["row", "status", "due"]) if rows else "row"
        if what == "row":
            self.rows += 1
            lines.append(f"| Task {self.rows} of {self.job.name} | 2026-12-{self.dice.randint(1, 28):02d} | todo | |\n")
        else:
            at = self.dice.choice(rows)
            cells = lines[at].split("|")
            cells[3 if what == "status" else 2] = (
                f" {self.dice.choice(['todo', 'done'])} "
                if what == "status"
                else f" 2026-12-{self.dice.randint(1, 28):02d} "
            )
            lines[at] = "|".join(cells)
        page.write_text("".join(lines))
        git(self.work, "commit", "-q", "--allow-empty", "-am", what)
        git(self.work, "push", "-q", "origin", "main")

    def decide(self) -> None:
        """Somebody closes an issue, or opens it again."""
        found = list(self.repo.issues.values())
        if found:
            one = self.dice.choice(found)
            (self.repo.reopen if one.closed else self.repo.close)(one.number)

    def check(self) -> None:
        """At rest: one issue a row, which says what its row says."""
        text = git(self.bare, "show", f"main:{PAGE}")
        items = read(PAGE, text, shipped()).items
        issues = {issue.title: issue for issue in self.repo.issues.values()}
        assert len(issues) == len(self.repo.issues), f"{self.job.name}: a second issue"
        for item in items:
            if item.title in issues:
                one = issues[item.title]
                assert item.closed == (one.closed is not None), (self.job.name, item.title, text)
                assert "".join(item.tickets).endswith(f"#{one.number}"), (self.job.name, item.title, text)
            else:
                assert item.closed, f"{self.job.name}: {item.title} has no issue"


@dataclass
class Figures:
    """What a soak cost: resident kilobytes and open files before and after, and how many runs there were and were killed."""

    memory: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    runs: int = 0
    killed: int = 0


def soak(seed: int, repositories: int, rounds: int, kills: int, every: timedelta = timedelta(days=3)) -> Figures:
    """Play so many repositories for so many rounds, `kills` of whose runs are killed or told to stop somewhere, and return the figures."""
    dice, figures = random.Random(seed), Figures()
    with tempfile.TemporaryDirectory(prefix="soak-") as name, ForgejoFake() as fake:
        folder = Path(name)
        named = [Repository(url=str(folder / f"r{number}.git"), name=f"r{number}") for number in range(repositories)]
        teams = [team_of(folder, fake, job, dice) for job in jobs(Settings(repositories=tuple(named)))]
        told, known, children = io.StringIO(), Known(), Forked()
        known.keep([team.job for team in teams])
        shown = {"FORGEJO_TOKEN": fake.token, "GIT_CONFIG_GLOBAL": os.devnull}
        work = Work(folder / "cache", 60.0, children, known, log("json", told), time.time, lambda job: shown)
        mortal = set(dice.sample(range(repositories * rounds), min(kills, repositories * rounds)))
        for turn in range(rounds):
            for number, team in enumerate(teams):
                for act in (team.edit, team.decide):
                    if dice.random() < 0.5:
                        act()
                if turn * repositories + number in mortal:
                    children.kills.append((dice.uniform(0.02, 0.6), dice.choice((signal.SIGKILL, signal.SIGTERM))))
                work(team.job)
                figures.runs += 1
            children.now += every
            fake.clock.advance(seconds=every.total_seconds())
            del fake.server.requests[:]
            _ = told.seek(0), told.truncate(0)
            _measured(figures)
        _settled(teams, work, children, told)
        figures.killed = children.killed
        for team in teams:
            team.check()
    return figures


def _settled(teams: Sequence[Team], work: Work, children: Forked, told: io.StringIO) -> None:
    """Run three times with nobody about; what a killed run left is settled once its lease and its intents are old enough."""
    ends, heads = list[Ended](), list[str]()
    for _ in range(3):
        children.now += timedelta(hours=1)
        _ = told.seek(0), told.truncate(0)
        heads = [git(team.bare, "rev-parse", "main") for team in teams]
        ends = [work(team.job) for team in teams]
    assert {how.code for how in ends} == {0}, told.getvalue()[-3000:]
    assert heads == [git(team.bare, "rev-parse", "main") for team in teams], "a run with nothing to do made a commit"


def team_of(folder: Path, fake: ForgejoFake, job: Job, dice: random.Random) -> Team:
    bare, work = folder / f"{job.name}.git", folder / f"{job.name}.work"
    git(folder, "init", "-q", "--bare", "-b", "main", str(bare))
    git(folder, "clone", "-q", str(bare), str(work))
    repo = fake.repository("acme", job.name)
    repo.private = True
    page = work / PAGE
    page.parent.mkdir(parents=True)
    page.write_text(HEAD)
    told = f'tracker = "forgejo"\npublish = "commit"\n\n[trackers.forgejo]\nurl = "{fake.url}"\nproject = "acme/{job.name}"\n'
    (work / "closeout.toml").write_text(told)
    git(work, "checkout", "-q", "-b", "main")
    git(work, "add", ".")
    git(work, "commit", "-q", "-m", "documents")
    git(work, "push", "-q", "origin", "main")
    return Team(job, bare, work, repo, random.Random(dice.random()))


def _measured(figures: Figures) -> None:
    status = Path("/proc/self/status").read_text() if Path("/proc/self/status").exists() else "VmRSS: 0 kB"
    figures.memory.append(int(status.partition("VmRSS:")[2].split()[0]))
    files = Path("/proc/self/fd")
    figures.files.append(len(list(files.iterdir())) if files.exists() else 0)


def play(number: int) -> None:
    """Three repositories for three rounds, two of whose runs are killed."""
    figures = soak(number, repositories=3, rounds=3, kills=2)
    assert max(figures.files) - min(figures.files) <= 2, figures
