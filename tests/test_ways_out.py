"""The ways out that findings name: adopt, unlink and --new, each from the state that names it."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closeout.domain.issue import Issue, Moved
from closeout.domain.item import Field
from closeout.domain.ledger import Entry
from closeout.domain.plan import Create
from closeout.domain.sync.guard import Circumstances
from closeout.engine.adopt import adopt
from closeout.engine.boards import trackers
from closeout.engine.naming import named
from closeout.engine.unlink import unlink
from closeout.engine.view import Word, carry_out, planned
from closeout.errors import ConfigurationError, MovedError, TrackerError
from test_editing_races import Moving
from test_hosted import HOST
from test_no_second_issue import A, B, codes, unlanded
from worlds import TABLE, Crash, Small

ALERT, RUNBOOK = f"{A}:9", f"{A}:10"
THEIRS = {Field.TITLE: "Alert us", Field.STATUS: "todo", Field.DUE: "2026-07-01", Field.OWNERS: ""}


def adopted(small: Small, item: str, ticket: str) -> Word:
    decide = partial(adopt, options=small.options, name=item, ticket=ticket)
    word = planned(small.world, small.options, decide)
    carry_out(small.world, small.options, decide, word)
    return word


def unlinked(small: Small, item: str) -> Word:
    decide = partial(unlink, options=small.options, name=item)
    word = planned(small.world, small.options, decide)
    carry_out(small.world, small.options, decide, word)
    return word


def new(small: Small, *items: str) -> None:
    before = small.options
    small.options = replace(before, new=items)
    try:
        small.sync()
    finally:
        small.options = before


def linked(*more: str) -> Small:
    """Pages that name an issue of somebody, and one more issue that no page names."""
    text = TABLE.replace("Add an alert", "Add an alert (#90)")
    small = Small({path: text.replace("Write", f"{path} Write") for path in (A, *more)})
    for ref in ("90", "91"):
        small.tracker.issues[ref] = Issue(ref, "", THEIRS, f"memory:/{ref}", "1", author="zoe")
    small.sync()
    return small


def entries(small: Small) -> dict[str, Entry]:
    return {entry.issue: entry for entry in small.ledger.load().entries.values()}


# adopt


def test_an_adopted_issue_is_written_to_and_until_then_was_only_read() -> None:
    small = linked()
    small.text = small.text.replace("2026-06-15", "2026-06-16")
    small.sync()
    assert small.tracker.issues["90"].values == THEIRS
    adopted(small, ALERT, "#90")
    small.sync()
    assert small.tracker.issues["90"].values[Field.OWNERS] == "ann"  # it was empty
    assert small.tracker.issues["90"].values[Field.DUE] == "2026-07-01"  # it differs: people say
    assert "2026-06-16" in small.text
    assert codes(small) == {"differs", "retitled"}
    small.text = small.text.replace("2026-06-16", "2026-06-30")
    small.sync()
    assert small.tracker.issues["90"].values[Field.DUE] == "2026-06-30"


def test_an_adopted_issue_that_was_closed_before_is_a_finding_and_not_taken_for_a_change() -> None:
    small = Small()
    small.sync()
    small.text += "| Call the bank | @ann | | 🔲 TODO |\n"
    small.tracker.issues["90"] = Issue("90", "", {**THEIRS, Field.STATUS: "done"}, "memory:/90", "1", "zoe")
    adopted(small, f"{A}:12", "#90")
    small.sync()
    assert "| Call the bank [#90](memory:/90) | @ann | 2026-07-01 | 🔲 TODO |" in small.text
    assert "differs" in codes(small)


def test_the_plan_of_an_adoption_says_what_the_next_sync_does_and_writes_nothing() -> None:
    small = linked()
    before = small.ledger.text
    word = planned(small.world, small.options, partial(adopt, options=small.options, name="#90", ticket="#90"))
    assert word.told == (
        f"{ALERT}: Add an alert",
        "  issue 90 ('Alert us') becomes its own: changes go both ways",
        "  the issue's text gets closeout's mark, which nobody sees",
        "  the next sync sends owners: nothing → ann",
        "  the issue's title is 'Alert us'; titles go from the document to the tracker only",
        "  due is '2026-06-15' here and '2026-07-01' in the issue; change either side to settle it",
    )
    assert (small.ledger.text, small.tracker.issues["90"].key) == (before, "")


def test_a_new_row_adopts_an_issue_instead_of_getting_one() -> None:
    small = Small()
    small.sync()
    small.text += "| Call the bank | @ann | | 🔲 TODO |\n"
    small.tracker.issues["90"] = Issue("90", "", THEIRS, "memory:/90", "1", author="zoe")
    adopted(small, f"{A}:12", "#90")
    small.sync()
    assert sorted(small.tracker.issues) == ["1", "2", "90"]
    assert "| Call the bank [#90](memory:/90) | @ann | 2026-07-01 | 🔲 TODO |" in small.text


def test_the_mark_of_an_adopted_issue_keeps_it_from_a_double_after_the_ledger_was_lost() -> None:
    small = Small()
    small.sync()
    small.text += "| Call the bank | @ann | | 🔲 TODO |\n"
    small.tracker.issues["90"] = Issue("90", "", THEIRS, "memory:/90", "1", author="zoe")
    adopted(small, f"{A}:12", "#90")
    small.ledger.text = ""
    small.options = replace(small.options, rebuild=True)
    small.sync()
    assert sorted(small.tracker.issues) == ["1", "2", "90"]
    assert "unvouched-marker" in codes(small)


def test_an_adopted_issue_whose_ticket_stands_in_the_row_is_followed_after_the_ledger_was_lost() -> None:
    small = linked()
    adopted(small, ALERT, "#90")
    small.ledger.text = ""
    small.options = replace(small.options, rebuild=True)
    small.sync()
    small.options = replace(small.options, rebuild=False)
    small.tracker.edit("90", {Field.STATUS: "done"})
    small.sync()
    assert "| Add an alert (#90) | @ann | 2026-06-15 | ✅ DONE |" in small.text


def test_a_row_that_was_reworded_beyond_recognition_takes_its_issue_again() -> None:
    small = unlanded()
    small.text = small.text.replace("| Add an", "| Page somebody | @zoe | 2026-08-01 | 🔲 TODO |\n| Tell about an")
    small.sync()
    finding = next(one for one in small.plan().findings if one.code == "perhaps-reworded")
    assert f"`closeout adopt {A}:9 TICKET`" in finding.message
    adopted(small, f"{A}:10", "#1")
    small.sync()
    assert small.tracker.issues["1"].values[Field.TITLE] == "Tell about an alert"
    assert [issue.values[Field.TITLE] for issue in small.tracker.issues.values()] == [
        "Tell about an alert",
        "Write a runbook",
        "Page somebody",
    ]


def test_one_of_several_rows_that_follow_becomes_the_holder() -> None:
    small = linked(B)
    told = [one.message for one in small.plan().findings if one.code == "follower"]
    assert len(told) == 2
    assert all(f"`closeout adopt {path}:9 TICKET`" in message for path, message in zip((A, B), told, strict=True))
    word = adopted(small, f"{B}:9", "#90")
    assert f"  {ALERT} names it too, and follows it" in word.told
    small.sync()
    small.texts[B] = small.texts[B].replace("2026-06-15", "2026-06-16")
    small.text = small.text.replace("2026-06-15", "2026-06-17")
    small.sync()
    assert small.tracker.issues["90"].values[Field.DUE] == "2026-06-16"
    assert [one.path for one in small.plan().findings if one.code == "follower"] == [A]


@pytest.mark.parametrize("way", ["deleted", "ignored", "unlinked"])
def test_adopt_lifts_a_remembered_no(way: str) -> None:
    small = Small()
    small.sync()
    if way == "deleted":
        small.tracker.delete("1")
        small.sync()
        small.text = small.text.replace(" [#1](memory:/1)", "")
        small.tracker.issues["90"] = Issue("90", "", {**THEIRS, Field.DUE: "2026-06-15"}, "memory:/90", "1", "zoe")
        assert "no-issue" in codes(small)
    elif way == "ignored":
        small.tracker.issues["1"] = replace(small.tracker.issues["1"], ignored=True)
        small.sync()
        small.tracker.issues["1"] = replace(small.tracker.issues["1"], ignored=False)
    else:
        unlinked(small, ALERT)
    ref = "90" if way == "deleted" else "1"
    assert any(f"left alone ({way})" in line for line in adopted(small, ALERT, f"#{ref}").told)
    small.sync()
    small.text = small.text.replace("2026-06-15", "2026-06-16")
    small.sync()
    assert small.tracker.issues[ref].values[Field.DUE] == "2026-06-16"
    assert f"[#{ref}]" in small.text


def test_an_issue_whose_key_the_ledger_forgot_is_adopted_with_that_key() -> None:
    small = unlanded()
    forgotten = entries(small)["1"].key
    small.ledger.save(small.ledger.load().drop(forgotten))
    assert "unknown-mark" in codes(small)
    adopted(small, ALERT, "#1")
    assert entries(small)["1"].key == forgotten
    small.documents.writes = True
    small.sync()
    assert "[#1](memory:/1)" in small.text
    assert len(small.tracker.issues) == 2


def test_a_strangers_issue_with_our_mark_is_adopted_where_a_person_says_so() -> None:
    small = unlanded()
    small.tracker.issues = {"9": replace(small.tracker.issues["1"], ref="9", address="memory:/9", author="mallory")}
    small.ledger.text = ""
    small.documents.writes = True
    small.sync()
    assert "unvouched-marker" in codes(small)
    adopted(small, ALERT, "#9")
    small.sync()
    assert "[#9](memory:/9)" in small.text
    assert codes(small) == set()


def test_what_is_its_own_already_is_nothing_to_do() -> None:
    small = Small()
    small.sync()
    word = planned(small.world, small.options, partial(adopt, options=small.options, name="#1", ticket="#1"))
    assert word.empty


def test_a_mark_that_could_not_be_written_is_written_by_adopting_again() -> None:
    small = linked()
    small.tracker.faults = ["refused"]
    with pytest.raises(TrackerError):
        adopted(small, ALERT, "#90")
    assert entries(small)["90"].owned
    adopted(small, ALERT, "#90")
    assert small.tracker.issues["90"].key == entries(small)["90"].key


@pytest.mark.parametrize(
    ("item", "ticket", "why"),
    [
        (ALERT, "#91", "the row names #90"),
        (f"{A}:11", "#90", f"{ALERT} names it, and this row does not"),
        (f"{A}:11", "#1", rf"it belongs to {RUNBOOK} \(v1:.*closeout unlink {RUNBOOK}"),
        (RUNBOOK, "#91", "the row names #1"),
        (f"{A}:11", "#92", "it is a pull request, which is only read"),
        (f"{A}:11", "#93", "its label asks to leave it alone"),
        (f"{A}:11", "#94", "it was moved to https://example.com/7"),
        (f"{A}:11", "#95", "it was deleted"),
        (f"{A}:11", "#96", "it cannot be seen"),
        (f"{A}:11", "#97", f"it carries the mark of {RUNBOOK}"),
        (f"{A}:11", "SRE-1", "it names no issue of memory:"),
        (f"{A}:12", "#91", "could not find an item there: its items are in lines 9, 10, 11"),
        (f"{B}:12", "#91", "could not find an item there: it has no items"),
        ("#77", "#91", "could not find this item: neither a row nor the ledger has it"),
        ("v1:", "#91", "it names no line"),
        ("nonsense", "#91", "it names no line"),
    ],
)
def test_what_cannot_be_adopted_is_refused_with_the_reason(item: str, ticket: str, why: str) -> None:
    small = linked()
    for ref in ("92", "93", "97"):
        small.tracker.issues[ref] = Issue(ref, "", THEIRS, f"memory:/{ref}", "1", author="zoe")
    small.tracker.issues["92"] = replace(small.tracker.issues["92"], pull_request=True)
    small.tracker.issues["93"] = replace(small.tracker.issues["93"], ignored=True)
    small.tracker.issues["97"] = replace(small.tracker.issues["97"], key=next(iter(small.tracker.managed())).key)
    small.tracker.moved["94"] = Moved("acme/other#7", "https://example.com/7")
    small.tracker.gone.add("95")
    ref = next(issue.ref for issue in small.tracker.managed())
    kept = small.ledger.text
    with pytest.raises(ConfigurationError, match=why.replace("#1", f"#{ref}")):
        adopted(small, item, ticket.replace("#1", f"#{ref}"))
    assert small.ledger.text == kept


def test_an_issue_that_carries_a_key_of_nobody_here_is_refused_with_the_key() -> None:
    """another repository's closeout may have made it: two ledgers would write to it"""
    small = linked()
    small.tracker.issues["90"] = replace(small.tracker.issues["90"], key="v1:5f5f")
    with pytest.raises(ConfigurationError, match=r"the mark of another item \(v1:5f5f\)"):
        adopted(small, ALERT, "#90")


def test_an_issue_of_ones_own_that_carries_another_key_by_now_is_not_told_to_be_fine() -> None:
    small = Small()
    small.sync()
    small.tracker.issues["1"] = replace(small.tracker.issues["1"], key="v1:5f5f")
    assert "other-issue" in codes(small)
    with pytest.raises(ConfigurationError, match=r"the mark of another item \(v1:5f5f\)"):
        adopted(small, ALERT, "#1")


def test_a_row_with_an_issue_of_its_own_must_let_go_of_it_first() -> None:
    small = unlanded()
    small.tracker.issues["90"] = Issue("90", "", THEIRS, "memory:/90", "1", author="zoe")
    with pytest.raises(ConfigurationError, match=f"has issue 1. `closeout unlink {ALERT}`"):
        adopted(small, ALERT, "#90")
    unlinked(small, ALERT)
    adopted(small, ALERT, "#90")
    small.documents.writes = True
    small.sync()
    assert "[#90](memory:/90)" in small.text
    assert len(small.tracker.issues) == 3
    assert small.plan().plan.empty


def test_nothing_is_adopted_before_the_first_sync_nor_while_a_write_is_announced() -> None:
    small = Small()
    with pytest.raises(ConfigurationError, match="`closeout sync` first"):
        adopted(small, ALERT, "#1")
    small.tracker.capabilities = replace(HOST, logins=False)
    small.tracker.faults = ["lost before"]
    small.sync()
    with pytest.raises(ConfigurationError, match="a write to it is announced"):
        adopted(small, ALERT, "#1")


def test_what_changed_since_it_was_shown_is_not_done() -> None:
    small = linked()
    decide = partial(adopt, options=small.options, name=ALERT, ticket="#90")
    word = planned(small.world, small.options, decide)
    small.tracker.edit("90", {Field.TITLE: "Something else"})
    before = small.ledger.text
    with pytest.raises(MovedError):
        carry_out(small.world, small.options, decide, word)
    assert small.ledger.text == before


def test_a_paused_repository_says_why_a_word_waits() -> None:
    small = linked()
    small.options = replace(small.options, circumstances=Circumstances(paused=True))
    word = planned(small.world, small.options, partial(unlink, options=small.options, name=ALERT))
    assert "paused" in word.stop


def test_a_death_at_every_effect_of_adopting_leaves_nothing_that_adopting_again_does_not_mend() -> None:
    deaths, survived = 0, False
    while not survived:
        small = linked()
        small.fuse.left = deaths
        try:
            adopted(small, ALERT, "#90")
            survived = True
        except Crash:
            small.fuse.left = None
            adopted(small, ALERT, "#90")
        small.fuse.left = None
        assert small.tracker.issues["90"].key == entries(small)["90"].key
        small.sync()
        assert small.plan().plan.empty
        assert len(small.tracker.issues) == 3
        deaths += 1
    assert deaths > 3


# unlink


def test_an_unlinked_item_is_touched_on_neither_side() -> None:
    small = Small()
    small.sync()
    issue = small.tracker.issues["1"]
    unlinked(small, "#1")
    small.text = small.text.replace("2026-06-15", "2026-06-16")
    small.sync()
    assert small.tracker.issues["1"] == issue
    small.tracker.edit("1", {Field.STATUS: "done"})
    text = small.text
    small.sync()
    assert small.text == text


def test_the_emptied_ticket_of_an_unlinked_item_is_not_filled_and_no_second_issue_made() -> None:
    small = Small()
    small.sync()
    unlinked(small, ALERT)
    small.text = small.text.replace(" [#1](memory:/1)", "")
    text = small.text
    for _ in range(3):
        small.sync()
    assert (small.text, len(small.tracker.issues), codes(small)) == (text, 2, set())


def test_an_unlinked_row_that_is_reworded_later_is_told_once_and_gets_no_issue() -> None:
    small = Small()
    small.sync()
    unlinked(small, ALERT)
    small.text = small.text.replace("Add an alert [#1](memory:/1)", "Page somebody")
    assert codes(small) == {"no-issue"}
    small.sync()
    assert len(small.tracker.issues) == 2
    assert codes(small) == set()


def test_another_ticket_in_an_unlinked_row_is_followed() -> None:
    small = Small()
    small.sync()
    unlinked(small, ALERT)
    small.tracker.issues["90"] = Issue("90", "", {**THEIRS, Field.STATUS: "done"}, "memory:/90", "1", author="zoe")
    small.text = small.text.replace("[#1](memory:/1)", "#90").replace("🔲 TODO", "", 1)
    small.sync()
    assert "| Add an alert #90 | @ann | 2026-06-15 | ✅ DONE |" in small.text


def test_a_row_that_is_held_can_be_told_to_get_no_issue_at_all() -> None:
    small = unlanded()
    small.texts[B] = TABLE.partition("| Add")[0] + "| Call the bank | @ann | | 🔲 TODO |\n"
    unlinked(small, f"{B}:9")
    for _ in range(2):
        small.sync()
    assert len(small.tracker.issues) == 2
    assert codes(small) == set()


def test_an_issue_that_left_the_documents_is_let_go_by_its_key() -> None:
    small = Small()
    small.sync()
    small.text = small.text.replace("| Add an alert [#1](memory:/1) | @ann | 2026-06-15 | 🔲 TODO |\n", "")
    small.sync()
    (finding,) = small.plan().findings
    key = entries(small)["1"].key
    assert f"`closeout unlink {key}`" in finding.message
    unlinked(small, key[:8])
    assert codes(small) == set()


def test_an_unlinked_row_leaves_its_issue_to_another_row() -> None:
    small = Small()
    small.sync()
    small.texts[B] = small.text.partition("| Write")[0]
    with pytest.raises(ConfigurationError, match="it belongs to"):
        adopted(small, f"{B}:9", "#1")
    unlinked(small, ALERT)
    word = adopted(small, f"{B}:9", "#1")
    assert f"  {ALERT} names it too, and is left alone" in word.told
    for _ in range(2):
        small.sync()
    small.texts[B] = small.texts[B].replace("2026-06-15", "2026-06-20")
    small.text = small.text.replace("2026-06-15", "2026-06-21").replace(" [#1](memory:/1)", "")
    small.sync()
    assert small.tracker.issues["1"].values[Field.DUE] == "2026-06-20"
    assert len(small.tracker.issues) == 2
    assert "#1" not in small.text


def test_a_follower_can_be_unlinked_while_the_holder_goes_on() -> None:
    small = Small()
    small.sync()
    small.texts[B] = small.text.partition("| Write")[0]
    small.sync()
    unlinked(small, f"{B}:9")
    assert codes(small) == set()
    small.tracker.edit("1", {Field.STATUS: "done"})
    small.sync()
    assert "[#1](memory:/1) | @ann | 2026-06-15 | ✅ DONE |" in small.text
    assert "DONE" not in small.texts[B]
    small.texts[B] = small.texts[B].replace(" [#1](memory:/1)", "")
    small.sync()
    assert len(small.tracker.issues) == 2


def test_unlinking_twice_is_nothing_to_do() -> None:
    small = Small()
    small.sync()
    unlinked(small, "#1")
    assert planned(small.world, small.options, partial(unlink, options=small.options, name=ALERT)).empty


# --new


def test_a_row_that_may_be_a_reworded_one_gets_its_issue_where_a_person_says_it_is_new() -> None:
    small = unlanded()
    small.text = small.text.replace("| Add an", "| Page somebody | @zoe | 2026-08-01 | 🔲 TODO |\n| Tell about an")
    small.sync()
    told = [one.message for one in small.plan().findings if one.code == "perhaps-reworded"]
    assert [f"`closeout sync --new {A}:{line}`" in message for line, message in zip((9, 10), told, strict=True)]
    new(small, f"{A}:9", f"{A}:10")
    titles = [issue.values[Field.TITLE] for issue in small.tracker.issues.values()]
    assert titles == ["Add an alert", "Write a runbook", "Page somebody", "Tell about an alert"]
    assert codes(small) == {"left"}


def test_where_one_of_two_rows_is_new_the_other_one_is_the_reworded_one() -> None:
    small = unlanded()
    small.text = small.text.replace("| Add an", "| Page somebody | @zoe | 2026-08-01 | 🔲 TODO |\n| Tell about an")
    new(small, f"{A}:9")
    titles = [issue.values[Field.TITLE] for issue in small.tracker.issues.values()]
    assert titles == ["Tell about an alert", "Write a runbook", "Page somebody"]


def test_a_row_that_may_have_moved_gets_its_issue_where_a_person_says_it_is_new() -> None:
    small = unlanded()
    row = "| Add an alert | @ann | 2026-06-15 | 🔲 TODO |\n"
    small.texts[B] = TABLE.partition("| Add")[0] + row
    small.texts["postmortems/c.md"] = small.texts[B]
    small.text = small.text.replace(row, "")
    assert "perhaps-moved" in codes(small)
    new(small, f"{B}:9", "postmortems/c.md:9")
    assert len(small.tracker.issues) == 4
    assert codes(small) == {"left"}


@pytest.mark.parametrize("first", [True, False])
def test_of_two_rows_of_one_title_the_one_that_is_said_to_be_new_is_new(first: bool) -> None:
    small = unlanded()
    old, row = "| Add an alert | @ann | 2026-06-15 | 🔲 TODO |\n", "| Add an alert | @zoe | 2026-08-01 | 🔲 TODO |\n"
    small.text = small.text.replace(old, f"{row}{old}" if first else f"{old}{row}")
    assert codes(small) == {"ambiguous"}
    new(small, f"{A}:{9 if first else 10}")
    for _ in range(2):
        small.sync()
    assert [issue.values[Field.OWNERS] for issue in small.tracker.issues.values()] == ["ann", "bob", "zoe"]
    assert small.tracker.issues["1"].values[Field.DUE] == "2026-06-15"
    small.documents.writes = True
    small.sync()
    assert "| Add an alert [#3](memory:/3) | @zoe" in small.text


def test_a_row_that_was_only_taken_for_a_reworded_one_can_be_said_to_be_new() -> None:
    small = unlanded()
    small.text = small.text.replace("Add an alert", "Page somebody")
    assert small.plan().plan.changes[0].where.title == "Page somebody"
    new(small, ALERT)
    titles = [issue.values[Field.TITLE] for issue in small.tracker.issues.values()]
    assert titles == ["Add an alert", "Write a runbook", "Page somebody"]
    assert codes(small) == {"left"}


def test_a_row_that_was_taken_for_an_unlinked_one_can_be_said_to_be_new() -> None:
    small = unlanded()
    unlinked(small, ALERT)
    small.text = small.text.replace("Add an alert", "Page somebody")
    assert codes(small) == {"no-issue"}
    new(small, ALERT)
    assert [issue.values[Field.TITLE] for issue in small.tracker.issues.values()][2:] == ["Page somebody"]


def test_a_row_whose_issue_is_known_and_whose_ticket_is_not_written_in_yet_is_not_new() -> None:
    small = unlanded()
    with pytest.raises(ConfigurationError, match="it has issue 1"):
        new(small, ALERT)
    assert len(small.tracker.issues) == 2


@pytest.mark.parametrize(
    ("item", "why"), [(ALERT, "it names #1. Clear the ticket"), (f"{A}:3", "its items are in lines 9, 10, 11")]
)
def test_a_row_that_cannot_be_new_is_refused(item: str, why: str) -> None:
    small = Small()
    small.sync()
    with pytest.raises(ConfigurationError, match=why):
        new(small, item)


def test_a_row_that_is_said_to_be_new_is_new_for_one_round_only() -> None:
    """a page that changed while the run worked is read again: its rows have their issues then"""
    small = unlanded()
    small.text = small.text.replace("| Add an", "| Page somebody | @zoe | 2026-08-01 | 🔲 TODO |\n| Tell about an")
    small.documents.writes = True
    documents = Moving(small.texts)
    small.world = replace(small.world, source=documents, publisher=documents)
    new(small, f"{A}:9", f"{A}:10")
    assert len(small.tracker.issues) == 4  # the row that came meanwhile may be the reworded one


# all of them together


PLACES = st.sampled_from([f"{path}:{line}" for path in (A, B) for line in (9, 10, 11)])
TICKETS = st.sampled_from(["#3", "#4", "#5", "#90", "#91"])
ACTS = st.one_of(
    st.tuples(st.just("adopt"), PLACES, TICKETS),
    st.tuples(st.just("unlink"), st.one_of(PLACES, TICKETS), st.just("")),
    st.tuples(st.sampled_from(["new", "clear", "reword", "copy", "drop"]), PLACES, st.just("")),
    st.tuples(st.just("name"), PLACES, TICKETS),
)


TICKET = re.compile(r" (\[#\d+\]\(memory:/\d+\)|#\d+)")


def _edited(small: Small, act: str, place: str, ticket: str, number: int) -> None:
    path, _, line = place.rpartition(":")
    lines = small.texts[path].split("\n")
    row = "".join(lines[int(line) - 1 : int(line)])
    after = {
        "clear": [TICKET.sub("", row)],
        "reword": [row.replace("| ", f"| Now {number} ", 1)],
        "name": [TICKET.sub("", row).replace(" |", f" {ticket} |", 1)],
        "drop": [],
    }
    if row.startswith("| "):
        lines[int(line) - 1 : int(line)] = after[act]
        small.texts[path] = "\n".join(lines)


def _acted(small: Small, act: str, item: str, ticket: str, number: int) -> None:
    match act:
        case "adopt":
            adopted(small, item, ticket)
        case "unlink":
            unlinked(small, item)
        case "new":
            new(small, item)
        case "copy":
            small.texts[B] = small.texts[A]
        case _:
            _edited(small, act, item, ticket, number)


@settings(max_examples=25)
@given(st.lists(st.tuples(ACTS, st.booleans()), max_size=8), st.booleans())
def test_whatever_is_said_an_issue_has_one_item_and_an_unlinked_one_is_never_written_to(
    acts: list[tuple[tuple[str, str, str], bool]], writes: bool
) -> None:
    small = Small({A: TABLE, B: TABLE.partition("| Add")[0]})
    for ref in ("90", "91"):
        small.tracker.issues[ref] = Issue(ref, "", THEIRS, f"memory:/{ref}", "1", author="zoe")
    small.documents.writes = writes
    small.sync()
    for number, ((name, item, ticket), synced) in enumerate(acts):
        with suppress(ConfigurationError):
            _acted(small, name, item, ticket, number)
        let_go = {entry.issue for entry in small.ledger.load().entries.values() if entry.no}
        let_go -= {entry.issue for entry in small.ledger.load().entries.values() if not entry.no and entry.owned}
        before = {ref: small.tracker.issues.get(ref) for ref in let_go}
        if synced:
            small.sync()
        assert {ref: small.tracker.issues.get(ref) for ref in let_go} == before
        kept = small.ledger.load().entries.values()
        held = Counter(entry.issue for entry in kept if entry.owned and entry.holder and entry.issue and not entry.no)
        assert max(held.values(), default=0) <= 1
        keys = Counter(issue.key for issue in small.tracker.issues.values() if issue.key)
        assert max(keys.values(), default=0) <= 1
    for _ in range(3):
        small.sync()
    if writes:
        assert not [change for change in small.plan().plan.changes if isinstance(change, Create)]


# names


def test_an_item_is_named_by_its_ticket_its_place_or_the_start_of_its_key() -> None:
    small = Small()
    small.sync()
    small.options = replace(small.options, folder="postmortems")
    key = entries(small)["1"].key
    for name in ("#1", ALERT, "a.md:9", "./a.md:9", key, key[:10]):
        told = planned(small.world, small.options, partial(unlink, options=small.options, name=name)).told
        assert told[0] == f"{ALERT}: Add an alert"


def test_a_name_of_several_items_is_refused_with_their_places() -> None:
    small = Small()
    small.sync()
    kept = small.ledger.load().entries.values()
    twice = [replace(entry, key=f"v1:aa{number}") for number, entry in enumerate(kept)]
    with pytest.raises(ConfigurationError, match="could not tell which item is meant: v1:aa0, v1:aa1"):
        named("v1:aa", (), twice, trackers(small.tracker))
