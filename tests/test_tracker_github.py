"""The GitHub tracker: what happens to a repository and its issues, what is asked, and what a cache may save."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from closeout.domain.document import Incident
from closeout.domain.issue import Changed, Draft, Gone, Hidden, Issue, Listing, Moved
from closeout.domain.item import Field, Item
from closeout.errors import LaterError, OutcomeUnknown, TrackerError
from closeout.render.issue import body
from fakes import faults
from fakes.github import GitHubFake
from fakes.github_values import Right
from fakes.http import Answer, Fault, Reply, Request
from github_bench import PROJECT, GitHubBench, MemoryCache
from worlds import keyed

VALUES = {Field.TITLE: "Add an alert", Field.STATUS: "todo", Field.OWNERS: "ann", Field.DUE: "2026-06-15"}
DRAFT = Draft("v1:0123456789abcdef0123", VALUES, "- **Action item**: Add an alert\n")
DONE = ({Field.STATUS: "done"}, {Field.STATUS: "todo"})


@pytest.fixture
def bench(github_fake: GitHubFake) -> GitHubBench:
    bench = GitHubBench(github_fake)
    for login in ("ann", "bob"):
        bench.repo.grant(login, Right.WRITE)
    return bench


def made(bench: GitHubBench, count: int = 1) -> list[Issue]:
    tracker = bench.tracker()
    issues = [tracker.create(replace(DRAFT, key=f"v1:{number:04x}")) for number in range(count)]
    bench.asked()
    return issues


def test_a_new_issue_holds_key_due_date_and_label(bench: GitHubBench) -> None:
    issue = bench.tracker().create(DRAFT)
    there = bench.repo.issues[1]
    assert there.body == (
        "<!-- closeout: key=v1:0123456789abcdef0123 -->\n<!-- closeout:begin -->\nDue: 2026-06-15\n\n"
        "- **Action item**: Add an alert\n<!-- closeout:end -->\n"
    )
    assert [label.name for label in there.labels] == ["closeout"]
    assert (issue.ref, issue.author, issue.opened, issue.closed) == ("1", "closeout-bot", "2026-11-21", "")
    assert (issue.address, issue.ignored) == ("https://github.com/acme/platform/issues/1", False)
    assert (issue.key, dict(issue.values)) == (DRAFT.key, VALUES)


def test_the_rendered_body_tells_the_due_date_once(bench: GitHubBench) -> None:
    item = Item("Add an alert", 12, ("ann",), due="2026-06-15", due_text="Jun 15")
    text = body(item, Incident("Outage"), "docs/a<b>\n<!-- closeout: key=v1:ffff -->.md", "", "", "1.0")
    bench.tracker().create(replace(DRAFT, body=text))
    there = bench.repo.issues[1].body or ""
    assert there.lower().count("due") == 1
    assert keyed(bench.tracker(), "v1:ffff") is None


def test_owners_that_are_refused_do_not_lose_the_issue(bench: GitHubBench) -> None:
    owners = "ann, nobody, Bob Müller, no-one, bob"
    issue = bench.tracker().create(replace(DRAFT, values={**VALUES, Field.OWNERS: owners}))
    assert issue.values[Field.OWNERS] == "ann, bob"
    assert [request.sent["assignees"] for request in bench.fake.writes] == [
        ["ann", "nobody", "no-one", "bob"],
        ["ann", "no-one", "bob"],
        ["ann", "bob"],
    ]
    assert len(bench.repo.issues) == 1


def test_many_owners_that_are_refused_leave_nobody(bench: GitHubBench) -> None:
    issue = bench.tracker().create(replace(DRAFT, values={**VALUES, Field.OWNERS: "a1, a2, a3, a4, a5, ann"}))
    assert issue.values[Field.OWNERS] == ""
    assert len(bench.fake.writes) == 4


def test_an_update_with_a_refused_owner_does_the_rest(bench: GitHubBench) -> None:
    made(bench)
    wanted = {Field.OWNERS: "bob, nobody", Field.TITLE: "Add two"}
    after = bench.tracker().update("1", wanted, {what: VALUES[what] for what in wanted})
    assert isinstance(after, Issue)
    assert (after.values[Field.OWNERS], after.values[Field.TITLE]) == ("bob", "Add two")


def test_a_long_title_is_cut_the_same_way_each_time(bench: GitHubBench) -> None:
    tracker, title = bench.tracker(), "word " * 80
    issue = tracker.create(replace(DRAFT, values={**VALUES, Field.TITLE: title}))
    assert len(issue.values[Field.TITLE]) <= 256
    bench.asked()
    tracker.update(issue.ref, {Field.TITLE: title}, {Field.TITLE: issue.values[Field.TITLE]})
    assert bench.asked() == ["GET /repos/acme/platform/issues/1"]


@pytest.mark.parametrize(
    ("reason", "status"), [("completed", "done"), (None, "done"), ("not_planned", "wont_do"), ("duplicate", "wont_do")]
)
def test_the_reason_of_closing_is_the_status(bench: GitHubBench, reason: str | None, status: str) -> None:
    made(bench)
    bench.repo.close(1, reason)
    issue = bench.tracker().get("1")
    assert isinstance(issue, Issue)
    assert (issue.values[Field.STATUS], issue.closed) == (status, "2026-11-21")


def test_the_reason_of_a_closed_issue_stays_as_it_is(bench: GitHubBench) -> None:
    made(bench)
    bench.repo.close(1, "not_planned")
    after = bench.tracker().update("1", {Field.STATUS: "done"}, {Field.STATUS: "wont_do"})
    assert isinstance(after, Issue)
    assert after.values[Field.STATUS] == "wont_do"
    assert len(bench.fake.writes) == 0


@pytest.mark.parametrize("label", ["closeout: ignore", "Closeout: Ignore"])
def test_people_can_ask_to_be_left_alone(bench: GitHubBench, label: str) -> None:
    made(bench)
    bench.repo.label(1, label)
    issue = bench.tracker().get("1")
    assert isinstance(issue, Issue)
    assert issue.ignored


def test_what_people_wrote_around_the_due_line_and_their_labels_stay(bench: GitHubBench) -> None:
    made(bench)
    before = (
        "Note by a person:\r\n" + (bench.repo.issues[1].body or "").replace("\n", "\r\n") + "\r\nDue: never\r\n@zoe"
    )
    bench.repo.edit(1, body=before)
    bench.repo.label(1, "bug", "P1")
    bench.tracker().update("1", {Field.DUE: "2027-01-02"}, {Field.DUE: "2026-06-15"})
    assert bench.repo.issues[1].body == before.replace("Due: 2026-06-15", "Due: 2027-01-02")
    assert {label.name for label in bench.repo.issues[1].labels} == {"closeout", "bug", "P1"}
    assert bench.fake.writes[-1].sent.keys() == {"body"}


@pytest.mark.parametrize("expected", ["", "2026-06-15"])
def test_a_due_line_that_nobody_can_read_is_missing_and_never_written_over(bench: GitHubBench, expected: str) -> None:
    made(bench)
    bench.repo.edit(1, body=(bench.repo.issues[1].body or "").replace("2026-06-15", "after the audit"))
    tracker = bench.tracker()
    assert isinstance(tracker.update("1", {Field.DUE: "2027-01-02"}, {Field.DUE: expected}), Changed)
    issue = tracker.get("1")
    assert isinstance(issue, Issue)
    assert Field.DUE not in issue.values
    assert "after the audit" in (bench.repo.issues[1].body or "")


def test_a_block_that_a_person_removed_is_no_emptied_date(bench: GitHubBench) -> None:
    made(bench)
    bench.repo.edit(1, body="I rewrote this.")
    issue = bench.tracker().get("1")
    assert isinstance(issue, Issue)
    assert Field.DUE not in issue.values


def test_an_adopted_issue_gets_a_block_below_its_own_text(bench: GitHubBench) -> None:
    bench.repo.open("By a person", "Text.\r\n")
    after = bench.tracker().update("1", {Field.DUE: "2027-01-02"}, {Field.DUE: ""})
    assert isinstance(after, Issue)
    assert after.values[Field.DUE] == "2027-01-02"
    assert (bench.repo.issues[1].body or "").startswith(
        "Text.\r\n\r\n\r\n<!-- closeout:begin -->\r\nDue: 2027-01-02\r\n"
    )


@pytest.mark.parametrize("act", ["close", "merge"])
def test_a_pull_request_is_read_and_never_written(bench: GitHubBench, act: str) -> None:
    bench.repo.open("Add an alert", "<!-- closeout: key=v1:ffff -->", pull=True)
    tracker = bench.tracker()
    with pytest.raises(TrackerError, match="pull request"):
        tracker.update("1", *DONE)
    getattr(bench.repo, act)(1)
    issue = tracker.get("1")
    assert isinstance(issue, Issue)
    assert (issue.pull_request, issue.values[Field.STATUS], issue.key) == (True, "done", "")
    assert issue.address == "https://github.com/acme/platform/pull/1"
    assert tracker.managed() == []


def test_a_transferred_issue_is_moved_and_not_written(bench: GitHubBench) -> None:
    made(bench)
    there = bench.fake.repository("acme", "mobile")
    there.open("First")
    bench.repo.transfer(1, there)
    tracker = bench.tracker()
    assert tracker.get("1") == Moved("acme/mobile#2", "https://github.com/acme/mobile/issues/2")
    with pytest.raises(TrackerError, match=r"moved to https://github.com/acme/mobile/issues/2\. Run again"):
        tracker.update("1", *DONE)
    moved = tracker.get("acme/mobile#2")
    assert isinstance(moved, Issue)
    assert moved.ref == "acme/mobile#2"


def test_an_issue_that_was_transferred_out_of_sight_is_hidden(bench: GitHubBench) -> None:
    made(bench)
    bench.repo.transfer(1, bench.fake.repository("acme", "secret", private=True, access=False))
    assert bench.tracker().get("1") == Hidden()


def test_a_deleted_issue_is_gone_and_not_written(bench: GitHubBench) -> None:
    made(bench)
    bench.repo.delete(1)
    tracker = bench.tracker()
    assert tracker.get("1") == Gone()
    with pytest.raises(TrackerError, match=r"was deleted\. Clear the ticket"):
        tracker.update("1", *DONE)
    assert bench.fake.writes == []


def test_a_locked_issue_is_written_as_any_other(bench: GitHubBench) -> None:
    made(bench)
    bench.repo.lock(1)
    after = bench.tracker().update("1", *DONE)
    assert isinstance(after, Issue)
    assert after.values[Field.STATUS] == "done"


def test_disabled_issues_are_an_error_and_nothing_is_gone(bench: GitHubBench) -> None:
    made(bench)
    bench.repo.has_issues = False
    tracker = bench.tracker()
    asks: list[Callable[[], object]] = [
        tracker.managed,
        lambda: tracker.get("1"),
        lambda: tracker.create(DRAFT),
        lambda: tracker.update("1", *DONE),
    ]
    for ask in asks:
        with pytest.raises(TrackerError, match=r"issues are disabled.*Switch them on"):
            ask()


def test_an_archived_repository_can_be_read_only(bench: GitHubBench) -> None:
    made(bench)
    bench.repo.archived = True
    tracker = bench.tracker()
    assert len(tracker.managed()) == 1
    with pytest.raises(TrackerError, match=r"archived.*Unarchive it"):
        tracker.create(DRAFT)
    with pytest.raises(TrackerError, match=r"archived.*Unarchive it"):
        tracker.update("1", *DONE)


def test_a_token_that_may_only_read_reads_and_is_told(bench: GitHubBench) -> None:
    made(bench)
    token = bench.fake.sign_in("reader", issues=Right.READ)
    tracker = bench.tracker(token)
    assert len(tracker.managed()) == 1
    asks: list[Callable[[], object]] = [lambda: tracker.create(DRAFT), lambda: tracker.update("1", *DONE)]
    for ask in asks:
        with pytest.raises(TrackerError, match=r"may not do this \(403.*issues: write"):
            ask()


def test_without_push_rights_labels_and_owners_are_dropped_and_the_reply_tells(bench: GitHubBench) -> None:
    bench.fake.sign_in("guest", value="ghp_guest")
    bench.repo.grant("guest", Right.READ)
    issue = bench.tracker("ghp_guest").create(DRAFT)
    assert issue.values[Field.OWNERS] == ""
    assert (issue.key, issue.author) == (DRAFT.key, "guest")
    found = keyed(bench.tracker(), DRAFT.key)
    assert found is not None  # the label only serves people


def test_a_revoked_token_is_told(bench: GitHubBench) -> None:
    tracker = bench.tracker()
    tracker.managed()
    bench.fake.revoke()
    with pytest.raises(TrackerError, match=r"token was not accepted \(401"):
        tracker.get("1")


def test_a_hidden_repository_is_an_error(bench: GitHubBench) -> None:
    bench.fake.repository("acme", "secret", private=True, access=False)
    tracker = bench.tracker(project="acme/secret")
    asks: list[Callable[[], object]] = [tracker.managed, lambda: tracker.get("1"), lambda: tracker.create(DRAFT)]
    for ask in asks:
        with pytest.raises(TrackerError, match="could not find the repository"):
            ask()


def test_a_renamed_repository_is_the_same_one(bench: GitHubBench) -> None:
    made(bench)
    bench.fake.rename(bench.repo, "core", owner="hen")
    tracker = bench.tracker()
    assert [issue.ref for issue in tracker.managed()] == ["1"]
    assert isinstance(tracker.update("1", *DONE), Issue)
    assert tracker.create(replace(DRAFT, key="v1:ffff")).ref == "2"
    assert tracker.ref("hen/core#2", "a.md") == tracker.ref("acme/platform#2", "a.md") == "2"


def test_a_repository_that_is_renamed_meanwhile_stops_the_run(bench: GitHubBench) -> None:
    made(bench)
    tracker = bench.tracker()
    tracker.managed()
    bench.fake.rename(bench.repo, "core")
    asks: list[Callable[[], object]] = [
        tracker.managed,
        lambda: tracker.get("1"),
        lambda: tracker.create(DRAFT),
        lambda: tracker.update("1", *DONE),
    ]
    for ask in asks:
        with pytest.raises(TrackerError, match="another name now"):
            ask()
    assert len(bench.repo.issues) == 1


def test_an_empty_listing_of_a_repository_with_open_issues_is_not_believed(bench: GitHubBench) -> None:
    made(bench)
    bench.fake.script(Fault(faults.empty(), "GET", "/issues", times=None))
    with pytest.raises(TrackerError, match="the list is empty"):
        bench.tracker().managed()


def test_the_answer_to_a_write_must_be_about_what_was_written(bench: GitHubBench) -> None:
    made(bench)
    bench.fake.script(Fault(faults.saying(number=7), "PATCH"))
    with pytest.raises(OutcomeUnknown):
        bench.tracker().update("1", *DONE)


def test_a_long_wait_before_a_write_leaves_it_undone(bench: GitHubBench) -> None:
    bench.fake.script(Fault(faults.limited(retry_after=600), "POST"))
    with pytest.raises(LaterError):
        bench.tracker().create(DRAFT)
    assert bench.repo.issues == {}


def test_an_update_that_took_too_long_to_read_is_not_sent(bench: GitHubBench) -> None:
    made(bench)

    def slow(request: Request, answer: Answer) -> Reply:
        bench.fake.clock.advance(minutes=6)
        return answer(request)

    bench.fake.script(Fault(slow, "GET", "/issues/1"))
    with pytest.raises(LaterError):
        bench.tracker().update("1", *DONE)
    assert bench.fake.writes == []


@pytest.mark.parametrize(
    "url", ["https://api.github.com/repos/a b/c", "x", "https://x/repos/a/b)|c", "https://x/repos/../c d"]
)
def test_a_repository_that_is_none_is_not_written_into_documents(bench: GitHubBench, url: str) -> None:
    made(bench)
    bench.fake.script(Fault(faults.saying(repository_url=url), "GET", "/issues/1"))
    with pytest.raises(TrackerError, match=r"cannot be read \(at repository_url\)"):
        bench.tracker().get("1")


def test_accounts_are_told_in_lower_case(bench: GitHubBench) -> None:
    bench.repo.grant("ZOE", Right.WRITE)
    assert {"ann", "bob", "zoe"} <= (bench.tracker().assignable() or frozenset())
    assert bench.tracker().whoami() == "closeout-bot"


# What is asked.


def test_a_listing_asks_for_one_page_of_each_hundred(bench: GitHubBench) -> None:
    made(bench, 250)
    assert len(bench.tracker().managed()) == 250
    assert bench.asked() == ["GET /repos/acme/platform", *["GET /repos/acme/platform/issues"] * 3]


def test_with_a_cache_a_listing_asks_for_what_changed_since(bench: GitHubBench) -> None:
    made(bench, 120)
    bench.fake.clock.advance(hours=1)
    bench.repo.close(7)
    cache = MemoryCache()
    bench.tracker(cache=cache).glance()
    bench.asked()
    listed = bench.tracker(cache=cache).glance().issues
    assert bench.asked() == ["GET /repos/acme/platform", "GET /repos/acme/platform/issues"]
    assert listed == bench.tracker().managed()


def test_without_a_cache_a_glance_asks_for_one_page_of_each_hundred_with_our_label(bench: GitHubBench) -> None:
    made(bench, 101)
    for _ in range(150):
        bench.repo.open("Somebody's own")
    bench.repo.unlabel(7, "closeout")
    found = bench.tracker().glance()
    assert [request.query.get("labels") for request in bench.fake.requests] == [None, "closeout", "closeout"]
    assert (len(found.issues), found.full) == (100, False)


def test_a_glance_at_a_cold_cache_is_a_full_listing(bench: GitHubBench) -> None:
    made(bench, 3)
    bench.repo.unlabel(2, "closeout")
    cache = MemoryCache()
    assert bench.tracker(cache=cache).glance() == Listing(bench.tracker().managed(), full=True)
    assert bench.tracker(cache=cache).glance() == Listing(bench.tracker().managed(), full=False)


def test_an_empty_answer_to_a_glance_is_not_a_full_one(bench: GitHubBench) -> None:
    made(bench, 2)
    bench.fake.script(Fault(faults.empty(), "GET", "labels="))
    assert bench.tracker().glance() == Listing([], full=False)


def test_an_update_is_one_read_and_one_write(bench: GitHubBench) -> None:
    made(bench)
    tracker = bench.tracker()
    tracker.get("1")
    bench.asked()
    tracker.update("1", {**DONE[0], Field.DUE: "2027-01-02"}, {**DONE[1], Field.DUE: "2026-06-15"})
    assert bench.asked() == ["GET /repos/acme/platform/issues/1", "PATCH /repos/acme/platform/issues/1"]
    tracker.update("1", *DONE)
    assert bench.asked() == ["GET /repos/acme/platform/issues/1"]


def test_a_key_is_looked_for_in_the_full_listing_whatever_the_cache_holds(bench: GitHubBench) -> None:
    made(bench, 3)
    cache = MemoryCache()
    bench.tracker(cache=cache).glance()
    for _, kept in cache.kept.values():
        kept.clear()
    assert keyed(bench.tracker(cache=cache), "v1:0002") is not None
    bench.repo.unlabel(2, "closeout")
    assert keyed(bench.tracker(cache=cache), "v1:0001") is not None
    assert not any({"since", "labels", "q"} & request.query.keys() for request in bench.fake.requests)


# The cache only saves requests.


@pytest.mark.parametrize(
    "happens",
    [
        lambda bench: None,
        lambda bench: bench.repo.close(2),
        lambda bench: bench.repo.edit(3, title="Retitled"),
        lambda bench: bench.repo.delete(2),
        lambda bench: bench.repo.transfer(1, bench.fake.repository("acme", "mobile")),
        lambda bench: bench.repo.open("By a person"),
        lambda bench: bench.repo.open("A change", pull=True),
        lambda bench: bench.tracker().create(replace(DRAFT, key="v1:ffff")),
    ],
    ids=["nothing", "closed", "retitled", "deleted", "transferred", "opened", "pull request", "created"],
)
def test_a_cache_changes_nothing_that_is_seen(bench: GitHubBench, happens: Callable[[GitHubBench], object]) -> None:
    made(bench, 5)
    cache = MemoryCache()
    assert bench.tracker(cache=cache).glance().issues == bench.tracker().managed()
    bench.fake.clock.advance(hours=2)
    happens(bench)
    for _ in range(2):
        assert bench.tracker(cache=cache).glance().issues == bench.tracker().managed()


def test_an_older_answer_than_what_is_known_is_left_out(bench: GitHubBench) -> None:
    made(bench, 2)
    cache = MemoryCache()
    known = bench.tracker(cache=cache).glance().issues
    bench.fake.script(Fault(faults.saying(title="Older", updated_at="2026-11-21T08:59:00Z"), "GET", "since="))
    assert bench.tracker(cache=cache).glance().issues == known


def test_what_a_lagging_listing_left_out_comes_with_the_next(bench: GitHubBench) -> None:
    made(bench, 2)
    bench.repo.close(1)
    bench.fake.clock.advance(minutes=14)
    bench.repo.edit(2, title="Retitled")
    cache = MemoryCache()
    whole = bench.tracker(cache=cache).glance().issues
    for _, kept in cache.kept.values():
        del kept["1"]
    assert bench.tracker(cache=cache).glance().issues == whole


@pytest.mark.parametrize("damage", ["{", "[]", '{"number": 1}', "\x00"])
def test_a_damaged_cache_is_no_cache(bench: GitHubBench, damage: str) -> None:
    made(bench, 2)
    cache = MemoryCache()
    tracker = bench.tracker(cache=cache)
    whole = tracker.glance().issues
    for _, kept in cache.kept.values():
        kept["1"] = damage
    assert bench.tracker(cache=cache).glance().issues == whole


def test_an_empty_answer_to_what_changed_is_asked_in_full(bench: GitHubBench) -> None:
    made(bench, 2)
    cache = MemoryCache()
    whole = bench.tracker(cache=cache).glance().issues
    bench.fake.script(Fault(faults.empty(), "GET", "since="))
    assert bench.tracker(cache=cache).glance().issues == whole


def test_an_issue_that_moves_while_pages_are_turned_asks_for_the_full_listing(bench: GitHubBench) -> None:
    made(bench, 2)
    cache = MemoryCache()
    whole = bench.tracker(cache=cache).glance().issues

    def drifting(request: Request, answer: Answer) -> Reply:
        reply = answer(request)
        assert isinstance(reply.body, list)
        return replace(reply, body=[*reply.body, {**reply.body[0], "updated_at": "2026-11-22T00:00:00Z"}])

    bench.fake.script(Fault(drifting, "GET", "since="))
    bench.asked()
    assert bench.tracker(cache=cache).glance().issues == whole
    assert len(bench.asked()) == 3


# Tickets.


@pytest.mark.parametrize(
    ("ticket", "ref"),
    [
        ("#12", "12"),
        ("GH-12", "12"),
        ("gh-12", "12"),
        ("platform#12", "12"),
        ("Platform#12", "12"),
        ("acme/platform#12", "12"),
        ("ACME/Platform#12", "12"),
        ("mobile#7", "acme/mobile#7"),
        ("hen/house#7", "hen/house#7"),
        ("Hen/House#7", "hen/house#7"),
        ("https://github.com/acme/platform/issues/12", "12"),
        ("https://www.github.com/acme/platform/issues/12#issuecomment-5", "12"),
        ("https://github.com/acme/platform/pull/12/files?w=1", "12"),
        ("http://github.com/hen/house/pull/7", "hen/house#7"),
        ("SRE-12", None),
        ("12", None),
        ("#0", None),
        ("#012", None),
        ("# 12", None),
        ("#12345678901", None),
        ("#１２", None),
        ("https://git.example.com/acme/platform/issues/12", None),
        ("https://github.com.evil.example/acme/platform/issues/12", None),
        ("https://github.com/acme/platform/issues/new", None),
        ("https://github.com/acme/platform/discussions/12", None),
        ("https://github.com/acme/../issues/12", None),
        ("https://github.com/acme/%2e%2e/issues/12", None),
        ("acme/..#12", None),
        ("..#12", None),
        ("a/b/c#12", None),
        ("https://[", None),
        ("", None),
    ],
)
def test_tickets(bench: GitHubBench, ticket: str, ref: str | None) -> None:
    assert bench.tracker().ref(ticket, "docs/a.md") == ref


def test_a_bare_number_is_an_issue_of_the_repository_that_the_documents_are_in(bench: GitHubBench) -> None:
    assert bench.tracker(home="acme/postmortems").ref("#12", "a.md") == "acme/postmortems#12"
    assert bench.tracker(home="").ref("#12", "a.md") == "12"


@pytest.mark.parametrize(
    ("home", "bare"), [(PROJECT, "#1"), ("acme/postmortems", f"{PROJECT}#1"), ("", f"{PROJECT}#1")]
)
def test_a_ticket_is_spelt_as_its_document_needs_it(bench: GitHubBench, home: str, bare: str) -> None:
    issue = made(bench)[0]
    tracker = bench.tracker(home=home)
    told = tracker.spell(issue, "docs/a.md")
    assert told == (bare, "https://github.com/acme/platform/issues/1")
    assert {tracker.ref(ticket, "docs/a.md") for ticket in told} == {"1"}


def test_an_issue_of_another_repository_is_read_alone(bench: GitHubBench) -> None:
    other = bench.fake.repository("hen", "house", push=False)
    other.open("Feed", "<!-- closeout: key=v1:ffff -->")
    other.close(1)
    tracker = bench.tracker()
    issue = tracker.get("hen/house#1")
    assert isinstance(issue, Issue)
    assert (issue.ref, issue.key, issue.values[Field.STATUS]) == ("hen/house#1", "", "done")
    assert tracker.get("hen/nowhere#1") == Hidden()
    other.has_issues = False
    assert tracker.get("hen/house#1") == Hidden()
