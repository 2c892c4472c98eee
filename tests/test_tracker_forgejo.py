"""The Forgejo tracker: each known trap by the number it has in the notes, and what is asked of the host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from closeout.domain.issue import Changed, Draft, Gone, Hidden, Issue
from closeout.domain.item import Field
from closeout.domain.sync.fit import fit
from closeout.errors import OutcomeUnknown, TrackerError
from closeout.hosts.rest import Refused
from closeout.trackers.forgejo_words import CAPABILITIES, date_of, due_sent
from fakes import faults
from fakes.forgejo import ForgejoFake
from fakes.forgejo_state import FLAVOURS, Label, World
from fakes.github_values import Right
from fakes.http import Answer, Fault, Reply, Request
from forgejo_bench import PROJECT, ForgejoBench
from worlds import keyed

VALUES = {
    Field.TITLE: "Add an alert",
    Field.STATUS: "todo",
    Field.OWNERS: "ann",
    Field.DUE: "2026-06-15",
    Field.PRIORITY: "",
}
DRAFT = Draft("v1:0123456789abcdef0123", VALUES, "- **Action item**: Add an alert\n- **Due**: Jun 15\n")
HERE = f"/repos/{PROJECT}"
READ = f"GET {HERE}/issues/1"


class Summer(tzinfo):
    """A zone that is an hour ahead from April to September."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return timedelta(hours=2 if moment is not None and 4 <= moment.month <= 9 else 1)

    def dst(self, moment: datetime | None) -> timedelta:
        return self.utcoffset(moment) - timedelta(hours=1)

    def tzname(self, moment: datetime | None) -> str:
        return "summer"


@pytest.fixture
def bench(forgejo_fake: ForgejoFake) -> ForgejoBench:
    return ForgejoBench(forgejo_fake)


@pytest.fixture(params=FLAVOURS)
def each(request: pytest.FixtureRequest) -> Iterator[ForgejoBench]:
    """One that is so on every server."""
    with ForgejoFake(flavour=FLAVOURS[request.param]) as fake:
        yield ForgejoBench(fake)


def made(bench: ForgejoBench, **values: str) -> Issue:
    issue = bench.tracker().create(replace(DRAFT, values=VALUES | {Field(name): told for name, told in values.items()}))
    bench.asked()
    return issue


def seen(bench: ForgejoBench, ref: str = "1") -> Issue:
    issue = bench.tracker().get(ref)
    assert isinstance(issue, Issue)
    return issue


def updated(bench: ForgejoBench, **values: str) -> Issue:
    now = seen(bench).values
    bench.asked()
    wanted = {Field(name): told for name, told in values.items()}
    issue = bench.tracker().update("1", wanted, {what: now.get(what, "") for what in wanted})
    assert isinstance(issue, Issue)
    return issue


def names(bench: ForgejoBench, number: int = 1) -> set[str]:
    return {label.name for label in bench.repo.issues[number].labels}


def test_b1_a_new_issue_holds_the_key_in_its_body_and_all_else_in_fields(each: ForgejoBench) -> None:
    issue = made(each, priority="High")
    there = each.repo.issues[1]
    assert there.body == (
        "<!-- closeout: key=v1:0123456789abcdef0123 -->\n<!-- closeout:begin -->\n"
        "- **Action item**: Add an alert\n<!-- closeout:end -->\n"
    )
    assert there.due == datetime(2026, 6, 15, 23, 59, 59, tzinfo=UTC)
    assert names(each) == {"closeout", "priority/High"}
    assert (issue.ref, issue.author, issue.opened, issue.closed) == ("1", "closeout-bot", "2026-11-21", "")
    assert issue.address == f"{each.fake.url}/acme/platform/issues/1"
    assert dict(issue.values) == {**VALUES, Field.PRIORITY: "High"}


def test_b1_a_date_that_nobody_can_read_stays_in_the_text(bench: ForgejoBench) -> None:
    values: dict[Field, str] = {what: value for what, value in VALUES.items() if what is not Field.DUE}
    bench.tracker().create(replace(DRAFT, values=values, body="- **Due**: after the audit\n"))
    assert "after the audit" in bench.repo.issues[1].body
    assert bench.repo.issues[1].due is None


def test_b1_without_write_rights_what_the_host_drops_is_seen_in_its_answer(each: ForgejoBench) -> None:
    each.repo.grant("closeout-bot", Right.READ)
    tracker = each.tracker()
    issue = tracker.create(replace(DRAFT, values={**VALUES, Field.STATUS: "in_progress", Field.PRIORITY: "P1"}))
    told = dict(issue.values)
    assert told == {**VALUES, Field.OWNERS: "", Field.DUE: "", Field.STATUS: "todo", Field.PRIORITY: ""}
    assert keyed(tracker, DRAFT.key) is not None
    after = tracker.update(
        "1", {Field.DUE: "2027-01-02", Field.TITLE: "Two"}, {Field.DUE: "", Field.TITLE: "Add an alert"}
    )
    assert isinstance(after, Issue)
    assert (after.values[Field.DUE], after.values[Field.TITLE]) == ("", "Two")


def test_b1_an_archived_repository_is_told(bench: ForgejoBench) -> None:
    bench.repo.label_made("closeout")
    bench.repo.archived = True
    with pytest.raises(TrackerError, match="archived"):
        bench.tracker().create(DRAFT)


def test_b1_an_owner_who_lost_the_right_meanwhile_does_not_lose_the_issue(each: ForgejoBench) -> None:
    """A refusal of a new issue makes nothing, so it may be sent again."""
    each.repo.private = True

    def late(request: Request, answer: Answer) -> Reply:
        each.repo.rights.pop("ann")
        return answer(request)

    each.fake.script(Fault(late, "POST", "/issues"))
    issue = each.tracker().create(DRAFT)
    assert issue.values[Field.OWNERS] == ""
    assert len(each.repo.issues) == 1


@pytest.mark.parametrize("title", ["ä" * 200, "word " * 80, "日本語" * 60, "x" * 253 + "äb", "a\u0301" * 130])
def test_b1_titles_are_cut_at_255_bytes_where_a_character_ends_and_never_drift(each: ForgejoBench, title: str) -> None:
    tracker = each.tracker()
    issue = tracker.create(replace(DRAFT, values={**VALUES, Field.TITLE: title}))
    told = issue.values[Field.TITLE]
    assert len(told.encode()) <= 255
    assert told == fit({Field.TITLE: title}, tracker.capabilities)[Field.TITLE]
    each.asked()
    tracker.update("1", {Field.TITLE: title}, {Field.TITLE: told})
    assert each.asked() == [READ]


@given(st.text(max_size=400))
@example("é" * 127 + "x")
def test_b1_a_cut_title_is_the_beginning_of_the_whole_one(title: str) -> None:
    cut = fit({Field.TITLE: title}, CAPABILITIES["forgejo"]).get(Field.TITLE, "")
    if len(title.encode(errors="replace")) <= 255:
        assert cut == title
    else:
        assert cut.endswith("…")
        assert title.startswith(cut[:-1])
        assert 240 <= len(cut.encode()) <= 255 or title[: len(cut) + 4].strip() != title[: len(cut) + 4]


ZONES = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters))) | st.just(
    Summer()
)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 30)), ZONES, ZONES)
@example(date(2026, 12, 31), timezone(timedelta(hours=14)), timezone(timedelta(hours=-11)))
@example(date(2026, 10, 1), Summer(), timezone(timedelta(0)))
def test_b2_a_due_date_is_the_same_day_whoever_set_it_wherever_the_server_is(
    day: date, server: tzinfo, before: tzinfo
) -> None:
    world, sent = World(zone=server), datetime.fromisoformat(due_sent(day.isoformat()))
    kept = {
        "created": sent,
        "changed on Forgejo": world.end_of(sent.date(), sent.tzinfo),
        "changed on Gitea, and in the web interface": world.end_of(sent.date()),
    }
    for how, moment in kept.items():
        told = moment.astimezone(UTC).astimezone(server)
        assert date_of(told) == day.isoformat(), how
    moved = kept["created"].astimezone(UTC).astimezone(before)  # the server's zone was another one
    assert date_of(moved) == day.isoformat()


@pytest.mark.parametrize(
    "zone", [UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45)), Summer()]
)
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_b2_due_dates_survive_create_change_and_the_web_interface(flavour: str, zone: tzinfo) -> None:
    with ForgejoFake(flavour=FLAVOURS[flavour], zone=zone) as fake:
        bench = ForgejoBench(fake)
        assert made(bench).values[Field.DUE] == "2026-06-15"
        assert updated(bench, due="2026-12-31").values[Field.DUE] == "2026-12-31"
        bench.repo.due_by_web(1, date(2026, 3, 1))
        assert seen(bench).values[Field.DUE] == "2026-03-01"
        bench.asked()
        updated(bench, due="2026-03-01")
        assert fake.writes == []


def test_b2_a_due_date_is_taken_away_by_its_own_word(each: ForgejoBench) -> None:
    made(each)
    assert updated(each, due="").values[Field.DUE] == ""
    assert each.fake.writes[-1].sent == {"unset_due_date": True}
    assert each.repo.issues[1].due is None


def test_b2_a_null_or_false_takes_no_due_date_away(each: ForgejoBench) -> None:
    made(each)
    host = each.host()
    assert host.edit_issue(PROJECT, 1, {"due_date": None}).due_date is not None
    with pytest.raises((Refused, OutcomeUnknown), match="cannot be empty"):
        host.edit_issue(PROJECT, 1, {"unset_due_date": False})


def test_b2_owners_who_cannot_be_assigned_are_left_out_before_anything_is_sent(each: ForgejoBench) -> None:
    each.repo.private = True
    each.fake.world.account("stranger")
    issue = made(each, owners="ann, nobody, Bob Müller, stranger, BOB")
    assert issue.values[Field.OWNERS] == "ann, bob"
    after = updated(each, owners="stranger, cid, no-one")
    assert after.values[Field.OWNERS] == "cid"
    assert [request.sent for request in each.fake.writes] == [{"assignees": ["cid"]}]


def test_b2_a_bad_owner_that_was_sent_would_have_taken_everybody_off(each: ForgejoBench) -> None:
    """What the check before is for."""
    each.repo.private = True
    each.fake.world.account("stranger")
    made(each)
    with pytest.raises(OutcomeUnknown):
        each.host().edit_issue(PROJECT, 1, {"title": "x", "assignees": ["stranger"]})
    assert each.repo.issues[1].assignees == ()


def test_b2_an_owner_who_was_assigned_by_hand_stays(bench: ForgejoBench) -> None:
    """More people can be assigned than are listed."""
    made(bench)
    bench.repo.issues[1].assignees = (bench.fake.world.account("reader"),)
    assert updated(bench, owners="reader, bob").values[Field.OWNERS] == "reader, bob"


def test_b2_nobody_is_sent_as_an_empty_list_and_read_as_null(each: ForgejoBench) -> None:
    made(each)
    assert updated(each, owners="").values[Field.OWNERS] == ""
    assert each.fake.writes[-1].sent == {"assignees": []}


def test_b2_only_owners_who_cannot_be_assigned_change_nothing_where_nobody_is(bench: ForgejoBench) -> None:
    made(bench, owners="")
    updated(bench, owners="nobody")
    assert bench.fake.writes == []


def test_b2_all_that_no_label_says_goes_in_one_request(each: ForgejoBench) -> None:
    made(each)
    updated(each, title="Two", due="2027-01-02", owners="bob", status="done")
    assert [request.sent for request in each.fake.writes] == [
        {"title": "Two", "due_date": "2027-01-02T23:59:59Z", "assignees": ["bob"], "state": "closed"}
    ]


def test_b3_unknown_ids_and_names_of_labels_are_dropped_so_ids_are_looked_up(bench: ForgejoBench) -> None:
    assert (bench.host().create_issue(PROJECT, {"title": "x", "labels": [424242]})).labels == ()
    with pytest.raises(Refused, match="cannot unmarshal string"):
        bench.host().create_issue(PROJECT, {"title": "x", "labels": ["bug"]})
    assert names(bench) == set()


def test_b3_a_label_that_is_there_in_any_case_or_comes_from_the_organisation_is_not_made_again(
    bench: ForgejoBench,
) -> None:
    bench.fake.world.organisation("acme", "Closeout", "priority/high")
    bench.repo.owner = bench.fake.world.account("acme")
    made(bench, priority="HIGH")
    assert names(bench) == {"Closeout", "priority/high"}
    assert bench.repo.labels == []


def test_b3_a_label_whose_making_nobody_can_tell_of_is_looked_for_since_names_come_twice(bench: ForgejoBench) -> None:
    bench.fake.script(Fault(faults.dropped(done=True), "POST", "/labels$"))
    made(bench)
    assert [label.name for label in bench.repo.labels] == ["closeout"]
    assert names(bench) == {"closeout"}


def test_b3_a_label_is_made_once_a_run(bench: ForgejoBench) -> None:
    tracker = bench.tracker()
    for number in range(3):
        tracker.create(replace(DRAFT, key=f"v1:{number:04x}"))
    assert [label.name for label in bench.repo.labels] == ["closeout"]


def test_b3_status_labels_are_exclusive_and_the_state_goes_with_them(each: ForgejoBench) -> None:
    made(each)
    steps = {
        "in_progress": ("in_progress", {"closeout", "status/in-progress"}),
        "wont_do": ("wont_do", {"closeout", "status/wont-do"}),
        "done": ("done", {"closeout"}),
        "todo": ("todo", {"closeout"}),
    }
    for status, (told, labels) in steps.items():
        after = updated(each, status=status)
        assert (after.values[Field.STATUS], names(each)) == (told, labels)
        assert after.open == (status in {"in_progress", "todo"})
    made_ones = {label.name: label.exclusive for label in each.repo.labels}
    assert made_ones == {
        "closeout": False,
        "status/in-progress": each.fake.flavour.exclusive,
        "status/wont-do": each.fake.flavour.exclusive,
    }


def test_b3_a_label_alone_neither_closes_nor_opens(bench: ForgejoBench) -> None:
    made(bench)
    bench.repo.label(1, "status/wont-do")
    assert seen(bench).values[Field.STATUS] == "todo"
    bench.repo.close(1)
    assert (seen(bench).values[Field.STATUS], seen(bench).closed) == ("wont_do", "2026-11-21")
    bench.repo.unlabel(1, "status/wont-do")
    bench.repo.label(1, "status/in-progress")
    assert seen(bench).values[Field.STATUS] == "done"
    bench.repo.reopen(1)
    assert seen(bench).values[Field.STATUS] == "in_progress"


def test_b3_priority_is_a_label_that_people_can_change(each: ForgejoBench) -> None:
    made(each, priority="high")
    each.repo.unlabel(1, "priority/high")
    each.repo.label(1, "Priority/Low")
    assert seen(each).values[Field.PRIORITY] == "Low"
    assert updated(each, priority="P0: now").values[Field.PRIORITY] == "P0: now"
    assert names(each) == {"closeout", "priority/P0: now"}
    assert updated(each, priority="").values[Field.PRIORITY] == ""
    assert names(each) == {"closeout"}


def test_b3_two_priorities_are_what_only_a_person_can_read(bench: ForgejoBench) -> None:
    made(bench)
    for name in ("priority/high", "priority/low"):
        bench.repo.label(1, name)
    assert Field.PRIORITY not in seen(bench).values
    assert isinstance(bench.tracker().update("1", {Field.PRIORITY: "low"}, {Field.PRIORITY: ""}), Changed)
    assert names(bench) == {"closeout", "priority/high", "priority/low"}


def test_b3_a_priority_that_is_a_sentence_becomes_no_label(bench: ForgejoBench) -> None:
    made(bench, priority="high")
    after = updated(bench, priority="as soon as the other team is done with theirs, and not before")
    assert after.values[Field.PRIORITY] == "high"
    assert bench.fake.writes == []


def test_b3_labels_of_teams_are_made_and_an_issue_has_as_many_as_it_wants(each: ForgejoBench) -> None:
    each.tracker().create(replace(DRAFT, labels=frozenset({"team/sre", "team/db"})))
    assert names(each) == {"closeout", "team/sre", "team/db"}


@pytest.mark.parametrize(
    ("status", "method", "path"),
    [("wont_do", "PATCH", "/issues/1$"), ("done", "DELETE", "/labels/"), ("in_progress", "GET", "/issues/1$")],
)
def test_b2_a_change_of_several_requests_that_fails_on_the_way_is_unknown_and_done_by_the_next_run(
    each: ForgejoBench, status: str, method: str, path: str
) -> None:
    made(each, status="in_progress" if status == "done" else "todo")
    before = seen(each).values[Field.STATUS]
    tracker = each.tracker()
    each.fake.script(Fault(faults.refused(403, "no"), method, path, skip=int(method == "GET")))
    with pytest.raises(OutcomeUnknown, match="could not tell what became of issue 1"):
        tracker.update("1", {Field.STATUS: status}, {Field.STATUS: before})
    assert updated(each, status=status).values[Field.STATUS] == status


def test_b3_labels_of_people_stay(each: ForgejoBench) -> None:
    made(each)
    each.repo.label(1, "bug", "team/sre")
    updated(each, status="wont_do", priority="high")
    assert names(each) == {"closeout", "bug", "team/sre", "status/wont-do", "priority/high"}


def test_b3_a_label_that_may_not_be_made_changes_nothing_of_it(bench: ForgejoBench) -> None:
    made(bench, priority="high")
    bench.fake.script(Fault(faults.refused(403, "no"), "POST", "/labels$"))
    assert updated(bench, priority="low").values[Field.PRIORITY] == "high"
    assert names(bench) == {"closeout", "priority/high"}


def test_b4_a_glance_is_narrowed_by_our_label_where_the_repository_has_just_one(bench: ForgejoBench) -> None:
    made(bench)
    bench.repo.open("of people", DRAFT.body)
    listing = bench.tracker().glance()
    assert ([issue.ref for issue in listing.issues], listing.full) == (["1"], False)
    assert bench.asked() == [
        f"GET {HERE}",
        f"GET {HERE}/labels?limit=50&page=1",
        f"GET {HERE}/issues?state=all&type=issues&labels=closeout&limit=50&page=1",
    ]


@pytest.mark.parametrize("labels", [[], ["closeout", "closeout"]], ids=["unknown", "twice"])
def test_b4_a_label_that_would_list_everything_or_nothing_narrows_no_glance(
    bench: ForgejoBench, labels: list[str]
) -> None:
    made(bench)
    bench.repo.labels[:] = [Label(number, name) for number, name in enumerate(labels, 1)]
    bench.repo.open("of people")
    assert len(bench.host().issues(PROJECT, "closeout")) == (0 if labels else 2)
    listing = bench.tracker().glance()
    assert ([issue.ref for issue in listing.issues], listing.full) == (["1"], True)


def test_b4_pull_requests_are_in_no_listing_and_never_written(bench: ForgejoBench) -> None:
    bench.repo.open("A change", f"<!-- closeout: key={DRAFT.key} -->", pull=True)
    bench.repo.open("Another")
    tracker = bench.tracker()
    assert tracker.managed() == []
    sight = tracker.get("1")
    assert isinstance(sight, Issue)
    assert (sight.pull_request, sight.key, sight.values[Field.STATUS]) == (True, "", "todo")
    bench.repo.merge(1)
    assert seen(bench).values[Field.STATUS] == "done"
    with pytest.raises(TrackerError, match="pull request"):
        tracker.update("1", {Field.TITLE: "x"}, {Field.TITLE: "A change"})
    with pytest.raises(TrackerError, match="pull request"):
        tracker.mark("1", "v1:aa")
    assert bench.fake.writes == []


@pytest.mark.parametrize("most", [50, 7])
def test_b4_every_page_is_read_whatever_the_server_gives_at_most(most: int) -> None:
    with ForgejoFake(most=most) as fake:
        bench = ForgejoBench(fake)
        for number in range(60):
            bench.repo.open("x", f"<!-- closeout: key=v1:{number:04x} -->\n")
        assert [issue.ref for issue in bench.tracker().managed()] == [str(number) for number in range(1, 61)]


def test_b4_an_empty_list_of_a_repository_with_open_issues_is_no_answer(bench: ForgejoBench) -> None:
    made(bench)

    def empty(request: Request, answer: Answer) -> Reply:
        return Reply(200, [], {"X-Total-Count": "0"})

    bench.fake.script(Fault(empty, "GET", r"/issues\?", times=None))
    with pytest.raises(TrackerError, match="the list is empty, but 1 are open"):
        bench.tracker().managed()


def test_b4_a_renamed_repository_is_written_under_its_new_name(each: ForgejoBench) -> None:
    made(each)
    each.fake.rename(each.repo, "services")
    issue = each.tracker().create(replace(DRAFT, key="v1:bb"))
    assert (issue.ref, len(each.repo.issues)) == ("2", 2)
    assert each.asked()[:2] == [f"GET {HERE}", "GET /repos/acme/services"]
    assert updated(each, status="done").closed


def test_b4_an_issue_of_another_repository_that_was_renamed_is_followed(each: ForgejoBench) -> None:
    other = each.fake.repository("acme", "tools", Right.READ)
    other.open("There")
    each.fake.rename(other, "kit")
    sight = each.tracker().get("acme/tools#1")
    assert isinstance(sight, Issue)
    assert (sight.ref, sight.key) == ("acme/kit#1", "")


def test_b4_a_deleted_issue_is_gone_once_a_higher_number_is_there_and_hidden_before(each: ForgejoBench) -> None:
    made(each)
    tracker = each.tracker()
    each.repo.delete(1)
    assert tracker.get("1") == Hidden()
    each.repo.open("The next one")
    assert tracker.get("1") == Gone()
    assert tracker.get("99") == Hidden()
    with pytest.raises(TrackerError, match="it was deleted"):
        tracker.update("1", {Field.TITLE: "x"}, {Field.TITLE: "y"})


def test_b4_what_may_be_a_pull_request_that_cannot_be_seen_is_not_gone(bench: ForgejoBench) -> None:
    bench.repo.open("A change", pull=True)
    bench.repo.open("An issue")
    bench.repo.has_pulls = False
    assert bench.tracker().get("1") == Hidden()


def test_b4_what_a_token_may_not_see_any_more_is_hidden(bench: ForgejoBench) -> None:
    made(bench)
    tracker = bench.tracker()
    tracker.assignable()
    bench.repo.private = True
    bench.repo.rights.clear()
    assert tracker.get("1") == Hidden()
    with pytest.raises(TrackerError):
        tracker.managed()


def test_b5_a_token_without_the_scope_for_the_list_of_people_is_told_which(bench: ForgejoBench) -> None:
    token = bench.fake.sign_in("closeout-bot", "write:issue")
    with pytest.raises(TrackerError, match=r"read:repository"):
        bench.tracker(token).assignable()


def test_b6_a_body_that_changed_meanwhile_is_not_written_over_where_its_version_is_told() -> None:
    with ForgejoFake(flavour=FLAVOURS["gitea"]) as fake:
        bench = ForgejoBench(fake)
        bench.repo.open("Of people", "Text")

        def meanwhile(request: Request, answer: Answer) -> Reply:
            bench.repo.write(1, "Text, and more")
            return answer(request)

        fake.script(Fault(meanwhile, "PATCH"))
        with pytest.raises(TrackerError, match="changed meanwhile"):
            bench.tracker().mark("1", "v1:aa")
        assert bench.repo.issues[1].body == "Text, and more"
        assert bench.tracker().mark("1", "v1:aa").key == "v1:aa"


def test_b6_the_version_of_a_body_is_sent_with_a_body_alone(each: ForgejoBench) -> None:
    made(each)
    updated(each, title="Two")
    assert each.fake.writes[-1].sent == {"title": "Two"}


def test_s3_an_update_of_what_is_there_already_writes_nothing(each: ForgejoBench) -> None:
    made(each, priority="P1")
    tracker = each.tracker()
    tracker.update("1", {**VALUES, Field.PRIORITY: "p1", Field.OWNERS: "ANN"}, {**VALUES, Field.PRIORITY: "P1"})
    assert each.fake.writes == []


def test_s3_moments_are_told_in_utc_wherever_the_server_is() -> None:
    with ForgejoFake(zone=timezone(timedelta(hours=-11))) as fake:
        bench = ForgejoBench(fake)
        issue = made(bench)
        assert (issue.version, issue.opened) == ("2026-11-21T09:00:01Z", "2026-11-21")


def test_s3_people_can_ask_to_be_left_alone(bench: ForgejoBench) -> None:
    made(bench)
    bench.repo.label(1, "Closeout: Ignore")
    assert seen(bench).ignored


def test_s3_an_answer_about_another_issue_is_no_answer(bench: ForgejoBench) -> None:
    made(bench)
    elsewhere = faults.saying(repository={"full_name": "acme/other"})
    bench.fake.script(Fault(elsewhere, "POST", "/issues$"))
    with pytest.raises(OutcomeUnknown):
        bench.tracker().create(DRAFT)


@pytest.mark.parametrize("prefix", ["", "/forge"])
def test_tickets_name_issues_here_and_elsewhere_on_the_host(prefix: str) -> None:
    with ForgejoFake(prefix=prefix) as fake:
        tracker = ForgejoBench(fake).tracker()
        told = {
            "#12": "12",
            "acme/platform#12": "12",
            "platform#12": "12",
            "Acme/Platform#12": "12",
            "acme.x/tools#3": "acme.x/tools#3",
            f"{fake.url}/acme/platform/issues/12": "12",
            f"{fake.url}/acme/platform/issues/12#issuecomment-5": "12",
            f"{fake.url}/acme/tools/pulls/7": "acme/tools#7",
            f"{fake.server.url}/other/acme/platform/issues/12": None,
            "https://git.example.com/acme/platform/issues/12": None,
            "SRE-12": None,
            "GH-12": None,
        }
        assert {ticket: tracker.ref(ticket, "a.md") for ticket in told} == told


def test_tickets_are_spelt_short_beside_the_issues_and_with_their_repository_elsewhere(bench: ForgejoBench) -> None:
    issue = made(bench)
    assert bench.tracker().spell(issue, "a.md") == ("#1", issue.address)
    assert bench.tracker(home="").spell(issue, "a.md") == ("acme/platform#1", issue.address)
    away = bench.tracker(home="acme/postmortems")
    assert (away.ref("#1", "a.md"), away.ref(issue.address, "a.md")) == ("acme/postmortems#1", "1")


def test_how_many_requests_each_operation_takes(bench: ForgejoBench) -> None:
    tracker = bench.tracker()
    counts = {}
    acts: dict[str, Callable[[], object]] = {
        "first create": lambda: tracker.create(DRAFT),
        "create": lambda: tracker.create(replace(DRAFT, key="v1:aa")),
        "nothing new": tracker.glance,
        "update": lambda: tracker.update("1", {Field.DUE: "2027-01-02"}, {Field.DUE: "2026-06-15"}),
        "same update": lambda: tracker.update("1", {Field.DUE: "2027-01-02"}, {Field.DUE: "2026-06-15"}),
        "in progress": lambda: tracker.update("1", {Field.STATUS: "in_progress"}, {Field.STATUS: "todo"}),
        "done": lambda: tracker.update("1", {Field.STATUS: "done"}, {Field.STATUS: "in_progress"}),
    }
    for name, act in acts.items():
        act()
        counts[name] = len(bench.asked())
    assert counts == {
        "first create": 6,  # repository, labels of both, our label, people, issue
        "create": 1,
        "nothing new": 1,
        "update": 2,
        "same update": 1,
        "in progress": 4,  # read, make the label, add it, read
        "done": 4,  # read, close, take the label off, read
    }
