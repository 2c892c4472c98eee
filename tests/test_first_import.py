"""A first import of many old documents: in parts, in order, without a word to anybody, and at rest afterwards."""
# ruff: noqa: F811 - a fixture is asked for by its name

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from closeout.domain.issue import Draft, Issue
from closeout.domain.item import Field
from closeout.domain.outcome import Outcome
from closeout.domain.sync.guard import Circumstances
from closeout.engine.boards import trackers
from closeout.engine.world import Options
from closeout.errors import Exit
from closeout.render.plan import held_back
from fakes.github import GitHubFake
from fakes.github_values import Right
from github_bench import GitHubBench
from test_github_end_to_end import PAGE, Team, team  # noqa: F401
from test_guards import HOST
from test_hosted import codes, hosted, ran
from worlds import Small

COUNT = 200
QUIET = Circumstances(assigned_since="2026-06-01")


def old(number: int, date: str = "2026-09-15") -> str:
    return (
        f"# Incident {number}\n\n**Date**: {date}\n\n## Action items\n\n| Action | Owner | Due | Status |\n"
        f"|---|---|---|---|\n| Mend thing {number} | @ann | 2026-12-01 | 🔲 TODO |\n"
    )


def imported(fake: GitHubFake) -> tuple[Small, GitHubBench]:
    """200 postmortems of two months ago, and an empty repository on GitHub."""
    bench = GitHubBench(fake)
    bench.repo.grant("ann", Right.WRITE)
    bench.repo.grant("bob", Right.WRITE)
    told = Circumstances(since="2026-08-23", assigned_since="2026-10-22")
    options = Options(
        today="2026-11-21", now="2026-11-21T09:00:00+00:00", version="test", limits=HOST, circumstances=told
    )
    small = Small({f"postmortems/{number:03d}.md": old(number) for number in range(COUNT)}, options)
    small.world = replace(small.world, trackers=trackers(bench.tracker()))
    return small, bench


def test_two_hundred_old_documents_come_in_parts_in_order_and_notify_nobody(github_fake: GitHubFake) -> None:
    small, bench = imported(github_fake)
    for left in range(COUNT - 25, -1, -25):
        bench.asked()
        outcome = ran(small)
        assert outcome.exits == ({Exit.LATER} if left else set())
        assert list(held_back(outcome.plan)) == (
            [f"later: {left} more with the next runs: cap max-creates = 25"] if left else []
        )
        asked = Counter(bench.asked())
        assert asked.pop("POST /repos/acme/platform/issues") == 25
        assert sum(asked.values()) <= 8
        github_fake.clock.advance(hours=1)
    issues = bench.repo.issues.values()
    assert [issue.title for issue in issues] == [f"Mend thing {number}" for number in range(COUNT)]
    assert not any(issue.assignees for issue in issues)
    assert all("- **Owner**: ann" in (issue.body or "") for issue in issues)
    assert all(text.count(f"/issues/{number}) |") == 1 for number, text in enumerate(small.texts.values(), 1))
    before = (dict(small.texts), small.ledger.text)
    outcome = ran(small)
    assert (outcome.exits, outcome.findings, outcome.plan.empty) == (set(), (), True)
    assert (dict(small.texts), small.ledger.text) == before
    assert {request.partition(" ")[0] for request in bench.asked()} == {"GET"}
    bench.repo.assign(7, "bob")
    assert ran(small).findings == ()
    assert [path for path, text in small.texts.items() if "| @bob |" in text] == ["postmortems/006.md"]


def test_on_github_old_documents_are_imported_like_that_unless_told_otherwise(team: Team) -> None:
    pages = [team.clone / PAGE, *((team.clone / PAGE).with_name(f"{number:03d}.md") for number in range(3))]
    for number, date in enumerate(["2026-11-02", "2026-09-15", "2026-09-16", "2026-01-16"]):
        pages[number].write_text(old(number, date), encoding="utf-8")
    team.git("add", "-A")
    team.push("Postmortems")
    assert "2 issues made without assignees, so that nobody is notified" in team.run("plan")[1]
    assert "without assignees" not in team.run("plan", "--assign")[1]
    (team.clone / "closeout.toml").write_text("[limits]\nmax-creates = 2\n", encoding="utf-8")
    code, out, err = team.run("sync", "--yes")
    assert code == 9
    assert "later: 1 more with the next runs: cap max-creates = 2" in out
    assert "1 items get no issue: their incidents are older than 2026-08-23, or undated" in out
    assert "Not all was done: the rest comes with the next run (exit 9)" in err
    assert team.run("sync", "--assign")[0] == 0
    assert team.run("plan", "--exit-code")[0] == 0
    owners = {issue.title: [one.login for one in issue.assignees] for issue in team.repo.issues.values()}
    assert owners == {"Mend thing 1": [], "Mend thing 2": [], "Mend thing 0": ["ann"]}


def test_assign_assigns_people_to_the_issues_of_old_incidents(team: Team) -> None:
    (team.clone / PAGE).write_text(old(1), encoding="utf-8")
    team.push("An old one")
    assert team.run("sync", "--yes", "--assign")[0] == 0
    assert [one.login for one in team.repo.issues[1].assignees] == ["ann"]


# people


def quiet(text: str = "", **options: object) -> Small:
    small = hosted(text or old(1, "2026-05-01"), circumstances=QUIET)
    small.options = replace(small.options, **options)  # type: ignore[arg-type]
    create = small.tracker.create

    def with_all_fields(draft: Draft) -> Issue:
        """As a host answers: nobody is assigned, which is not the same as no such field."""
        return create(replace(draft, values={Field.OWNERS: "", **draft.values}))

    small.tracker.create = with_all_fields  # type: ignore[method-assign]
    return small


def owner(small: Small) -> str:
    return small.tracker.issues["1"].values.get(Field.OWNERS, "")


def rest(small: Small) -> Outcome:
    outcome = ran(small)
    assert small.plan().plan.empty
    return outcome


@pytest.mark.parametrize(("date", "assigned"), [("2026-05-01", ""), ("undated", ""), ("2026-06-01", "ann")])
def test_only_issues_of_old_and_undated_incidents_are_made_without_assignees(date: str, assigned: str) -> None:
    small = quiet(old(1, date))
    assert small.plan().plan.unassigned == (not assigned)
    rest(small)
    assert owner(small) == assigned
    assert small.plan().plan.unassigned == 0


def test_assign_assigns_them_all_the_same() -> None:
    small = quiet(circumstances=Circumstances())
    rest(small)
    assert owner(small) == "ann"


def test_a_missing_assignee_is_no_change_and_no_finding() -> None:
    small = quiet()
    rest(small)
    before = (small.text, small.tracker.writes, small.ledger.text)
    assert codes(ran(small)) == []
    small.options = replace(small.options, circumstances=Circumstances())  # `--assign` is for what is made
    assert codes(ran(small)) == []
    assert (small.text, small.tracker.writes, small.ledger.text) == before


def test_whoever_is_assigned_later_is_written_into_the_document() -> None:
    small = quiet()
    rest(small)
    small.tracker.edit("1", {Field.OWNERS: "bob"})
    rest(small)
    assert "| @bob |" in small.text
    small.tracker.edit("1", {Field.OWNERS: "ann"})
    rest(small)
    assert "| @ann |" in small.text


def test_the_owner_that_is_assigned_later_changes_no_byte() -> None:
    small = quiet()
    rest(small)
    before = small.text
    small.tracker.edit("1", {Field.OWNERS: "ann"})
    assert codes(rest(small)) == []
    assert small.text == before


def test_an_owner_that_is_changed_in_the_document_is_assigned() -> None:
    small = quiet()
    rest(small)
    small.text = small.text.replace("@ann", "@bob")
    rest(small)
    assert owner(small) == "bob"


def test_an_assignee_that_is_refused_later_is_told() -> None:
    small = quiet()
    rest(small)
    small.text = small.text.replace("@ann", "@bob")
    rest(small)
    small.tracker.edit("1", {Field.OWNERS: ""})
    small.text = small.text.replace("@bob", "@cid")
    assert "clash" in codes(ran(small))


@pytest.mark.parametrize("death", range(1, 5))
def test_a_run_that_died_assigns_nobody_afterwards(death: int) -> None:
    small = quiet()
    small.sync(dies_at=death)
    small.options = replace(small.options, now="2026-05-03T11:00:00+00:00")
    ran(small)
    assert codes(rest(small)) == []
    assert len(small.tracker.issues) == 1
    assert owner(small) == ""


def test_a_lost_ledger_that_is_made_again_assigns_nobody() -> None:
    small = quiet()
    rest(small)
    small.ledger.text = ""
    small.options = replace(small.options, rebuild=True)
    assert codes(ran(small)) == []
    assert owner(small) == ""


def test_owners_that_an_old_document_gets_later_are_assigned() -> None:
    small = quiet(old(1, "2026-05-01").replace(" Owner |", "", 1).replace(" @ann |", "", 1).replace("|---|", "|", 1))
    rest(small)
    small.text = old(1, "2026-05-01").replace("Mend thing 1 |", "Mend thing 1 #1 |")
    rest(small)
    assert owner(small) == "ann"
