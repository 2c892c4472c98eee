"""Where a due date is kept on GitHub: a field, a milestone, the text; no date is lost when that changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from closeout.domain.issue import Draft, Issue
from closeout.domain.item import Field
from closeout.errors import OutcomeUnknown
from closeout.trackers.github import GitHubTracker
from closeout.trackers.github_due import DueDates
from closeout.trackers.github_new import NewIssues
from closeout.trackers.github_priority import Priorities
from fakes import faults
from fakes.github import GitHubFake
from fakes.github_values import Organisation, Right
from fakes.http import Fault
from github_bench import GitHubBench, MemoryCache
from test_github_end_to_end import Team, team

__all__ = ["team"]
VALUES = {Field.TITLE: "Add an alert", Field.STATUS: "todo", Field.DUE: "2026-12-01"}
DRAFT = Draft("v1:0123456789abcdef0123", VALUES, "- **Action item**: Add an alert\n")
FIELDS = {7: ("Priority", "single_select"), 9: ("Target date", "date")}
MOVE = ({Field.DUE: "2026-12-24"}, {Field.DUE: "2026-12-01"})
CLEAR = ({Field.DUE: ""}, {Field.DUE: "2026-12-01"})
PLACE = "/repos/acme/platform"
ORG = "GET /orgs/acme/issue-fields"


@pytest.fixture
def acme(github_fake: GitHubFake) -> Organisation:
    return github_fake.world.organisation("acme", fields=dict(FIELDS))


@pytest.fixture
def bench(github_fake: GitHubFake, acme: Organisation) -> GitHubBench:
    return GitHubBench(github_fake)


def tracker(bench: GitHubBench, way: str = "", field_id: int = 0, token: str = "") -> GitHubTracker:
    bare = bench.tracker(token)
    return replace(bare, dates=DueDates(bare.host, way, field_id))


def due(there: GitHubTracker, ref: str = "1") -> str | None:
    issue = there.get(ref)
    assert isinstance(issue, Issue)
    return issue.values.get(Field.DUE)


def line(bench: GitHubBench) -> str:
    (found,) = [one for one in (bench.repo.issues[1].body or "").split("\n") if one.startswith("Due:")]
    return found


def test_a_date_goes_into_the_field_of_the_organisation_and_into_the_text(bench: GitHubBench) -> None:
    issue = tracker(bench).create(DRAFT)
    assert bench.repo.issues[1].fields == {9: "2026-12-01"}
    assert line(bench) == "Due: 2026-12-01 (field)"
    assert (issue.values[Field.DUE], issue.remarks) == ("2026-12-01", ())
    assert bench.asked() == [f"GET {PLACE}", ORG, f"POST {PLACE}/issues"]


def test_a_date_that_a_person_puts_into_the_field_is_the_date(bench: GitHubBench) -> None:
    there = tracker(bench)
    there.create(DRAFT)
    bench.repo.issues[1].fields = {9: "2026-12-09"}
    assert due(there) == "2026-12-09"
    assert due(tracker(bench)) == "2026-12-09"


def test_a_change_sets_the_field_and_no_other_one(bench: GitHubBench) -> None:
    there = tracker(bench)
    there.create(DRAFT)
    bench.repo.issues[1].fields[7] = "High"
    after = there.update("1", *MOVE)
    assert isinstance(after, Issue)
    assert after.values[Field.DUE] == "2026-12-24"
    assert bench.repo.issues[1].fields == {7: "High", 9: "2026-12-24"}
    assert line(bench) == "Due: 2026-12-24 (field)"
    assert isinstance(there.update("1", {Field.DUE: ""}, {Field.DUE: "2026-12-24"}), Issue)
    assert (bench.repo.issues[1].fields, due(there)) == ({7: "High"}, "")


def test_the_same_change_twice_is_the_same_as_once(bench: GitHubBench) -> None:
    there = tracker(bench)
    there.create(DRAFT)
    there.update("1", *MOVE)
    writes = len(bench.fake.writes)
    there.update("1", *MOVE)
    assert len(bench.fake.writes) == writes


def test_a_field_that_appears_later_is_no_change_and_takes_the_next_date(bench: GitHubBench) -> None:
    tracker(bench, "body").create(DRAFT)
    assert line(bench) == "Due: 2026-12-01"
    later = tracker(bench)
    assert due(later) == "2026-12-01"
    later.update("1", *MOVE)
    assert (bench.repo.issues[1].fields, due(later)) == ({9: "2026-12-24"}, "2026-12-24")


def test_a_field_that_is_taken_away_loses_no_date(bench: GitHubBench, acme: Organisation) -> None:
    tracker(bench).create(DRAFT)
    acme.fields.clear()
    assert due(tracker(bench)) == "2026-12-01"
    later = tracker(bench)
    after = later.update("1", *MOVE)
    assert isinstance(after, Issue)
    assert (after.values[Field.DUE], line(bench)) == ("2026-12-24", "Due: 2026-12-24")


@pytest.mark.parametrize("to", ["", "field", "milestone", "body"])
@pytest.mark.parametrize("way", ["", "field", "milestone", "body"])
def test_another_way_is_no_change_and_takes_the_next_date_and_none(bench: GitHubBench, way: str, to: str) -> None:
    tracker(bench, way).create(DRAFT)
    there = tracker(bench, to)
    assert due(there) == "2026-12-01"
    after = there.update("1", *MOVE)
    assert isinstance(after, Issue)
    assert after.values[Field.DUE] == due(tracker(bench, to)) == "2026-12-24"
    there.update("1", {Field.DUE: ""}, {Field.DUE: "2026-12-24"})
    assert (due(there), due(tracker(bench, to))) == ("", "")
    assert (bench.repo.issues[1].fields, bench.repo.issues[1].milestone) == ({}, None)


def test_a_token_that_may_not_list_fields_uses_the_text_and_says_nothing(
    bench: GitHubBench, acme: Organisation
) -> None:
    acme.listed = False
    issue = tracker(bench).create(DRAFT)
    assert (issue.values[Field.DUE], issue.remarks, line(bench)) == ("2026-12-01", (), "Due: 2026-12-01")


def test_the_field_may_be_named_by_its_id_or_told_by_an_issue_that_has_it(
    bench: GitHubBench, acme: Organisation
) -> None:
    acme.listed = False
    there = tracker(bench, "field", 9)
    replace(there, priorities=Priorities(there.host, used=False)).create(DRAFT)
    assert bench.repo.issues[1].fields == {9: "2026-12-01"}
    assert ORG not in bench.asked()
    tracker(bench).update("1", *MOVE)
    assert bench.repo.issues[1].fields == {9: "2026-12-24"}


def test_a_field_that_was_asked_for_and_cannot_be_seen_is_told_once(bench: GitHubBench, acme: Organisation) -> None:
    acme.listed = False
    there = tracker(bench, "field")
    told = [there.create(replace(DRAFT, key=f"v1:{number:04x}")).remarks for number in range(2)]
    why = "no field Target date can be seen; name it with field-id"
    assert told == [(f"due 2026-12-01 is in the issue's text only: the field did not take it ({why})",), ()]


def test_a_field_that_is_dropped_is_told_once_and_left_alone(bench: GitHubBench, acme: Organisation) -> None:
    acme.fields.clear()
    there = tracker(bench, "field", 9)
    first, second = (there.create(replace(DRAFT, key=f"v1:{number:04x}")) for number in range(2))
    assert (first.values[Field.DUE], second.values[Field.DUE]) == ("2026-12-01", "2026-12-01")
    assert first.remarks == ("due 2026-12-01 is in the issue's text only: the field did not take it (it was dropped)",)
    assert second.remarks == ()
    assert ["issue_field_values" in request.sent for request in bench.fake.writes] == [True, False]


def test_a_value_that_is_refused_does_not_lose_the_issue(bench: GitHubBench) -> None:
    bench.fake.script(Fault(faults.refused(422, "field_id is invalid"), "POST", f"{PLACE}/issues"))
    issue = tracker(bench).create(DRAFT)
    assert (issue.values[Field.DUE], line(bench), len(bench.repo.issues)) == ("2026-12-01", "Due: 2026-12-01", 1)
    assert "field_id is invalid" in issue.remarks[0]


def test_repositories_of_a_user_have_no_field_and_nobody_is_asked(github_fake: GitHubFake) -> None:
    bench = GitHubBench(github_fake)
    bench.tracker().create(DRAFT)
    assert bench.asked() == [f"GET {PLACE}", f"POST {PLACE}/issues"]


def test_a_day_has_one_milestone_which_is_made_at_noon_utc(bench: GitHubBench) -> None:
    there = tracker(bench, "milestone")
    for number in range(2):
        there.create(replace(DRAFT, key=f"v1:{number:04x}"))
    assert bench.repo.milestones == {1: "2026-12-01"}
    assert bench.repo.milestone_days == {1: "2026-12-01T12:00:00Z"}
    assert [issue.milestone for issue in bench.repo.issues.values()] == [1, 1]
    assert line(bench) == "Due: 2026-12-01 (milestone)"
    tracker(bench, "milestone").update("1", *MOVE)
    assert (bench.repo.milestones, bench.repo.issues[1].milestone) == ({1: "2026-12-01", 2: "2026-12-24"}, 2)


def test_a_persons_milestone_stays_and_the_date_goes_into_the_text(bench: GitHubBench) -> None:
    there = tracker(bench, "milestone")
    there.create(DRAFT)
    bench.repo.milestones[2] = "Version 3"
    bench.repo.issues[1].milestone = 2
    assert due(there) == "2026-12-01"
    there.update("1", *MOVE)
    assert (bench.repo.issues[1].milestone, line(bench), due(there)) == (2, "Due: 2026-12-24", "2026-12-24")
    there.update("1", {Field.DUE: ""}, {Field.DUE: "2026-12-24"})
    assert (bench.repo.issues[1].milestone, due(there)) == (2, "")


def test_an_issue_that_a_person_moves_to_another_day_has_that_date(bench: GitHubBench) -> None:
    there = tracker(bench, "milestone")
    there.create(DRAFT)
    bench.repo.milestones[2] = "2026-12-31"
    bench.repo.issues[1].milestone = 2
    assert due(there) == "2026-12-31"


def test_milestones_that_may_not_be_made_leave_the_date_in_the_text(bench: GitHubBench) -> None:
    bench.repo.grant("triager", Right.TRIAGE)
    issue = tracker(bench, "milestone", token=bench.fake.sign_in("triager")).create(DRAFT)
    assert (issue.values[Field.DUE], line(bench)) == ("2026-12-01", "Due: 2026-12-01")
    assert "the milestone did not take it" in issue.remarks[0]


def test_a_milestone_whose_answer_was_lost_is_found_by_its_name(bench: GitHubBench) -> None:
    bench.fake.script(Fault(faults.dropped(done=True), "POST", f"{PLACE}/milestones"))
    tracker(bench, "milestone").create(DRAFT)
    assert (bench.repo.milestones, bench.repo.issues[1].milestone) == ({1: "2026-12-01"}, 1)


def test_an_update_that_dies_half_way_shows_the_new_date_and_is_finished_by_the_next(bench: GitHubBench) -> None:
    there = tracker(bench)
    there.create(DRAFT)
    bench.fake.script(Fault(faults.dropped(done=False), "PATCH", f"{PLACE}/issues/1"))
    with pytest.raises(OutcomeUnknown):
        there.update("1", *MOVE)
    assert due(tracker(bench)) == "2026-12-24"


def test_other_fields_and_values_that_are_no_day_are_no_date(bench: GitHubBench) -> None:
    there = tracker(bench)
    there.create(replace(DRAFT, values={Field.TITLE: "Add an alert"}))
    values: list[dict[int, object]] = [{7: "2026-12-09"}, {9: "soon"}, {9: ["2026-12-09"]}, {9: "2026-02-30"}]
    for fields in values:
        bench.repo.issues[1].fields = fields
        assert not due(there)


def test_a_cache_keeps_what_a_field_holds_whatever_its_shape(bench: GitHubBench, acme: Organisation) -> None:
    tracker(bench).create(DRAFT)
    acme.fields[8] = ("Odd", "anything")
    bench.repo.issues[1].fields |= {7: {"name": "High"}, 8: None, 9: "2026-12-24"}
    cached = bench.tracker(cache=MemoryCache())
    assert [issue.values[Field.DUE] for issue in cached.managed()] == ["2026-12-24"]
    assert [issue.values[Field.DUE] for issue in cached.glance().issues] == ["2026-12-24"]


def test_new_issues_get_the_type_and_the_labels_that_are_told(bench: GitHubBench) -> None:
    bare = bench.tracker()
    there = replace(bare, making=NewIssues(bare.host, ("postmortem", "sre"), "task"))
    issue = there.create(DRAFT)
    made = bench.repo.issues[1]
    assert (made.type, issue.remarks) == ("Task", ())
    assert [label.name for label in made.labels] == ["closeout", "postmortem", "sre"]


def test_a_type_that_is_unknown_is_told_once(bench: GitHubBench) -> None:
    bare = bench.tracker()
    there = replace(bare, making=NewIssues(bare.host, type="Follow-up"))
    told = [there.create(replace(DRAFT, key=f"v1:{number:04x}")).remarks for number in range(2)]
    assert told == [
        ("the issue has no type Follow-up: it is none of the organisation's, or may not be set",),
        (),
    ]


def test_dates_types_and_labels_go_through_the_command(team: Team) -> None:
    team.fake.world.organisation("acme", fields=dict(FIELDS))
    team.repo.owner = team.fake.world.accounts["acme"]
    (team.clone / "closeout.toml").write_text(
        '[trackers.github]\ndue = "field"\ntype = "Follow-up"\nlabels = ["postmortem"]\n', encoding="utf-8"
    )
    (team.clone / ".gitignore").write_text("closeout.toml\n", encoding="utf-8")
    code, out, err = team.run("sync", "--yes")
    assert (code, err) == (0, "")
    assert out.count("the issue has no type Follow-up") == 1
    assert team.repo.issues[1].fields == {9: "2026-12-01"}
    assert [label.name for label in team.repo.issues[1].labels] == ["closeout", "postmortem"]
    team.push("Tickets")
    team.repo.touch(1).fields[9] = "2026-12-24"
    team.asked()
    assert team.run("sync")[0] == 0
    assert "| 2026-12-24 |" in team.text
    team.push("A date")
    team.asked()
    code, out, _ = team.run("sync")
    assert (code, team.fake.writes) == (0, [])
    assert "Follow-up" not in out
    (team.clone / "closeout.toml").write_text('[trackers.github]\ndue = "body"\n', encoding="utf-8")
    assert team.run("plan", "--exit-code")[0] == 0
