"""`closeout report` as people run it: anywhere, in a clone with a ledger, with a token, and as of a past day."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from closeout.compose import ASKED, gathering
from closeout.domain.report.period import last_days
from closeout.domain.report.scope import Scope
from closeout.domain.report.summarise import day_before, summarise
from closeout.domain.report.summary import Summary
from closeout.engine.report import look_back, make
from closeout.errors import ConfigurationError
from fakes import faults
from fakes.http import Fault
from ledgers import git
from test_github_end_to_end import LIST, OURS, PAGE, TEXT, Team, team  # noqa: F401


def data(told: tuple[int, str, str], code: int = 0) -> dict[str, Any]:
    assert told[0] == code, told
    found: dict[str, Any] = json.loads(told[1])
    return found


def titles(found: dict[str, Any], kind: str = "open") -> set[str]:
    return {item["title"] for item in found[kind]}


def test_it_works_in_any_folder_without_configuration_git_token_and_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from closeout.__main__ import main

    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("closeout.git.top", lambda path: None)
    monkeypatch.setattr("sys.argv", ["closeout", "report", "docs", "--format", "json"])
    with pytest.raises(SystemExit) as end:
        main()
    out, err = capsys.readouterr()
    assert (end.value.code, err) == (0, "")
    found = json.loads(out)
    assert titles(found) == {"Add a connection alert", "Write the runbook"}
    assert (found["tracked"], found["before"]) == (False, None)
    assert found["counts"]["open"] == 2


def test_in_a_clone_without_configuration_its_own_commits_tell_what_stood_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / PAGE).parent.mkdir(parents=True)
    for day, text in ((1, TEXT), (12, TEXT.replace("🔲 TODO", "DONE", 1))):
        (tmp_path / PAGE).write_text(text, encoding="utf-8")
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"2026-11-{day:02}T12:00:00Z")
        git(tmp_path, "add", "-A")
        git(tmp_path, "-c", "user.name=Ann", "-c", "user.email=ann@example.com", "commit", "-q", "-m", f"{day}")
    place = gathering.where(tmp_path, {}, None)
    assert not place.configured
    now = datetime(2026, 11, 14, tzinfo=UTC)
    ground = gathering.ground(place, now, ASKED, (), offline=False)
    made = make(ground, now.date(), date(2026, 11, 7))
    found = summarise(made.rows, Scope(last_days(now.date())), made.before)
    assert found.counts.open == 1
    assert found.before is not None
    assert found.before.open == 2
    assert made.rows.cases[0].published == date(2026, 11, 1)
    assert [item.title for item in found.done] == ["Add a connection alert"]  # nobody knows on which day


def test_without_a_token_what_the_ledger_remembers_stands(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    team.run("sync", "--yes", "--publish", "commit")
    with_token = data(team.run("report", "--format", "json"))
    team.asked()
    monkeypatch.delenv("GITHUB_TOKEN")
    found = data(team.run("report", "--format", "json"))
    assert team.asked() == []
    assert found["tracked"]
    assert found["counts"] == with_token["counts"]
    assert found["buckets"] == with_token["buckets"]


def test_offline_asks_no_tracker_even_with_a_token(team: Team) -> None:
    team.run("sync", "--yes", "--publish", "commit")
    team.repo.close(1)
    team.asked()
    for setting in ("", 'publish = "api"'):
        (team.clone / "closeout.toml").write_text(setting, encoding="utf-8")
        found = data(team.run("report", "--offline", "--format", "json"))
        assert titles(found) == {"Add a connection alert", "Write the runbook"}
        assert found["tracked"]
    assert team.asked() == []


def test_with_a_token_each_project_is_listed_once_and_nothing_is_written(team: Team) -> None:
    team.run("sync", "--yes", "--publish", "commit")
    team.fake.clock.advance(hours=1)
    team.asked()
    kept = team.git("ls-remote", "origin")
    found = data(team.run("report", "--format", "json"))
    asked = team.asked()
    assert asked.count(OURS) + asked.count(LIST) == 1
    assert all(one.startswith("GET ") for one in asked)
    assert team.git("ls-remote", "origin") == kept
    assert team.git("status", "--porcelain") == ""
    (alert,) = [item for item in found["open"] if item["title"] == "Add a connection alert"]
    assert (alert["ticket"], alert["logins"]) == ("#1", ["ann"])
    assert alert["address"].endswith("/acme/pm/issues/1")


def test_a_tracker_that_is_away_is_told_and_the_report_is_there(team: Team) -> None:
    team.run("sync", "--yes", "--publish", "commit")
    team.fake.script(Fault(faults.failed(done=False), "GET", "issues", times=None))
    code, out, err = team.run("report", "--format", "json")
    assert code == 4, err
    found = json.loads(out)
    assert titles(found) == {"Add a connection alert", "Write the runbook"}
    assert [note[0] for note in found["notes"]] == ["tracker"]


def test_a_waiting_pull_request_is_told_with_its_day(team: Team) -> None:
    (team.clone / "closeout.toml").write_text('publish = "pull-request"\n', encoding="utf-8")
    team.run("sync", "--yes")
    (waiting,) = data(team.run("report", "--format", "json"))["waiting"]
    assert waiting["address"].endswith("/acme/pm/pull/3")
    assert waiting["since"] == team.fake.clock.now.date().isoformat()


def test_what_is_asked_wrongly_is_one_line_and_exit_2(team: Team) -> None:
    for arguments, told in {
        ("--period", "2026-13"): "--period: could not be used: '2026-13' is no period",
        ("--as-of", "yesterday"): "--as-of: could not be used: 'yesterday' is no day",
        ("--as-of", "2999-01-01"): "has not come yet",
        ("--as-of", "2001-01-01"): "no commit from 2001-01-01 or before is here",
    }.items():
        code, _, err = team.run("report", *arguments)
        assert code == 2
        assert told in err
        assert err.count("\n") == 1


def test_it_goes_into_a_file(team: Team, tmp_path: Path) -> None:
    told = team.run("report", "--offline", "--format", "json", "--output", str(tmp_path / "report.json"))
    assert told == (0, "", "")
    assert titles(json.loads((tmp_path / "report.json").read_text("utf-8")))


def seen(team: Team, day: date, look: Callable[..., Any]) -> Summary:
    """The report of a day without its name: made on that day without asking a tracker, or from the history of git."""
    now = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
    place = gathering.where(team.clone, {}, None)
    ground = gathering.ground(place, now, ASKED, (), offline=True)
    scope = Scope(last_days(day))
    made = look(ground, day, day_before(scope.period))
    return summarise(made.rows, scope, made.before)


def test_a_report_as_of_a_past_day_is_the_one_that_was_made_on_it(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    def close(team: Team) -> None:
        team.repo.close(1)
        team.fake.clock.advance(minutes=1)

    def reword(team: Team) -> None:
        git(team.clone, "pull", "-q")
        team.text = team.text.replace("Write the runbook", "Write the long runbook").replace("2026-12-05", "2026-11-16")

    def add(team: Team) -> None:
        git(team.clone, "pull", "-q")
        other = PAGE.replace("pool", "dns")
        (team.clone / other).write_text(TEXT.replace("connection", "DNS").replace("Date", "Dated"), encoding="utf-8")
        git(team.clone, "add", "-A")
        team.push("Another postmortem")

    def nothing(team: Team) -> None:
        pass

    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
    reports: dict[date, Summary] = {}
    for number, act in enumerate((nothing, reword, close, add)):
        team.fake.clock.advance(hours=72)
        day = team.fake.clock.now.date()
        for role in ("AUTHOR", "COMMITTER"):
            monkeypatch.setenv(f"GIT_{role}_DATE", f"{day}T12:00:00Z")
        if not number:
            git(team.clone, *who, "commit", "-q", "--amend", "--no-edit", "--date", f"{day}T12:00:00Z")
            git(team.clone, "push", "-qf", "origin", "main")
        act(team)
        assert team.run("sync", "--yes", "--publish", "commit")[0] == 0
        reports[day] = seen(team, day, make)
    for day, report in reports.items():
        assert seen(team, day, look_back) == report
        assert seen(team, day + timedelta(days=1), look_back).open == report.open
    found = list(reports.values())
    assert [report.counts.open for report in found] == [2, 2, 1, 3]
    assert found[0].before is None
    assert [report.before and report.before.open for report in found[2:]] == [None, 2]
    assert [len(report.done) for report in found] == [0, 0, 1, 1]


def test_a_host_that_nobody_knows_is_no_reason_to_refuse_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "remote", "add", "origin", "https://git.example.com/acme/pm")
    (tmp_path / "closeout.toml").write_text("[report]\nhours = 24\n", encoding="utf-8")
    (tmp_path / PAGE).parent.mkdir(parents=True)
    (tmp_path / PAGE).write_text(TEXT, encoding="utf-8")
    now = datetime(2026, 11, 14, tzinfo=UTC)
    ground = gathering.ground(gathering.where(tmp_path, {}, None), now, ASKED, (), offline=False)
    made = make(ground, now.date(), date(2026, 11, 7))
    assert (len(made.rows.items), made.rows.tracked, made.errors) == (3, False, ())
    (tmp_path / "closeout.toml").write_text('publish = "commit"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="could not choose a tracker"):
        gathering.ground(gathering.where(tmp_path, {}, None), now, ASKED, (), offline=False)
