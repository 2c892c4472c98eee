"""Which issue is an item's: the order of the rules, and what is never decided by likeness alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closeout.domain.item import Item
from closeout.domain.ledger import NOWHERE, Entry, Ledger
from closeout.domain.sync.claims import Seat
from closeout.domain.sync.identity import fresh_keys
from closeout.domain.sync.match import Matching, Row, match

A, B = "postmortems/a.md", "postmortems/b.md"


def seat(title: str, order: int = 0, *, document: str = A, ticket: str = "") -> Seat:
    item = Item(title, order + 1, tickets=(ticket,) if ticket else ())
    refs = (("folder", ticket.removeprefix("#")),) if ticket.startswith("#") else ()
    return Seat(document, document, order, item, refs)


def entry(
    key: str,
    title: str,
    *,
    document: str = A,
    position: int = 0,
    issue: str = "",
    ordinal: int = 1,
    landed: bool = False,
) -> Entry:
    return Entry(key, "folder", document, title.casefold(), ordinal, position, issue, landed=landed)


def matched(seats: list[Seat], *entries: Entry, read: frozenset[str] | None = None) -> Matching:
    return match(seats, Ledger(entries={one.key: one for one in entries}), read)


def keys(found: Matching) -> list[str]:
    return [row.entry.key if row.entry else "" for row in found.rows]


def codes(found: Matching) -> set[str]:
    return {finding.code for finding in found.findings}


def test_1_the_ticket_in_a_row_comes_before_all() -> None:
    found = matched(
        [seat("Write it", 0), seat("Reworded wholly", 1, ticket="#7")],
        entry("k7", "Write it", issue="7"),
    )
    assert keys(found) == ["", "k7"]


def test_2_then_the_place() -> None:
    found = matched([seat("Write it"), seat("Test it", 1)], entry("k1", "test it"), entry("k2", "write it"))
    assert keys(found) == ["k2", "k1"]


def test_2_equal_titles_keep_their_order() -> None:
    found = matched(
        [seat("Do it", 0), seat("Do it", 1)], entry("k2", "do it", ordinal=2), entry("k1", "do it", ordinal=1)
    )
    assert keys(found) == ["k1", "k2"]


def test_2_more_rows_of_a_title_than_entries_are_left_to_people() -> None:
    found = matched([seat("Do it", 0), seat("Do it", 1)], entry("k1", "do it", issue="1"))
    assert keys(found) == ["", ""]
    assert codes(found) == {"ambiguous"}
    assert all(row.blocked for row in found.rows)


def test_3_one_lost_entry_and_one_new_row_in_the_same_gap_are_one() -> None:
    found = matched(
        [seat("First", 0), seat("Now quite different", 1), seat("Last", 2)],
        entry("k0", "first", position=0),
        entry("k1", "in the middle", position=1),
        entry("k2", "last", position=2),
    )
    assert keys(found) == ["k0", "k1", "k2"]


def test_3_an_entry_whose_place_nobody_knows_any_more_is_no_neighbour() -> None:
    rows = [seat("Add an alert, reworded", 0), seat("Write it", 1), seat("Write it", 2), seat("Tell everybody", 3)]
    twice = [entry(f"k{n}", "write it", position=NOWHERE, ordinal=n, issue=str(n)) for n in (1, 2)]
    found = matched(rows, entry("k0", "add an alert", position=0, issue="9"), *twice)
    assert keys(found) == ["", "k1", "k2", ""]
    assert [row.blocked for row in found.rows] == [True, False, False, True]


def test_3_not_once_the_ticket_stood_in_the_document() -> None:
    found = matched(
        [seat("First", 0), seat("Now quite different", 1)],
        entry("k0", "first", position=0),
        entry("k1", "in the middle", position=1, issue="1", landed=True),
    )
    assert keys(found) == ["k0", ""]
    assert [left.key for left in found.left] == ["k1"]
    assert not found.rows[1].blocked


def test_3_two_new_rows_in_the_gap_are_held_until_a_person_says() -> None:
    found = matched(
        [seat("First", 0), seat("One", 1), seat("Other", 2)],
        entry("k0", "first", position=0),
        entry("k1", "in the middle", position=1, issue="1"),
    )
    assert keys(found) == ["k0", "", ""]
    assert codes(found) == {"perhaps-reworded"}
    assert [row.blocked for row in found.rows] == [False, True, True]


def test_4_a_row_that_moved_to_another_document_is_known_by_its_title() -> None:
    found = matched([seat("Moved", document=B)], entry("k1", "moved", issue="1"))
    assert keys(found) == ["k1"]
    assert found.rows[0].entry is not None
    assert found.rows[0].entry.document == B


def test_4_not_if_two_rows_could_be_it() -> None:
    found = matched([seat("Moved", document=B), seat("Moved", document="postmortems/c.md")], entry("k1", "moved"))
    assert keys(found) == ["", ""]


def test_5_a_new_row_is_nobodys() -> None:
    assert keys(matched([seat("New")])) == [""]


def test_a_copied_ticket_has_one_holder_and_the_others_follow() -> None:
    found = matched(
        [seat("Do it", ticket="#1"), seat("Do it", document=B, ticket="#1")],
        entry("k1", "do it", issue="1", landed=True),
    )
    assert keys(found) == ["k1", ""]
    assert [row.follower for row in found.rows] == [False, True]
    assert found.rows[1].holder == f"{A}:1"
    assert codes(found) == {"follower"}


@pytest.mark.parametrize("order", [("#1", "#2"), ("#2", "#1")])
def test_a_row_that_took_in_another_with_its_ticket_keeps_its_own_issue(order: tuple[str, str]) -> None:
    refs = tuple(("folder", ticket.removeprefix("#")) for ticket in order)
    merged = Seat(A, A, 0, Item("Add an alert", 1, tickets=order), refs)
    found = matched([merged], entry("k1", "add an alert", issue="1"), entry("k2", "write a runbook", issue="2"))
    assert keys(found) == ["k1"]


def test_a_linked_issue_whose_ticket_was_taken_out_is_not_told_as_left() -> None:
    linked = replace(entry("k1", "add an alert", issue="1", landed=True), owned=False)
    assert matched([seat("Add an alert", ticket="#2")], linked).left == ()


def test_several_rows_with_a_ticket_of_nobody_all_follow() -> None:
    found = matched([seat("Do it", ticket="#1"), seat("Do it", document=B, ticket="#1")])
    assert [row.follower for row in found.rows] == [True, True]


def test_a_foreign_ticket_is_respected() -> None:
    found = matched([seat("Do it", ticket="SRE-123")], entry("k1", "do it"))
    assert keys(found) == [""]


@pytest.mark.parametrize("ticket", ["", "#1"])
def test_absence_is_not_an_answer_an_unread_document_lost_nothing(ticket: str) -> None:
    found = matched([seat("Do it", document=B, ticket=ticket)], entry("k1", "do it", issue="1"), read=frozenset({B}))
    assert keys(found) == [""]
    assert found.left == ()
    assert found.rows[0].follower == bool(ticket)


TITLES = st.sampled_from(["Do it", "do it!", "Test", "Write"])
SEATS = st.lists(
    st.tuples(TITLES, st.sampled_from([A, B]), st.sampled_from(["", "", "#1", "#2", "SRE-1"])), max_size=6
).map(
    lambda rows: [seat(title, n, document=document, ticket=ticket) for n, (title, document, ticket) in enumerate(rows)]
)
ENTRIES = st.lists(
    st.tuples(TITLES, st.sampled_from([A, B]), st.integers(1, 3), st.integers(0, 5), st.booleans()),
    max_size=5,
    # no two entries have one place, nor stood in one row
    unique_by=(lambda one: (one[0].casefold().strip("!"), *one[1:3]), lambda one: (one[1], one[3])),
).map(
    lambda rows: [
        Entry(f"k{n}", "folder", document, title.casefold().strip("!"), ordinal, position, str(n), landed=landed)
        for n, (title, document, ordinal, position, landed) in enumerate(rows)
    ]
)


@given(SEATS, ENTRIES)
def test_an_entry_has_one_row_at_most_and_is_either_there_or_left(seats: list[Seat], entries: list[Entry]) -> None:
    found = matched(seats, *entries)
    used = Counter(row.entry.key for row in found.rows if row.entry)
    assert max(used.values(), default=0) <= 1
    assert len(found.rows) == len(seats)
    named = {ref for row in found.rows if row.follower for _, ref in row.seat.refs}
    shared = {one.key for one in entries if one.issue in named}
    assert found.lost | set(used) | shared == {one.key for one in entries}


@given(SEATS, ENTRIES)
def test_what_is_matched_stays_matched(seats: list[Seat], entries: list[Entry]) -> None:
    found = matched(seats, *entries)
    lost = {one.key: replace(one, position=NOWHERE) if one.key in found.lost else one for one in entries}
    ledger = lost | {row.entry.key: row.entry for row in found.rows if row.entry}
    for row, key, ordinal in fresh_keys(found.rows, Ledger("local", entries=ledger)):
        if not row.blocked and not row.seat.item.tickets:
            ledger[key] = Entry(
                key, "folder", row.seat.document, row.seat.title, ordinal, row.seat.order, f"made {key}"
            )
    again = matched(seats, *ledger.values())
    for first, second in zip(found.rows, again.rows, strict=True):
        if first.entry and not first.seat.refs and not second.blocked:  # a held one waits for a person
            assert second.entry is not None
            assert second.entry.key == first.entry.key


@given(SEATS, ENTRIES)
def test_a_key_and_an_ordinal_are_never_used_again(seats: list[Seat], entries: list[Entry]) -> None:
    ledger = Ledger("local", entries={one.key: one for one in entries})
    fresh = list(fresh_keys([Row(one) for one in seats], ledger))
    places = [(row.seat.document, row.seat.title, ordinal) for row, _, ordinal in fresh]
    known = {one.place for one in entries}
    assert len(set(places)) == len(places) == len({key for _, key, _ in fresh})
    assert known.isdisjoint(places)


def test_a_copy_of_a_row_with_several_tickets_takes_none_of_them_when_the_original_is_reworded() -> None:
    both = (("folder", "2"), ("folder", "3"))
    original = replace(seat("Now both at once", 0, ticket="#2"), refs=both)
    copy = replace(seat("Write and check", 0, document=B, ticket="#2"), refs=both)
    kept = entry("k2", "Write and check", issue="2", landed=True)
    merged_into_it = entry("k3", "Check", document=B, position=NOWHERE, issue="3", landed=True)
    found = matched([original, copy], kept, merged_into_it)
    assert keys(found) == ["k2", ""]
    assert [row.follower for row in found.rows] == [False, True]
    assert [one.key for one in found.left] == ["k3"]


def test_rows_of_one_title_that_are_fewer_than_their_issues_are_told_which_these_are() -> None:
    pool = [entry(f"k{number}", "Write it", position=number, issue=str(number), ordinal=number) for number in (2, 7, 8)]
    found = matched([seat("Write it", 2), seat("Write it", 3)], *pool)
    assert codes(found) == {"ambiguous"}
    assert all("3 are known (issue 2, 7, 8)" in finding.message for finding in found.findings)


def test_a_follower_of_several_tickets_is_known_again_by_any_of_them() -> None:
    both = (("folder", "4"), ("folder", "5"))
    copy = replace(seat("Print and move", 0, document=B, ticket="#4"), refs=both)
    holder = replace(seat("Move", 0, ticket="#5"), refs=(("folder", "5"),))
    held = entry("k5", "Move", issue="5", landed=True)
    followed = replace(entry("k4", "Print and move", document=B, issue="4", landed=True), holder=False, owned=False)
    assert keys(matched([holder, copy], held, followed)) == ["k5", "k4"]


def told(found: Matching) -> list[str]:
    return [finding.message for finding in found.findings]


def test_of_rows_with_one_ticket_the_one_that_stands_where_it_stood_holds_it() -> None:
    rows = [seat("Same", 0, ticket="#7"), seat("Same", 1, ticket="#7")]
    for position in (0, 1):
        found = matched(rows, entry("k7", "Same", issue="7", position=position))
        assert [row.follower for row in found.rows] == [position == 1, position == 0]
        assert f"the ticket belongs to {A}:{position + 1}; copied?" in told(found)[0]
        assert "adopt" not in told(found)[0]


def test_of_rows_with_one_ticket_the_first_of_its_title_holds_it_where_none_stands_where_it_stood() -> None:
    rows = [seat("Other", 0, ticket="#7"), seat("Same", 1, ticket="#7"), seat("Same", 2, ticket="#7")]
    found = matched(rows, entry("k7", "Same", issue="7", position=9))
    assert [row.follower for row in found.rows] == [True, False, True]


def test_of_rows_with_one_ticket_the_one_of_its_title_holds_it_wherever_it_stands() -> None:
    rows = [seat("Same", 0, ticket="#7"), seat("Copied", 1, ticket="#7")]
    found = matched(rows, entry("k7", "Same", issue="7", position=1))
    assert [row.follower for row in found.rows] == [False, True]


def test_where_nobody_can_tell_whose_a_ticket_is_all_follow_and_no_other_row_gets_its_entry() -> None:
    rows = [seat("One", 0, ticket="#7"), seat("Two", 1, ticket="#7"), seat("Same", 2)]
    found = matched(rows, entry("k7", "Same", issue="7"))
    assert [row.follower for row in found.rows] == [True, True, False]
    assert keys(found) == ["", "", ""]
    assert "makes this row the one that it belongs to" in told(found)[0]


def test_a_follower_is_known_again_by_its_title_and_its_ticket() -> None:
    def follower(key: str, issue: str, title: str = "Copied", *, holder: bool = False) -> Entry:
        return replace(entry(key, title, issue=issue), owned=False, holder=holder)

    rows = [seat("Same", 0, ticket="#7"), seat("Copied", 1, ticket="#7"), seat("Copied", 2, ticket="#7")]
    holder = entry("k7", "Same", issue="7")
    others = (follower("f8", "8"), follower("fx", "7", "Else"))
    found = matched(rows, holder, *others, follower("f1", "7"), follower("f2", "7"))
    assert keys(found) == ["k7", "f1", "f2"]
    assert keys(matched(rows[:2], holder, *others)) == ["k7", ""]


@pytest.mark.parametrize(
    ("no", "issue", "named"),
    [
        ("", "7", "perhaps issue 7 of"),
        ("", "", "perhaps an issue that was about to be made of"),
        ("unlinked", "", "perhaps an item that gets no issue of"),
        ("unlinked", "7", "perhaps issue 7 of"),
    ],
)
def test_what_may_have_moved_is_called_what_it_is(no: str, issue: str, named: str) -> None:
    lost = replace(entry("k7", "Same", issue=issue, document=B), no=no)
    (message,) = told(matched([seat("Same", 0), seat("Same", 1)], lost))[:1]
    assert named in message
    assert ("write its ticket into this row" in message) == bool(issue)
