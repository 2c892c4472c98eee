"""What a run announces, takes back and saves while it writes to the tracker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from closeout.domain.issue import Changed, Issue
from closeout.domain.item import Field
from closeout.domain.ledger import Memory
from closeout.domain.plan import Create
from closeout.errors import Exit, LaterError
from closeout.state.memory import MemoryLedger
from worlds import TABLE, Crash, Small

MANY = TABLE.split("| Add an alert")[0] + "".join(f"| Task {number} | @ann | | TODO |\n" for number in range(1, 42))


class Late(MemoryLedger):
    """A ledger whose lease is held for so many writes more; then a wait would be too long."""

    writes = 0

    def hold(self, seconds: float) -> None:
        self.writes -= 1
        if self.writes < 0:
            message = "it takes too long"
            raise LaterError(message)


def waiting_after(small: Small, writes: int) -> Small:
    late = Late(small.ledger.text)
    late.writes = writes
    return replace_ledger(small, late)


def replace_ledger(small: Small, ledger: MemoryLedger) -> Small:
    small.ledger = ledger
    small.world = replace(small.world, ledger=ledger)
    return small


def test_an_update_that_has_to_wait_is_announced_no_more_and_done_by_the_next_run() -> None:
    small = Small()
    small.sync()
    small.text = small.text.replace("2026-06-15", "2026-06-16").replace("2026-06-20", "2026-06-21")
    outcome = waiting_after(small, 1).sync()
    assert outcome is not None
    assert [code for code, _ in outcome.errors] == [Exit.LATER]
    entries = sorted(small.ledger.load().entries.values(), key=lambda entry: entry.issue)
    assert [entry.intent for entry in entries] == [None, None]
    assert [entry.memory[Field.DUE].tracker for entry in entries] == ["2026-06-16", "2026-06-20"]
    replace_ledger(small, MemoryLedger(small.ledger.text)).sync()
    assert small.tracker.issues["2"].values[Field.DUE] == "2026-06-21"
    assert small.plan().plan.empty


def test_a_create_that_has_to_wait_is_forgotten_and_made_by_the_next_run() -> None:
    small = Small()
    waiting_after(small, 1).sync()
    assert [entry.issue for entry in small.ledger.load().entries.values()] == ["1"]
    replace_ledger(small, MemoryLedger(small.ledger.text)).sync()
    assert len(small.tracker.issues) == 2


@pytest.mark.parametrize(("made", "known"), [(19, 0), (20, 20), (39, 20), (40, 40)])
def test_after_each_twenty_writes_what_was_made_is_saved(made: int, known: int) -> None:
    small = Small({"postmortems/a.md": MANY})
    writes = 0

    def pause(where: str) -> None:
        nonlocal writes
        writes += where == "before create"
        if writes > made:
            raise Crash(where)

    small.tracker.pause = pause
    assert small.sync() is None
    assert sum(bool(entry.issue) for entry in small.ledger.load().entries.values()) == known


def test_creates_that_are_held_are_named_one_by_one_and_forgotten() -> None:
    small = Small()
    small.options = replace(small.options, on_runner=True)
    small.ledger.shared = False
    outcome = small.sync()
    assert outcome is not None
    titles = [held.change.where.title for held in outcome.plan.held if isinstance(held.change, Create)]
    assert titles == ["Add an alert", "Write a runbook"]
    assert all("contents: write" in held.guard for held in outcome.plan.held)
    assert not small.ledger.load().entries
    assert not small.tracker.issues


def test_an_issue_that_changed_while_the_run_worked_is_told_and_decided_again() -> None:
    small = Small()
    small.sync()
    small.text = small.text.replace("2026-06-15", "2026-06-16")
    saved = small.ledger.pause

    def meanwhile(where: str) -> None:
        small.ledger.pause = saved
        small.tracker.edit("1", {Field.DUE: "2026-06-17"})

    small.ledger.pause = meanwhile
    outcome = small.sync()
    assert outcome is not None
    assert ["changed while this run worked" in told for _, told in outcome.errors] == [True]
    assert [entry.intent for entry in small.ledger.load().entries.values()] == [None, None]
    outcome = small.sync()
    assert outcome is not None
    assert "clash" in {finding.code for finding in outcome.findings}


def test_a_title_that_the_tracker_cuts_comes_to_rest() -> None:
    small = Small()
    small.sync()
    small.tracker.capabilities = replace(small.tracker.capabilities, title_limit=9)
    small.text = small.text.replace("Add an alert", "Add no alert whatsoever")
    small.tracker.edit("1", {})
    assert small.sync() is not None
    assert small.tracker.issues["1"].values[Field.TITLE] == "Add no a…"
    assert small.plan().plan.empty


@pytest.mark.parametrize(("said", "seen"), [("2026-06-16", "2026-06-16"), ("2026-06-17", "2026-06-17"), (None, "")])
def test_what_was_sent_is_seen_as_the_reply_says_it(said: str | None, seen: str) -> None:
    small = Small()
    small.documents.ahead = True  # so what was proposed may still land
    small.sync()
    ledger = small.ledger.load()
    first = next(entry for entry in ledger.entries.values() if entry.issue == "1")
    due = replace(first.memory[Field.DUE], proposed=frozenset({"2026-06-14"}))
    small.ledger.save(ledger.put(first.remember({Field.DUE: due})))
    small.text = small.text.replace("2026-06-15", "2026-06-16")
    update = small.tracker.update

    def answered(ref: str, values: Mapping[Field, str], expect: Mapping[Field, str]) -> Issue | Changed:
        reply = update(ref, values, expect)
        assert isinstance(reply, Issue)
        told = {**reply.values, Field.DUE: said or ""}
        return replace(reply, values={what: value for what, value in told.items() if value})

    small.tracker.update = answered  # type: ignore[method-assign]
    outcome = small.sync()
    assert outcome is not None
    after = small.ledger.load().entries[first.key].memory[Field.DUE]
    assert after == Memory("2026-06-16", seen, None, frozenset({"2026-06-14"}))
    assert ["refused" in {finding.code for finding in outcome.findings}] == [said != "2026-06-16"]


def test_what_the_tracker_took_otherwise_is_told_in_quotes_and_nothing_without_them() -> None:
    small = Small()
    small.sync()
    small.text = small.text.replace("2026-06-15", "2026-06-16")
    update = small.tracker.update
    small.tracker.update = lambda ref, values, expect: update(ref, {Field.DUE: ""}, expect)  # type: ignore[method-assign]
    outcome = small.sync()
    assert outcome is not None
    (told,) = [finding.message for finding in outcome.findings if finding.code == "refused"]
    assert told.endswith("due '2026-06-16' was sent, but the issue holds nothing")
