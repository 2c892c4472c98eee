"""The GitLab tracker: each known trap by name, and what is asked of the host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closeout.domain.document import Incident
from closeout.domain.issue import Changed, Draft, Hidden, Issue, Moved
from closeout.domain.item import Field, Item
from closeout.domain.sync.fit import fit
from closeout.errors import OutcomeUnknown, TrackerError
from closeout.hosts.pacing import Pace
from closeout.render import issue as rendered
from closeout.trackers.gitlab import opened
from closeout.trackers.gitlab_text import commands, defused, title_read, title_sent
from closeout.trackers.gitlab_words import CAPABILITIES
from closeout.trackers.issue_body import key_of
from closeout.trackers.opening import Opening
from fakes import faults
from fakes.gitlab import GitLabFake
from fakes.gitlab_state import DEVELOPER, GUEST, MINIMAL, REPORTER, World
from fakes.http import Answer, Fault, Reply, Request
from gitlab_bench import GitLabBench
from worlds import keyed

VALUES = {
    Field.TITLE: "Add an alert",
    Field.STATUS: "todo",
    Field.OWNERS: "ann",
    Field.DUE: "2026-06-15",
    Field.PRIORITY: "",
}
DRAFT = Draft("v1:0123456789abcdef0123", VALUES, "- **Action item**: Add an alert\n- **Due**: Jun 15\n")
HOSTILE = (
    '@ann @all #1 !2 acme/tools!3 $4 %5 %"v 1" ~6 ~bug ~"to do" &7 GL-8 [issue:9] [epic:g/10] *iteration:11 ^alert#12 '
    "0123456789abcdef https://x.example/a"
)


@pytest.fixture
def bench(gitlab_fake: GitLabFake) -> GitLabBench:
    return GitLabBench(gitlab_fake)


@pytest.fixture(params=[True, False], ids=["paid", "free"])
def each(request: pytest.FixtureRequest) -> Iterator[GitLabBench]:
    """One that is so whether it is paid for or not."""
    with GitLabFake(premium=request.param) as fake:
        yield GitLabBench(fake)


def made(bench: GitLabBench, **values: str) -> Issue:
    issue = bench.tracker().create(replace(DRAFT, values=VALUES | {Field(name): told for name, told in values.items()}))
    bench.asked()
    return issue


def seen(bench: GitLabBench, ref: str = "1") -> Issue:
    issue = bench.tracker().get(ref)
    assert isinstance(issue, Issue)
    return issue


def updated(bench: GitLabBench, **values: str) -> Issue:
    now = seen(bench).values
    bench.asked()
    wanted = {Field(name): told for name, told in values.items()}
    issue = bench.tracker().update("1", wanted, {what: now.get(what, "") for what in wanted})
    assert isinstance(issue, Issue)
    return issue


def test_a_new_issue_holds_the_key_in_its_description_and_all_else_in_fields(each: GitLabBench) -> None:
    issue = made(each, priority="High", status="in_progress")
    there = each.project.issues[1]
    assert there.text == (
        "<!-- closeout: key=v1:0123456789abcdef0123 -->\n<!-- closeout:begin -->\n"
        "- **Action item**: Add an alert\n<!-- closeout:end -->"
    )
    assert there.due == date(2026, 6, 15)
    assert set(there.labels) == {"closeout", "status::in progress", "priority::High"}
    assert (issue.ref, issue.author, issue.opened, issue.closed) == ("1", "closeout-bot", "2026-11-21", "")
    assert issue.address == f"{each.fake.url}/acme/sre/platform/-/issues/1"
    assert dict(issue.values) == {**VALUES, Field.PRIORITY: "High", Field.STATUS: "in_progress"}


def test_a_date_that_nobody_can_read_stays_in_the_text(bench: GitLabBench) -> None:
    values: dict[Field, str] = {what: value for what, value in VALUES.items() if what is not Field.DUE}
    bench.tracker().create(replace(DRAFT, values=values, body="- **Due**: after the audit\n"))
    assert "after the audit" in bench.project.issues[1].text
    assert bench.project.issues[1].due is None


def test_an_issue_of_a_private_document_is_confidential_and_no_other(bench: GitLabBench) -> None:
    bench.tracker().create(replace(DRAFT, private=True))
    made(bench)
    assert [issue.confidential for issue in bench.project.issues.values()] == [True, False]


@pytest.mark.parametrize("level", [0, GUEST])
def test_no_issue_of_a_private_document_is_made_where_everybody_would_read_it(bench: GitLabBench, level: int) -> None:
    bench.project.levels["closeout-bot"] = level
    with pytest.raises(TrackerError, match="may make no confidential issue"):
        bench.tracker().create(replace(DRAFT, private=True))
    assert bench.project.issues == {}
    bench.project.visibility = "private"
    bench.project.levels["closeout-bot"] = GUEST
    assert bench.tracker().create(replace(DRAFT, private=True)).ref == "1"


def test_without_the_right_to_set_them_what_the_host_drops_is_seen_in_its_answer(bench: GitLabBench) -> None:
    bench.project.grant("closeout-bot", GUEST)
    tracker = bench.tracker()
    issue = tracker.create(replace(DRAFT, values={**VALUES, Field.STATUS: "in_progress", Field.PRIORITY: "P1"}))
    told = {**VALUES, Field.OWNERS: "", Field.DUE: "", Field.STATUS: "todo", Field.PRIORITY: ""}
    assert dict(issue.values) == told
    assert keyed(tracker, DRAFT.key) is not None


def test_of_several_owners_the_first_is_kept_where_only_one_can_be_and_the_answer_says_so() -> None:
    with GitLabFake(premium=False) as fake:
        bench = GitLabBench(fake)
        tracker = bench.tracker()
        issue = tracker.create(replace(DRAFT, values={**VALUES, Field.OWNERS: "bob, ann"}))
        assert issue.values[Field.OWNERS] == "bob"
        after = updated(bench, owners="cid, ann")
        assert after.values[Field.OWNERS] == "cid"


def test_one_kept_of_several_owners_is_no_change_of_the_next_run() -> None:
    with GitLabFake(premium=False) as fake:
        bench = GitLabBench(fake)
        made(bench, owners="bob, ann")
        now = seen(bench).values
        assert now[Field.OWNERS] == "bob"
        after = bench.tracker().update(
            "1", {Field.DUE: "2027-01-02"}, {Field.DUE: now[Field.DUE]}
        )  # what the plan of that run holds: nothing of owners
        assert isinstance(after, Issue)
        assert "assignee_ids" not in bench.fake.writes[-1].sent


def test_several_owners_are_kept_where_several_can_be(bench: GitLabBench) -> None:
    assert made(bench, owners="bob, ann").values[Field.OWNERS] == "bob, ann"


def test_owners_who_cannot_be_assigned_are_left_out_before_anything_is_sent(bench: GitLabBench) -> None:
    bench.project.grant("small", MINIMAL)
    bench.project.grant("gone", DEVELOPER)
    bench.project.blocked.add("gone")
    issue = made(bench, owners="nobody, ANN, Bob Müller, small, gone")
    assert issue.values[Field.OWNERS] == "ann"
    assert updated(bench, owners="stranger, cid").values[Field.OWNERS] == "cid"
    assert bench.tracker().assignable() == {"ann", "bob", "cid", "closeout-bot"}


def test_an_owner_who_was_assigned_by_hand_stays(bench: GitLabBench) -> None:
    """More people can be assigned than are members."""
    made(bench)
    bench.project.issues[1].assignees = (bench.fake.world.account("reader"),)
    assert updated(bench, owners="reader, bob").values[Field.OWNERS] == "reader, bob"


def test_nobody_is_sent_as_zero(bench: GitLabBench) -> None:
    made(bench)
    assert updated(bench, owners="").values[Field.OWNERS] == ""
    assert bench.fake.writes[-1].sent == {"assignee_ids": [0]}


def test_only_owners_who_cannot_be_assigned_change_nothing_where_nobody_is(bench: GitLabBench) -> None:
    made(bench, owners="")
    updated(bench, owners="nobody")
    assert bench.fake.writes == []


def test_an_update_is_one_request_which_does_all_or_nothing(bench: GitLabBench) -> None:
    made(bench, status="in_progress", priority="low")
    updated(bench, title="Two", due="", owners="bob", status="wont_do", priority="high")
    (request,) = bench.fake.writes
    assert request.sent == {
        "title": "Two",
        "due_date": "",
        "assignee_ids": [bench.fake.world.account("bob").id],
        "state_event": "close",
        "add_labels": "status::won't do,priority::high",
        "remove_labels": "status::in progress,priority::low",
    }


def test_status_labels_are_exclusive_though_only_some_servers_see_to_it(each: GitLabBench) -> None:
    made(each)
    steps = {
        "in_progress": ("in_progress", {"closeout", "status::in progress"}),
        "wont_do": ("wont_do", {"closeout", "status::won't do"}),
        "done": ("done", {"closeout"}),
        "todo": ("todo", {"closeout"}),
    }
    for status, (told, labels) in steps.items():
        after = updated(each, status=status)
        assert (after.values[Field.STATUS], set(each.project.issues[1].labels)) == (told, labels)
        assert after.open == (status in {"in_progress", "todo"})


def test_a_label_alone_neither_closes_nor_opens(bench: GitLabBench) -> None:
    made(bench)
    bench.project.label(1, "Status::Won't Do")
    assert seen(bench).values[Field.STATUS] == "todo"
    bench.project.close(1)
    assert (seen(bench).values[Field.STATUS], seen(bench).closed) == ("wont_do", "2026-11-21")
    bench.project.unlabel(1, "Status::Won't Do")
    bench.project.label(1, "status::in progress")
    assert seen(bench).values[Field.STATUS] == "done"
    bench.project.reopen(1)
    assert seen(bench).values[Field.STATUS] == "in_progress"


def test_priority_is_a_label_that_people_can_change(each: GitLabBench) -> None:
    made(each, priority="high")
    each.project.unlabel(1, "priority::high")
    each.project.label(1, "Priority::Low")
    assert seen(each).values[Field.PRIORITY] == "Low"
    assert updated(each, priority="P0: now").values[Field.PRIORITY] == "P0: now"
    assert set(each.project.issues[1].labels) == {"closeout", "priority::P0: now"}
    assert updated(each, priority="").values[Field.PRIORITY] == ""


def test_a_priority_is_spelt_as_the_project_spells_it_since_another_case_is_another_label(bench: GitLabBench) -> None:
    bench.project.labels.append("priority::High")
    made(bench, priority="HIGH")
    assert [name for name in bench.project.labels if "priority" in name] == ["priority::High"]


@pytest.mark.parametrize("said", ["high, or low", "a::b", "as soon as the other team is done with theirs"])
def test_a_priority_that_no_label_can_be_becomes_none(bench: GitLabBench, said: str) -> None:
    made(bench, priority="high")
    assert updated(bench, priority=said).values[Field.PRIORITY] == "high"
    assert bench.fake.writes == []


def test_two_priorities_are_what_only_a_person_can_read(bench: GitLabBench) -> None:
    made(bench)
    bench.project.issues[1].labels = ("closeout", "priority::high", "priority::low")
    assert Field.PRIORITY not in seen(bench).values
    assert isinstance(bench.tracker().update("1", {Field.PRIORITY: "low"}, {Field.PRIORITY: ""}), Changed)


def test_labels_of_ours_with_a_comma_are_left_out_since_they_would_be_two(bench: GitLabBench) -> None:
    bench.tracker().create(replace(DRAFT, labels=frozenset({"team: a, b", "sev1"})))
    assert set(bench.project.issues[1].labels) == {"closeout", "sev1"}


# What GitLab acts on in a text.


def body(title: str) -> str:
    there = Item(title, 1, owners=(title,), due_text=title, priority=title)
    return rendered.body(
        there, Incident(title=title), f"docs/{title}.md", "https://git.example/a/b/-/blob/main/", "", "1.0"
    )


def test_a_document_notifies_nobody_and_links_nothing_by_title_or_text(bench: GitLabBench) -> None:
    title = HOSTILE[:200]
    bench.tracker().create(replace(DRAFT, values={**VALUES, Field.TITLE: title}, body=body(HOSTILE)))
    updated(bench, title=f"And {title}")
    assert (bench.fake.world.mentioned, bench.fake.world.linked) == ([], [])
    assert seen(bench).values[Field.TITLE] == f"And {title}"


def test_the_fake_would_have_told_and_linked_them(bench: GitLabBench) -> None:
    bench.project.open(HOSTILE)
    assert bench.fake.world.mentioned == ["ann", "all"]
    assert len(bench.fake.world.linked) >= 12


@pytest.mark.parametrize(
    "line", ["/close", "/assign @bob", "/label ~bug", "/title Mine", "/confidential", "\r/close", "/CLOSE"]
)
def test_no_line_of_a_document_is_a_command(bench: GitLabBench, line: str) -> None:
    bench.tracker().create(replace(DRAFT, body=f"Text\n{line}\n{line}"))
    there = bench.project.issues[1]
    assert (there.closed, there.title, there.confidential) == (None, "Add an alert", False)
    assert [one.login for one in there.assignees] == ["ann"]
    assert there.labels == ("closeout",)
    assert there.text.count("/") >= 2


def test_the_fake_would_have_done_them(bench: GitLabBench) -> None:
    there = bench.project.open("x", "Text\n/close\n/title Mine\n\r/confidential")
    assert (there.closed is not None, there.title, there.confidential, there.text) == (True, "Mine", True, "Text")


def test_the_link_to_the_document_leads_where_it_did(bench: GitLabBench) -> None:
    told = body("100% ~done & $5")
    bench.tracker().create(replace(DRAFT, body=told))
    link = told[told.index("](<") : told.index(">)")]
    assert "%20" in link
    assert link in bench.project.issues[1].text


@given(st.text(alphabet="ab1@#!$%~&^*:/[]`\"'-_ \\\n\r\u2060", max_size=60))
def test_titles_and_texts_are_the_same_to_people_and_nothing_to_gitlab(told: str) -> None:
    world = World()
    title = " ".join(title_read(told).split())
    world.read(title_sent(title))
    assert (world.mentioned, world.linked) == ([], [])
    assert title_read(title_sent(title)) == title
    assert title_sent(title_sent(title)) == title_sent(title)
    assert commands(defused(told)) == ""
    assert title_read(defused(told)) == title_read(told)


@given(st.text(alphabet="a@#~ é", min_size=200, max_size=300))
def test_a_title_is_never_too_long_however_much_of_it_had_to_be_broken(told: str) -> None:
    title = fit({Field.TITLE: told.strip()}, CAPABILITIES).get(Field.TITLE, "")
    sent = title_sent(title)
    assert len(sent) <= 255
    assert title_read(sent) == title or (sent.endswith("…") and title.startswith(title_read(sent)[:-1]))


@pytest.mark.parametrize("title", ["ä" * 300, "日本語" * 100, "word " * 80])
def test_titles_are_cut_at_255_characters_and_never_drift(bench: GitLabBench, title: str) -> None:
    issue = made(bench, title=title)
    told = issue.values[Field.TITLE]
    assert 250 <= len(told) <= 255
    assert told == fit({Field.TITLE: title}, bench.tracker().capabilities)[Field.TITLE]
    bench.tracker().update("1", {Field.TITLE: title}, {Field.TITLE: told})
    assert bench.fake.writes == []


def test_a_title_of_mentions_that_had_to_be_cut_is_not_sent_again(bench: GitLabBench) -> None:
    title = "@ann " * 50
    told = made(bench, title=title).values[Field.TITLE]
    assert bench.fake.world.mentioned == []
    bench.tracker().update("1", {Field.TITLE: title}, {Field.TITLE: told})
    assert bench.fake.writes == []


def test_a_mark_leaves_a_persons_text_as_it_is(bench: GitLabBench) -> None:
    bench.project.open("Of people", "Text with @ann\n\n    /usr/bin/true", by="ann")
    bench.tracker().mark("1", "v1:aa")
    assert bench.project.issues[1].text.startswith(
        "Text with @ann\n\n    /usr/bin/true\n\n<!-- closeout: key=v1:aa -->"
    )
    assert key_of(bench.project.issues[1].text) == "v1:aa"


def test_a_text_with_a_line_that_gitlab_would_do_is_not_written_again(bench: GitLabBench) -> None:
    bench.project.open("Of people", "Text").text = "Text\n/assign @bob\n"
    with pytest.raises(TrackerError, match="begins with /assign, which GitLab may do"):
        bench.tracker().mark("1", "v1:aa")
    assert bench.fake.writes == []


# Where issues are.


def test_a_renamed_project_is_written_by_its_id(bench: GitLabBench) -> None:
    made(bench)
    bench.fake.rename(bench.project, "acme/services")
    issue = bench.tracker().create(replace(DRAFT, key="v1:bb"))
    assert (issue.ref, len(bench.project.issues)) == ("2", 2)
    assert bench.asked()[:2] == ["GET /v4/projects/acme%2Fsre%2Fplatform", "GET P"]
    assert updated(bench, status="done").closed


def test_an_issue_of_another_project_that_was_moved_is_followed(bench: GitLabBench) -> None:
    other = bench.fake.project("acme/tools", REPORTER)
    other.open("There", DRAFT.body)
    bench.fake.rename(other, "acme/deep/er/kit")
    sight = bench.tracker().get("acme/tools#1")
    assert isinstance(sight, Issue)
    assert (sight.ref, sight.key) == ("acme/deep/er/kit#1", "")


def test_an_issue_that_was_moved_is_where_it_is_now_and_not_done(bench: GitLabBench) -> None:
    made(bench)
    there = bench.fake.project("acme/tools", REPORTER)
    there.open("First")
    bench.project.move(1, there)
    tracker = bench.tracker()
    assert tracker.get("1") == Moved("acme/tools#2", f"{bench.fake.url}/acme/tools/-/issues/2")
    assert (tracker.managed(), tracker.glance().issues) == ([], [])
    with pytest.raises(TrackerError, match=r"it was moved to .*acme/tools/-/issues/2"):
        tracker.update("1", {Field.TITLE: "x"}, {Field.TITLE: "y"})


def test_an_issue_that_was_moved_out_of_sight_is_hidden_and_not_done(bench: GitLabBench) -> None:
    made(bench)
    bench.project.move(1, bench.fake.project("acme/secret", 0, visibility="private"))
    assert bench.tracker().get("1") == Hidden()


def test_what_was_deleted_and_what_became_confidential_look_alike_and_are_hidden(bench: GitLabBench) -> None:
    bench.project.grant("closeout-bot", GUEST)
    for number in range(3):
        bench.project.open(f"Issue {number}")
    bench.project.delete(1)
    bench.project.issues[2].confidential = True
    assert [bench.tracker().get(ref) for ref in ("1", "2", "99", "acme/nowhere#1")] == [Hidden()] * 4


def test_a_project_that_a_token_may_not_see_any_more_has_no_answer_and_no_gone_issues(bench: GitLabBench) -> None:
    made(bench)
    tracker = bench.tracker()
    tracker.glance()
    bench.project.visibility = "private"
    bench.project.levels.clear()
    assert tracker.get("1") == Hidden()
    with pytest.raises(TrackerError):
        tracker.managed()


def test_an_empty_list_of_a_project_with_open_issues_or_with_none_at_all_is_no_answer(bench: GitLabBench) -> None:
    made(bench)
    bench.fake.script(Fault(lambda request, answer: Reply(200, []), "GET", r"/issues\?", times=None))
    with pytest.raises(TrackerError, match="the list is empty, but 1 are open"):
        bench.tracker().managed()
    bench.project.has_issues = False
    with pytest.raises(TrackerError, match=r"has none at all\. Turn its issues on"):
        bench.tracker().managed()


@pytest.mark.parametrize(("visibility", "private"), [("public", False), ("internal", True), ("private", True)])
def test_only_a_public_project_is_read_by_everybody(bench: GitLabBench, visibility: str, *, private: bool) -> None:
    bench.project.visibility = visibility
    assert bench.tracker().private is private


def test_a_glance_is_one_list_narrowed_by_our_label(bench: GitLabBench) -> None:
    made(bench)
    bench.project.open("of people", f"<!-- closeout: key={DRAFT.key} -->")
    tracker = bench.tracker()
    listing = tracker.glance()
    assert ([issue.ref for issue in listing.issues], listing.full) == (["1"], False)
    assert bench.fake.requests[-1].query["labels"] == "closeout"
    assert [issue.ref for issue in tracker.managed()] == ["1", "2"]


def test_people_can_ask_to_be_left_alone(bench: GitLabBench) -> None:
    made(bench)
    bench.project.label(1, "Closeout: Ignore")
    assert seen(bench).ignored


def test_an_answer_about_another_issue_is_no_answer(bench: GitLabBench) -> None:
    made(bench)
    bench.fake.script(Fault(faults.saying(project_id=99999), "POST", "/issues$"))
    with pytest.raises(OutcomeUnknown):
        bench.tracker().create(DRAFT)


def test_an_update_of_what_is_there_already_writes_nothing(each: GitLabBench) -> None:
    made(each, priority="P1")
    tracker = each.tracker()
    tracker.update("1", {**VALUES, Field.PRIORITY: "p1", Field.OWNERS: "ANN"}, {**VALUES, Field.PRIORITY: "P1"})
    assert each.fake.writes == []


def test_a_title_with_a_mention_that_a_person_wrote_is_not_written_again(bench: GitLabBench) -> None:
    made(bench)
    bench.project.issues[1].title = "Ask @ann about #3"
    assert seen(bench).values[Field.TITLE] == "Ask @ann about #3"
    updated(bench, title="Ask @ann about #3")
    assert bench.fake.writes == []


def test_what_a_person_changes_between_read_and_write_of_another_field_stays(bench: GitLabBench) -> None:
    made(bench)

    def meanwhile(request: Request, answer: Answer) -> Reply:
        bench.project.label(1, "bug")
        return answer(request)

    bench.fake.script(Fault(meanwhile, "PUT"))
    updated(bench, status="in_progress")
    assert set(bench.project.issues[1].labels) == {"closeout", "bug", "status::in progress"}


@pytest.mark.parametrize("prefix", ["", "/code/gitlab"])
def test_tickets_name_issues_here_and_elsewhere_on_the_host(prefix: str) -> None:
    with GitLabFake(prefix=prefix) as fake:
        tracker = GitLabBench(fake).tracker()
        told = {
            "#12": "12",
            "acme/sre/platform#12": "12",
            "platform#12": "12",
            "Acme/SRE/Platform#12": "12",
            "acme/tools#3": "acme/tools#3",
            "tools#3": "acme/sre/tools#3",
            f"{fake.url}/acme/sre/platform/-/issues/12": "12",
            f"{fake.url}/acme/sre/platform/-/issues/12#note_5": "12",
            f"{fake.url}/acme/sre/platform/issues/12": "12",
            f"{fake.url}/acme/sre/platform/-/work_items/12": "12",
            f"{fake.url}/acme/sre/platform/-/issues/incident/12": "12",
            f"{fake.url}/acme/tools/-/issues/7/designs": "acme/tools#7",
            f"{fake.url}/acme/sre/platform/-/merge_requests/12": None,
            f"{fake.url}/groups/acme/-/epics/12": None,
            f"{fake.server.url}/other/acme/platform/-/issues/12": None if prefix else "other/acme/platform#12",
            "https://git.example.com/acme/platform/-/issues/12": None,
            "acme/tools!3": None,
            "SRE-12": None,
            "GL-12": None,
        }
        assert {ticket: tracker.ref(ticket, "a.md") for ticket in told} == told


def test_a_document_moves_nobody_out_of_the_projects_by_dots() -> None:
    tracker = opened(
        Opening("gitlab", "gitlab", "https://gitlab.com", "a/b", Pace(lambda s: None, lambda: 0.0), token="abcd")
    )
    for ticket in ("../../user#1", "./x#1", "https://gitlab.com/../api/-/issues/1", "a/..%2f..#1"):
        assert tracker.ref(ticket, "a.md") is None


def test_an_instance_below_a_path_finds_the_project_by_the_repositorys_address() -> None:
    pace = Pace(lambda seconds: None, lambda: 0.0)
    told = Opening(
        "gitlab", "gitlab", "https://x.example/code", "code/acme/pm", pace, token="abcd", home="code/acme/pm"
    )
    assert (opened(told).project, opened(told).home) == ("acme/pm", "acme/pm")
    there = opened(replace(told, project="code/tools"))
    assert (there.project, there.home) == ("code/tools", "acme/pm")
    assert opened(replace(told, project="a/b", home="a/b")).project == "a/b"


def test_tickets_are_spelt_short_beside_the_issues_and_with_their_project_elsewhere(bench: GitLabBench) -> None:
    issue = made(bench)
    assert bench.tracker().spell(issue, "a.md") == ("#1", issue.address)
    assert bench.tracker(home="").spell(issue, "a.md") == ("acme/sre/platform#1", issue.address)
    away = bench.tracker(home="acme/postmortems")
    assert (away.ref("#1", "a.md"), away.ref(issue.address, "a.md")) == ("acme/postmortems#1", "1")


def test_how_many_requests_each_operation_takes(bench: GitLabBench) -> None:
    tracker = bench.tracker()
    acts: dict[str, Callable[[], object]] = {
        "first create": lambda: tracker.create(DRAFT),
        "create": lambda: tracker.create(replace(DRAFT, key="v1:aa")),
        "nothing new": tracker.glance,
        "full list": tracker.managed,
        "update": lambda: tracker.update("1", {Field.DUE: "2027-01-02"}, {Field.DUE: "2026-06-15"}),
        "same update": lambda: tracker.update("1", {Field.DUE: "2027-01-02"}, {Field.DUE: "2026-06-15"}),
        "in progress": lambda: tracker.update("1", {Field.STATUS: "in_progress"}, {Field.STATUS: "todo"}),
        "done": lambda: tracker.update("1", {Field.STATUS: "done"}, {Field.STATUS: "in_progress"}),
        "first priority": lambda: tracker.update("1", {Field.PRIORITY: "high"}, {Field.PRIORITY: ""}),
        "mark": lambda: tracker.mark("1", DRAFT.key),
    }
    counts = {}
    for name, act in acts.items():
        act()
        counts[name] = len(bench.asked())
    assert counts == {
        "first create": 3,  # project, people, issue
        "create": 1,
        "nothing new": 1,
        "full list": 1,
        "update": 2,
        "same update": 1,
        "in progress": 2,
        "done": 2,
        "first priority": 3,  # read, labels, write
        "mark": 1,
    }
