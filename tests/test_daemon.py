"""The daemon: runs that fail, hang or are stopped stay alone, and what is known of them is told."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from closeout.daemon import metrics, web
from closeout.daemon.job import Job, jobs
from closeout.daemon.known import Known
from closeout.daemon.log import log
from closeout.daemon.process import Children, Cut, Ended
from closeout.daemon.serve import Signals, once
from closeout.daemon.work import Work
from closeout.errors import ConfigurationError, Exit
from closeout.settings import Settings
from closeout.settings.schedule import Daemon, Repository

DOCUMENT = """---
date: 2026-11-10
---
# Outage

## Action items

| Action | Owner | Due | Status | Ticket |
|---|---|---|---|---|
| Add alert | @ann | 2026-11-12 | todo | |
| Fix retry | @bob | | todo | |
"""


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture(autouse=True)
def _somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ann@example.com")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A repository with one postmortem, as a host has it."""
    bare, work = tmp_path / "ops.git", tmp_path / "work"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
    subprocess.run(["git", "init", "-q", "-b", "main", str(work)], check=True)
    page = work / "docs/postmortems/outage.md"
    page.parent.mkdir(parents=True)
    page.write_text(DOCUMENT)
    git(work, "add", ".")
    git(work, "commit", "-q", "-m", "A postmortem")
    git(work, "push", "-q", str(bare), "main")
    return bare


def settings(tmp_path: Path, *repositories: Repository, **more: object) -> Settings:
    return Settings(repositories=repositories, daemon=Daemon(cache=tmp_path / "cache", listen="", **more))


def lines(to: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in to.getvalue().splitlines()]


def test_one_repository_that_cannot_be_cloned_does_not_stop_the_other(tmp_path: Path, remote: Path) -> None:
    told = io.StringIO()
    here = settings(tmp_path, Repository(url=str(tmp_path / "nothing.git")), Repository(url=str(remote), name="ops"))
    assert once(here, log("json", told), Signals()) is Exit.CONFIGURATION
    ends = {line["repository"]: line for line in lines(told) if line["event"] == "ends"}
    assert ends["ops"]["created"] == 2
    assert ends["ops"]["overdue"] == 1
    assert next(line for name, line in ends.items() if name != "ops")["end"] == "configuration"
    assert "could not be cloned" in told.getvalue()
    assert "| Add alert | @ann | 2026-11-12 | todo | [#1]" in git(remote, "show", "main:docs/postmortems/outage.md")
    again = io.StringIO()
    before = git(remote, "rev-parse", "main")
    assert once(settings(tmp_path, Repository(url=str(remote), name="ops")), log("json", again), Signals()) is Exit.DONE
    assert git(remote, "rev-parse", "main") == before
    (last,) = (line for line in lines(again) if line["event"] == "ends")
    assert ("created" not in last, last["open"]) == (True, 2)


def test_what_a_dead_run_left_in_a_clone_is_gone_with_the_next(tmp_path: Path, remote: Path) -> None:
    here = settings(tmp_path, Repository(url=str(remote), name="ops"))
    once(here, log("json", io.StringIO()), Signals())
    clone = tmp_path / "cache/ops"
    (clone / ".git/index.lock").touch()
    (clone / "docs/postmortems/outage.md").write_text("half a fi")
    (clone / "left over.md").touch()
    assert once(here, log("json", io.StringIO()), Signals()) is Exit.DONE
    assert git(clone, "status", "--porcelain") == ""
    assert "half a fi" not in git(remote, "show", "main:docs/postmortems/outage.md")


def test_half_a_clone_is_no_clone(tmp_path: Path, remote: Path) -> None:
    half = tmp_path / "cache/.ops.part/.git"
    half.mkdir(parents=True)
    (half / "HEAD").write_text("ref: ")
    assert (
        once(settings(tmp_path, Repository(url=str(remote), name="ops")), log("json", io.StringIO()), Signals())
        is Exit.DONE
    )
    assert not half.exists()


def test_two_daemons_do_not_share_their_clones(tmp_path: Path, remote: Path) -> None:
    from filelock import FileLock

    (tmp_path / "cache").mkdir()
    with FileLock(tmp_path / "cache/.lock"), pytest.raises(ConfigurationError, match="another daemon works here"):
        once(settings(tmp_path, Repository(url=str(remote))), log("json", io.StringIO()), Signals())


HANGS = "import subprocess,sys,time; p=subprocess.Popen(['sleep','60']); print(p.pid,file=sys.stderr,flush=True); time.sleep(60)"


def test_a_run_that_hangs_is_ended_with_all_that_it_began(tmp_path: Path) -> None:
    how = Children((sys.executable, "-c", HANGS)).run([], tmp_path, "", {}, 1.0)
    assert how.code is Cut.LIMIT
    (pid,) = how.lines
    for _ in range(100):
        if not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes():
            break
        time.sleep(0.02)
    else:
        pytest.fail("what the run had begun goes on")


def test_what_a_run_prints_is_bounded_and_what_is_no_json_counts_nothing(tmp_path: Path) -> None:
    chatty = "import sys; sys.stdout.write('x' * 3_000_000); sys.stderr.write('line\\n' * 100_000)"
    how = Children((sys.executable, "-c", chatty)).run([], tmp_path, "", {}, 20.0)
    assert how == Ended(0, {}, ("line",) * 20)


def test_once_it_stops_no_run_begins(tmp_path: Path) -> None:
    here = Children((sys.executable, "-c", "print('{}')"))
    here.stop(0.0)
    assert here.run([], tmp_path, "", {}, 5.0) == Ended(Cut.STOPPED)


def stopped(here: Children, folder: Path, grace: float) -> Ended:
    """How a run ends that is under way when the daemon is told to stop."""
    ends = list[Ended]()
    runs = threading.Thread(target=lambda: ends.append(here.run([], folder, "", {}, 60.0)))
    runs.start()
    while not here.running:
        time.sleep(0.02)
    here.stop(grace)
    runs.join(20)
    (how,) = ends
    return how


def test_told_to_stop_it_waits_for_its_grace_and_ends_what_still_runs(tmp_path: Path) -> None:
    assert stopped(Children((sys.executable, "-c", HANGS)), tmp_path, 0.1).code == Cut.STOPPED
    quick = Children((sys.executable, "-c", "import time; time.sleep(0.3)"))
    assert stopped(quick, tmp_path, 30.0).code == 0


def test_a_report_is_posted_on_a_schedule_of_its_own(tmp_path: Path, remote: Path) -> None:
    shows = "import json,sys; print(json.dumps({'arguments': sys.argv[1:]}))"
    told = Settings(repositories=(Repository(url=str(remote), name="ops", report="0 7 * * mon", config="/etc/c.toml"),))
    work = Work(
        tmp_path,
        20.0,
        Children((sys.executable, "-c", shows)),
        Known(),
        log("json", io.StringIO()),
        time.time,
        lambda job: {},
    )
    sync, report = (work(job).counted["arguments"] for job in jobs(told))
    assert sync == [
        str(tmp_path / "ops"),
        "sync",
        "--yes",
        "--unattended",
        "--format",
        "json",
        "--config",
        "/etc/c.toml",
    ]
    assert report == [str(tmp_path / "ops"), "report", "--post", "--quiet", "--config", "/etc/c.toml"]


def a_job(name: str = "ops", url: str = "https://ann:pass@git.example.com/ops/reviews") -> Job:
    return jobs(Settings(repositories=(Repository(url=url, name=name),)))[0]


def test_a_password_in_an_address_is_not_told(tmp_path: Path) -> None:
    told, known, job = io.StringIO(), Known(), a_job(url="https://ann:pass@127.0.0.1:1/ops/reviews")
    known.keep([job])
    work = Work(tmp_path, 5.0, Children(), known, log("json", told), lambda: 0.0, lambda job: {})
    assert work(job).code == Exit.CONFIGURATION
    assert "could not be cloned" in told.getvalue()
    assert "pass" not in told.getvalue()


def test_by_the_api_nothing_is_cloned(tmp_path: Path) -> None:
    shows = (
        "import json,os; told = {k: v for k, v in os.environ.items() if k.startswith('CLOSEOUT_')};"
        "print(json.dumps({**told, 'address': input()}))"
    )
    told = Settings(repositories=(Repository(url="https://github.com/acme/postmortems.git", source="api"),))
    known, (job,) = Known(), jobs(told)
    children = Children((sys.executable, "-c", shows))
    how = Work(tmp_path, 20.0, children, known, log("json", io.StringIO()), lambda: 0.0, lambda job: {})(job)
    assert how.counted == {"CLOSEOUT_SOURCE": "api", "CLOSEOUT_REPOSITORY": "acme/postmortems", "address": ""}


@pytest.fixture
def served() -> Iterator[tuple[str, Known, list[bool]]]:
    known, alive = Known(), [True]
    with web.served(web.app(known, lambda: alive[0]), "127.0.0.1:0") as port:
        yield f"http://127.0.0.1:{port}", known, alive


def answer(url: str) -> tuple[int, object]:
    """Return the status and the JSON; nothing that listens yet is asked again."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(url, timeout=5) as reply:
                return int(reply.status), json.loads(reply.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())
        except OSError:
            time.sleep(0.02)
    pytest.fail(f"{url}: nobody listens")


def test_ready_once_every_repository_has_had_its_run(served: tuple[str, Known, list[bool]]) -> None:
    here, known, _ = served
    one, other = a_job("one"), a_job("other")
    known.keep([one, other])
    assert answer(f"{here}/readyz") == (503, {"waiting": ["one sync", "other sync"], "failing": []})
    known.ended(one, Ended(0), 1.0, 100.0)
    known.ended(other, Ended(4), 1.0, 100.0)
    assert answer(f"{here}/readyz") == (200, {"waiting": [], "failing": ["other sync"]})


def test_alive_as_long_as_the_schedule_is_kept(served: tuple[str, Known, list[bool]]) -> None:
    here, _, alive = served
    assert answer(f"{here}/healthz")[0] == 200
    listen = here.removeprefix("http://")
    assert web.answers(listen)
    alive[0] = False
    assert not web.answers(listen)
    assert not web.answers("127.0.0.1:1")
    assert answer(f"{here}/healthz")[0] == 503


def test_a_port_that_is_taken_is_told(served: tuple[str, Known, list[bool]]) -> None:
    port = served[0].rpartition(":")[2]
    with (
        pytest.raises(ConfigurationError, match=f"could not listen on 127.0.0.1:{port}"),
        web.served(web.app(Known(), bool), f"127.0.0.1:{port}"),
    ):
        pass


def measured(known: Known) -> dict[tuple[str, ...], float]:
    told = metrics.text(metrics.registry(known)).decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
    }


def test_metrics_tell_of_runs_items_and_limits() -> None:
    known, job = Known(), a_job()
    known.keep([job])
    hosts = {"git.example.com": {"sent": 3, "left": 4000}}
    known.ended(job, Ended(0, {"open": 7, "overdue": 2, "held": 1, "remaining": 0, "hosts": hosts}), 2.5, 1000.0)
    known.ended(job, Ended(4, {}), 1.5, 2000.0)
    found = measured(known)
    assert found["closeout_runs_total", "done", "ops", "sync"] == 1
    assert found["closeout_runs_total", "tracker", "ops", "sync"] == 1
    assert found["closeout_run_seconds_total", "ops", "sync"] == 4.0
    assert found["closeout_last_success_timestamp_seconds", "ops", "sync"] == 1000.0
    assert found["closeout_open", "ops"] == 7
    assert found["closeout_overdue", "ops"] == 2
    assert found["closeout_requests", "git.example.com", "ops", "sync"] == 3
    assert found["closeout_limit_left", "git.example.com", "ops", "sync"] == 4000


def test_a_run_that_fails_on_a_clock_that_was_set_back_counts_as_failing() -> None:
    known, job = Known(), a_job()
    known.keep([job])
    known.ended(job, Ended(0), 1.0, 2000.0)
    assert measured(known)["closeout_failing", "ops", "sync"] == 0
    known.ended(job, Ended(4), 1.0, 1000.0)
    assert measured(known)["closeout_failing", "ops", "sync"] == 1


def test_a_repository_that_is_let_go_is_measured_no_more() -> None:
    known, one, other = Known(), a_job("one"), a_job("other")
    known.keep([one, other])
    known.ended(other, Ended(0), 1.0, 1.0)
    known.keep([one])
    known.ended(other, Ended(0), 1.0, 2.0)
    assert not any("other" in name for name in measured(known))


def test_it_serves_takes_a_new_configuration_and_stops_when_told(tmp_path: Path, remote: Path) -> None:
    config, told = tmp_path / "closeout.toml", tmp_path / "log"
    text = f'[daemon]\ncache = "{tmp_path}/cache"\nlisten = "127.0.0.1:0"\nlog = "json"\n'
    config.write_text(f'{text}[[repositories]]\nurl = "{remote}"\nname = "ops"\n')
    command = [sys.executable, "-m", "closeout", "daemon", "--config", str(config)]
    with told.open("wb") as err, subprocess.Popen(command, stderr=err, cwd=tmp_path) as process:

        def until(found: str) -> str:
            for _ in range(600):
                if found in (text := told.read_text()):
                    return text
                assert process.poll() is None, told.read_text()
                time.sleep(0.05)
            pytest.fail(f"never said {found}: {told.read_text()}")

        try:
            works = next(json.loads(line) for line in until('"works"').splitlines() if '"works"' in line)
            here = f"http://127.0.0.1:{works['port']}"
            until('"ends"')
            assert (answer(f"{here}/healthz")[0], answer(f"{here}/readyz")[0]) == (200, 200)
            config.write_text(f'{text}[[repositories]]\nurl = "{remote}"\nschedule = "never"\n')
            process.send_signal(signal.SIGHUP)
            assert "five parts" in until('"configuration is not taken"')
            assert answer(f"{here}/healthz")[0] == 200
            config.write_text(f'{text}[[repositories]]\nurl = "{remote}"\nname = "other"\n')
            process.send_signal(signal.SIGHUP)
            until('"configuration is taken"')
            until('"repository": "other"')
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
    assert '"stopped"' in told.read_text()
