"""Whole runs over a Plane on loopback: what documents and work items then say, and how many requests that took."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from closeout.domain.item import Field
from closeout.domain.outcome import Outcome
from closeout.engine.boards import Trackers, trackers
from closeout.engine.sync import plan, sync
from closeout.engine.world import World
from closeout.errors import Exit
from fakes import faults
from fakes.http import Fault
from fakes.plane import PlaneFake
from plane_bench import PlaneBench
from worlds import Small

PAGE = "postmortems/a.md"
TABLE = """# Outage

**Date**: 2026-05-01

| Action | Owner | Due | Priority | Status | Ticket |
|--------|-------|-----|----------|--------|--------|
| Add an alert | @ann | 2026-06-15 | P1 | TODO | |
| Write a runbook | @bob | 2026-06-20 | P2 | In progress | |
| Buy cake | | | | TODO | |
"""


class Whole:
    """One document, a ledger, and a project on a Plane."""

    def __init__(self, fake: PlaneFake, text: str = TABLE) -> None:
        self.bench = PlaneBench(fake)
        self.bench.join("ann", "bob")
        self.small = Small({"postmortems/a.md": text})

    @property
    def world(self) -> World:
        return World(self.small.documents, self.small.documents, self.small.ledger, trackers(self.bench.tracker()))

    def sync(self) -> Outcome:
        return sync(self.world, self.small.options)

    def plan(self) -> Outcome:
        return plan(self.world, self.small.options)

    def row(self, start: str) -> str:
        return next(line for line in self.small.text.split("\n") if line.startswith(f"| {start}"))

    def change(self, old: str, new: str) -> None:
        assert old in self.small.text
        self.small.text = self.small.text.replace(old, new)

    def asked(self) -> Counter[str]:
        """How often each kind of request was made since the last look."""
        told = [one.split() for one in self.bench.asked()]
        return Counter(f"{verb} {route.strip('/').split('/')[-1]}" for verb, route in map(_kind, told))


def _kind(told: list[str]) -> tuple[str, str]:
    verb, route = told
    return verb, "item" if re.search(r"work-items/[^/]+/$", route) else route


@pytest.fixture
def whole(plane_fake: PlaneFake) -> Whole:
    return Whole(plane_fake)


def test_items_get_work_items_and_rows_their_tickets_and_the_next_run_writes_nothing(whole: Whole) -> None:
    whole.sync()
    made = [(item.name, item.state.name, item.priority) for item in whole.bench.project.items]
    assert made == [
        ("Add an alert", "Todo", "high"),
        ("Write a runbook", "In Progress", "medium"),
        ("Buy cake", "Todo", "none"),
    ]
    page = f"{whole.bench.fake.url}/acme/browse"
    assert f"[ROOSE-1]({page}/ROOSE-1/)" in whole.row("Add an alert")
    whole.bench.fake.requests.clear()
    outcome = whole.sync()
    assert (outcome.plan.empty, list(outcome.plan.findings), whole.bench.fake.writes) == (True, [], [])


def test_c_a_priority_goes_both_ways_in_each_side_s_own_words(whole: Whole) -> None:
    whole.sync()
    whole.bench.project.edit(2, priority="urgent")
    whole.bench.project.edit(3, priority="low")
    whole.change("| P1 |", "| P3 |")
    whole.sync()
    assert whole.bench.project.item(1).priority == "low"
    assert "| P0 |" in whole.row("Write a runbook")
    assert "| P3 |" in whole.row("Buy cake")
    assert whole.sync().plan.empty


def test_c_a_priority_that_nobody_understands_is_left_alone(plane_fake: PlaneFake) -> None:
    whole = Whole(plane_fake, TABLE.replace("P1", "after lunch"))
    whole.sync()
    whole.bench.project.edit(1, name="Add an alert")
    assert whole.bench.project.item(1).priority == "none"
    assert whole.sync().plan.empty
    assert "after lunch" in whole.row("Add an alert")


def test_status_owner_and_date_go_both_ways(whole: Whole) -> None:
    whole.sync()
    whole.bench.project.move(1, "Done")
    whole.bench.project.move(2, "Cancelled")
    bob = next(one for one, account in whole.bench.fake.accounts.items() if account.display_name == "bob")
    whole.bench.project.edit(3, assignees=(bob,))
    whole.change("2026-06-20", "2026-07-01")
    whole.sync()
    assert "DONE" in whole.row("Add an alert")
    assert "@bob" in whole.row("Buy cake")
    assert str(whole.bench.project.item(2).target) == "2026-07-01"
    assert whole.sync().plan.empty


def test_c_a_default_assignee_is_written_into_the_row_and_not_fought(plane_fake: PlaneFake) -> None:
    whole = Whole(plane_fake)
    whole.bench.project.default_assignee = plane_fake.bot.id
    whole.sync()
    assert "| Buy cake | @closeout-bot |" in whole.small.text
    plane_fake.requests.clear()
    outcome = whole.sync()
    assert (outcome.plan.empty, list(outcome.plan.findings), plane_fake.writes) == (True, [], [])
    assert whole.bench.project.item(3).assignees == (plane_fake.bot.id,)


def test_s2_a_lost_reply_leaves_one_item_and_the_next_run_its_ticket(whole: Whole) -> None:
    whole.bench.fake.script(Fault(faults.dropped(done=True), "POST"))
    whole.sync()
    assert "ROOSE" not in whole.row("Add an alert")
    whole.sync()
    assert len(whole.bench.project.items) == 3
    assert "ROOSE-1" in whole.row("Add an alert")


def test_s2_a_ledger_that_was_lost_makes_no_second_item(whole: Whole) -> None:
    whole.sync()
    writes = len(whole.bench.fake.writes)
    whole.small.ledger = Small().ledger
    with pytest.raises(Exception, match="3 issues were made by closeout, but the ledger that knows them is gone"):
        whole.sync()
    assert len(whole.bench.fake.writes) == writes


def test_what_a_run_asks(whole: Whole) -> None:
    whole.sync()
    first = whole.asked()
    whole.sync()
    nothing_new = whole.asked()
    whole.change("2026-06-15", "2026-07-01")
    whole.sync()
    one_update = whole.asked()
    base = {"GET projects": 1, "GET work-items": 1, "GET states": 1, "GET members": 1}
    assert nothing_new == base
    assert one_update - nothing_new == {"GET item": 2, "PATCH item": 1}
    assert (first["POST work-items"], sum(first.values())) == (3, 7)


def test_an_address_with_ids_is_looked_up_in_a_plane_that_is_away_and_the_rows_of_others_go_on(whole: Whole) -> None:
    item = whole.bench.project.open("Order a switch", by="ann")
    address = f"{whole.bench.fake.url}/acme/projects/{whole.bench.project.id}/issues/{item.id}"
    small = whole.small
    small.texts["postmortems/b.md"] = TABLE.partition("| Add")[0] + f"| Order a switch | | | | TODO | {address} |\n"
    small.texts["postmortems/c.md"] = TABLE

    def told() -> Outcome:
        """Every run is a process of its own: what was looked up by another is forgotten."""
        plane, documents = whole.bench.tracker(), small.documents
        everything = Trackers({"memory": small.tracker, "plane": plane}, lambda one: "plane" * (one.path != PAGE))
        return sync(World(documents, documents, small.ledger, everything), small.options)

    assert told().errors == ()
    assert told().plan.empty
    ledger, pages = small.ledger.load(), dict(small.texts)
    away = Fault(faults.failed(503, done=False), times=None)
    whole.bench.fake.script(away)
    whole.change("2026-06-15", "2026-07-15")
    small.texts["postmortems/c.md"] = pages["postmortems/c.md"].replace("2026-06-15", "2026-07-15")
    outcome = told()
    assert Exit.TRACKER in outcome.exits
    assert small.tracker.issues["1"].values[Field.DUE] == "2026-07-15"
    assert small.texts["postmortems/b.md"] == pages["postmortems/b.md"]
    kept = small.ledger.load().entries
    theirs = {key for key, entry in ledger.entries.items() if entry.tracker == "plane"}
    assert len(theirs) == 4
    assert {key: kept[key] for key in theirs} == {key: ledger.entries[key] for key in theirs}
    whole.bench.fake.server.faults.remove(away)
    assert told().errors == ()
    assert told().plan.empty
    assert len(whole.bench.project.items) == 4
