"""What a hosted tracker asks of the engine: accounts, guards, lagging lists, waits; over the memory tracker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from unittest.mock import patch

import pytest

from closeout.domain.issue import Capabilities, Draft, Gone, Issue, Moved, Sight
from closeout.domain.item import Field, Status
from closeout.domain.ledger import Ledger
from closeout.domain.outcome import Outcome
from closeout.domain.people import People, Person, restricted
from closeout.domain.plan import Create
from closeout.domain.sync.guard import Circumstances
from closeout.engine.world import Options
from closeout.errors import Exit, LaterError, MovedError, OvertakenError
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped
from closeout.state.memory import MemoryLedger
from worlds import TABLE, Small

HOST = Capabilities(
    "memory",
    fields=frozenset({Field.TITLE, Field.STATUS, Field.OWNERS, Field.DUE}),
    statuses=frozenset({Status.TODO, Status.DONE, Status.WONT_DO}),
    title_limit=256,
    lists_lag=True,
    logins=True,
    write_seconds=30.0,
)
PEOPLE = People(
    (
        Person("Maxime", {"memory": "max42"}),
        Person("SRE", team=True, label="team/sre"),
    )
)


def hosted(text: str = TABLE, **options: object) -> Small:
    told = Options(today="2026-05-03", now="2026-05-03T10:00:00+00:00", version="test", people=PEOPLE)
    small = Small({"postmortems/a.md": text}, replace(told, **options))  # type: ignore[arg-type]
    small.tracker.capabilities = HOST
    return small


def ran(small: Small) -> Outcome:
    outcome = small.sync()
    assert outcome is not None
    return outcome


def codes(outcome: Outcome) -> list[str]:
    return [finding.code for finding in outcome.findings]


def row(owner: str, title: str = "Add an alert") -> str:
    return f"## Action items\n\n| Action | Owner | Due |\n|---|---|---|\n| {title} | {owner} | 2026-06-15 |\n"


# people


def owners(text: str) -> str:
    item = read("a.md", row(text), shipped()).items[0]
    return PEOPLE.accounts(item.stated[Field.OWNERS], "memory")


@pytest.mark.parametrize(
    ("cell", "accounts"),
    [
        ("@ann", "ann"),
        ("Maxime", "max42"),
        ("maxime, @ann", "max42, ann"),
        ("Ann Lee", ""),
        ("ann", ""),
        ("SRE", ""),
        ("@acme/sre", ""),
        ("", ""),
    ],
)
def test_only_a_login_or_an_entry_is_an_account(cell: str, accounts: str) -> None:
    assert owners(cell) == accounts


def test_a_bare_name_is_told_and_never_guessed() -> None:
    small = hosted(row("Ann Lee"))
    outcome = ran(small)
    assert "unknown-owner" in codes(outcome)
    assert Field.OWNERS not in small.tracker.issues["1"].values
    assert small.plan().plan.empty


def test_a_name_of_people_is_assigned_and_written_back_as_the_name() -> None:
    small = hosted(row("Maxime"))
    ran(small)
    assert small.tracker.issues["1"].values[Field.OWNERS] == "max42"
    small.tracker.edit("1", {Field.OWNERS: "max42, zoe"})
    ran(small)
    assert "| Maxime, @zoe |" in small.text
    small.tracker.edit("1", {Field.OWNERS: "zoe"})
    ran(small)
    assert "| @zoe |" in small.text
    assert small.plan().plan.empty


def test_a_name_without_an_account_stays_beside_who_is_assigned() -> None:
    small = hosted(row("Ann Lee"))
    ran(small)
    small.tracker.edit("1", {Field.OWNERS: "max42"})
    ran(small)
    assert "| Ann Lee, Maxime |" in small.text
    assert small.plan().plan.empty


def test_a_team_gets_its_label_and_its_cell_is_never_expanded() -> None:
    small = hosted(row("SRE"))
    (create,) = small.plan().plan.changes
    assert isinstance(create, Create)
    assert create.draft.labels == {"team/sre"}
    ran(small)
    small.tracker.edit("1", {Field.OWNERS: "ann, bob"})
    before = small.text
    ran(small)
    assert small.text == before
    assert small.plan().plan.empty


def test_who_cannot_be_assigned_is_told_and_the_issue_is_made() -> None:
    small = hosted(row("@ann, @bob"))
    small.tracker.people = frozenset({"bob"})
    outcome = ran(small)
    assert "not-assignable" in codes(outcome)
    assert small.tracker.issues["1"].values[Field.OWNERS] == "bob"
    assert restricted("Ann, BOB", {"bob"}) == ("BOB", ("Ann",))


# guards


def test_a_first_run_writes_nothing_until_it_is_agreed_to() -> None:
    small = hosted(circumstances=Circumstances(consent=False))
    outcome = ran(small)
    assert outcome.exits == {Exit.HELD}
    assert "--yes" in outcome.plan.held[0].guard
    assert (small.text, small.tracker.writes, small.ledger.text) == (TABLE, 0, "")
    small.options = replace(small.options, circumstances=Circumstances(consent=True))
    ran(small)
    small.options = replace(small.options, circumstances=Circumstances(consent=False))
    assert ran(small).exits == set()


def test_another_branch_only_plans_and_says_so() -> None:
    small = hosted(circumstances=Circumstances(branch="wip"))
    outcome = ran(small)
    assert outcome.exits == {Exit.HELD}
    assert "--any-branch" in outcome.plan.held[0].guard
    assert (small.tracker.writes, small.ledger.text) == (0, "")


def test_paused_plans_everything_and_writes_nothing() -> None:
    small = hosted()
    ran(small)
    small.text = small.text.replace("2026-06-15", "2026-06-16")
    small.options = replace(small.options, circumstances=Circumstances(paused=True))
    before = (small.tracker.writes, small.ledger.text)
    assert ran(small).exits == {Exit.HELD}
    assert (small.tracker.writes, small.ledger.text) == before


def test_a_wider_audience_holds_creates_and_lets_the_rest_go() -> None:
    small = hosted()
    ran(small)
    small.text = small.text.replace("2026-06-15", "2026-06-16") + "| Call the bank | @ann | 2026-06-17 | 🔲 TODO |\n"
    small.options = replace(small.options, circumstances=Circumstances(audience={"memory": "the project is public"}))
    outcome = ran(small)
    assert outcome.exits == {Exit.HELD}
    assert [held.change.where.title for held in outcome.plan.held] == ["Call the bank"]
    assert small.tracker.issues["1"].values[Field.DUE] == "2026-06-16"
    assert len(small.tracker.issues) == 2


@pytest.mark.parametrize(("date", "made"), [("2026-05-01", 2), ("2026-01-01", 0), ("some day", 0)])
def test_items_of_old_and_undated_incidents_get_no_issue(date: str, made: int) -> None:
    small = hosted(TABLE.replace("2026-05-01", date), circumstances=Circumstances(since="2026-02-02"))
    outcome = ran(small)
    assert len(small.tracker.issues) == made
    assert outcome.plan.old == 2 - made
    assert outcome.exits == set()


# the ledger's other side


def test_on_a_runner_whose_clone_dies_nothing_is_created_without_a_shared_ledger() -> None:
    small = hosted(on_runner=True)
    small.ledger.shared = False
    outcome = ran(small)
    assert outcome.exits == {Exit.HELD}
    assert "contents: write" in outcome.plan.held[0].guard
    assert small.tracker.issues == {}
    small.ledger.shared = True
    ran(small)
    assert len(small.tracker.issues) == 2


def test_without_a_shared_ledger_our_fresh_issue_gives_way_to_a_lower_one() -> None:
    small = hosted(row("@ann"))
    small.ledger.shared = False
    (planned,) = small.plan().plan.changes
    theirs = Issue(
        "1", planned.key, {Field.TITLE: "Add an alert", Field.STATUS: "todo"}, version="1", author="closeout"
    )
    lists: Iterator[list[Issue]] = iter([[], [theirs]])
    small.tracker.issues["1"] = theirs
    small.tracker.managed = lambda: next(lists)  # type: ignore[method-assign]
    ran(small)
    assert small.tracker.issues["2"].values[Field.STATUS] == "wont_do"
    assert small.ledger.load().entries[planned.key].issue == "1"
    assert "[#1]" in small.text


def test_a_lost_lease_stops_before_the_write() -> None:
    small = hosted()
    asked = []

    def lost(seconds: float) -> None:
        asked.append(seconds)
        message = "the lease is lost"
        raise MovedError(message)

    small.ledger.hold = lost  # type: ignore[method-assign]
    with pytest.raises(MovedError):
        small.sync()
    assert asked == [30.0]
    assert small.tracker.issues == {}


@pytest.mark.parametrize(("faster", "issues"), [(1, 2), (2, 2), (3, 0)])
def test_a_run_that_another_one_overtakes_reads_and_plans_again_three_times_at_most(faster: int, issues: int) -> None:
    small, save = hosted(), MemoryLedger.save
    others = iter(range(faster))

    def overtaken(kept: MemoryLedger, ledger: Ledger, *, last: bool = False) -> None:
        if next(others, None) is not None:
            small.text = small.text.replace("Add an alert", "Add two alerts")  # what was planned holds no more
            message = "another run saved its own first"
            raise OvertakenError(message)
        save(kept, ledger, last=last)

    with patch.object(MemoryLedger, "save", overtaken):
        if issues:
            assert small.sync()
        else:
            with pytest.raises(OvertakenError):
                small.sync()
    assert len(small.tracker.issues) == issues
    assert "Add an alert" not in {issue.values[Field.TITLE] for issue in small.tracker.issues.values()}


# waits and lags


def test_a_long_wait_ends_the_run_with_exit_9_and_the_next_one_goes_on() -> None:
    small = hosted()
    create = small.tracker.create

    def limited(draft: Draft) -> Issue:
        if small.tracker.issues:
            message = "memory: could not go on before 10:42: the rate limit is used up. Run again then"
            raise LaterError(message)
        return create(draft)

    small.tracker.create = limited  # type: ignore[method-assign]
    outcome = ran(small)
    assert Exit.LATER in {code for code, _ in outcome.errors}
    assert "10:42" in outcome.errors[0][1]
    assert "[#1]" in small.text
    small.tracker.create = create  # type: ignore[method-assign]
    assert ran(small).exits == set()
    assert len(small.tracker.issues) == 2
    assert small.plan().plan.empty


def test_a_lost_create_waits_for_the_lists_and_is_made_again_only_later() -> None:
    small = hosted()
    small.tracker.faults = ["lost before"]
    ran(small)
    assert len(small.tracker.issues) == 1
    outcome = ran(small)
    assert Exit.LATER in {code for code, _ in outcome.errors}
    assert len(small.tracker.issues) == 1
    small.options = replace(small.options, now="2026-05-03T10:16:00+00:00")
    ran(small)
    assert len(small.tracker.issues) == 2
    assert small.plan().plan.empty


def test_a_lost_create_that_was_made_is_found_by_its_mark() -> None:
    small = hosted()
    small.tracker.faults = ["lost after"]
    ran(small)
    assert ran(small).exits == set()
    assert len(small.tracker.issues) == 2
    assert small.plan().plan.empty


def test_a_strangers_issue_with_our_mark_is_told_and_neither_used_nor_doubled() -> None:
    small = hosted()
    small.tracker.faults = ["lost before"]
    ran(small)
    key = next(entry.key for entry in small.ledger.load().entries.values() if not entry.issue)
    small.tracker.issues["77"] = Issue("77", key, {Field.TITLE: "x", Field.STATUS: "todo"}, author="mallory")
    small.options = replace(small.options, now="2026-05-03T11:00:00+00:00")
    outcome = ran(small)
    assert "unvouched-marker" in codes(outcome)
    assert len(small.tracker.issues) == 2
    assert "#77" not in small.text


def test_a_rebuilt_ledger_takes_no_strangers_issue_and_makes_no_second_one() -> None:
    small = hosted()
    ran(small)
    small.text = TABLE
    small.ledger.text = ""
    small.tracker.issues["1"] = replace(small.tracker.issues["1"], author="mallory")
    small.options = replace(small.options, rebuild=True)
    outcome = ran(small)
    assert "unvouched-marker" in codes(outcome)
    assert len(small.tracker.issues) == 2
    assert "[#1]" not in small.text
    assert "[#2]" in small.text
    small.options = replace(small.options, rebuild=False)
    assert ran(small).plan.empty


@pytest.mark.parametrize(("author", "used"), [("github-actions[bot]", True), ("mallory", False)])
def test_an_account_that_does_not_tell_itself_is_the_runners(author: str, used: bool) -> None:
    small = hosted(row("@ann"))
    small.tracker.account = ""
    small.tracker.faults = ["lost before"]
    ran(small)
    (key,) = small.ledger.load().entries
    small.tracker.issues["7"] = Issue("7", key, {Field.TITLE: "x", Field.STATUS: "todo"}, author=author)
    ran(small)
    assert ("#7" in small.text) == used


def test_a_value_enters_a_document_only_after_a_look_by_number() -> None:
    small = hosted()
    ran(small)
    looked: list[str] = []
    stale = small.tracker.managed()
    small.tracker.edit("1", {Field.DUE: "2026-07-01"})
    listed = [replace(issue, values={**issue.values, Field.DUE: "2026-07-09"}) for issue in stale if issue.ref == "1"]
    small.tracker.managed = lambda: [*listed, *(issue for issue in stale if issue.ref != "1")]  # type: ignore[method-assign]
    get = small.tracker.get

    def look(ref: str) -> Sight:
        looked.append(ref)
        return get(ref)

    small.tracker.get = look  # type: ignore[method-assign]
    before = small.text
    ran(small)
    assert looked == ["1"]
    assert small.text == before


# what became of an issue


def test_an_issue_that_was_deleted_is_a_remembered_no() -> None:
    small = hosted()
    ran(small)
    small.tracker.delete("1")
    assert "deleted-issue" in codes(ran(small))
    assert small.tracker.get("1") == Gone()
    assert ran(small).plan.empty
    assert len(small.tracker.issues) == 1


def test_an_issue_that_asks_to_be_left_alone_is_a_remembered_no() -> None:
    small = hosted()
    ran(small)
    small.tracker.issues["1"] = replace(small.tracker.issues["1"], ignored=True)
    assert "ignored" in codes(ran(small))
    small.text = small.text.replace("2026-06-15", "2026-06-16")
    outcome = ran(small)
    assert outcome.plan.empty
    assert small.tracker.issues["1"].values[Field.DUE] == "2026-06-15"


def test_an_issue_that_was_moved_is_told_with_its_new_address() -> None:
    small = hosted()
    ran(small)
    small.tracker.moved["1"] = Moved("acme/other#5", "https://example.com/acme/other/issues/5")
    outcome = ran(small)
    assert "moved-issue" in codes(outcome)
    assert any("https://example.com/acme/other/issues/5" in finding.message for finding in outcome.findings)
    assert len(small.tracker.issues) == 2


def test_a_ticket_of_somebody_is_followed_and_never_written_to() -> None:
    small = hosted(row("@ann").replace("| Owner |", "| Owner | Status |").replace("|---|---|", "|---|---|---|", 1))
    small.text = (
        "## Action items\n\n| Action | Due | Status | Ticket |\n|---|---|---|---|\n| Do it | 2026-06-15 | TODO | #5 |\n"
    )
    small.tracker.issues["5"] = Issue("5", "", {Field.TITLE: "Theirs", Field.STATUS: "todo"}, author="zoe")
    ran(small)
    small.text = small.text.replace("2026-06-15", "2026-06-30").replace("Do it", "Do that")
    ran(small)
    assert small.tracker.issues["5"].values == {Field.TITLE: "Theirs", Field.STATUS: "todo"}
    small.tracker.edit("5", {Field.STATUS: "done"})
    ran(small)
    assert "| DONE |" in small.text
    assert small.tracker.writes == 0


@pytest.mark.parametrize(("one", "other", "said"), [("done", "done", "DONE"), ("done", "todo", "IN PROGRESS")])
def test_several_tickets_in_a_row_are_followed_together(one: str, other: str, said: str) -> None:
    small = hosted()
    small.text = "## Action items\n\n| Action | Status | Ticket |\n|---|---|---|\n| Do it | TODO | #5, #6 |\n"
    for ref in ("5", "6"):
        small.tracker.issues[ref] = Issue(ref, "", {Field.TITLE: "Theirs", Field.STATUS: "todo"})
    ran(small)
    small.tracker.edit("5", {Field.STATUS: one})
    small.tracker.edit("6", {Field.STATUS: other})
    ran(small)
    assert f"| {said} |" in small.text
    assert small.plan().plan.empty


# what nobody changed


def test_a_lost_create_whose_owner_was_refused_leaves_the_owner_in_the_page() -> None:
    small = hosted()
    small.tracker.faults = ["lost after"]
    ran(small)
    small.tracker.issues["1"] = replace(
        small.tracker.issues["1"], values={**small.tracker.issues["1"].values, Field.OWNERS: ""}
    )
    assert "differs" in codes(ran(small))
    assert "@ann | 2026-06-15" in small.text


def test_a_first_value_that_could_not_be_sent_is_sent_by_the_next_run() -> None:
    small = hosted(TABLE.replace("| Due |", "| Note |"))
    ran(small)
    for ref in ("1", "2"):
        small.tracker.edit(ref, {Field.DUE: ""})
    small.text = small.text.replace("| Note |", "| Due |")
    small.tracker.faults = ["refused", "refused"]
    assert Exit.TRACKER in ran(small).exits
    ran(small)
    assert [issue.values[Field.DUE] for issue in small.tracker.issues.values()] == ["2026-06-15", "2026-06-20"]
    assert small.plan().plan.empty


def test_a_login_that_becomes_an_unknown_name_unassigns_nobody() -> None:
    small = hosted()
    ran(small)
    small.text = small.text.replace("@ann", "Ann Lee")
    assert "unknown-owner" in codes(ran(small))
    assert small.tracker.issues["1"].values[Field.OWNERS] == "ann"


def test_an_open_row_whose_ticket_was_cleared_after_its_issue_was_deleted_is_told_by_every_run() -> None:
    small = hosted()
    ran(small)
    small.tracker.delete("1")
    ran(small)
    small.text = small.text.replace(" [#1](memory:/1)", "")
    for _ in range(2):
        assert "no-issue" in codes(ran(small))
    assert sorted(small.tracker.issues) == ["2"]
