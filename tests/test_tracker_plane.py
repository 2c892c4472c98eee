"""The Plane tracker: what happens to a project and its work items, what is asked, and the traps that are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from closeout.domain.document import Incident
from closeout.domain.issue import Changed, Draft, Hidden, Issue
from closeout.domain.item import Field, Item
from closeout.errors import ConfigurationError, LaterError, OutcomeUnknown, TrackerError
from closeout.render.issue import body
from closeout.trackers.plane_words import html
from fakes import faults
from fakes.http import Answer, Fault, Reply, Request
from fakes.plane import PlaneFake
from fakes.plane_state import GUEST
from plane_bench import PlaneBench
from worlds import keyed

VALUES = {
    Field.TITLE: "Add an alert",
    Field.STATUS: "todo",
    Field.OWNERS: "ann",
    Field.DUE: "2026-06-15",
    Field.PRIORITY: "high",
}
DRAFT = Draft("v1:0123456789abcdef0123", VALUES, "- **Action item**: Add an alert\n")
DONE = ({Field.STATUS: "done"}, {Field.STATUS: "todo"})


@pytest.fixture
def bench(plane_fake: PlaneFake) -> PlaneBench:
    bench = PlaneBench(plane_fake)
    bench.join("ann", "bob")
    return bench


def seen(bench: PlaneBench, ref: str = "1") -> Issue:
    sight = bench.tracker().get(ref)
    assert isinstance(sight, Issue)
    return sight


# Creating.


def test_a_new_item_holds_everything_and_is_one_write(bench: PlaneBench) -> None:
    tracker = bench.tracker()
    issue = tracker.create(DRAFT)
    there = bench.project.item(1)
    assert (there.external_id, there.external_source) == (DRAFT.key, "closeout")
    assert (there.state.name, there.priority, there.html) == (
        "Todo",
        "high",
        "<ul>\n<li><strong>Action item</strong>: Add an alert</li>\n</ul>",
    )
    assert (issue.ref, issue.author, issue.opened, issue.closed) == ("1", bench.fake.bot.id, "2026-11-21", "")
    assert issue.author == tracker.whoami()
    assert (issue.address, issue.ignored) == (f"{bench.fake.url}/acme/browse/ROOSE-1/", False)
    assert (issue.key, dict(issue.values)) == (DRAFT.key, VALUES)
    assert len(bench.fake.writes) == 1


def test_s2_a_create_whose_key_is_taken_is_the_item_that_has_it(bench: PlaneBench) -> None:
    made = bench.tracker().create(DRAFT)
    bench.project.edit(1, name="Retitled by a person")
    again = bench.tracker().create(DRAFT)
    assert (again.ref, again.key, again.values[Field.TITLE]) == (made.ref, DRAFT.key, "Retitled by a person")
    assert len(bench.project.items) == 1


def test_s2_an_id_of_another_tool_is_never_taken_for_ours(bench: PlaneBench) -> None:
    bench.project.open("theirs", external_id=DRAFT.key, external_source="jira")
    made = bench.tracker().create(DRAFT)
    assert (made.ref, [issue.ref for issue in bench.tracker().managed()]) == ("2", ["2"])


def test_s2_a_conflict_over_an_item_that_is_not_ours_makes_and_adopts_nothing(bench: PlaneBench) -> None:
    theirs = bench.project.open("theirs", external_id="PROJ-1", external_source="jira")
    told = {"error": "Issue with the same external id and external source already exists", "id": theirs.id}
    bench.fake.script(Fault(lambda request, answer: Reply(409, told), "POST"))
    with pytest.raises(TrackerError, match=f"could not create a work item: {theirs.id} carries its key"):
        bench.tracker().create(DRAFT)
    assert len(bench.project.items) == 1


def test_s2_two_with_one_key_are_looked_up_by_listing_and_the_lowest_stays(bench: PlaneBench) -> None:
    for number in range(3):
        bench.project.open(f"by runs at once {number}", external_id=DRAFT.key, external_source="closeout")
    again = bench.tracker().create(DRAFT)
    assert again.ref == "1"
    assert len(bench.project.items) == 3
    assert [issue.key for issue in bench.tracker().managed()] == [DRAFT.key] * 3


def test_c_a_key_on_an_archived_item_is_told_and_no_second_one_is_made(bench: PlaneBench) -> None:
    bench.tracker().create(DRAFT)
    bench.project.archive(1)
    with pytest.raises(TrackerError, match=r"archived or a draft\. Restore it"):
        bench.tracker().create(DRAFT)
    assert len(bench.project.items) == 1


def test_s2_a_deleted_item_gives_its_key_back(bench: PlaneBench) -> None:
    bench.tracker().create(DRAFT)
    bench.project.delete(1)
    assert bench.tracker().create(DRAFT).ref == "2"


def test_s2_a_500_after_the_item_was_made_is_looked_up_and_never_sent_again(bench: PlaneBench) -> None:
    bench.fake.script(Fault(faults.failed(500, done=True), "POST"))
    with pytest.raises(OutcomeUnknown):
        bench.tracker().create(DRAFT)
    assert len(bench.fake.writes) == 1
    found = keyed(bench.tracker(), DRAFT.key)
    assert found is not None
    assert bench.tracker().create(DRAFT).ref == found.ref


@pytest.mark.parametrize("act", [faults.saying(project="0" * 8 + "-0000-4000-8000-000000000000"), faults.lacking("id")])
def test_the_answer_to_a_create_must_be_about_what_was_made(bench: PlaneBench, act: object) -> None:
    assert callable(act)
    bench.fake.script(Fault(act, "POST"))
    with pytest.raises(OutcomeUnknown):
        bench.tracker().create(DRAFT)


# People.


def test_c_people_are_called_by_display_name_or_address_in_any_case(bench: PlaneBench) -> None:
    tracker = bench.tracker()
    assert set(tracker.assignable() or ()) == {
        "ann", "ann@example.com", "bob", "bob@example.com", "closeout-bot", "closeout-bot@example.com",
    }  # fmt: skip
    made = tracker.create(replace(DRAFT, values={**VALUES, Field.OWNERS: "ANN, Bob@Example.com, nobody, Ann"}))
    assert made.values[Field.OWNERS] == "ann, bob"


def test_c_who_is_named_by_address_in_the_configuration_is_called_so(bench: PlaneBench) -> None:
    tracker = bench.tracker(accounts=frozenset({"Bob@example.com"}))
    made = tracker.create(replace(DRAFT, values={**VALUES, Field.OWNERS: "ann, Bob@example.com"}))
    assert made.values[Field.OWNERS] == "ann, bob@example.com"


def test_c_names_that_two_have_or_that_no_list_can_hold_are_no_names(bench: PlaneBench) -> None:
    for name, mail in (("Ann", "ann2@example.com"), ("Lee, Kim", "kim@example.com"), ("bob@example.com", "eve@x.org")):
        account = bench.fake.sign_up(name, mail)
        bench.project.members[account.id] = 15
    people = bench.tracker().assignable()
    assert people is not None
    assert not {"ann", "lee, kim"} & people
    made = bench.tracker().create(replace(DRAFT, values={**VALUES, Field.OWNERS: "ann, bob@example.com"}))
    assert [bench.fake.accounts[one].email for one in bench.project.item(1).assignees] == ["bob@example.com"]
    bench.project.edit(1, assignees=tuple(bench.project.members))
    assert seen(bench, made.ref).values[Field.OWNERS] == (
        "closeout-bot, ann@example.com, bob, ann2@example.com, kim@example.com, eve@x.org"
    )


def test_c_assignees_that_are_dropped_without_a_word_are_noticed(bench: PlaneBench) -> None:
    bench.join("gus", role=GUEST)
    made = bench.tracker().create(replace(DRAFT, values={**VALUES, Field.OWNERS: "gus"}))
    assert made.values[Field.OWNERS] == ""
    after = bench.tracker().update(made.ref, {Field.OWNERS: "ann, gus"}, {Field.OWNERS: ""})
    assert isinstance(after, Issue)
    assert after.values[Field.OWNERS] == "ann"


def test_c_a_default_assignee_is_read_back_and_not_fought(bench: PlaneBench) -> None:
    bench.project.default_assignee = next(one for one in bench.project.members if one != bench.fake.bot.id)
    made = bench.tracker().create(replace(DRAFT, values={**VALUES, Field.OWNERS: ""}))
    assert made.values[Field.OWNERS] == "ann"
    assert len(bench.fake.writes) == 1
    cleared = bench.tracker().update(made.ref, {Field.OWNERS: ""}, {Field.OWNERS: "ann"})
    assert isinstance(cleared, Issue)
    assert cleared.values[Field.OWNERS] == ""


def test_somebody_who_left_the_project_is_looked_up_once_and_stays_named(bench: PlaneBench) -> None:
    (zoe,) = bench.join("zoe")
    bench.project.open("one", assignees=(zoe,), external_id="v1:a", external_source="closeout")
    bench.project.open("two", assignees=(zoe, "0" * 8 + "-0000-4000-8000-000000000000"))
    del bench.project.members[zoe]
    tracker = bench.tracker()
    assert [issue.values[Field.OWNERS] for issue in tracker.managed()] == ["zoe"]
    second = tracker.get("2")
    assert isinstance(second, Issue)
    assert Field.OWNERS not in second.values  # one of them is unknown, which is not the same as nobody
    assert isinstance(tracker.update("2", {Field.OWNERS: "ann"}, {Field.OWNERS: ""}), Changed)
    assert bench.asked().count("GET /members/") == 1
    assert "zoe" not in (tracker.assignable() or ())


def test_a_token_that_may_not_see_who_is_in_the_workspace_reads_all_else(bench: PlaneBench) -> None:
    (zoe,) = bench.join("zoe")
    bench.project.open("one", assignees=(zoe,), external_id="v1:a", external_source="closeout")
    del bench.project.members[zoe]
    bench.fake.script(Fault(faults.refused(403, "no"), "GET", "acme/members/", times=None))
    (issue,) = bench.tracker().managed()
    assert Field.OWNERS not in issue.values
    assert issue.values[Field.TITLE] == "one"


def halved(request: Request, answer: Answer) -> Reply:
    """A list of members without its second half."""
    reply = answer(request)
    assert isinstance(reply.body, list)
    return replace(reply, body=reply.body[: len(reply.body) // 2])


def test_a_list_of_members_that_came_by_half_takes_nobody_off(bench: PlaneBench) -> None:
    made = bench.tracker().create(replace(DRAFT, values={**VALUES, Field.OWNERS: "ann, bob"}))
    bench.fake.script(Fault(halved, "GET", "projects/[^/]*/members/", times=None))
    tracker = bench.tracker()
    assert not {"ann", "bob"} <= (tracker.assignable() or frozenset())
    after = tracker.update(made.ref, {Field.OWNERS: "ann, bob, closeout-bot"}, {Field.OWNERS: "ann, bob"})
    assert isinstance(after, Issue)
    assert {"ann", "bob"} <= set(after.values[Field.OWNERS].split(", "))
    after = tracker.update(made.ref, {Field.OWNERS: "bob"}, {Field.OWNERS: after.values[Field.OWNERS]})
    assert isinstance(after, Issue)
    assert after.values[Field.OWNERS] == "bob"


def test_a_list_of_members_without_anybody_is_not_believed_and_nothing_is_written(bench: PlaneBench) -> None:
    made = bench.tracker().create(replace(DRAFT, values={**VALUES, Field.OWNERS: "ann"}))
    before = len(bench.fake.writes)
    bench.fake.script(Fault(nobody, "GET", "projects/[^/]*/members/", times=None))
    for act in (
        lambda: bench.tracker().assignable(),
        lambda: bench.tracker().get(made.ref),
        lambda: bench.tracker().create(replace(DRAFT, key="v1:another", values=VALUES)),
        lambda: bench.tracker().update(made.ref, {Field.OWNERS: "bob"}, {Field.OWNERS: "ann"}),
    ):
        with pytest.raises(TrackerError, match="could not tell who is in the project"):
            act()
    assert len(bench.fake.writes) == before


def nobody(request: Request, answer: Answer) -> Reply:
    return replace(answer(request), body=[])


# States.


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Backlog", "todo"),
        ("Todo", "todo"),
        ("In Progress", "in_progress"),
        ("Done", "done"),
        ("Cancelled", "wont_do"),
    ],
)
def test_c_a_state_means_what_its_group_does(bench: PlaneBench, name: str, status: str) -> None:
    bench.project.open("one", state=name)
    assert seen(bench).values[Field.STATUS] == status


def test_c_the_first_state_of_a_group_is_set_whatever_it_is_called(bench: PlaneBench) -> None:
    bench.project.state("In Progress").name = "Läuft"
    bench.project.add_state("In Review", "started", 36000.0)
    made = bench.tracker().create(replace(DRAFT, values={**VALUES, Field.STATUS: "in_progress"}))
    assert (bench.project.item(1).state.name, made.values[Field.STATUS]) == ("Läuft", "in_progress")


def test_c_a_state_that_is_chosen_by_name_is_set_and_means_that_status(bench: PlaneBench) -> None:
    bench.project.add_state("Duplicate", "completed", 50000.0)
    bench.project.add_state("In Review", "started", 36000.0)
    tracker = bench.tracker(states={"wont_do": "duplicate", "in_progress": "In Review"})
    for status, name in (("wont_do", "Duplicate"), ("in_progress", "In Review"), ("done", "Done"), ("todo", "Todo")):
        made = tracker.create(
            replace(DRAFT, key=f"v1:{status.replace('_', '')}", values={**VALUES, Field.STATUS: status})
        )
        assert (bench.project.items[-1].state.name, made.values[Field.STATUS]) == (name, status)
    bench.project.move(1, "Cancelled")
    assert tracker.get("1") == seen(bench)


def test_c_a_chosen_state_that_is_not_there_is_told_with_those_that_are(bench: PlaneBench) -> None:
    with pytest.raises(
        ConfigurationError, match=r"acme/ROOSE: could not find the state 'Shipped': there are Backlog, T"
    ):
        bench.tracker(states={"done": "Shipped"}).create(replace(DRAFT, values={**VALUES, Field.STATUS: "done"}))
    assert bench.fake.writes == []


def test_c_a_group_without_states_gives_way_to_one_that_is_as_closed(bench: PlaneBench) -> None:
    bench.project.states = [state for state in bench.project.states if state.group in {"backlog", "completed"}]
    tracker = bench.tracker()
    made = tracker.create(DRAFT)
    assert bench.project.item(1).state.name == "Backlog"
    after = tracker.update(made.ref, {Field.STATUS: "wont_do"}, {Field.STATUS: "todo"})
    assert isinstance(after, Issue)
    assert (after.values[Field.STATUS], after.open) == ("done", False)


def test_s2_a_state_of_the_same_meaning_stays(bench: PlaneBench) -> None:
    bench.project.add_state("In Review", "started", 36000.0)
    bench.project.open("one", state="In Review")
    after = bench.tracker().update("1", {Field.STATUS: "in_progress"}, {Field.STATUS: "in_progress"})
    assert isinstance(after, Issue)
    assert bench.fake.writes == []
    assert bench.project.item(1).state.name == "In Review"


def test_a_state_that_nobody_knows_is_missing_and_never_written_over(bench: PlaneBench) -> None:
    tracker = bench.tracker()
    tracker.managed()
    bench.project.open("one")
    tracker.get("1")
    bench.project.add_state("New", "started", 1.0)
    bench.project.move(1, "New")
    issue = tracker.get("1")
    assert isinstance(issue, Issue)
    assert Field.STATUS not in issue.values
    assert isinstance(tracker.update("1", {Field.STATUS: "done"}, {Field.STATUS: ""}), Changed)


def test_s2_a_closed_item_has_a_day_and_a_cancelled_one_that_of_its_last_change(bench: PlaneBench) -> None:
    bench.project.open("one")
    for name, day in (("Done", "2026-11-21"), ("Cancelled", "2026-11-21"), ("Todo", "")):
        bench.project.move(1, name)
        assert (bench.project.item(1).completed is None) == (name != "Done")
        assert seen(bench).closed == day


# Priority and dates.


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ("P0", "urgent"),
        ("P1", "high"),
        ("Medium", "medium"),
        ("🟢 low", "low"),
        ("", ""),
        ("as we like", ""),
        ("3", ""),
    ],
)
def test_c_a_priority_is_sent_by_what_it_means(bench: PlaneBench, words: str, held: str) -> None:
    made = bench.tracker().create(replace(DRAFT, values={**VALUES, Field.PRIORITY: words}))
    assert (bench.project.item(1).priority, made.values[Field.PRIORITY]) == (held or "none", held)


def test_s2_no_priority_and_no_date_are_cleared_in_plane_s_words(bench: PlaneBench) -> None:
    made = bench.tracker().create(DRAFT)
    after = bench.tracker().update(
        made.ref, {Field.PRIORITY: "", Field.DUE: ""}, {Field.PRIORITY: "high", Field.DUE: "2026-06-15"}
    )
    assert isinstance(after, Issue)
    assert bench.fake.writes[-1].sent == {"priority": "none", "target_date": None}
    assert (after.values[Field.PRIORITY], after.values[Field.DUE]) == ("", "")


def test_c_times_are_told_in_the_zone_of_the_asker_and_versions_are_not(bench: PlaneBench) -> None:
    bench.project.open("one")
    before = seen(bench).version
    bench.fake.bot.zone = "Asia/Kolkata"
    assert (seen(bench).version, seen(bench).opened) == (before, "2026-11-21")
    bench.project.edit(1, name="two")
    assert seen(bench).version > before


def test_s2_a_version_is_read_back_as_the_reply_to_a_patch_is_older(bench: PlaneBench) -> None:
    tracker = bench.tracker()
    made = tracker.create(DRAFT)
    after = tracker.update(made.ref, *DONE)
    assert isinstance(after, Issue)
    assert after.version == seen(bench).version


@pytest.mark.parametrize(
    "act",
    [
        faults.refused(404, "The copy lags"),
        faults.saying(updated_at="2026-01-01T00:00:00Z", name="old"),
        faults.limited(429, retry_after=3600),
        faults.failed(done=False),
    ],
)
def test_c_a_copy_that_lags_or_fails_behind_a_write_does_not_undo_it(bench: PlaneBench, act: object) -> None:
    assert callable(act)
    tracker = bench.tracker()
    made = tracker.create(DRAFT)
    bench.fake.script(Fault(act, "GET", f"items/{bench.project.item(1).id}/", times=None))
    after = tracker.update(made.ref, *DONE)
    assert isinstance(after, Issue)
    assert (after.values[Field.STATUS], after.values[Field.TITLE]) == ("done", "Add an alert")


# Text.


def test_s2_a_document_s_text_is_text_in_the_html_and_bounded() -> None:
    hostile = (
        "- **Action item**: <script>alert(1)</script> <img src=x onerror=1> [x](javascript:alert) &lt;\n"
        + "<b>" * 90_000
    )
    made = html(hostile, due=False)
    assert "<script" not in made
    assert "<img" not in made
    assert "javascript:" not in made
    assert "<b>" not in made
    assert len(made) < 400_000


def test_s2_no_mark_of_ours_and_no_second_due_date_stand_in_the_text(bench: PlaneBench) -> None:
    item = Item("Add an <b>alert</b> @ann #1", 12, ("ann",), due="2026-06-15", due_text="Jun 15")
    text = body(item, Incident("Outage"), "docs/a<b>.md", "https://example.com/blob/main/", "", "1.0")
    bench.tracker().create(replace(DRAFT, body=text))
    told = bench.project.item(1).html
    assert "closeout:begin" not in told
    assert "Due" not in told
    assert "<b>" not in told
    assert 'href="https://example.com/blob/main/docs/a%3Cb%3E.md#L12"' in told
    bench.tracker().create(replace(DRAFT, key="v1:ab", values={**VALUES, Field.DUE: ""}, body=text))
    assert "Due" in bench.project.items[-1].html


def test_c_a_long_title_is_cut_the_same_way_each_time(bench: PlaneBench) -> None:
    tracker, title = bench.tracker(), "word " * 80
    issue = tracker.create(replace(DRAFT, values={**VALUES, Field.TITLE: title}))
    assert len(issue.values[Field.TITLE]) <= 255
    tracker.update(issue.ref, {Field.TITLE: title}, {Field.TITLE: issue.values[Field.TITLE]})
    assert len(bench.fake.writes) == 1


# Labels.


def test_s2_a_team_s_label_is_made_once_and_an_item_matters_more_than_its_labels(bench: PlaneBench) -> None:
    draft = replace(DRAFT, labels=frozenset({"team/sre"}))
    bench.tracker().create(draft)
    bench.tracker().create(replace(draft, key="v1:ab"))
    assert [label.name for label in bench.project.labels] == ["team/sre"]
    assert all(item.labels == (bench.project.labels[0].id,) for item in bench.project.items)
    bench.fake.script(Fault(faults.refused(403, "no"), "POST", "/labels/"))
    assert bench.tracker().create(replace(DRAFT, key="v1:cd", labels=frozenset({"other"}))).ref == "3"


@pytest.mark.parametrize("label", ["closeout: ignore", "Closeout: Ignore"])
def test_people_can_ask_to_be_left_alone(bench: PlaneBench, label: str) -> None:
    bench.project.open("one")
    bench.project.tag(1, label)
    assert seen(bench).ignored


# Updating.


def test_s2_a_patch_names_what_changes_and_never_the_number(bench: PlaneBench) -> None:
    made = bench.tracker().create(DRAFT)
    bench.project.tag(1, "by a person")
    wanted = {Field.TITLE: "Add two", Field.STATUS: "in_progress", Field.OWNERS: "bob", Field.DUE: "2027-01-02"}
    bench.tracker().update(made.ref, {**wanted, Field.PRIORITY: "high"}, VALUES)
    assert bench.fake.writes[-1].sent.keys() == {"name", "state", "assignees", "target_date"}
    assert bench.project.item(1).labels == (bench.project.labels[0].id,)


def test_s2_an_item_of_another_tool_keeps_its_id(bench: PlaneBench) -> None:
    bench.project.open("imported", external_id="PROJ-1", external_source="jira")
    with pytest.raises(
        TrackerError, match=r"ROOSE-1: could not mark it: it carries the key of another item, or of jira"
    ):
        bench.tracker().mark("1", DRAFT.key)
    assert bench.project.item(1).external_id == "PROJ-1"


def test_s2_a_key_that_another_item_has_marks_nothing(bench: PlaneBench) -> None:
    bench.tracker().create(DRAFT)
    bench.project.open("by a person")
    with pytest.raises(TrackerError, match="another work item carries its key"):
        bench.tracker().mark("2", DRAFT.key)
    assert bench.project.item(2).external_id is None


@pytest.mark.parametrize("went", ["delete", "archive"])
def test_c_what_cannot_be_seen_is_hidden_and_not_written(bench: PlaneBench, went: str) -> None:
    bench.tracker().create(DRAFT)
    getattr(bench.project, went)(1)
    tracker = bench.tracker()
    assert tracker.get("1") == Hidden()
    assert tracker.managed() == []
    with pytest.raises(
        TrackerError, match=r"ROOSE-1: could not change it: it cannot be seen\. If it was deleted or archiv"
    ):
        tracker.update("1", *DONE)
    with pytest.raises(TrackerError, match="could not mark it: it cannot be seen"):
        tracker.mark("1", DRAFT.key)


def test_the_answer_to_a_write_must_be_about_what_was_written(bench: PlaneBench) -> None:
    made = bench.tracker().create(DRAFT)
    bench.fake.script(Fault(faults.saying(id="0" * 8 + "-0000-4000-8000-000000000000"), "PATCH"))
    with pytest.raises(OutcomeUnknown):
        bench.tracker().update(made.ref, *DONE)


def test_an_answer_about_another_item_is_not_believed(bench: PlaneBench) -> None:
    bench.project.open("one")
    bench.fake.script(Fault(faults.saying(sequence_id=2), "GET", "ROOSE-1"))
    with pytest.raises(TrackerError, match="the answer is of another work item"):
        bench.tracker().get("1")


def test_a_long_wait_before_a_write_leaves_it_undone(bench: PlaneBench) -> None:
    bench.fake.script(Fault(faults.limited(429, retry_after=600), "POST"))
    with pytest.raises(LaterError):
        bench.tracker().create(DRAFT)
    assert bench.project.items == []


def test_s2_a_start_behind_the_due_date_is_told_in_plane_s_words(bench: PlaneBench) -> None:
    made = bench.tracker().create(DRAFT)
    refusal = {"non_field_errors": ["Start date cannot exceed target date"]}
    bench.fake.script(Fault(lambda request, answer: Reply(400, refusal), "PATCH"))
    with pytest.raises(TrackerError, match="Start date cannot exceed target date"):
        bench.tracker().update(made.ref, {Field.DUE: "2020-01-01"}, {Field.DUE: "2026-06-15"})


# Listing.


def test_s2_an_item_that_goes_while_pages_are_turned_is_no_hole(bench: PlaneBench) -> None:
    for number in range(150):
        bench.project.open(f"item {number}", external_id=f"v1:{number:04x}", external_source="closeout")

    def goes(request: Request, answer: Answer) -> Reply:
        bench.project.delete(1)
        return answer(request)

    bench.fake.script(Fault(goes, "GET", "cursor=100"))
    assert [issue.ref for issue in bench.tracker().managed()] == [str(number) for number in range(2, 151)]


@pytest.mark.parametrize("status", [403, 500])
def test_a_project_that_cannot_be_listed_yields_nothing(bench: PlaneBench, status: int) -> None:
    bench.tracker().create(DRAFT)
    for path in ("/projects/", "/states/", "items/"):
        fault = Fault(faults.refused(status, "no"), "GET", path, times=None)
        bench.fake.script(fault)
        tracker = bench.tracker()
        asks: list[Callable[[], object]] = [tracker.managed, tracker.glance, partial(tracker.get, "1")]
        for ask in asks:
            with pytest.raises(TrackerError):
                ask()
        bench.fake.server.faults.remove(fault)


def test_a_run_without_changes_lists_once(bench: PlaneBench) -> None:
    for number in range(120):
        bench.project.open(f"item {number}", external_id=f"v1:{number:04x}", external_source="closeout")
    bench.project.edit(1, assignees=(bench.fake.bot.id,))
    assert len(bench.tracker().glance().issues) == 120
    assert bench.asked() == [
        "GET /projects/",
        *["GET /projects/P/work-items/"] * 2,
        "GET /projects/P/states/",
        "GET /projects/P/members/",
    ]


def test_nobody_asks_for_people_where_there_are_none(bench: PlaneBench) -> None:
    tracker = bench.tracker()
    tracker.create(replace(DRAFT, values={Field.TITLE: "Add an alert"}))
    tracker.managed()
    assert not any("members" in one or "labels" in one for one in bench.asked())


def test_what_one_create_and_one_update_ask(bench: PlaneBench) -> None:
    tracker = bench.tracker()
    tracker.create(DRAFT)
    assert bench.asked() == [
        "GET /projects/",
        "GET /projects/P/members/",
        "GET /projects/P/states/",
        "POST /projects/P/work-items/",
    ]
    tracker.create(replace(DRAFT, key="v1:ab"))
    assert bench.asked() == ["POST /projects/P/work-items/"]
    tracker.update("2", *DONE)
    item = bench.project.item(2).id
    assert bench.asked() == [
        "GET /work-items/ROOSE-2/",
        f"PATCH /projects/P/work-items/{item}/",
        f"GET /projects/P/work-items/{item}/",
    ]


# Names and tickets.


@pytest.mark.parametrize("project", ["ROOSE", "acme", "acme/", "/ROOSE", "a/b/c", "acme/RO-OSE", "acme /ROOSE"])
def test_a_project_is_named_by_its_workspace_and_identifier(bench: PlaneBench, project: str) -> None:
    with pytest.raises(ConfigurationError, match=r"WORKSPACE/IDENTIFIER, as in acme/ROOSE\. Correct"):
        bench.tracker(project=project)


def test_a_project_that_is_not_there_is_told_with_those_that_are(bench: PlaneBench) -> None:
    with pytest.raises(TrackerError, match=r"acme/NOPE: could not find the project: the token sees ROOSE\. Correct"):
        bench.tracker(project="acme/NOPE").managed()
    with pytest.raises(TrackerError, match=r"other: could not list the projects: the token may not do this \(403"):
        bench.tracker(project="other/ROOSE").managed()
    with pytest.raises(TrackerError, match="token was not accepted"):
        bench.tracker("plane_api_bad").managed()


def test_s2_the_identifier_is_found_in_any_case_and_asked_for_in_its_own(bench: PlaneBench) -> None:
    bench.project.open("one")
    assert isinstance(bench.tracker(project="acme/roose").get("1"), Issue)


def test_c_tickets_and_addresses_name_items_of_this_project_only(bench: PlaneBench) -> None:
    there = bench.project.open("one", number=12)
    tracker, web = bench.tracker(), bench.fake.url
    asked = {
        "ROOSE-12": "12",
        "roose-12": "12",
        f"{web}/acme/browse/ROOSE-12/": "12",
        f"{web}/ACME/browse/roose-12?x=1#comment": "12",
        f"{web}/acme/work-items/ROOSE-12": "12",
        f"{web}/acme/projects/{bench.project.id}/issues/{there.id}": "12",
        f"{web}/acme/projects/{bench.project.id.upper()}/work-items/{there.id}/": "12",
        f"{web}/acme/projects/{bench.project.id}/issues/{bench.project.id}": bench.project.id,
        "SRE-12": None,
        "XROOSE-12": None,
        "ROOSE-0": None,
        "ROOSE-١": None,
        "ROOSE-12 and more": None,
        "#12": None,
        f"{web}/other/browse/ROOSE-12/": None,
        f"{web}/acme/browse/SRE-12/": None,
        f"{web}/acme/projects/{there.id}/issues/{there.id}": None,
        "https://elsewhere.example/acme/browse/ROOSE-12/": None,
        f"javascript:{web}/acme/browse/ROOSE-12/": None,
        "https://[broken": None,
    }
    assert {ticket: tracker.ref(ticket, "docs/a.md") for ticket in asked} == asked
    assert tracker.get(bench.project.id) == Hidden()
    assert tracker.get("../../users/me") == Hidden()


def test_a_bare_ticket_asks_nothing_and_an_address_with_an_id_once(bench: PlaneBench) -> None:
    there = bench.project.open("one")
    tracker = bench.tracker()
    tracker.ref("ROOSE-1", "a.md")
    assert bench.asked() == []
    for _ in range(3):
        tracker.ref(f"{bench.fake.url}/acme/projects/{bench.project.id}/issues/{there.id}", "a.md")
    assert bench.asked() == ["GET /projects/", f"GET /projects/P/work-items/{there.id}/"]


def test_an_item_is_spelt_by_its_number_with_its_page(bench: PlaneBench) -> None:
    bench.project.open("one")
    tracker = bench.tracker(project="acme/roose")
    issue = tracker.get("1")
    assert isinstance(issue, Issue)
    assert tracker.spell(issue, "docs/a.md") == ("ROOSE-1", f"{bench.fake.url}/acme/browse/ROOSE-1/")
    assert tracker.address == f"{bench.fake.url}/acme/roose"


def test_a_project_is_private_unless_it_is_published(bench: PlaneBench) -> None:
    assert bench.tracker().private
    bench.project.published = True
    assert not bench.tracker().private


def test_c_a_plane_that_does_not_tell_who_we_are_leaves_it_unknown() -> None:
    with PlaneFake(knows_me=False) as fake:
        assert PlaneBench(fake).tracker().whoami() == ""
