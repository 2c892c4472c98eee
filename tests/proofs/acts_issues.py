"""What people do to issues, and what they tell closeout about an item."""

from __future__ import annotations

import re

from hypothesis import strategies as st
from hypothesis.stateful import rule

from closeout.domain.finding import Finding
from closeout.domain.item import Field
from closeout.engine import view
from closeout.engine.adopt import adopt
from closeout.engine.unlink import unlink
from closeout.engine.view import Decide
from closeout.errors import ConfigurationError, TrackerError
from proofs.acts_stage import ANY, Stage

_WAYS = re.compile(r"--new|closeout adopt|closeout unlink")


class IssueActs(Stage):
    def issue(self, at: int) -> str:
        """An issue that an act is about; most are closeout's."""
        found = sorted(self.team.desk.issues, key=int)
        return found[at % len(found)] if found else ""

    def set(self, at: int, what: Field, value: str) -> None:
        if ref := self.issue(at):
            self.team.set(ref, what, value)
            self.did(f"an issue's {what} was changed")

    @rule(at=ANY, status=st.sampled_from(["todo", "in_progress", "done", "wont_do"]))
    def move_an_issue(self, at: int, status: str) -> None:
        self.set(at, Field.STATUS, status)

    @rule(at=ANY)
    def date_an_issue(self, at: int) -> None:
        self.set(at, Field.DUE, self.day())

    @rule(at=ANY)
    def reassign_an_issue(self, at: int) -> None:
        self.set(at, Field.OWNERS, f"u{100 + self.team.new()}")

    @rule(at=ANY)
    def retitle_an_issue(self, at: int) -> None:
        self.set(at, Field.TITLE, f"Then do {self.team.new()} things")

    @rule(at=ANY)
    def delete_an_issue(self, at: int) -> None:
        if ref := self.issue(at):
            self.team.desk.delete(ref)
            self.team.typed.append("tracker")
            self.did("an issue was deleted")

    @rule(at=ANY)
    def write_around_our_block(self, at: int) -> None:
        if (ref := self.issue(at)) and ref not in self.team.foreign:  # a person's own has no block of ours
            self.team.desk.write_around(ref, f"Word {self.team.new()}")
            self.did("people wrote around our block")

    @rule(at=ANY, ignored=st.booleans())
    def label_an_issue(self, at: int, ignored: bool) -> None:
        if ref := self.issue(at):
            self.team.desk.label(ref, ignored=ignored)
            self.did("a label asks to leave an issue alone" if ignored else "no label asks any more")

    @rule(at=ANY)
    def copy_an_issue_with_its_mark(self, at: int) -> None:
        if (ref := self.issue(at)) and ref not in self.team.foreign:
            made = self.team.desk.made_by_hand(f"A copy of {ref}", self.team.desk.bodies[ref])
            self.team.foreign.add(made)
            self.did("an issue was copied with its mark")

    # What people say.

    @rule(at=ANY)
    def answer_a_finding(self, at: int) -> None:
        """Do what a finding names: say that a row is new, or whose an issue is, or let go of one."""
        try:
            told = {one.code: one for one in self.team.plan().findings if _WAYS.search(one.message)}
        except (ConfigurationError, TrackerError):
            return
        if told:
            codes = sorted(told, key=lambda code: (code in {"left", "no-issue"}, code))  # the rarer ones first
            self.answer(told[codes[at // 50 % len(codes)]], at)

    def answer(self, finding: Finding, at: int) -> None:
        place = f"{finding.path}:{finding.line}"
        issues = re.findall(r"issue (\d+)", finding.message)
        if "--new" in finding.message and (at % 2 or not issues):
            self.team.run(new=(place,))
            self.did("a row was said to be new")
        elif "closeout adopt" in finding.message:
            ref = issues[0] if issues and issues[0] in self.team.desk.issues else self.issue(at)
            self.say(lambda seen, tracker: adopt(seen, tracker, self.team.options, place, f"#{ref}"), "adopted", ref)
        elif found := re.search(r"closeout unlink (v1:\w+)", finding.message):
            self.say(lambda seen, tracker: unlink(seen, tracker, self.team.options, found[1]), "unlinked")

    @rule(at=ANY)
    def let_an_item_go(self, at: int) -> None:
        if row := self.one(at):
            place = f"{row.path}:{row.number + 1}"
            self.say(lambda seen, tracker: unlink(seen, tracker, self.team.options, place), "unlinked")

    def say(self, decide: Decide, done: str, ref: str = "") -> None:
        options = self.team.options
        try:
            word = view.planned(self.team.world, options, decide)
            if word.stop:
                return
            view.carry_out(self.team.world, options, decide, word)
        except ConfigurationError:
            return
        self.team.foreign.discard(ref)
        self.team.know()
        self.did(f"an item was {done}")
