"""What came of the writes that a dead run had announced: one early answer a test."""

from __future__ import annotations

from dataclasses import replace

import pytest

from closeout.domain.issue import Capabilities, Draft
from closeout.domain.item import Field
from closeout.domain.ledger import Entry, Intent, Ledger, Memory
from closeout.engine.settle import Settled, accounts, lately, settle
from closeout.trackers.memory import MemoryTracker

WHEN = "2026-05-03T10:00:00+00:00"
SOON, LATE = "2026-05-03T10:14:59+00:00", "2026-05-03T10:15:00+00:00"
OLD, NEW, OTHER = "2026-06-15", "2026-06-16", "2026-06-17"
UNTOUCHED = "000001"  # the version of an issue in memory that was just made
ENTRY = Entry("v1:a", "memory", "a.md", "a", 1)


def tracker(due: str = OLD, *, lags: bool = False) -> MemoryTracker:
    made = MemoryTracker(capabilities=Capabilities("memory", lists_lag=lags))
    made.create(Draft("v1:a", {Field.TITLE: "A", Field.DUE: due}, ""))
    return made


def updating(*, version: str = UNTOUCHED) -> Ledger:
    intent = Intent({Field.DUE: (OLD, NEW, "June 16")}, version, WHEN)
    memory = {Field.DUE: Memory("June 15", OLD, None, frozenset({"June 14"}))}
    return Ledger().put(replace(ENTRY, issue="1", memory=memory, intent=intent))


def due_of(settled: Settled) -> Memory:
    assert settled.ledger.entries["v1:a"].intent is None
    return settled.ledger.entries["v1:a"].memory[Field.DUE]


def creating() -> Ledger:
    values = {Field.TITLE: ("", "A", "A"), Field.DUE: ("", NEW, "June 16"), Field.STATUS: ("", "todo", "TODO")}
    return Ledger().put(replace(ENTRY, intent=Intent(values, when=WHEN)))


def test_nothing_announced_asks_nobody() -> None:
    made = tracker()
    made.unreadable = True
    ledger = Ledger().put(ENTRY)
    assert settle(ledger, made, (), WHEN) == Settled(ledger)


def test_a_new_value_that_is_there_was_sent_and_is_seen_on_both_sides() -> None:
    settled = settle(updating(), tracker(NEW), (), WHEN)
    assert due_of(settled) == Memory("June 16", NEW, None, frozenset({"June 14"}))
    assert settled.unsettled == {"v1:a": frozenset()}


def test_an_old_value_in_an_issue_that_nobody_touched_was_not_sent() -> None:
    settled = settle(updating(), tracker(OLD), (), WHEN)
    assert due_of(settled) == Memory("June 15", OLD, None, frozenset({"June 14"}))
    assert settled.unsettled == {"v1:a": frozenset()}


@pytest.mark.parametrize(
    ("due", "version"), [(OLD, "0"), (OTHER, UNTOUCHED), ("", UNTOUCHED)], ids=["touched since", "another", "taken out"]
)
def test_anything_else_counts_as_changed_on_both_sides(due: str, version: str) -> None:
    settled = settle(updating(version=version), tracker(due), (), WHEN)
    assert due_of(settled).tracker == OLD
    assert settled.unsettled == {"v1:a": frozenset({Field.DUE})}


def test_a_field_that_the_issue_lacks_is_as_good_as_empty() -> None:
    made = tracker()
    made.issues["1"] = replace(made.issues["1"], values={Field.STATUS: "todo"})
    emptied = updating().entries["v1:a"]
    intent = Intent({Field.DUE: (OLD, "", "")}, "1", WHEN)
    assert due_of(settle(Ledger().put(replace(emptied, intent=intent)), made, (), WHEN)).tracker == ""


def test_names_are_compared_as_names() -> None:
    made = tracker()
    made.edit("1", {Field.OWNERS: "bob, Ann"})
    intent = Intent({Field.OWNERS: ("cid", "ann, bob", "@ann @bob")}, "1", WHEN)
    settled = settle(Ledger().put(replace(ENTRY, issue="1", intent=intent)), made, (), WHEN)
    assert settled.ledger.entries["v1:a"].memory[Field.OWNERS] == Memory("@ann @bob", "bob, Ann")
    assert settled.unsettled == {"v1:a": frozenset()}
    back = Intent({Field.OWNERS: ("ann, bob", "cid", "@cid")}, made.issues["1"].version, WHEN)
    settled = settle(Ledger().put(replace(ENTRY, issue="1", intent=back)), made, (), WHEN)
    assert settled.unsettled == {"v1:a": frozenset()}


def test_an_issue_that_cannot_be_seen_keeps_its_announcement() -> None:
    made = tracker()
    made.hidden.add("1")
    settled = settle(updating(), made, (), WHEN)
    assert settled.ledger == updating()
    assert settled.unsettled == {"v1:a": frozenset()}


def test_an_issue_that_was_made_is_known_by_its_mark_with_what_was_sent() -> None:
    made = tracker(OTHER)  # moved by a person since
    settled = settle(creating(), made, made.managed(), SOON)
    entry = settled.ledger.entries["v1:a"]
    assert (entry.issue, entry.opened, entry.author, entry.made, entry.intent) == (
        "1",
        "2026-01-01",
        "closeout",
        "",
        None,
    )
    assert entry.memory[Field.DUE] == Memory("June 16", NEW)
    assert entry.memory[Field.STATUS] == Memory("TODO", "todo")
    assert settled.waiting == frozenset()


def test_what_the_tracker_did_not_take_was_not_taken_out_by_a_person() -> None:
    made = tracker()
    made.edit("1", {Field.DUE: ""})
    assert due_of(settle(creating(), made, made.managed(), SOON)) == Memory("June 16", "")


def test_where_lists_lag_an_issue_that_was_made_may_have_a_double() -> None:
    made = tracker(lags=True)
    assert settle(creating(), made, made.managed(), SOON).ledger.entries["v1:a"].made == WHEN


def test_a_mark_that_somebody_else_made_waits_and_is_told() -> None:
    made = tracker()
    made.issues["1"] = replace(made.issues["1"], author="mallory")
    settled = settle(creating(), made, made.managed(), LATE)
    assert (settled.ledger, settled.waiting) == (creating(), frozenset({"v1:a"}))
    (finding,) = settled.findings
    assert (finding.path, finding.code) == ("a.md", "unvouched-marker")
    assert "mallory" in finding.message


@pytest.mark.parametrize(("lags", "now", "waits"), [(True, SOON, True), (True, LATE, False), (False, SOON, False)])
def test_a_create_that_no_list_shows_waits_as_long_as_lists_may_lag(lags: bool, now: str, waits: bool) -> None:
    settled = settle(creating(), tracker(lags=lags), (), now)
    assert ("v1:a" in settled.waiting, "v1:a" in settled.ledger.entries) == (waits, waits)


def test_a_quarter_of_an_hour_is_lately_and_so_is_nobody_knows_when() -> None:
    assert lately(WHEN, SOON)
    assert not lately(WHEN, LATE)
    assert lately("", LATE)
    assert lately(WHEN, "")


def test_our_accounts_are_who_we_are_else_who_made_what_is_ours_else_the_runner() -> None:
    made = tracker()
    ours, theirs = replace(ENTRY, author="Bot"), replace(ENTRY, key="v1:b", author="ann", owned=False)
    nobody = replace(ENTRY, key="v1:c")
    assert accounts(made, Ledger().put(ours)) == {"closeout"}
    made.account = ""
    assert accounts(made, Ledger().put(ours, theirs, nobody)) == {"bot"}
    assert accounts(made, Ledger().put(theirs)) == {"github-actions[bot]"}
