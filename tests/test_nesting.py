"""Issues are put below their incident's own issue: once, if nobody else did, and never again once a person took it away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from closeout.domain.issue import Capabilities, Issue, Nested
from closeout.domain.item import Field, Status
from closeout.domain.outcome import Outcome
from closeout.domain.plan import Create, Nest
from closeout.domain.sync.guard import Limits
from closeout.errors import Exit
from closeout.render.plan import lines
from closeout.render.plan_json import as_json
from worlds import TABLE, Small

PAGE = "postmortems/a.md"
NAMED = TABLE.replace("**Date**: 2026-05-01\n", "**Date**: 2026-05-01\n\n**Incident issue**: #1\n")
OPEN = {"2": "1", "3": "1"}


@pytest.fixture
def small() -> Small:
    made = Small({PAGE: NAMED})
    made.tracker.issues["1"] = Issue("1", values={Field.TITLE: "Outage", Field.STATUS: "todo"}, version="000001")
    return made


def ran(outcome: Outcome | None) -> Outcome:
    assert outcome is not None
    return outcome


def nests(outcome: Outcome | None) -> list[tuple[str, str]]:
    return [(one.ref, one.parent) for one in ran(outcome).plan.changes if isinstance(one, Nest)]


def words(small: Small) -> list[str]:
    return sorted(entry.parent for entry in small.ledger.load().entries.values())


def unnamed(small: Small) -> None:
    """Two issues are made before the document names the incident's."""
    small.text = TABLE
    assert ran(small.sync()).exits == set()
    small.text = small.text.replace("2026-05-01\n", "2026-05-01\n\nIncident issue: #1\n")


def test_new_issues_are_put_below_the_one_that_the_document_names(small: Small) -> None:
    made = [one for one in small.plan().plan.changes if isinstance(one, Create)]
    assert [one.parent for one in made] == ["1", "1"]
    told = [text.strip() for text, _ in lines(small.plan().plan)]
    assert "create an issue below issue 1 (owners ann, due 2026-06-15): it has no ticket yet" in told
    assert '"parent": "1"' in as_json(small.plan().plan)
    outcome = ran(small.sync())
    assert (small.tracker.parents, words(small), outcome.exits) == (OPEN, ["1", "1"], set())
    assert small.plan().plan.empty
    writes = small.tracker.writes
    small.sync()
    assert small.tracker.writes == writes
    assert small.tracker.issues["1"].version == "000001"


def test_a_document_that_names_none_writes_nothing_more(small: Small) -> None:
    small.text = TABLE
    small.sync()
    assert (small.tracker.parents, words(small), small.tracker.writes) == ({}, ["", ""], 2)


def test_earlier_issues_that_are_open_are_put_there_too_within_the_cap_for_edits(small: Small) -> None:
    unnamed(small)
    assert nests(small.plan()) == [("2", "1"), ("3", "1")]
    told = [text.strip() for text, _ in lines(small.plan().plan)]
    assert "put issue 2 below issue 1: the document names it as its incident's own" in told
    assert told[-1].endswith("2 to put below their incident's")
    small.options = replace(small.options, limits=Limits(max_edits=1))
    assert (ran(small.sync()).exits, small.tracker.parents) == ({Exit.LATER}, {"2": "1"})
    assert (ran(small.sync()).exits, small.tracker.parents) == (set(), OPEN)


def test_a_closed_issue_stays_where_it_is(small: Small) -> None:
    unnamed(small)
    small.tracker.edit("2", {Field.STATUS: Status.DONE})
    small.sync()
    assert small.tracker.parents == {"3": "1"}


def test_one_that_is_there_already_is_not_written_to(small: Small) -> None:
    unnamed(small)
    small.tracker.parents.update(OPEN)
    writes = small.tracker.writes
    small.sync()
    assert (small.tracker.writes, words(small)) == (writes, ["1", "1"])


def test_another_parent_is_a_persons_and_stays(small: Small) -> None:
    unnamed(small)
    small.tracker.parents["2"] = "40"
    outcome = ran(small.sync())
    assert (small.tracker.parents, words(small)) == ({"2": "40", "3": "1"}, ["1", "40"])
    assert (outcome.findings, outcome.exits, nests(small.plan())) == ((), set(), [])


def test_who_takes_an_issue_away_from_there_is_not_contradicted(small: Small) -> None:
    small.sync()
    del small.tracker.parents["2"]
    small.sync()
    small.text = small.text.replace("Incident issue", "Incident ticket").replace("#1\n", "#1 \n")
    small.sync()
    assert small.tracker.parents == {"3": "1"}


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_refusal_is_told_once_and_not_asked_for_again(small: Small, everywhere: bool) -> None:
    small.tracker.no_parents = Nested(refused="Not Found", everywhere=everywhere)
    outcome = ran(small.sync())
    (finding,) = outcome.findings
    assert (finding.code, outcome.exits) == ("not-nested", set())
    assert "issue 2 could not be put below issue 1: Not Found" in finding.message
    small.tracker.no_parents = Nested()
    small.text += "| Add a test | @ann | 2026-06-15 | TODO |\n"
    again = ran(small.sync())
    assert (small.tracker.parents, again.findings, again.plan.held) == ({}, (), ())
    assert len(small.tracker.issues) == 4
    small.tracker.issues["9"] = Issue("9", values={Field.TITLE: "The right one", Field.STATUS: "todo"})
    small.text = small.text.replace("issue**: #1", "issue**: #9")
    small.sync()
    assert small.tracker.parents == ({} if everywhere else {"2": "9", "3": "9", "4": "9"})


def test_no_tracker_that_has_no_parents_is_asked(small: Small) -> None:
    small.tracker.capabilities = Capabilities("memory")
    small.tracker.no_parents = Nested(refused="not here")
    outcome = ran(small.sync())
    assert (outcome.findings, words(small)) == ((), ["", ""])


def test_an_issue_that_is_not_ours_is_never_put_anywhere(small: Small) -> None:
    small.tracker.issues["8"] = Issue("8", values={Field.TITLE: "Theirs", Field.STATUS: "todo"})
    small.text = NAMED.replace("| Status |", "| Status | Ticket |").replace("-|\n", "-|--|\n", 1)
    small.text = small.text.replace("🔲 TODO |\n", "🔲 TODO | #8 |\n", 1)
    small.sync()
    assert "8" not in small.tracker.parents


def test_the_incidents_issue_is_not_put_below_itself(small: Small) -> None:
    unnamed(small)
    small.text = small.text.replace("Incident issue: #1\n", "Incident issue: #2\n")
    small.sync()
    assert small.tracker.parents == {"3": "2"}


def test_a_lost_ledger_puts_nothing_anywhere_again(small: Small) -> None:
    small.sync()
    small.tracker.parents.clear()
    small.ledger.__init__(pause=small.fuse)  # type: ignore[misc] # a new one, in its place
    small.options = replace(small.options, rebuild=True)
    small.sync()
    small.options = replace(small.options, rebuild=False)
    small.sync()
    assert small.tracker.parents == {}


@pytest.mark.parametrize("fault", ["refused", "lost before", "lost after"])
def test_what_went_wrong_is_done_by_the_next_run(small: Small, fault: str) -> None:
    unnamed(small)
    small.tracker.faults = [fault]
    outcome = ran(small.sync())
    assert outcome.exits == {Exit.TRACKER}
    assert small.tracker.parents == (OPEN if fault == "lost after" else {"3": "1"})
    writes = small.tracker.writes
    assert ran(small.sync()).exits == set()
    assert (small.tracker.parents, words(small)) == (OPEN, ["1", "1"])
    assert small.tracker.writes == writes + (fault != "lost after")


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("at", range(24))
def test_a_run_may_die_anywhere(small: Small, at: int, later: bool) -> None:
    if later:
        unnamed(small)
    small.sync(dies_at=at)
    assert set(small.tracker.parents.items()) <= set(OPEN.items())
    small.sync()
    assert ran(small.sync()).exits == set()
    assert (small.tracker.parents, words(small), len(small.tracker.issues)) == (OPEN, ["1", "1"], 3)
    assert small.plan().plan.empty
