"""How a run and its daemon end: told to stop, killed, out of time; and what others notice of it."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from apscheduler.events import EVENT_JOB_MAX_INSTANCES
from apscheduler.schedulers.background import BackgroundScheduler
from filelock import FileLock

from closeout.cli import one_run
from closeout.daemon import process, serve, tokens
from closeout.daemon.job import Job, Task, jobs
from closeout.daemon.known import Known, end
from closeout.daemon.log import log
from closeout.daemon.process import Children, Cut
from closeout.daemon.schedule import Turns, arrange, scheduler
from closeout.daemon.serve import Signals, Word, once
from closeout.daemon.work import Work
from closeout.errors import ConfigurationError, Exit, MovedError, Stopped
from closeout.settings import Settings
from closeout.settings.schedule import Daemon, Repository
from fakes.faults import held
from fakes.forgejo import ForgejoFake
from fakes.http import Fault
from ledgers import TIMES, Clock, clone, git, keeper, ledger, remote
from proofs.interrupted import processes, reaching, stage, wait

HANGS = "import time; time.sleep(60)"


def a_job(name: str = "ops", report: str = "") -> Job:
    return told(Repository(url=f"https://git.example.com/ops/{name}", name=name, report=report))[-1]


def told(*repositories: Repository) -> tuple[Job, ...]:
    return jobs(Settings(repositories=repositories))


def test_a_run_that_is_told_to_stop_lets_its_lease_end(tmp_path: Path) -> None:
    clock, bare = Clock(), remote(tmp_path)
    stopped, other = keeper(clone(bare, "stopped"), clock), keeper(clone(bare, "other"), clock)

    def run() -> None:
        with stopped.lease():
            stopped.load()
            stopped.save(ledger("a"))
            raise Stopped

    with pytest.raises(Stopped):
        run()
    with other.lease():
        assert set(other.load().entries) == {"v1:a"}
    assert sum(clock.waits) <= TIMES.write + 1, "it waited for more than the longest write"


def test_a_run_whose_tracker_hangs_lets_go_when_it_is_told(tmp_path: Path) -> None:
    with stage(random.Random(1)) as here, begun(tmp_path / "one", {"FORGEJO_TOKEN": here.fake.token}) as run:
        reached, team = threading.Event(), here.teams[0]
        here.fake.script(Fault(reaching(reached, held(done=True)), method="POST", path="/issues$"))
        tell(run, str(team.bare))
        wait(reached.is_set, "no issue was made")
        run.send_signal(signal.SIGTERM)
        assert run.wait(60) == -signal.SIGTERM
        assert run.stderr
        assert b"told to stop: what is left comes with the next run" in run.stderr.read()
        lease = json.loads(git(team.bare, "cat-file", "blob", "refs/closeout/ledger:ledger.jsonl").splitlines()[0])
    assert datetime.fromisoformat(lease["lease"]["until"]) <= datetime.now(UTC)


def test_a_run_ends_with_its_daemon_and_git_with_the_run(tmp_path: Path) -> None:
    with ForgejoFake() as fake, begun(tmp_path / "one", {}) as run:
        reached = threading.Event()
        fake.script(Fault(reaching(reached, held()), path=r"\.git/"))
        tell(run, f"{fake.url}/acme/one.git")
        wait(reached.is_set, "nothing was fetched")
        assert run.stdin
        run.stdin.close()  # as when the daemon is killed
        assert run.wait(60) == -signal.SIGTERM
        wait(lambda: not processes(fake.url), "git goes on")


@contextmanager
def begun(folder: Path, variables: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "closeout.cli.one_run", str(folder), "sync", "--yes", "--unattended"]
    told = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, **variables}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stderr=pipe, stdout=subprocess.DEVNULL, env=told) as run:
        try:
            yield run
        finally:
            run.kill()


def tell(run: subprocess.Popen[bytes], address: str) -> None:
    assert run.stdin
    run.stdin.write(f"{address}\n".encode())
    run.stdin.flush()


def test_one_that_works_in_a_clone_has_it_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_run, "_WAIT", 0.0)
    with FileLock(tmp_path / ".ops.lock"), pytest.raises(MovedError, match="an earlier run is still at work there"):
        one_run._entered(tmp_path / "ops", "", FileLock(tmp_path / ".ops.lock"))


def test_who_waits_for_a_turn_keeps_nobody_from_working() -> None:
    begun, goes, done = threading.Event(), threading.Event(), list[Task]()

    def act(job: Job) -> None:
        begun.set()
        goes.wait(20)
        done.append(job.task)

    turns, (sync, report) = Turns(act), told(Repository(url="https://x.example/a/b", report="0 7 * * mon"))
    first = threading.Thread(target=turns, args=(sync,))
    first.start()
    begun.wait(20)
    for _ in range(3):
        turns(report)  # returns at once, and is done once
    assert done == []
    goes.set()
    first.join(20)
    assert done == [Task.SYNC, Task.REPORT]
    turns(report)
    assert done[2:] == [Task.REPORT]


def test_a_bug_that_one_run_meets_blocks_nothing(tmp_path: Path) -> None:
    def act(job: Job) -> None:
        raise RuntimeError(job.name)

    turns = Turns(act)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            turns(a_job())

    def shown(job: Job) -> dict[str, str]:
        raise RuntimeError(job.name)

    out = io.StringIO()
    how = Work(tmp_path, 5.0, Children(), Known(), log("json", out), lambda: 0.0, shown)(a_job())
    assert how.code is Exit.UNEXPECTED
    assert "RuntimeError: ops. This is a bug of closeout" in out.getvalue()


@pytest.fixture
def runs() -> Iterator[BackgroundScheduler]:
    here = scheduler(2)
    here.start(paused=True)
    yield here
    here.shutdown(wait=True)


def test_a_machine_that_was_asleep_for_a_day_runs_once(runs: BackgroundScheduler) -> None:
    done, ended = list[Job](), threading.Event()

    def act(job: Job) -> None:
        done.append(job)
        ended.set()

    arrange(runs, told(Repository(url="https://x.example/a/b", jitter=0)), act, datetime.now(UTC) - timedelta(days=1))
    runs.resume()
    assert ended.wait(20)
    (job,) = runs.get_jobs()
    assert job.next_run_time > datetime.now(UTC) - timedelta(seconds=1)
    assert len(done) == 1


def test_one_that_is_under_way_is_not_begun_again(runs: BackgroundScheduler) -> None:
    begun, goes, passed, done = threading.Event(), threading.Event(), threading.Event(), list[Job]()

    def act(job: Job) -> None:
        done.append(job)
        begun.set()
        goes.wait(20)

    runs.add_listener(lambda _: passed.set(), EVENT_JOB_MAX_INSTANCES)
    arrange(runs, told(Repository(url="https://x.example/a/b")), act, datetime.now(UTC))
    runs.resume()
    assert begun.wait(20)
    runs.get_jobs()[0].modify(next_run_time=datetime.now(UTC))
    assert passed.wait(20)
    goes.set()
    runs.pause()
    assert len(done) == 1


def ending(codes: Mapping[str, int]) -> str:
    return f"import sys; sys.exit({codes!r}[sys.argv[1].rpartition('/')[2]])"


@pytest.mark.parametrize(
    ("codes", "worst"),
    [
        ({"a": 0, "b": 0, "c": 0}, Exit.DONE),
        ({"a": 0, "b": 4, "c": 0}, Exit.TRACKER),
        ({"a": 9, "b": 0, "c": 5}, Exit.HELD),
        ({"a": 0, "b": 77, "c": 4}, Exit.UNEXPECTED),
    ],
)
def test_once_ends_with_the_worst_and_does_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codes: Mapping[str, int], worst: Exit
) -> None:
    monkeypatch.setattr(serve, "Children", partial(Children, (sys.executable, "-c", ending(codes))))
    out = io.StringIO()
    three = Settings(
        repositories=tuple(Repository(url=f"/srv/{name}.git", name=name) for name in codes),
        daemon=Daemon(cache=tmp_path),
    )
    assert once(three, log("json", out), Signals()) is worst
    assert {
        line["repository"] for line in map(json.loads, out.getvalue().splitlines()) if line["event"] == "ends"
    } == set(codes)


def test_a_run_that_ends_before_it_reads_whose_it_is_ended_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = process._tell

    def late(child: subprocess.Popen[bytes], address: str) -> None:
        child.wait()
        tell(child, address)

    monkeypatch.setattr(process, "_tell", late)
    children = Children((sys.executable, "-c", "import sys; sys.exit(4)"))
    assert children.run((), tmp_path / "clone", "https://git.example.com/a", {}, 20.0).code == 4


def test_once_is_told_to_stop_as_the_daemon_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    children = Children((sys.executable, "-c", HANGS))
    monkeypatch.setattr(serve, "Children", lambda: children)
    here = Daemon(cache=tmp_path, grace=0, at_once=1)
    three = Settings(repositories=tuple(Repository(url=f"/srv/{name}.git", name=name) for name in "abc"), daemon=here)
    signals, out = Signals(), io.StringIO()

    def stop() -> None:
        wait(lambda: children.running, "nothing began")
        signals.put(Word.STOP)

    threading.Thread(target=stop).start()
    assert once(three, log("json", out), signals) is Exit.LATER
    assert out.getvalue().count('"begins"') == 1
    assert "told to stop with the daemon: the next run goes on" in out.getvalue()


def test_the_log_says_what_to_do_about_one_that_took_too_long(tmp_path: Path) -> None:
    out, known, job = io.StringIO(), Known(), a_job()
    known.keep([job])
    children = Children((sys.executable, "-c", HANGS))
    how = Work(tmp_path, 0.2, children, known, log("json", out), iter([100.0, 40.0]).__next__, lambda job: {})(job)
    assert end(how) == "time_limit"
    assert "the next run goes on. Look at the host, or raise `time_limit`" in out.getvalue()
    (past,) = known.all().values()
    assert (past.failing, past.seconds) == (True, 0.0), "a clock that was set back takes nothing from a counter"


def test_a_run_that_was_killed_by_somebody_else_is_told_so(tmp_path: Path) -> None:
    how = Children((sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")).run([], tmp_path / "ops", "", {}, 20.0)
    assert (how.code, end(how)) == (Cut.KILLED, "killed")


def test_a_token_that_was_changed_in_its_file_is_the_next_runs(tmp_path: Path) -> None:
    file = tmp_path / "token"
    one = Repository(url="https://git.example.com/ops/reviews", name="ops", token_file=str(file))
    shown, (job,) = tokens.lets_in(Settings(repositories=(one,))), told(one)
    file.write_text("first\n")
    before = shown(job)
    file.write_text("second\n")
    assert before != shown(job)
    file.unlink()
    out = io.StringIO()
    how = Work(tmp_path, 5.0, Children(), Known(), log("json", out), lambda: 0.0, shown)(job)
    assert how.code is Exit.CONFIGURATION.value
    assert "could not be read: No such file or directory. Check `token-file`" in out.getvalue()


def test_a_new_configuration_is_taken_whole_or_says_what_waits(runs: BackgroundScheduler, tmp_path: Path) -> None:
    one, out, known, children = Repository(url="/srv/a/b.git"), io.StringIO(), Known(), Children()
    before = Settings(repositories=(one,), daemon=Daemon(cache=tmp_path))
    after = Settings(repositories=(one,), daemon=Daemon(cache=tmp_path / "other", time_limit=7, grace=1))
    act = Turns(lambda job: None)

    def bad() -> Settings:
        raise ConfigurationError("why not")

    assert serve._taken_anew(bad, before, runs, act, known, children, log("json", out)) is before
    assert "why not" in out.getvalue()
    for _ in range(2):  # it says so until the next start
        taken = serve._taken_anew(lambda: after, before, runs, act, known, children, log("json", out))
        assert (taken.daemon.grace, taken.daemon.cache) == (1, tmp_path)
        assert isinstance(act.act, Work)
        assert (act.act.seconds, act.act.folder) == (7, tmp_path), "another folder is locked by nobody"
        assert json.loads(out.getvalue().splitlines()[-1])["keys"] == "cache"
        before = taken
