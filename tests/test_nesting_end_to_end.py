"""Sub-issues from the command line: a document that names its incident's issue, and a team on GitHub."""

from __future__ import annotations

import json

from fakes import faults
from fakes.http import Fault
from test_github_end_to_end import PAGE, TEXT, Team, team

__all__ = ["team"]
NAMED = "---\nissue: 1\n---\n" + TEXT
ADD = "POST /repos/acme/pm/issues/1/sub_issues"


def below(team: Team) -> list[int]:
    """The numbers of what is below the first issue."""
    (first,) = [issue.id for issue in team.repo.issues.values() if issue.number == 1]
    return sorted(issue.number for issue in team.repo.issues.values() if team.fake.world.nested.get(issue.id) == first)


def named(team: Team) -> None:
    team.repo.open("Pool exhausted", "A person's text")
    team.text = NAMED


def test_a_sync_puts_its_issues_there_and_the_next_one_asks_for_nothing_of_it(team: Team) -> None:
    named(team)
    code, out, _ = team.run("plan", "--format", "json")
    assert [one["parent"] for one in json.loads(out)["held"] if one["operation"] == "create"] == ["1", "1"]
    code, out, _ = team.run("sync", "--yes")
    assert code == 0
    assert f"{PAGE}:12: Add a connection alert: issue 2 put below issue 1" in out
    assert below(team) == [2, 3]
    assert team.repo.issues[1].body == "A person's text"
    team.push("Write-backs")
    team.asked()
    assert team.run("plan", "--exit-code")[0] == 0
    assert team.run("sync")[0] == 0
    asked = [one for one in team.asked() if "parent" in one or "sub_issues" in one]
    assert (asked, below(team)) == ([], [2, 3])


def test_who_switches_it_off_gets_none(team: Team) -> None:
    named(team)
    (team.clone / "closeout.toml").write_text(
        'tracker = "github"\n[trackers.github]\nsub-issues = false\n', encoding="utf-8"
    )
    assert team.run("sync", "--yes")[0] == 0
    assert (below(team), len(team.repo.issues)) == ([], 3)


def test_a_refusal_is_a_note_once_and_no_failure(team: Team) -> None:
    named(team)
    team.fake.world.sub_issues = False
    code, out, _ = team.run("sync", "--yes")
    assert (code, out.count("[not-nested]")) == (0, 1)
    team.push("Write-backs")
    team.asked()
    code, out, _ = team.run("sync")
    assert (code, out.count("[not-nested]"), [one for one in team.asked() if "parent" in one]) == (0, 0, [])


def test_an_answer_that_is_lost_is_exit_4_and_mended_by_the_next_run(team: Team) -> None:
    named(team)
    team.fake.script(Fault(faults.failed(done=False), "POST", "sub_issues"))
    assert team.run("sync", "--yes")[0] == 4
    assert below(team) == [3]
    code, out, _ = team.run("sync")
    assert (code, below(team), len(team.repo.issues)) == (0, [2, 3], 3), out
