"""The fake of Forgejo against what real servers answered (servers 3) and what their source says (trackers B)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from fakes.ask import Ask, Told
from fakes.forgejo import ForgejoFake
from fakes.forgejo_state import FLAVOURS, FORGEJO, FORGEJO_10, GITEA, GITEA_1_17, Flavour, Repo
from fakes.github_values import Right

REPO = "/api/v1/repos/acme/pm"
ISSUES = f"{REPO}/issues"


@pytest.fixture
def repo(forgejo_fake: ForgejoFake) -> Repo:
    made = forgejo_fake.repository("acme", "pm")
    made.grant("ann", Right.WRITE)
    made.grant("reader", Right.READ)
    return made


@pytest.fixture
def asked(forgejo_fake: ForgejoFake, repo: Repo) -> Ask:
    return Ask(forgejo_fake.url, forgejo_fake.token)


@pytest.fixture
def reading(forgejo_fake: ForgejoFake, repo: Repo) -> Ask:
    return Ask(forgejo_fake.url, forgejo_fake.sign_in("reader"))


def message(told: Told) -> str:
    return str(told.body["message"])


def labelled(told: Told) -> list[str]:
    return [label["name"] for label in told.body]


def test_s3_a_bad_token_and_none_are_401_and_a_private_repository_404(
    forgejo_fake: ForgejoFake, repo: Repo, asked: Ask, reading: Ask
) -> None:
    assert Ask(forgejo_fake.url, "nobody")("GET", REPO).status == 401
    told = Ask(forgejo_fake.url)("POST", ISSUES, {"title": "x"})
    assert (told.status, message(told)) == (401, "token is required")
    forgejo_fake.repository("acme", "secret", Right.NONE, private=True)
    told = reading("GET", "/api/v1/repos/acme/secret")
    assert (told.status, told.body["errors"]) == (404, [])


def test_b5_a_token_without_a_scope_is_403_and_the_scope_is_named(forgejo_fake: ForgejoFake, repo: Repo) -> None:
    told = Ask(forgejo_fake.url, forgejo_fake.sign_in("ann", "read:issue"))("POST", ISSUES, {"title": "x"})
    assert (told.status, message(told)) == (
        403,
        "token does not have at least one of required scope(s): [write:issue]",
    )


def test_s3_a_new_issue_is_201_and_null_stands_for_nobody(asked: Ask) -> None:
    told = asked("POST", ISSUES, {"title": "x", "body": "<!-- kept -->", "due_date": "2026-12-31T00:00:00Z"})
    assert (told.status, told.body["assignees"], told.body["assignee"]) == (201, None, None)
    assert (told.body["due_date"], told.body["body"]) == ("2026-12-31T00:00:00Z", "<!-- kept -->")
    assert told.body["repository"]["full_name"] == "acme/pm"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"title": "x", "labels": ["bug"]}, "cannot unmarshal string"),
        ({"title": "x", "due_date": "2026-12-31"}, "parsing time"),
        ({"title": "x", "assignees": ["nosuch"]}, "Assignee does not exist"),
        ({"title": ""}, "Required"),
    ],
)
def test_s3_what_a_new_issue_cannot_be_is_422_and_nothing_is_made(
    repo: Repo, asked: Ask, sent: dict[str, Any], words: str
) -> None:
    told = asked("POST", ISSUES, sent)
    assert told.status == 422
    assert words in message(told)
    assert repo.issues == {}


def test_s3_who_has_no_access_cannot_be_assigned_to_a_new_issue(repo: Repo, asked: Ask) -> None:
    repo.private = True
    repo.world.account("stranger")
    told = asked("POST", ISSUES, {"title": "x", "assignees": ["stranger"]})
    assert (told.status, message(told).startswith("user doesn't have access to repo")) == (422, True)


def test_s3_an_unknown_label_is_dropped_and_a_second_one_of_a_name_is_made(repo: Repo, asked: Ask) -> None:
    assert asked("POST", ISSUES, {"title": "x", "labels": [999]}).body["labels"] == []
    for _ in range(2):
        assert asked("POST", f"{REPO}/labels", {"name": "bug", "color": "#fff000"}).status == 201
    assert [label.name for label in repo.labels] == ["bug", "bug"]
    assert asked("POST", f"{REPO}/labels", {"name": "bug"}).status == 422


def test_s3_a_change_is_201_and_its_labels_and_a_bogus_state_are_ignored(repo: Repo, asked: Ask) -> None:
    repo.open("x")
    label = repo.label_made("bug")
    told = asked("PATCH", f"{ISSUES}/1", {"title": "y", "labels": [label.id], "state": "bogus"})
    assert (told.status, told.body["title"], told.body["labels"], told.body["state"]) == (201, "y", [], "open")


def test_s3_a_reader_makes_an_issue_of_title_and_body_and_changes_the_own_one(repo: Repo, reading: Ask) -> None:
    label = repo.label_made("bug")
    repo.open("not mine")
    sent = {"title": "x", "labels": [label.id], "assignees": ["nosuch"], "due_date": "2026-12-31T23:59:59Z"}
    told = reading("POST", ISSUES, sent)
    assert (told.status, told.body["labels"], told.body["assignees"], told.body["due_date"]) == (201, [], None, None)
    told = reading("PATCH", f"{ISSUES}/2", {"title": "y", "due_date": "2026-12-31T23:59:59Z", "state": "closed"})
    assert (told.status, told.body["title"], told.body["due_date"], told.body["state"]) == (201, "y", None, "closed")
    told = reading("PATCH", f"{ISSUES}/1", {"title": "y"})
    assert (told.status, told.body) == (403, None)
    assert reading("POST", f"{ISSUES}/2/labels", {"labels": [label.id]}).status == 403
    assert reading("DELETE", f"{ISSUES}/2/labels/{label.id}").status == 403
    assert reading("POST", f"{REPO}/labels", {"name": "x", "color": "#fff000"}).status == 403


@pytest.mark.parametrize(
    ("flavour", "hours", "created", "changed"),
    [
        (FORGEJO, 0, "2026-12-31T00:00:00Z", "2027-01-15T23:59:59Z"),
        (FORGEJO, -5, "2026-12-30T19:00:00-05:00", "2027-01-15T18:59:59-05:00"),
        (GITEA_1_17, -5, "2026-12-30T19:00:00-05:00", "2027-01-15T18:59:59-05:00"),
        (GITEA, -5, "2026-12-30T19:00:00-05:00", "2027-01-15T23:59:59-05:00"),
    ],
)
def test_s3_a_due_date_is_kept_when_made_and_moved_to_an_end_of_day_when_changed(
    flavour: Flavour, hours: int, created: str, changed: str
) -> None:
    with ForgejoFake(flavour=flavour, zone=timezone(timedelta(hours=hours)) if hours else UTC) as fake:
        fake.repository("acme", "pm")
        asked = Ask(fake.url, fake.token)
        told = asked("POST", ISSUES, {"title": "x", "due_date": "2026-12-31T00:00:00Z"})
        assert told.body["due_date"] == created
        assert asked("PATCH", f"{ISSUES}/1", {"due_date": "2027-01-15T00:00:00Z"}).body["due_date"] == changed
        assert asked("PATCH", f"{ISSUES}/1", {"due_date": None}).body["due_date"] == changed
        assert asked("PATCH", f"{ISSUES}/1", {"unset_due_date": True}).body["due_date"] is None
        assert asked("PATCH", f"{ISSUES}/1", {"unset_due_date": False}).status == (500 if flavour.old else 400)


def test_s3_a_change_keeps_the_end_of_the_day_of_the_zone_that_was_sent(repo: Repo, asked: Ask) -> None:
    repo.open("x")
    told = asked("PATCH", f"{ISSUES}/1", {"due_date": "2027-01-15T23:00:00-05:00"})
    assert told.body["due_date"] == "2027-01-16T04:59:59Z"


def test_b2_a_bad_assignee_is_500_when_half_of_it_is_done(repo: Repo, asked: Ask) -> None:
    repo.private = True
    repo.open("x").assignees = (repo.world.account("ann"),)
    assert asked("PATCH", f"{ISSUES}/1", {"title": "y", "assignees": ["nosuch"]}).status == 500
    assert (repo.issues[1].title, len(repo.issues[1].assignees)) == ("y", 1)
    repo.world.account("stranger")
    assert asked("PATCH", f"{ISSUES}/1", {"assignees": ["stranger"]}).status == 500
    assert repo.issues[1].assignees == ()


def test_s3_an_old_server_takes_people_off_before_it_changes_anything_else() -> None:
    with ForgejoFake(flavour=FLAVOURS["forgejo 1.21"]) as fake:
        repo, asked = fake.repository("acme", "pm"), Ask(fake.url, fake.token)
        repo.private = True
        repo.open("x").assignees = (repo.world.account("ann"),)
        repo.world.account("stranger")
        assert asked("PATCH", f"{ISSUES}/1", {"title": "y", "assignees": ["stranger"]}).status == 500
        assert (repo.issues[1].title, repo.issues[1].assignees) == ("x", ())


def test_s3_an_old_server_knows_labels_of_an_issue_by_ids_and_keeps_long_titles() -> None:
    with ForgejoFake(flavour=FLAVOURS["forgejo 1.21"]) as fake:
        repo, asked = fake.repository("acme", "pm"), Ask(fake.url, fake.token)
        repo.open("x")
        repo.label_made("bug")
        assert asked("POST", f"{ISSUES}/1/labels", {"labels": ["bug"]}).status == 422
        assert asked("PATCH", f"{ISSUES}/1", {"title": "ä" * 200}).body["title"] == "ä" * 200


def test_s3_labels_move_the_time_of_an_issue_and_without_a_page_all_labels_are_listed(repo: Repo, asked: Ask) -> None:
    before = repo.open("x").updated
    ids = [repo.label_made(name).id for name in ("a", "b", "c")]
    asked("POST", f"{ISSUES}/1/labels", {"labels": ids[:1]})
    assert repo.issues[1].updated > before
    assert len(asked("GET", f"{REPO}/labels?limit=2").body) == 3
    assert len(asked("GET", f"{REPO}/labels?limit=2&page=1").body) == 2


def test_b3_labels_of_an_issue_by_ids_or_names_and_exclusive_ones_in_each_others_place(repo: Repo, asked: Ask) -> None:
    repo.open("x")
    bug, todo, doing = (repo.label_made(name, exclusive=True) for name in ("bug", "status/todo", "status/doing"))
    assert labelled(asked("POST", f"{ISSUES}/1/labels", {"labels": [bug.id, todo.id, 999]})) == ["bug", "status/todo"]
    assert labelled(asked("POST", f"{ISSUES}/1/labels", {"labels": ["status/doing", "nosuch"]})) == [
        "bug",
        "status/doing",
    ]
    assert asked("POST", f"{ISSUES}/1/labels", {"labels": ["bug", doing.id]}).status == 400
    assert labelled(asked("PUT", f"{ISSUES}/1/labels", {"labels": [todo.id]})) == ["status/todo"]
    assert asked("DELETE", f"{ISSUES}/1/labels/{bug.id}").status == 204
    assert asked("DELETE", f"{ISSUES}/1/labels/999").status == 422


def test_b6_a_gitea_refuses_a_stale_version_of_the_body_before_anything() -> None:
    with ForgejoFake(flavour=GITEA) as fake:
        repo, asked = fake.repository("acme", "pm"), Ask(fake.url, fake.token)
        repo.open("x", "a")
        assert asked("GET", f"{ISSUES}/1").body["content_version"] == 0
        assert asked("PATCH", f"{ISSUES}/1", {"body": "b", "content_version": 0}).body["content_version"] == 1
        assert asked("PATCH", f"{ISSUES}/1", {"title": "y", "content_version": 0}).status == 409
        assert repo.issues[1].title == "x"


def test_s3_pages_are_clamped_though_the_links_repeat_what_was_asked(repo: Repo, asked: Ask) -> None:
    for _ in range(60):
        repo.open("x")
    told = asked("GET", f"{ISSUES}?limit=1000")
    assert (len(told.body), told.headers["x-total-count"]) == (50, "60")
    assert "limit=1000" in told.headers["link"]
    assert len(asked("GET", ISSUES).body) == 30
    assert asked("GET", f"{ISSUES}?limit=50&page=9").body == []
    assert "link" not in asked("GET", f"{REPO}/labels?limit=1").headers


def test_s3_a_list_has_pull_requests_unless_told_and_open_ones_for_a_bogus_state(repo: Repo, asked: Ask) -> None:
    repo.open("x")
    repo.open("y", pull=True)
    repo.close(1)

    def numbers(query: str) -> list[int]:
        return [one["number"] for one in asked("GET", f"{ISSUES}?{query}").body]

    assert (numbers("state=all"), numbers("state=all&type=issues"), numbers("type=pulls")) == ([2, 1], [1], [2])
    assert (numbers("state=bogus"), numbers("state=closed")) == ([2], [1])


def test_b4_an_unknown_label_lists_everything_and_one_that_is_there_twice_nothing(repo: Repo, asked: Ask) -> None:
    repo.world.organisation("acme", "shared")
    repo.open("x")
    repo.label(1, "bug")
    repo.open("y")

    def numbers(query: str) -> list[int]:
        return [one["number"] for one in asked("GET", f"{ISSUES}?{query}").body]

    assert (numbers("labels=bug"), numbers("labels=nosuch"), numbers("labels=shared")) == ([1], [2, 1], [2, 1])
    repo.label_made("bug")
    assert numbers("labels=bug") == []


def test_s3_since_is_inclusive_and_must_be_a_moment(repo: Repo, asked: Ask) -> None:
    issue = repo.open("x")
    when = issue.updated.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert len(asked("GET", f"{ISSUES}?since={when}").body) == 1
    assert asked("GET", f"{ISSUES}?since=2026-11-21").status == 422
    assert asked("GET", f"{ISSUES}?assigned_by=nosuch").status == 404


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_b4_a_renamed_repository_leads_to_its_new_name_below_the_same_path(flavour: str) -> None:
    with ForgejoFake(flavour=FLAVOURS[flavour], prefix="/forge") as fake:
        fake.rename(fake.repository("acme", "pm"), "services")
        told = Ask(fake.url, fake.token)("GET", f"/forge{ISSUES}?limit=5")
        assert (told.status, told.headers["location"]) == (
            FLAVOURS[flavour].redirect,
            "/forge/api/v1/repos/acme/services/issues?limit=5",
        )


def test_b4_a_deleted_issue_is_not_found_and_its_number_not_used_again(repo: Repo, asked: Ask) -> None:
    repo.open("x")
    repo.delete(1)
    assert asked("GET", f"{ISSUES}/1").status == 404
    assert asked("POST", ISSUES, {"title": "y"}).body["number"] == 2


@pytest.mark.parametrize(("flavour", "length"), [(FORGEJO, 127), (FORGEJO_10, 200), (GITEA_1_17, 200)])
def test_b1_titles_are_cut_at_255_bytes_by_newer_servers(flavour: Flavour, length: int) -> None:
    with ForgejoFake(flavour=flavour) as fake:
        fake.repository("acme", "pm")
        told = Ask(fake.url, fake.token)("POST", ISSUES, {"title": "ä" * 200})
        assert told.body["title"] == "ä" * length


@pytest.mark.parametrize(
    ("title", "kept"),
    [("x" * 255, "x" * 255), ("x" * 256, f"{'x' * 252}…"), ("漢" * 127, "漢" * 127), ("漢" * 128, f"{'漢' * 126}…")],
)
def test_titles_are_cut_where_they_are_wider_than_255_letters_by_gitea(title: str, kept: str) -> None:
    """As seen on Gitea 1.24.6."""
    with ForgejoFake(flavour=FLAVOURS["gitea 1.24"]) as fake:
        fake.repository("acme", "pm")
        assert Ask(fake.url, fake.token)("POST", ISSUES, {"title": title}).body["title"] == kept


def test_b2_the_web_interface_keeps_the_end_of_the_day_where_the_server_is(
    forgejo_fake: ForgejoFake, repo: Repo
) -> None:
    forgejo_fake.world.zone = timezone(timedelta(hours=-5))
    repo.open("x")
    repo.due_by_web(1, datetime(2026, 12, 31, tzinfo=UTC).date())
    told = Ask(forgejo_fake.url, forgejo_fake.token)("GET", f"{ISSUES}/1").body["due_date"]
    assert told == "2026-12-31T23:59:59-05:00"
