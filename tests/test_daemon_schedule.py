"""When jobs are done: cron expressions, names, and what a new configuration changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from closeout.daemon.cron import trigger
from closeout.daemon.job import Job, Task, jobs
from closeout.daemon.schedule import arrange, scheduler
from closeout.errors import ConfigurationError
from closeout.settings import Settings
from closeout.settings.schedule import Repository

START = datetime(2026, 11, 21, 16, 7, 30, tzinfo=UTC)


def fires(expression: str, count: int, zone: str = "UTC", start: datetime = START) -> list[datetime]:
    made, found, last = trigger(expression, zone, 0, of="it"), list[datetime](), None
    now = start
    for _ in range(count):
        last = made.get_next_fire_time(last, now)
        assert last is not None
        found.append(last.astimezone(UTC))
        now = last + timedelta(microseconds=1)
    return found


def part(low: int, high: int) -> st.SearchStrategy[str]:
    one = st.integers(low, high)
    spans = st.tuples(one, one).map(lambda pair: f"{min(pair)}-{max(pair)}")
    steps = st.integers(1, 7).map(lambda step: f"*/{step}")
    return st.one_of(
        st.just("*"),
        one.map(str),
        spans,
        steps,
        st.lists(one, min_size=1, max_size=3).map(lambda some: ",".join(map(str, sorted(set(some))))),
    )


weekday = st.one_of(
    st.just("*"), st.integers(0, 7).map(str), st.sampled_from(["1-5", "0-4", "5-7", "0,6", "mon-fri", "sun", "1-7/2"])
)


@given(part(0, 59), part(0, 23), weekday)
def test_a_schedule_means_what_cron_means_by_it(minute: str, hour: str, day: str) -> None:
    expression = f"{minute} {hour} * * {day}"
    expected = CronSim(expression, START)
    assert fires(expression, 4) == [next(expected) for _ in range(4)]


@given(part(0, 59), part(1, 28), part(1, 12))
def test_days_of_the_month_too(minute: str, day: str, month: str) -> None:
    expression = f"{minute} 6 {day} {month} *"
    expected = CronSim(expression, START)
    assert fires(expression, 3) == [next(expected) for _ in range(3)]


def test_sunday_is_0_and_7_and_not_monday() -> None:
    assert fires("0 7 * * 0", 1) == fires("0 7 * * 7", 1) == fires("0 7 * * sun", 1)
    assert fires("0 7 * * 1", 1)[0].strftime("%a") == "Mon"


def test_seven_in_berlin_is_seven_in_summer_and_in_winter() -> None:
    found = fires("0 7 * * *", 2, "Europe/Berlin", datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert [one.astimezone(ZoneInfo("Europe/Berlin")).hour for one in found] == [7, 7]
    assert fires("0 7 * * *", 1, "Europe/Berlin", datetime(2026, 10, 24, 0, tzinfo=UTC))[0].hour == 5
    assert found[0].hour == 6


def kept(expression: str, start: datetime, hours: int, *, jitter: int = 0) -> list[datetime]:
    """When the scheduler begins: it asks for the next time a moment after each."""
    made, found = trigger(expression, "Europe/Berlin", jitter, of="it"), list[datetime]()
    last = made.get_next_fire_time(None, start)
    while last is not None and last < start + timedelta(hours=hours):
        found.append(last.astimezone(UTC))
        last = made.get_next_fire_time(last, found[-1] + timedelta(milliseconds=3))
    return found


def test_half_past_two_comes_an_hour_later_on_the_night_that_has_none() -> None:
    found = kept("30 2 * * *", datetime(2027, 3, 27, tzinfo=UTC), 72)
    assert [f"{one:%d %H:%M}" for one in found] == ["27 01:30", "28 01:30", "29 00:30"]
    assert found[1].astimezone(ZoneInfo("Europe/Berlin")).strftime("%H:%M") == "03:30"


def test_half_past_two_comes_twice_on_the_night_that_has_two() -> None:
    found = kept("30 2 * * *", datetime(2026, 10, 24, 12, tzinfo=UTC), 48)
    assert [f"{one:%d %H:%M}" for one in found] == ["25 00:30", "25 01:30", "26 01:30"]


@pytest.mark.parametrize("day", [datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2027, 3, 27, 20, tzinfo=UTC)])
def test_every_quarter_of_an_hour_stays_so_when_clocks_change(day: datetime) -> None:
    found = kept("*/15 * * * *", day, 12)
    assert {two - one for one, two in pairwise(found)} == {timedelta(minutes=15)}
    assert len(found) == 48


@settings(max_examples=20)
@given(st.integers(1, 3600))
def test_a_start_is_put_off_by_the_jitter_at_most_and_never_twice(jitter: int) -> None:
    found = kept("0 * * * *", START, 24, jitter=jitter)
    for one in found:
        assert (one - one.replace(minute=0, second=0, microsecond=0)) < timedelta(seconds=jitter)
    assert len({one.replace(minute=0, second=0, microsecond=0) for one in found}) == len(found) >= 23


@pytest.mark.parametrize(
    ("expression", "zone", "told"),
    [
        ("* * * *", "UTC", "five parts"),
        ("61 * * * *", "UTC", "it: '61 * * * *' cannot be used"),
        ("every day", "UTC", "five parts"),
        ("0 7 1 * mon", "UTC", "a day that is either"),
        ("0 7 * * 5-1", "UTC", "no range of weekdays"),
        ("0 7 * * *", "Mars/Olympus", "time zone 'Mars/Olympus' is not known"),
        ("0 7 * * *", "../../etc/passwd", "is not known"),
    ],
)
def test_a_schedule_that_cannot_be_meant_is_told(expression: str, zone: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told.replace("*", r"\*")):
        trigger(expression, zone, 0, of="it")


def told(*urls: str, schedule: str = "*/15 * * * *", report: str = "") -> tuple[Job, ...]:
    return jobs(Settings(repositories=tuple(Repository(url=url, schedule=schedule, report=report) for url in urls)))


def test_a_repository_is_called_by_the_end_of_its_address() -> None:
    found = told("https://github.com/acme/postmortems.git", "git@git.example.com:ops/reviews", "/srv/git/own.git/")
    assert [job.name for job in found] == ["acme-postmortems", "ops-reviews", "git-own"]


def test_a_report_is_a_job_of_its_own() -> None:
    assert [job.id for job in told("https://x.example/a/b", report="0 7 * * mon")] == ["a-b sync", "a-b report"]


def test_two_of_one_name_are_an_error_that_says_so() -> None:
    with pytest.raises(ConfigurationError, match="Give one of them another `name`"):
        told("https://one.example/a/b", "https://other.example/a/b")


def test_names_that_are_one_folder_on_some_systems_are_one_name() -> None:
    with pytest.raises(ConfigurationError, match=r"could not be called A-B: https://one\.example/a/b is\."):
        told("https://one.example/a/b", "https://ann:pass@other.example/A/B")


@pytest.mark.parametrize(
    "again", ["https://one.example/A/b.git", "git@one.example:a/b", "https://ann:pass@one.example/a/b/"]
)
def test_the_same_repository_twice_is_an_error_that_does_not_show_its_password(again: str) -> None:
    two = (Repository(url="https://one.example/a/b", name="one"), Repository(url=again, name="two"))
    with pytest.raises(
        ConfigurationError, match="two: could not be synced beside one: it is the same repository"
    ) as error:
        jobs(Settings(repositories=two))
    assert "pass" not in str(error.value)
    assert len(jobs(Settings(repositories=(two[0], two[1].model_copy(update={"config": "/etc/other.toml"}))))) == 2


def test_without_a_repository_there_is_nothing_to_do() -> None:
    with pytest.raises(ConfigurationError, match="CLOSEOUT_DAEMON__URL"):
        told()


def test_a_new_configuration_keeps_what_is_the_same_and_lets_go_of_the_rest() -> None:
    here, done = scheduler(1), list[str]()

    def act(job: Job) -> None:
        done.append(job.name)

    here.start(paused=True)
    try:
        arrange(here, told("https://x.example/a/one", "https://x.example/a/two"), act, START)
        before = {job.id: job.next_run_time for job in here.get_jobs()}
        later = [*told("https://x.example/a/one"), *told("https://x.example/a/three", schedule="0 1 * * *")]
        arrange(here, later, act, START + timedelta(hours=1))
        after = {job.id: job.next_run_time for job in here.get_jobs()}
    finally:
        here.shutdown(wait=False)
    assert set(after) == {"a-one sync", "a-three sync"}
    assert after["a-one sync"] == before["a-one sync"] == START
    assert after["a-three sync"] == START + timedelta(hours=1)


def test_another_schedule_is_taken_with_the_new_configuration() -> None:
    here = scheduler(1)
    here.start(paused=True)
    try:
        arrange(here, told("https://x.example/a/one"), print, START)
        arrange(here, told("https://x.example/a/one", schedule="30 2 * * *"), print, START)
        (job,) = here.get_jobs()
    finally:
        here.shutdown(wait=False)
    assert (job.next_run_time.hour, job.next_run_time.minute) == (2, 30)
    assert job.args[0].repository.schedule == "30 2 * * *"
    assert job.args[0].task is Task.SYNC
