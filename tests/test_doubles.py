"""Where no other run sees our ledger, another clone may have made the same issue: which one stays, and what is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from closeout.domain.issue import Capabilities, Changed, Issue
from closeout.domain.item import Field, Status
from closeout.domain.ledger import Entry, Memory
from closeout.domain.plan import Create, Update
from closeout.engine.boards import trackers
from closeout.engine.world import Options
from closeout.errors import Exit, LaterError, OutcomeUnknown, TrackerError
from closeout.trackers.memory import MemoryTracker
from worlds import TABLE, Crash, Small

NOW, LATER = "2026-05-03T10:00:00+00:00", "2026-05-03T10:20:00+00:00"


class Answering(MemoryTracker):
    """A tracker that answers the next updates with what it is given."""

    answers: list[Exception | Changed]

    def update(self, ref: str, values: Mapping[Field, str], expect: Mapping[Field, str]) -> Issue | Changed:
        match self.answers.pop(0) if self.answers else None:
            case None:
                return super().update(ref, values, expect)
            case Changed() as changed:
                return changed
            case Exception() as error:
                raise error


def apart(*answers: Exception | Changed, text: str = TABLE) -> Small:
    """Two rows whose issues have the numbers 6 and 7, in a clone whose ledger nobody else sees."""
    small = Small({"postmortems/a.md": text}, Options(today="2026-05-03", now=NOW, version="test"))
    small.ledger.shared = False
    foreign = {str(number): Issue(str(number), author="ann") for number in range(1, 6)}
    small.tracker = Answering(pause=small.fuse, issues=foreign, capabilities=Capabilities("memory", lists_lag=True))
    small.tracker.answers = list(answers)
    small.world = replace(small.world, trackers=trackers(small.tracker))
    return small


def doubled(small: Small, ref: str = "3", **values: str) -> None:
    """Another clone has made the first row's issue too."""
    made = next(issue for issue in small.tracker.issues.values() if issue.values.get(Field.TITLE) == "Add an alert")
    there = replace(made, ref=ref, opened="2026-05-01", version="4")
    small.tracker.issues[ref] = replace(there, values={**there.values, **{Field(k): v for k, v in values.items()}})


def entry(small: Small) -> Entry:
    return next(one for one in small.ledger.load().entries.values() if one.title == "add an alert")


def doubled_meanwhile(small: Small) -> None:
    """The other clone is faster, while ours makes its issues."""

    def pause(where: str) -> None:
        if where == "after create" and "3" not in {ref for ref, issue in small.tracker.issues.items() if issue.key}:
            doubled(small)

    small.tracker.pause = pause


def test_the_lowest_stays_and_the_run_tells_of_it_as_if_it_had_made_it() -> None:
    small = apart()
    doubled_meanwhile(small)
    outcome = small.sync()
    assert outcome is not None
    made = [result.ref for result in outcome.results if isinstance(result.change, Create)]
    (closed,) = [result for result in outcome.results if isinstance(result.change, Update)]
    assert (made, closed.ref) == (["3", "7"], "6")
    assert isinstance(closed.change, Update)
    assert (closed.change.ref, closed.change.tracker, closed.change.key) == ("6", "memory", entry(small).key)
    assert closed.change.values == {Field.STATUS: ("todo", "wont_do")}
    assert (closed.change.where.title, closed.change.where.line) == ("add an alert", 9)
    assert small.tracker.issues["6"].values[Field.STATUS] == "wont_do"
    assert "Add an alert [#3]" in small.text
    kept = entry(small)
    assert (kept.issue, kept.opened, kept.closed, kept.version) == ("3", "2026-05-01", "", "4")
    assert (kept.gave_way, kept.made, kept.fresh, kept.intent) == ("6", "", "", None)
    assert kept.memory[Field.STATUS].tracker == "todo"
    assert small.plan().plan.empty


def test_what_the_lowest_says_meanwhile_reaches_the_row() -> None:
    small = apart()
    small.sync()
    doubled(small, status="done")
    small.sync()
    small.sync()
    assert "✅ DONE" in next(line for line in small.text.split("\n") if "Add an alert" in line)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (TrackerError("it was refused"), Exit.TRACKER),
        (OutcomeUnknown("the reply was lost"), Exit.TRACKER),
        (LaterError("the host is busy"), Exit.LATER),
        (Changed(Issue("6")), None),
    ],
    ids=["refused", "the reply is lost", "too many requests", "changed meanwhile"],
)
def test_a_close_that_fails_is_told_and_done_by_the_next_run(answer: Exception | Changed, code: Exit | None) -> None:
    small = apart(answer)
    small.sync()
    doubled(small)
    outcome = small.sync()
    assert outcome is not None
    assert [found for found, _ in outcome.errors] == ([code] if code else [])
    assert all(str(answer) in told for _, told in outcome.errors)
    assert [result.error for result in outcome.results] == ([str(answer)] if code is Exit.TRACKER else [])
    assert all(isinstance(result.change, Update) and result.change.ref == "6" for result in outcome.results)
    assert (entry(small).issue, small.tracker.issues["6"].open) == ("6", True)
    small.sync()
    assert (entry(small).issue, small.tracker.issues["6"].open) == ("3", False)


def test_where_both_were_worked_on_both_stay_and_both_are_named() -> None:
    small = apart()
    small.sync()
    small.tracker.edit("6", {Field.DUE: "2026-06-16"})
    doubled(small)
    outcome = small.sync()
    assert outcome is not None
    (told,) = [finding for finding in outcome.findings if finding.code == "double-issue"]
    assert "issues 3 and 6 were made" in told.message
    assert "6 was changed since" in told.message
    assert (told.path, told.line) == ("postmortems/a.md", 9)
    assert small.tracker.issues["6"].open


@pytest.mark.parametrize("closed", ["3", "6"])
def test_where_one_was_closed_already_nothing_is_closed_and_nothing_told_again(closed: str) -> None:
    small = apart()
    small.sync()
    small.tracker.edit("6", {Field.DUE: "2026-06-16"})
    doubled(small)
    small.tracker.edit(closed, {Field.STATUS: "done"})
    outcome = small.sync()
    assert outcome is not None
    assert "double-issue" not in {finding.code for finding in outcome.findings}
    assert (entry(small).issue, entry(small).made, entry(small).fresh) == ("6", "", "")


def test_one_that_cannot_be_seen_any_more_is_left_alone() -> None:
    small = apart()
    small.sync()
    doubled(small)
    small.tracker.hidden.add("6")
    small.sync()
    assert (entry(small).issue, small.tracker.issues["6"].open) == ("6", True)


def test_without_a_status_in_the_document_our_own_gives_way_all_the_same() -> None:
    small = apart(text="## Action items\n\n- Add an alert\n")
    small.sync()
    doubled(small)
    small.sync()
    assert (entry(small).issue, small.tracker.issues["6"].open) == ("3", False)
    assert small.plan().plan.empty


def test_after_a_lost_reply_the_lowest_is_gone_on_with_and_both_are_told_until_one_is_closed() -> None:
    small = apart()
    small.tracker.faults = ["lost after"]
    small.sync()
    small.sync()
    assert (entry(small).issue, entry(small).fresh, entry(small).gave_way) == ("6", "", "")
    doubled(small)
    for now in (NOW, LATER):
        small.options = replace(small.options, now=now)
        small.sync()
        assert (entry(small).issue, entry(small).made) == ("3", NOW)
    outcome = small.sync()
    assert outcome is not None
    (told,) = [finding.message for finding in outcome.findings if finding.code == "double-issue"]
    assert "issues 3 and 6 were made" in told
    assert "nobody knows which" in told
    small.tracker.edit("6", {Field.STATUS: "wont_do"})
    small.sync()
    assert (entry(small).issue, entry(small).made) == ("3", "")


def test_a_run_that_died_after_its_close_leaves_the_row_as_it_was() -> None:
    small = apart(text=TABLE.replace("🔲 TODO", "🔄 IN PROGRESS", 1))
    open_or_not = frozenset({Status.TODO, Status.DONE, Status.WONT_DO})
    small.tracker.capabilities = replace(small.tracker.capabilities, statuses=open_or_not)
    small.sync()
    doubled(small)

    def die(where: str) -> None:
        if where == "after update":
            raise Crash

    small.tracker.pause = die
    assert small.sync() is None
    assert (entry(small).issue, small.tracker.issues["6"].open) == ("6", False)
    small.tracker.pause = small.fuse
    small.sync()
    kept = entry(small)
    assert (kept.issue, kept.memory[Field.STATUS]) == ("3", Memory("🔄 IN PROGRESS", "todo"))
    assert "🔄 IN PROGRESS" in small.text
    assert small.plan().plan.empty
