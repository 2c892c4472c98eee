"""What users of similar tools suffered from storms, limits and large pages; played through our code."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

import json
import re

import pytest

from closeout.domain.plan import Plan, Where
from fakes import faults
from fakes.http import Fault
from test_github_end_to_end import PAGE, Team, git, team  # noqa: F401
from worlds import TABLE, Small

HEAD = "# Outage {day}\n\n**Date**: {day}\n\n## Action items\n\n| Action | Owner | Due | Status |\n|---|---|---|---|\n"


def years(team: Team, pages: int = 4, rows: int = 10) -> None:
    """Years of postmortems: some of this month, some old, and what people write into them."""
    for page in range(pages):
        day = f"2026-11-0{page + 1}" if page % 4 else "2024-01-05"
        told = "".join(
            f"| Ask @zoe, @acme/sre about {page} {row}: it fixes #78 and GH-79 for good | @ann | 2026-12-01 | 🔲 TODO |\n"
            for row in range(rows)
        )
        path = team.clone / PAGE.replace("pool", f"page-{page}")
        path.write_text(HEAD.format(day=day) + told, encoding="utf-8")
    git(team.clone, "rm", "-q", PAGE)
    git(team.clone, "add", "-A")
    team.push("Years")


def test_atom_15494_a_first_run_over_years_of_pages_is_capped_and_calls_nobody(team: Team) -> None:
    """atom/atom#15494: a bot's first run over the history sent some 800 mails; ThingPulse/esp8266-oled-ssd1306#249: 112."""
    years(team)
    plan = team.run("plan")[1]
    assert re.search(r"\b10 items .*`--since DATE` takes them in", plan)
    code, out, _ = team.run("sync", "--yes")
    assert (code, len(team.repo.issues)) == (9, 25)
    assert "cap max-creates = 25" in out
    assert team.run("sync")[0] == 0
    assert len(team.repo.issues) == 30
    told = "".join(f"{issue.title}\n{issue.body}" for issue in team.repo.issues.values())
    assert "2024-01-05" not in told
    assert not re.search(r"@(?:zoe|ann|acme)", "".join(issue.body or "" for issue in team.repo.issues.values()))
    assert not re.search(r"#7\d|GH-7\d", "".join(issue.body or "" for issue in team.repo.issues.values()))
    assert not any(issue.comments for issue in team.repo.issues.values())


def test_taichi_1035_a_change_is_an_edit_and_never_a_comment(team: Team) -> None:
    """taichi-dev/taichi#1035: a bot commented where a label would have done; all who watch were told each time."""
    team.run("sync", "--yes")
    team.text = team.text.replace("2026-12-01", "2026-12-09").replace("🔲 TODO", "✅ DONE")
    assert team.run("sync")[0] == 0
    assert {one.method for one in team.fake.writes} == {"POST", "PATCH"}
    assert not any("comments" in one.route for one in team.fake.requests)


def test_git_bug_315_a_limit_on_an_update_is_waited_for_or_told(team: Team) -> None:
    """git-bug/git-bug#315: limits were handled when reading, and a write that met one was lost."""
    team.run("sync", "--yes")
    team.text = team.text.replace("2026-12-01", "2026-12-09").replace("2026-12-05", "2026-12-10")
    team.fake.script(Fault(faults.limited(retry_after=30), "PATCH", times=1))
    assert team.run("sync")[0] == 0
    team.text = team.text.replace("2026-12-09", "2026-12-19")
    team.fake.script(Fault(faults.limited(retry_after=3600), "PATCH", times=1))
    assert team.run("sync")[0] == 9
    team.fake.clock.advance(hours=2)
    assert team.run("sync")[0] == 0
    bodies = [issue.body or "" for issue in team.repo.issues.values()]
    assert ["Due: 2026-12-19" in bodies[0], "Due: 2026-12-10" in bodies[1]] == [True, True]


def test_sf2github_30_a_run_that_a_limit_ended_goes_on_where_it_stopped(team: Team) -> None:
    """ttencate/sf2github#30: after 25 issues a limit ended the run, and the next one began from the first."""
    years(team, pages=2, rows=12)
    team.fake.script(Fault(faults.limited(message=faults.CONTENT, retry_after=600), "POST", times=None, skip=5))
    assert team.run("sync", "--yes")[0] == 9
    assert len(team.repo.issues) == 5
    team.fake.server.faults.clear()
    team.fake.clock.advance(hours=1)
    assert team.run("sync")[0] == 0
    titles = [issue.title for issue in team.repo.issues.values()]
    assert len(titles) == len(set(titles)) == 12


def test_issue_metrics_395_limits_that_a_server_does_not_have_are_not_asked_for(team: Team) -> None:
    """github-community-projects/issue-metrics#395: an Enterprise server answers 404 when it is asked for its limits."""
    team.fake.script(Fault(faults.refused(404, "Rate limiting is not enabled."), "GET", "rate_limit", times=None))
    assert team.run("sync", "--yes")[0] == 0
    assert not any("rate_limit" in one.route for one in team.fake.requests)


@pytest.mark.parametrize("size", [300, 70_000])
def test_issue_metrics_258_a_text_without_end_is_cut_for_the_issue_only(team: Team, size: int) -> None:
    """github-community-projects/issue-metrics#258: a text of more than 65,536 characters was refused, and all was lost."""
    long = "Add an alert " + "x" * size
    team.text = team.text.replace("Add a connection alert", long).replace("# Connection", "# " + "y" * size)
    assert team.run("sync", "--yes")[0] == 0
    issue = team.repo.issues[1]
    assert (len(issue.title) <= 256, len(issue.body or "") < 65_536) == (True, True)
    assert long in team.text
    assert team.run("plan", "--exit-code")[0] == 0
    assert len(team.repo.issues) == 2


def test_stale_466_a_cap_counts_writes_and_a_run_that_left_work_is_not_green(team: Team) -> None:
    """actions/stale#466: nobody knew what its cap counted, and a run that left work ended green (#495, #536)."""
    years(team, pages=2, rows=12)
    (team.clone / "closeout.toml").write_text("[limits]\nmax-creates = 5\n", encoding="utf-8")
    codes = [team.run("sync", "--yes")[0] for _ in range(4)]
    assert codes == [9, 9, 0, 0]
    assert len(team.repo.issues) == 12


def _operations(plan: Plan) -> list[tuple[str, str, Where]]:
    return [(type(change).__name__, change.key, change.where) for change in plan.changes]


@pytest.mark.parametrize(
    "edit", [("", ""), ("2026-06-15", "2026-06-16"), ("🔲 TODO", "✅ DONE"), ("Add an", "Have an")]
)
def test_stale_461_a_dry_run_tells_what_a_run_does(edit: tuple[str, str]) -> None:
    """actions/stale#461: the dry run counted otherwise than the run itself."""
    small = Small()
    if edit[0]:
        small.sync()
        small.text = small.text.replace(*edit)
    planned = _operations(small.plan().plan)
    ran = small.sync()
    assert ran is not None
    assert planned == _operations(ran.plan)
    assert [type(result.change).__name__ for result in ran.results] == [name for name, _, _ in planned]


def test_worklog_238_a_plan_names_each_field_with_both_values(team: Team) -> None:
    """SpillwaveSolutions/wiki_ticket_sdd#238: nobody could see which fields a run would overwrite."""
    team.run("sync", "--yes")
    team.text = team.text.replace("2026-12-01", "2026-12-09").replace("Write the runbook", "Write it down")
    changes = json.loads(team.run("plan", "--format", "json")[1])["changes"]
    values = [change["values"] for change in changes]
    assert values == [
        {"due": ["2026-12-01", "2026-12-09"]},
        {"title": ["Write the runbook", "Write it down"]},
    ]
    told = team.run("plan")[1]
    assert "2026-12-01" in told
    assert "2026-12-09" in told


def test_create_an_issue_177_a_token_without_rights_elsewhere_is_told_by_name(team: Team) -> None:
    """JasonEtco/create-an-issue#177: a runner's own token may not write to another repository, and nobody said so (#40)."""
    team.fake.repository("acme", "elsewhere", private=True, access=False)
    (team.clone / "closeout.toml").write_text('[trackers.github]\nproject = "acme/elsewhere"\n', encoding="utf-8")
    code, _, err = team.run("sync", "--yes")
    assert code == 4
    assert "acme/elsewhere: could not" in err
    assert "token" in err
    assert team.text.count("/issues/") == 0


def test_issue_metrics_189_a_limit_on_reading_is_no_empty_list(team: Team) -> None:
    """github-community-projects/issue-metrics#189: the primary limit ended a run with a stack trace, half done."""
    team.run("sync", "--yes")
    before = team.text
    reset = int(team.fake.clock.now.timestamp()) + 3000
    team.fake.script(Fault(faults.limited(message=faults.PRIMARY, reset=reset), "GET", times=None))
    code, _, err = team.run("sync")
    assert code == 9
    assert "Traceback" not in err
    assert (team.text, len(team.repo.issues)) == (before, 2)


def test_github_csv_tools_22_a_header_in_any_case_is_its_column() -> None:
    """gavinr/github-csv-tools#22: a header in the wrong case dropped its column without a word."""
    for header in (
        "| ACTION | OWNER | DUE | STATUS |",
        "| action | owner | due | status |",
        "| **Action** | Owner: | Due? | Status |",
    ):
        small = Small({"postmortems/a.md": TABLE.replace("| Action | Owner | Due | Status |", header)})
        small.sync()
        assert [issue.values["due"] for issue in small.tracker.issues.values()] == ["2026-06-15", "2026-06-20"]  # type: ignore[index]
        assert not [one for one in small.plan().findings if one.code == "unread-column"]
