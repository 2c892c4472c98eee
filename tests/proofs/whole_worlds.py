"""Whole worlds as a state machine: people change documents, issues and their minds, runs die, lose replies, see old lists
and old documents, and write-backs go by a commit, a work tree or a pull request; then everything comes to rest.

While it goes on every run is watched (`proofs.watch`), and what must hold at rest is in `proofs.rest`.
"""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from closeout.domain.sync.merge import Rule
from proofs import rest
from proofs.acts_documents import DocumentActs
from proofs.acts_issues import IssueActs
from proofs.acts_stage import ANY
from proofs.team import Team

EACH = 25  # worlds by number
ACTS = {
    "a row was reworded", "two rows were reworded at once", "a row was closed", "a row was reopened", "a row's date was moved",
    "a row's owner was changed", "a cell was emptied", "a ticket was cleared", "rows were reordered",
    "an item was moved between files", "a file was renamed", "a postmortem was copied with its tickets", "a row was deleted",
    "a row was added again", "a row was added", "a row was split", "two rows became one", "a row names a person's issue",
    "an issue's status was changed", "an issue's due was changed", "an issue's owners was changed",
    "an issue's title was changed", "an issue was deleted", "people wrote around our block",
    "a label asks to leave an issue alone", "no label asks any more", "an issue was copied with its mark",
    "a row was said to be new", "an item was adopted", "an item was unlinked", "a run", "a run died", "a run lost a reply",
    "a run saw old lists", "a run saw old documents", "the tracker could not be read", "an issue was hidden from a run",
    "a page could not be read by a run", "a person edited while a run worked",
    "a person changed an issue while a run worked", "write-backs landed", "write-backs were thrown away",
    "write-backs went by commit", "write-backs went by worktree", "write-backs went by pull-request",
    "clash", "follower", "perhaps-reworded", "perhaps-moved", "ambiguous", "left", "retitled", "differs", "ignored",
    "no-issue", "deleted-issue", "hidden-issue", "exit 3", "exit 4", "exit 5", "exit 9",
}  # fmt: skip
TEXTS = {
    "postmortems/a.md": """# Outage \x0b of the pool

**Date**: 2026-05-01

Some words,  with two blanks and one at the end\x20

## Action items

| Action | Owner | Due | Status | Note |
|---|---|---|---|---|
| Add an alert | @u1 | 2026-06-15 | 🔲 TODO | n1 |
| Write a runbook | @u2 | 2026-06-20 | 🔲 TODO | n2 |
| Raise the limit | @u3 | 2026-05-02 | ✅ DONE | n3 |

Lessons: none | yet""",
    "postmortems/b.md": """---
slug: mail
---
# Mail lost

**Date**: 2026-05-02

## Follow-ups

| Action                 | Owner | Due        | Status  | Ticket | Note |
|------------------------|-------|------------|---------|--------|------|
| Check the queue        | @u4   | 2026-06-16 | 🔲 TODO |        | n4   |
| Print the addresses    | @u5   | 2026-06-21 | 🔲 TODO | -      | n5   |
| Move the mailbox       |       |            | 🔲 TODO |        | n6   |
""".replace("\n", "\r\n"),
}


class Worlds(DocumentActs, IssueActs):
    @initialize(
        way=st.sampled_from(["commit", "worktree", "pull-request"]),
        title=st.sampled_from([Rule.DOCUMENT_ONLY, Rule.DOCUMENT, Rule.TRACKER]),
        lag=st.sampled_from([0, 0, 1, 3]),
    )
    def begin(self, way: str, title: Rule, lag: int) -> None:
        self.team = Team(dict(TEXTS), way, title)  # type: ignore[arg-type]
        self.team.desk.lags(lag)
        self.did(f"write-backs went by {way}")

    # Runs.

    @rule()
    def run(self) -> None:
        self.team.run()
        self.did("a run")

    @rule(at=st.integers(0, 30))
    def run_and_die(self, at: int) -> None:
        self.team.run(dies_at=at)

    @rule(fault=st.sampled_from(["refused", "lost before", "lost after"]), at=st.integers(0, 3))
    def run_with_a_lost_reply(self, fault: str, at: int) -> None:
        self.team.desk.faults = [*["ok"] * at, fault]
        self.team.run()
        self.did("a run lost a reply" if not self.team.desk.faults else "a run")
        self.team.desk.faults = []

    @rule(lag=st.integers(1, 3))
    def let_lists_lag(self, lag: int) -> None:
        shots = self.team.desk.shots
        self.team.desk.lags(lag)
        self.team.desk.shots = shots
        self.team.run()
        self.did("a run saw old lists")

    @rule()
    def run_without_the_tracker(self) -> None:
        self.team.desk.unreadable = True
        self.team.run()
        self.team.desk.unreadable = False

    @rule(at=ANY)
    def run_with_a_hidden_issue(self, at: int) -> None:
        known = {entry.issue for entry in self.team.remembered.entries.values()}
        if (ref := self.issue(at)) in known:  # no host hides from a list what it shows to nobody else
            self.team.desk.hidden = {ref}
            self.team.run()
            self.team.desk.hidden = set()
            self.did("an issue was hidden from a run")

    @rule(at=ANY)
    def run_without_a_page(self, at: int) -> None:
        self.team.documents.broken = frozenset({self.paths[at % len(self.paths)]})
        self.team.run()
        self.team.documents.broken = frozenset()
        self.did("a page could not be read by a run")

    @rule(back=st.integers(1, 3))
    @precondition(lambda self: bool(self.team.documents.past))
    def run_in_a_stale_clone(self, back: int) -> None:
        self.team.documents.stale = back
        self.team.run()
        self.did("a run saw old documents")

    @rule(at=ANY)
    def edit_while_a_run_works(self, at: int) -> None:
        self.team.documents.meanwhile = lambda: self.move_a_date(50 + at % 50)
        self.team.run()
        self.did("a person edited while a run worked")

    @rule(at=ANY)
    def change_an_issue_while_a_run_works(self, at: int) -> None:
        self.team.documents.meanwhile = lambda: self.date_an_issue(at)
        self.team.run()
        self.did("a person changed an issue while a run worked")

    # Write-backs.

    @rule()
    def land(self) -> None:
        if self.team.documents.push_tree() or self.team.documents.merge():
            self.team.look()
            self.did("write-backs landed")

    @rule()
    def throw_away(self) -> None:
        if self.team.documents.throw_away():
            self.did("write-backs were thrown away")

    @rule()
    def let_time_pass(self) -> None:
        self.team.minutes += 20
        self.team.desk.shots = []  # so long no list lags
        self.did("a quarter of an hour passed")

    def teardown(self) -> None:
        if not hasattr(self, "team") or self.team.broken:
            return  # a run has failed already
        type(self).happened.update(self.team.happened)
        last = self.team.settle()
        broken = list(rest.wrong(self.team, last.findings))
        assert not broken, "; ".join(broken)


def play(number: int, worlds: int = EACH, acts: int = 20, *, shrink: bool = True) -> Counter[str]:
    """Play the worlds of a number; return what happened in them. A failure is shrunk, and its acts are printed."""

    class World(Worlds):
        happened: ClassVar[Counter[str]] = Counter()

    machine = seed(number)(World)
    told = settings(
        max_examples=worlds,
        stateful_step_count=acts,
        deadline=None,
        database=None,
        derandomize=False,
        phases=(Phase.generate, *([Phase.shrink] if shrink else [])),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,
    )
    run_state_machine_as_test(machine, settings=told)
    return World.happened
