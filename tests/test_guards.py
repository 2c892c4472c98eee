"""What the guards hold, that the rest goes on, and how a person lets it go; over the memory tracker."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closeout.domain.issue import Draft
from closeout.domain.item import Field
from closeout.domain.ledger import MISSING
from closeout.domain.outcome import Outcome
from closeout.domain.plan import Change, Create, Show, Update, Where
from closeout.domain.sync.approval import digest
from closeout.domain.sync.guard import Circumstances, Limits, guard
from closeout.domain.sync.share import Seen, Share
from closeout.errors import Exit
from test_hosted import codes, hosted, ran
from worlds import Small

HEAD = "# Outage\n\n**Date**: 2026-05-01\n\n## Action items\n\n| Action | Owner | Due | Status |\n|---|---|---|---|\n"
HOST = Limits(25, 10, 50, Share(30))


def page(*titles: str) -> str:
    return HEAD + "".join(f"| {title} | @ann | 2026-06-15 | 🔲 TODO |\n" for title in titles)


def many(name: str, count: int) -> list[str]:
    return [f"{name} number {'abcdefghijklmnopqrstuvwxyz'[number]}" for number in range(count)]


def team(count: int = 20, **limits: object) -> Small:
    """Two pages of `count` rows together, synced and at rest."""
    small = hosted(limits=replace(HOST, **limits))  # type: ignore[arg-type]
    small.texts.clear()
    small.texts |= {
        "postmortems/a.md": page(*many("Alert", count // 2)),
        "postmortems/b.md": page(*many("Book", count // 2)),
    }
    ran(small)
    assert small.plan().plan.empty
    return small


def done(small: Small, path: str, count: int) -> None:
    small.texts[path] = small.texts[path].replace("🔲 TODO", "✅ DONE", count)


def approve(small: Small, name: str) -> Outcome:
    told = small.options
    small.options = replace(told, circumstances=replace(told.circumstances, approve=name))
    outcome = ran(small)
    small.options = told
    return outcome


def open_issues(small: Small) -> int:
    return sum(issue.open for issue in small.tracker.issues.values())


# a share of the issues


def test_more_than_a_share_of_closes_is_held_and_exits_5() -> None:
    small = team(max_closes=None)
    done(small, "postmortems/a.md", 7)
    before = small.tracker.writes
    outcome = ran(small)
    assert outcome.exits == {Exit.HELD}
    assert {(held.later, held.guard) for held in outcome.plan.held} == {
        (False, "7 of 20 issues would be closed or edited because of documents (share = 30)")
    }
    assert small.tracker.writes == before
    assert ran(small).exits == {Exit.HELD}


def test_a_share_that_is_just_reached_goes() -> None:
    small = team()
    done(small, "postmortems/a.md", 6)
    assert ran(small).exits == set()
    assert open_issues(small) == 14


def test_closes_and_edits_count_together() -> None:
    small = team()
    done(small, "postmortems/a.md", 4)
    small.texts["postmortems/b.md"] = small.texts["postmortems/b.md"].replace("2026-06-15", "2026-06-16", 4)
    outcome = ran(small)
    assert len(outcome.plan.held) == 8
    assert outcome.exits == {Exit.HELD}


def test_with_few_rows_there_is_no_share() -> None:
    small = team(8)
    done(small, "postmortems/a.md", 4)
    assert ran(small).exits == set()
    assert open_issues(small) == 4


def test_what_people_closed_in_the_tracker_is_never_counted() -> None:
    small = team()
    for ref in list(small.tracker.issues)[:16]:
        small.tracker.edit(ref, {Field.STATUS: "done"})
    done(small, "postmortems/b.md", 0)
    outcome = ran(small)
    assert outcome.exits == set()
    assert sum(text.count("DONE") for text in small.texts.values()) == 16
    assert small.plan().plan.empty


def test_what_documents_are_to_show_goes_on_while_edits_are_held() -> None:
    small = team()
    done(small, "postmortems/a.md", 8)
    small.tracker.edit("15", {Field.DUE: "2026-07-01"})
    outcome = ran(small)
    assert outcome.exits == {Exit.HELD}
    assert "2026-07-01" in small.texts["postmortems/b.md"]


def test_creates_have_caps_and_no_share() -> None:
    small = team(10)
    small.texts["postmortems/c.md"] = page(*many("Call", 20))
    assert ran(small).exits == set()
    assert len(small.tracker.issues) == 30


def test_held_edits_leave_creates_alone() -> None:
    small = team()
    done(small, "postmortems/a.md", 8)
    small.texts["postmortems/c.md"] = page("Call the bank")
    outcome = ran(small)
    assert outcome.exits == {Exit.HELD}
    assert len(small.tracker.issues) == 21
    assert open_issues(small) == 21


# a share of the items


def vanished(small: Small, count: int) -> None:
    """Rows of page b lose their tickets and get other words: a page that was written anew."""
    lines = small.texts["postmortems/b.md"].split("\n")
    small.texts["postmortems/b.md"] = "\n".join([*lines[: len(HEAD.split("\n")) - 1 + 10 - count], ""])


def test_while_too_many_rows_vanished_nothing_is_created_closed_or_edited() -> None:
    small = team()
    vanished(small, 7)
    small.texts["postmortems/c.md"] = page(*many("Rewritten", 7))
    done(small, "postmortems/a.md", 1)
    small.tracker.edit("2", {Field.DUE: "2026-07-01"})
    outcome = ran(small)
    assert outcome.exits == {Exit.HELD}
    assert len(outcome.plan.held) == 8
    assert "7 of 20 items vanished from the documents (share = 30)" in outcome.plan.held[0].guard
    assert "vanished" in codes(outcome)
    assert (len(small.tracker.issues), open_issues(small)) == (20, 20)
    assert "2026-07-01" in small.texts["postmortems/a.md"]


def test_vanished_rows_are_not_forgotten_by_running_again() -> None:
    small = team()
    vanished(small, 7)
    small.texts["postmortems/c.md"] = page(*many("Rewritten", 7))
    first = ran(small)
    kept = small.ledger.text
    again = ran(small)
    assert again.exits == {Exit.HELD}
    assert again.plan.digest == first.plan.digest
    assert small.ledger.text == kept
    assert sum(entry.position == MISSING for entry in small.ledger.load().entries.values()) == 7


def test_rows_that_come_back_need_no_word_and_keep_their_issues() -> None:
    small = team()
    before = small.texts["postmortems/b.md"]
    vanished(small, 7)
    small.texts["postmortems/c.md"] = page("Call the bank")
    assert ran(small).exits == {Exit.HELD}
    small.texts["postmortems/b.md"] = before
    assert ran(small).exits == set()
    assert len(small.tracker.issues) == 21
    assert small.plan().plan.empty


def test_rows_that_vanish_without_another_change_are_told_and_hold_nothing() -> None:
    small = team()
    vanished(small, 7)
    outcome = ran(small)
    assert outcome.exits == set()
    assert "vanished" in codes(outcome)
    assert outcome.plan.digest
    approve(small, outcome.plan.digest)
    assert "vanished" not in codes(ran(small))
    small.texts["postmortems/c.md"] = page("Call the bank")
    assert ran(small).exits == set()


def test_a_few_rows_that_vanish_hold_nothing() -> None:
    small = team()
    vanished(small, 6)
    small.texts["postmortems/c.md"] = page("Call the bank")
    outcome = ran(small)
    assert outcome.exits == set()
    assert codes(outcome).count("left") == 6


# one document without items


def test_a_document_that_lost_all_its_items_is_left_as_it_is_and_others_go_on() -> None:
    small = team()
    kept = {key: entry for key, entry in small.ledger.load().entries.items() if entry.document.endswith("b.md")}
    before = small.texts["postmortems/b.md"]
    small.texts["postmortems/b.md"] = "# Outage\n\n<<<<<<< HEAD\n"
    small.texts["postmortems/c.md"] = page("Call the bank")
    done(small, "postmortems/a.md", 1)
    outcome = ran(small)
    assert outcome.exits == set()
    assert [code for code in codes(outcome) if code in {"left", "emptied", "vanished"}] == ["emptied"]
    assert len(small.tracker.issues) == 21
    assert {key: small.ledger.load().entries[key] for key in kept} == kept
    small.texts["postmortems/b.md"] = before
    assert ran(small).exits == set()
    assert small.plan().plan.empty


def test_a_copy_of_an_emptied_document_gets_none_of_its_issues() -> None:
    small = team()
    copied = small.texts["postmortems/b.md"].replace("🔲 TODO", "✅ DONE")
    small.texts["postmortems/b.md"] = "# Outage\n"
    small.texts["postmortems/c.md"] = copied
    outcome = ran(small)
    assert codes(outcome).count("follower") == 10
    assert open_issues(small) == 20


def test_an_emptied_document_is_let_go_by_name_and_moved_rows_take_their_issues() -> None:
    small = team()
    small.texts["postmortems/c.md"] = small.texts["postmortems/b.md"]
    small.texts["postmortems/b.md"] = "# Outage\n\nMoved.\n"
    approve(small, ran(small).plan.digest)
    outcome = ran(small)
    assert not {"emptied", "follower"} & set(codes(outcome))
    done(small, "postmortems/c.md", 1)
    assert ran(small).exits == set()
    assert open_issues(small) == 19


def test_several_emptied_documents_count_as_vanished() -> None:
    small = team()
    small.texts |= dict.fromkeys(small.texts, "# Outage\n")
    small.texts["postmortems/c.md"] = page(*many("Rewritten", 7))
    outcome = ran(small)
    assert outcome.exits == {Exit.HELD}
    assert "20 of 20 items vanished" in outcome.plan.held[0].guard
    assert len(small.tracker.issues) == 20


def test_the_folder_has_no_share_and_no_emptied_document_unless_configured() -> None:
    small = team()
    small.options = replace(small.options, limits=Limits())
    small.texts["postmortems/b.md"] = "# Outage\n"
    done(small, "postmortems/a.md", 10)
    outcome = ran(small)
    assert outcome.exits == set()
    assert (codes(outcome).count("left"), open_issues(small)) == (10, 10)


# approval


def test_approval_by_name_lets_go_exactly_what_is_held_without_caps() -> None:
    small = team(24)
    done(small, "postmortems/a.md", 12)
    held = ran(small)
    assert len(held.plan.held) == 12
    outcome = approve(small, held.plan.digest)
    assert outcome.exits == set()
    assert open_issues(small) == 12
    assert small.plan().plan.empty


def test_a_set_that_changed_since_is_not_done_by_half() -> None:
    small = team()
    done(small, "postmortems/a.md", 7)
    name = ran(small).plan.digest
    done(small, "postmortems/a.md", 1)
    small.texts["postmortems/c.md"] = page("Call the bank")
    before = (dict(small.texts), small.tracker.writes, small.ledger.text)
    outcome = approve(small, name)
    assert outcome.exits == {Exit.HELD}
    assert outcome.plan.digest not in {"", name}
    assert f"`closeout sync --approve {outcome.plan.digest}`" in outcome.plan.held[0].guard
    assert (dict(small.texts), small.tracker.writes, small.ledger.text) == before
    assert approve(small, outcome.plan.digest).exits == set()


def test_an_approval_that_is_stale_exits_5_even_where_no_change_is_held() -> None:
    small = team()
    vanished(small, 7)
    outcome = approve(small, "0" * 16)
    assert outcome.exits == {Exit.HELD}
    assert outcome.plan.digest in outcome.plan.note


def test_an_approval_where_nothing_is_held_changes_nothing() -> None:
    small = team()
    done(small, "postmortems/a.md", 2)
    assert approve(small, "0" * 16).exits == set()
    assert open_issues(small) == 18


def test_an_approved_run_that_lost_a_race_goes_on_without_asking_again() -> None:
    small = team()
    done(small, "postmortems/a.md", 7)
    name = ran(small).plan.digest
    small.tracker.edit("20", {Field.DUE: "2026-07-01"})
    publish = small.documents.publish
    calls = 0

    def raced(rewrites: object, revision: str) -> object:
        nonlocal calls
        calls += 1
        found = publish(rewrites, revision)  # type: ignore[arg-type]
        return found if calls > 1 else [replace(one, error="it changed", moved=True) for one in found]

    small.documents.publish = raced  # type: ignore[assignment,method-assign]
    outcome = approve(small, name)
    assert (outcome.exits, open_issues(small), calls > 1) == (set(), 13, True)


def test_a_first_run_is_agreed_to_by_name_and_its_caps_hold() -> None:
    small = hosted(
        page(*many("Alert", 20)), limits=replace(HOST, max_creates=8), circumstances=Circumstances(consent=False)
    )
    outcome = ran(small)
    assert outcome.exits == {Exit.HELD, Exit.LATER}
    assert sum(held.approvable for held in outcome.plan.held) == 8
    assert approve(small, outcome.plan.digest).exits == {Exit.LATER}
    assert len(small.tracker.issues) == 8
    assert ran(small).exits == {Exit.LATER}
    assert ran(small).exits == set()


@pytest.mark.parametrize(
    "circumstances",
    [Circumstances(paused=True), Circumstances(branch="wip"), Circumstances(copied="example.com/acme/other")],
    ids=["paused", "branch", "copied"],
)
def test_what_is_paused_copied_or_on_another_branch_has_no_name_to_approve(circumstances: Circumstances) -> None:
    small = team()
    done(small, "postmortems/a.md", 7)
    name = ran(small).plan.digest
    changes = [held.change for held in ran(small).plan.held]
    told = guard(changes, HOST, replace(circumstances, approve=name), Seen(20), first=False)
    assert (told.going, told.digest, len(told.held)) == ((), "", 7)
    assert told.stop
    assert not any(held.approvable or held.later for held in told.held)


def test_a_wider_audience_holds_creates_only_and_is_not_let_go_by_approval() -> None:
    small = team()
    done(small, "postmortems/a.md", 7)
    small.texts["postmortems/c.md"] = page("Call the bank")
    small.options = replace(small.options, circumstances=Circumstances(audience={"memory": "the project is public"}))
    outcome = approve(small, ran(small).plan.digest)
    assert outcome.exits == {Exit.HELD}
    assert [held.guard for held in outcome.plan.held] == ["the project is public"]
    assert (len(small.tracker.issues), open_issues(small)) == (20, 13)


def test_on_a_runner_whose_ledger_dies_creates_are_not_let_go_by_approval() -> None:
    small = team()
    done(small, "postmortems/a.md", 7)
    small.texts["postmortems/c.md"] = page("Call the bank")
    small.ledger.shared = False
    small.options = replace(small.options, on_runner=True)
    outcome = approve(small, small.plan().plan.digest)
    assert outcome.exits == {Exit.HELD}
    assert ["contents: write" in held.guard for held in outcome.plan.held] == [True]
    assert (len(small.tracker.issues), open_issues(small)) == (20, 13)


# the name of a held set

WHERE = Where("a.md", 1, "Add an alert")
CHANGES: list[Change] = [
    Create("v1:a", "github", Draft("v1:a", {Field.TITLE: "Add an alert"}, "text"), WHERE, "why"),
    Update("v1:b", "github", "2", {Field.DUE: ("", "2026-06-15")}, WHERE, "why"),
    Show("v1:c", Field.DUE, "", "2026-06-15", WHERE, "why"),
]
OTHERS: list[Change] = [
    Create("v1:d", "github", Draft("v1:d", {Field.TITLE: "Add an alert"}, "text"), WHERE, "why"),
    Create("v1:a", "github", Draft("v1:a", {Field.TITLE: "Add two alerts"}, "text"), WHERE, "why"),
    Update("v1:b", "github", "3", {Field.DUE: ("", "2026-06-15")}, WHERE, "why"),
    Update("v1:b", "github", "2", {Field.DUE: ("2026-06-14", "2026-06-15")}, WHERE, "why"),
    Update("v1:b", "github", "2", {Field.DUE: ("", "2026-06-16")}, WHERE, "why"),
    Update("v1:b", "github", "2", {Field.OWNERS: ("", "2026-06-15")}, WHERE, "why"),
    Show("v1:c", Field.DUE, "2026-06-14", "2026-06-15", WHERE, "why"),
]


def test_the_name_is_that_of_the_set_and_not_of_its_order_lines_or_reasons() -> None:
    name = digest(CHANGES)
    assert re.fullmatch("[0-9a-f]{16}", name)
    elsewhere = [replace(change, where=replace(WHERE, line=9), reason="else") for change in reversed(CHANGES)]
    assert digest(elsewhere) == name
    assert digest([]) == ""


@pytest.mark.parametrize("other", OTHERS)
def test_every_change_of_operation_issue_field_or_value_gives_another_name(other: Change) -> None:
    at = next(number for number, change in enumerate(CHANGES) if type(change) is type(other))
    assert digest([*CHANGES[:at], other, *CHANGES[at + 1 :]]) != digest(CHANGES)
    assert digest([*CHANGES, other]) != digest(CHANGES)
    assert digest(CHANGES[:2]) != digest(CHANGES)


# all of them


def updates(count: int, start: int = 0) -> list[Change]:
    return [
        Update(
            f"v1:{number}", "github", str(number), {Field.STATUS: ("todo", "done" if number % 3 else "todo")}, WHERE, ""
        )
        for number in range(start, start + count)
    ]


def creates(count: int) -> list[Change]:
    return [Create(f"v1:new {n}", "github", Draft(f"v1:new {n}", {}, ""), WHERE, "") for n in range(count)]


ANY = st.fixed_dictionaries(
    {
        "consent": st.booleans(),
        "audience": st.sampled_from([{}, {"github": "public"}, {"infra": "public"}]),
        "behind": st.sampled_from(["", "abc"]),
    }
)


@given(
    st.permutations([*updates(12), *creates(6), *CHANGES[2:]]),
    st.integers(0, 19),
    ANY,
    st.booleans(),
    st.integers(0, 30),
    st.integers(0, 30),
    st.sampled_from([Limits(), HOST, Limits(3, 2, 2, Share(30)), Limits(0, 0, 0, Share(0, 1))]),
)
def test_every_change_goes_or_is_held_and_approval_lets_go_what_it_names_and_no_more(
    order: list[Change], count: int, told: dict[str, object], first: bool, owned: int, gone: int, limits: Limits
) -> None:
    changes, circumstances = order[:count], Circumstances(**told)  # type: ignore[arg-type]
    seen = Seen(owned, tuple(map(str, range(gone))))
    found = guard(changes, limits, circumstances, seen, first=first)
    assert sorted([*map(id, found.going), *(id(held.change) for held in found.held)]) == sorted(map(id, changes))
    assert list(found.going) == [change for change in changes if change in found.going]
    assert bool(found.digest) >= any(held.approvable for held in found.held)
    again = guard(changes, limits, replace(circumstances, approve=found.digest), seen, first=first)
    released = {id(held.change) for held in found.held if held.approvable}
    assert {id(change) for change in again.going} == {id(change) for change in found.going} | released
    other = guard(changes, limits, replace(circumstances, approve="f" * 16), seen, first=first)
    assert other.going == (() if found.digest else found.going)
    assert other.stale == bool(found.digest)


def test_a_cap_holds_its_own_kind_only_and_what_it_holds_comes_by_itself() -> None:
    closes, edits = updates(6)[1:3], updates(4)[::3]
    found = guard([*closes, *edits, *creates(2), CHANGES[2]], Limits(2, 1, 2), Circumstances(), Seen(90), first=False)
    assert [held.change for held in found.held] == closes[1:]
    assert [(held.guard, held.later, held.approvable) for held in found.held] == [("cap max-closes = 1", True, False)]
    assert (found.digest, found.stop) == ("", "")
