"""The merge rules, one row of the truth table a test, and the laws that hold for any values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closeout.domain.item import Field, Stated, same
from closeout.domain.ledger import Memory
from closeout.domain.sync.merge import Rule, Verdict, merge

OLD, NEW, OTHER = "2026-06-01", "2026-06-02", "2026-06-03"


def cell(value: str | None, text: str | None = None) -> Stated:
    return Stated(value if text is None and value is not None else text or "", value)


def due(
    seen: tuple[str | None, str | None],
    document: Stated | None,
    tracker: str | None,
    *,
    want: str | None = None,
    rule: Rule = Rule.DOCUMENT,
    proposed: frozenset[str] = frozenset(),
    writable: bool = True,
    unsettled: bool = False,
) -> Verdict:
    memory = Memory(*seen, want, proposed)
    return merge(Field.DUE, memory, document, tracker, rule, writable=writable, unsettled=unsettled)


def told(verdict: Verdict) -> str:
    return verdict.told[0] if verdict.told else ""


def test_neither_changed_is_nothing_to_do() -> None:
    assert due((OLD, OLD), cell(OLD), OLD) == Verdict(Memory(OLD, OLD))


def test_neither_changed_but_they_differ_is_a_finding_and_never_silent() -> None:
    verdict = due((OLD, NEW), cell(OLD), NEW)
    assert (verdict.memory, verdict.send, told(verdict)) == (Memory(OLD, NEW), None, "differs")


def test_a_waiting_want_waits_on() -> None:
    assert due((OLD, NEW), cell(OLD), NEW, want=NEW) == Verdict(Memory(OLD, NEW, NEW))


def test_a_want_that_the_document_shows_is_done() -> None:
    assert due((NEW, NEW), cell(NEW), NEW, want=NEW).memory.want is None


def test_only_the_document_changed_is_sent() -> None:
    assert due((OLD, OLD), cell(NEW), OLD) == Verdict(Memory(OLD, OLD), send=NEW)


def test_an_emptied_cell_is_sent_too() -> None:
    assert due((OLD, OLD), cell(""), OLD).send == ""


def test_only_the_tracker_changed_is_wanted() -> None:
    assert due((OLD, OLD), cell(OLD), NEW) == Verdict(Memory(OLD, NEW, NEW))


def test_the_tracker_changed_again_while_a_want_waits() -> None:
    assert due((OLD, NEW), cell(OLD), OTHER, want=NEW) == Verdict(Memory(OLD, OTHER, OTHER))


def test_the_tracker_emptied_is_wanted() -> None:
    assert due((OLD, OLD), cell(OLD), "").memory.want == ""


def test_both_changed_alike_is_seen() -> None:
    assert due((OLD, OLD), cell(NEW), NEW, want=OTHER) == Verdict(Memory(NEW, NEW))


@pytest.mark.parametrize(
    ("rule", "send", "memory"),
    [
        (Rule.DOCUMENT, NEW, Memory(OLD, OLD)),
        (Rule.TRACKER, None, Memory(NEW, OTHER, OTHER)),
        (Rule.ASK, None, Memory(NEW, OTHER)),
    ],
)
def test_both_changed_is_a_clash_that_the_rule_decides(rule: Rule, send: str | None, memory: Memory) -> None:
    verdict = due((OLD, OLD), cell(NEW), OTHER, rule=rule)
    assert (verdict.memory, verdict.send, told(verdict)) == (memory, send, "clash")
    assert verdict.told is not None
    assert repr(NEW) in verdict.told[1]
    assert repr(OTHER) in verdict.told[1]


def test_a_clash_that_waits_for_people_is_told_by_every_run_until_one_side_changes() -> None:
    first = due((OLD, OLD), cell(NEW), OTHER, rule=Rule.ASK)
    again = merge(Field.DUE, first.memory, cell(NEW), OTHER, Rule.ASK)
    assert (again.memory, again.send, told(again)) == (first.memory, None, "differs")
    assert merge(Field.DUE, first.memory, cell(OLD), OTHER, Rule.ASK).send == OLD
    assert merge(Field.DUE, first.memory, cell(NEW), OLD, Rule.ASK).memory.want == OLD


def test_ask_touches_neither_side_while_something_else_is_wanted() -> None:
    verdict = due((OLD, OTHER), cell(NEW), OTHER, want=OTHER, rule=Rule.ASK)
    assert (verdict.memory, verdict.send, told(verdict)) == (Memory(NEW, OTHER), None, "clash")


def test_the_document_changed_while_something_else_is_wanted_is_a_clash() -> None:
    verdict = due((OLD, OTHER), cell(NEW), OTHER, want=OTHER)
    assert (verdict.send, verdict.memory.want, told(verdict)) == (NEW, None, "clash")


def test_what_we_proposed_and_landed_is_not_a_change() -> None:
    verdict = due((OLD, NEW), cell(NEW), NEW, want=NEW, proposed=frozenset({NEW}))
    assert verdict == Verdict(Memory(NEW, NEW))


def test_what_landed_stale_makes_the_trackers_value_wanted() -> None:
    verdict = due((OLD, OTHER), cell(NEW), OTHER, proposed=frozenset({NEW}))
    assert (verdict.send, verdict.memory.want, told(verdict)) == (None, OTHER, "")


def test_what_landed_while_the_tracker_went_on_makes_its_value_wanted() -> None:
    verdict = due((OLD, NEW), cell(NEW), OTHER, want=NEW, proposed=frozenset({NEW}))
    assert (verdict.send, verdict.memory.want, told(verdict)) == (None, OTHER, "")


def test_first_contact_with_an_empty_cell_fills_it() -> None:
    assert due((None, None), cell(""), NEW) == Verdict(Memory("", NEW, NEW))


def test_first_contact_with_an_empty_issue_fills_that() -> None:
    assert due((None, None), cell(NEW), "") == Verdict(Memory(), send=NEW)


def test_first_contact_never_fills_an_issue_that_is_only_read() -> None:
    verdict = due((None, None), cell(NEW), "", writable=False)
    assert (verdict.send, told(verdict)) == (None, "differs")


def test_first_contact_of_two_values_touches_neither() -> None:
    verdict = due((None, None), cell(NEW), OTHER)
    assert (verdict.memory, verdict.send, told(verdict)) == (Memory(NEW, OTHER), None, "differs")


@pytest.mark.parametrize(
    ("here", "there", "known", "rule", "came"),
    [
        ("todo", "done", True, Rule.TRACKER, (Memory("todo", "done", "done"), "")),
        ("in_progress", "wont_do", True, Rule.DOCUMENT, (Memory("in_progress", "wont_do", "wont_do"), "")),
        ("todo", "done", True, Rule.DOCUMENT_ONLY, (Memory("todo", "done"), "differs")),
        ("todo", "done", False, Rule.TRACKER, (Memory("todo", "done"), "differs")),
        ("done", "todo", True, Rule.TRACKER, (Memory("done", "todo"), "differs")),
    ],
)
def test_first_contact_knows_that_an_issue_of_ours_was_open_when_it_was_made(
    here: str, there: str, known: bool, rule: Rule, came: tuple[Memory, str]
) -> None:
    verdict = merge(Field.STATUS, Memory(None, "todo" if known else None), cell(here), there, rule)
    assert (verdict.memory, told(verdict)) == came
    assert verdict.send is None


def test_first_contact_leaves_a_status_alone_that_is_not_understood() -> None:
    verdict = merge(Field.STATUS, Memory(None, "todo"), Stated("abgehakt", None), "done", Rule.TRACKER)
    assert verdict == Verdict(Memory("abgehakt", "done"))


def test_first_contact_of_equal_values_is_seen() -> None:
    assert due((None, None), cell(NEW), NEW) == Verdict(Memory(NEW, NEW))


def test_without_a_place_nothing_is_wanted_and_nothing_sent() -> None:
    assert due((OLD, OLD), None, NEW, want=OTHER) == Verdict(Memory(OLD, NEW, None))
    assert due((OLD, OLD), None, None) == Verdict(Memory(OLD, OLD))


def test_an_unreadable_tracker_value_changes_nothing() -> None:
    verdict = due((OLD, OLD), cell(NEW), None, want=OTHER)
    assert (verdict.memory, verdict.send, told(verdict)) == (Memory(OLD, OLD, OTHER), None, "unreadable-issue")
    assert due((None, None), cell(NEW), None) == Verdict(Memory())


def test_an_unreadable_cell_is_never_sent_and_keeps_what_the_tracker_says() -> None:
    verdict = due((OLD, OLD), cell(None, "soon"), OLD)
    assert (verdict.memory, verdict.send, told(verdict)) == (Memory("soon", OLD), None, "unreadable")
    after = due((OLD, OLD), cell(None, "soon"), NEW)
    assert (after.memory, after.send) == (Memory("soon", NEW, NEW), None)


def test_an_unreadable_cell_that_stays_is_told_once() -> None:
    assert due(("soon", OLD), cell(None, "soon"), OLD) == Verdict(Memory("soon", OLD))


@pytest.mark.parametrize(("theirs", "want"), [("done", "done"), ("wont_do", "wont_do"), ("in_progress", None)])
def test_a_status_word_that_is_not_understood_is_replaced_by_a_close_only(theirs: str, want: str | None) -> None:
    opaque = Stated("brewing", None)
    verdict = merge(Field.STATUS, Memory("brewing", "todo"), opaque, theirs, Rule.TRACKER)
    assert verdict.memory == Memory("brewing", theirs, want)
    changed = merge(Field.STATUS, Memory("TODO", "todo"), opaque, theirs, Rule.TRACKER)
    assert (changed.memory, changed.send) == (Memory("brewing", theirs, want), None)


def test_an_opaque_status_is_replaced_by_a_reopen() -> None:
    verdict = merge(Field.STATUS, Memory("brewing", "done"), Stated("brewing", None), "todo", Rule.TRACKER)
    assert verdict.memory.want == "todo"


def test_an_issue_that_is_only_read_gets_nothing_and_its_own_change_wins() -> None:
    alone = due((OLD, OLD), cell(NEW), OLD, writable=False)
    assert (alone.memory, alone.send, told(alone)) == (Memory(NEW, OLD), None, "differs")
    both = due((OLD, OLD), cell(NEW), OTHER, writable=False)
    assert (both.memory, both.send, told(both)) == (Memory(NEW, OTHER, OTHER), None, "clash")


def test_an_intent_that_came_to_nothing_known_counts_as_both_changed() -> None:
    verdict = due((OLD, OLD), cell(OLD), NEW, unsettled=True)
    assert (verdict.send, told(verdict)) == (OLD, "clash")


def test_a_retitled_issue_is_a_finding_and_the_title_stays() -> None:
    verdict = merge(Field.TITLE, Memory("A", "A"), Stated("A", "A"), "B", Rule.DOCUMENT_ONLY)
    assert (verdict.memory.want, verdict.send, told(verdict)) == (None, None, "retitled")


@pytest.mark.parametrize("what", [Field.DUE, Field.STATUS, Field.PRIORITY])
def test_document_only_never_wants(what: Field) -> None:
    before, after = ("todo", "done") if what is Field.STATUS else (OLD, NEW)
    verdict = merge(what, Memory(before, before), Stated(before, before), after, Rule.DOCUMENT_ONLY)
    assert (verdict.memory.want, verdict.send, told(verdict)) == (None, None, "differs")


@pytest.mark.parametrize(
    ("seen", "document", "writable", "code"),
    [
        ((None, None), cell(""), True, "differs"),
        ((OLD, OLD), cell(None, "soon"), True, "unreadable"),
        ((OLD, OLD), cell(OTHER), False, "clash"),
    ],
    ids=["an empty cell at first sight", "a cell that is not understood", "an issue that is only read"],
)
def test_document_only_never_wants_whatever_the_cell_says(
    seen: tuple[str | None, str | None], document: Stated, writable: bool, code: str
) -> None:
    verdict = due(seen, document, NEW, writable=writable, rule=Rule.DOCUMENT_ONLY)
    assert (verdict.memory, verdict.send, told(verdict)) == (Memory(document.text, NEW), None, code)


def test_document_only_drops_what_another_rule_wanted() -> None:
    assert due((OLD, NEW), cell(OLD), NEW, want=NEW, rule=Rule.DOCUMENT_ONLY).memory.want is None


def test_document_only_sends_over_a_clash() -> None:
    assert due((OLD, OLD), cell(NEW), OTHER, rule=Rule.DOCUMENT_ONLY).send == NEW


def test_values_are_compared_by_meaning() -> None:
    assert same(Field.OWNERS, "ann, Bob", "bob,ANN")
    assert not same(Field.OWNERS, "ann", "ann, bob")
    assert same(Field.TITLE, "Add  an alert", "Add an alert")
    assert not same(Field.TITLE, "Add an alert", "add an alert")
    assert same(Field.PRIORITY, "p1", " P1 ")


VALUES = st.sampled_from(["", OLD, NEW, OTHER])
MEMORIES = st.builds(
    Memory,
    st.none() | VALUES,
    st.none() | VALUES,
    st.none() | VALUES,
    st.frozensets(st.sampled_from([OLD, NEW]), max_size=1),
)
RULES = st.sampled_from(list(Rule))


@given(MEMORIES, VALUES, VALUES, RULES, st.booleans())
def test_sending_brings_the_sides_together(
    memory: Memory, document: str, tracker: str, rule: Rule, unsettled: bool
) -> None:
    verdict = merge(Field.DUE, memory, cell(document), tracker, rule, unsettled=unsettled)
    if verdict.send is not None:
        assert verdict.send == document
        after = merge(Field.DUE, Memory(document, document), cell(document), document, rule)
        assert after == Verdict(Memory(document, document))


@given(MEMORIES, VALUES, VALUES, RULES)
def test_what_is_wanted_is_the_trackers_value(memory: Memory, document: str, tracker: str, rule: Rule) -> None:
    verdict = merge(Field.DUE, memory, cell(document), tracker, rule)
    if verdict.memory.want is not None and verdict.memory.want != memory.want:
        assert verdict.memory.want == tracker
        assert verdict.send is None


@given(MEMORIES, VALUES, VALUES, RULES)
def test_a_difference_is_sent_wanted_or_told(memory: Memory, document: str, tracker: str, rule: Rule) -> None:
    verdict = merge(Field.DUE, memory, cell(document), tracker, rule)
    if document != tracker:
        assert verdict.send is not None or verdict.memory.want is not None or verdict.told is not None


@given(MEMORIES, VALUES, VALUES, RULES)
def test_an_issue_that_is_only_read_is_never_written(memory: Memory, document: str, tracker: str, rule: Rule) -> None:
    assert merge(Field.DUE, memory, cell(document), tracker, rule, writable=False).send is None


@given(MEMORIES, VALUES, VALUES)
def test_equal_sides_come_to_rest(memory: Memory, document: str, tracker: str) -> None:
    verdict = merge(Field.DUE, memory, cell(document), document, Rule.DOCUMENT)
    again = merge(Field.DUE, verdict.memory, cell(document), document, Rule.DOCUMENT)
    assert (again.send, again.told) == (None, None)
