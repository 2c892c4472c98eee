"""The fake of GitLab against its documentation (18.10) and its source, which are named where something is odd."""

from __future__ import annotations

from typing import Any

import pytest

from fakes.ask import Ask, Told
from fakes.gitlab import GitLabFake
from fakes.gitlab_state import DEVELOPER, GUEST, MINIMAL, Project

PATH = "/api/v4/projects/acme%2Fsub%2Fpm"
ISSUES = f"{PATH}/issues"


@pytest.fixture
def project(gitlab_fake: GitLabFake) -> Project:
    made = gitlab_fake.project("acme/sub/pm")
    made.grant("Ann", DEVELOPER)
    made.grant("guest", GUEST)
    return made


@pytest.fixture
def asked(gitlab_fake: GitLabFake, project: Project) -> Ask:
    return Ask(gitlab_fake.url, gitlab_fake.token)


def iids(told: Told) -> list[int]:
    return [one["iid"] for one in told.body]


def test_a_bad_token_is_401_and_a_private_project_404_as_one_that_is_not_there(
    gitlab_fake: GitLabFake, asked: Ask
) -> None:
    assert Ask(gitlab_fake.url, "nobody")("GET", PATH).status == 401
    gitlab_fake.project("acme/secret", 0, visibility="private")
    told = [asked("GET", f"/api/v4/projects/acme%2F{name}") for name in ("secret", "nothing")]
    assert [(one.status, one.body) for one in told] == [(404, {"message": "404 Project Not Found"})] * 2


def test_a_token_that_may_only_read_is_403_by_name(gitlab_fake: GitLabFake, project: Project) -> None:
    ask = Ask(gitlab_fake.url, gitlab_fake.sign_in("Ann", "read_api"))
    told = ask("POST", ISSUES, {"title": "x"})
    assert (told.status, told.body["error"], told.body["scope"]) == (403, "insufficient_scope", "api")
    assert ask("GET", ISSUES).status == 200


def test_a_project_is_found_by_id_and_by_path_in_any_case(project: Project, asked: Ask) -> None:
    told = [asked("GET", f"/api/v4/projects/{name}").body for name in (project.id, "ACME%2FSub%2Fpm")]
    assert {one["path_with_namespace"] for one in told} == {"acme/sub/pm"}


def test_a_former_path_leads_a_read_to_the_id_and_a_write_is_405(
    gitlab_fake: GitLabFake, project: Project, asked: Ask
) -> None:
    """lib/api/helpers.rb, find_project!."""
    gitlab_fake.rename(project, "acme/other")
    told = asked("GET", f"{ISSUES}?state=all")
    there = f"{gitlab_fake.server.url}/api/v4/projects/{project.id}/issues?state=all"
    assert (told.status, told.headers["location"]) == (301, there)
    told = asked("POST", ISSUES, {"title": "x"})
    assert (told.status, "Non GET methods are not allowed for moved projects" in told.body["message"]) == (405, True)
    assert project.issues == {}


def test_a_new_issue_is_201_and_its_labels_are_made(project: Project, asked: Ask) -> None:
    told = asked("POST", ISSUES, {"title": " x ", "labels": "a, b::c", "due_date": "2026-12-31", "confidential": True})
    body = told.body
    assert (told.status, body["iid"], body["title"], body["labels"]) == (201, 1, "x", ["a", "b::c"])
    assert (body["due_date"], body["confidential"], body["state"]) == ("2026-12-31", True, "opened")
    assert body["references"]["full"] == "acme/sub/pm#1"
    assert project.labels == ["a", "b::c"]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "title is missing"),
        ({"title": " "}, "title is empty"),
        ({"title": "x" * 256}, "maximum is 255"),
        ({"title": "x", "description": "x" * 1_048_577}, "maximum is 1048576"),
    ],
)
def test_what_a_new_issue_cannot_be_is_400(project: Project, asked: Ask, sent: dict[str, Any], told: str) -> None:
    reply = asked("POST", ISSUES, sent)
    assert (reply.status, told in str(reply.body)) == (400, True)
    assert project.issues == {}


def test_a_guest_makes_an_issue_of_title_and_text_and_the_rest_is_dropped(
    gitlab_fake: GitLabFake, project: Project
) -> None:
    """app/services/issuable_base_service.rb, filter_params."""
    ask = Ask(gitlab_fake.url, gitlab_fake.sign_in("guest"))
    ann = gitlab_fake.world.account("Ann").id
    told = ask("POST", ISSUES, {"title": "x", "labels": "a", "assignee_ids": [ann], "due_date": "2026-12-31"})
    assert (told.status, told.body["labels"], told.body["assignees"], told.body["due_date"]) == (201, [], [], None)
    assert ask("PUT", f"{ISSUES}/1", {"title": "y"}).body["title"] == "y"
    project.open("another")
    assert ask("PUT", f"{ISSUES}/2", {"title": "y"}).status == 403


@pytest.mark.parametrize(("premium", "kept"), [(True, ["Ann", "closeout-bot"]), (False, ["Ann"])])
def test_of_several_assignees_one_is_kept_where_it_is_not_paid_for(*, premium: bool, kept: list[str]) -> None:
    """filter_assignee: first(1)."""
    with GitLabFake(premium=premium) as fake:
        project = fake.project("acme/sub/pm")
        project.grant("Ann", DEVELOPER)
        ids = [fake.world.account(login).id for login in ("Ann", "closeout-bot")]
        told = Ask(fake.url, fake.token)("POST", ISSUES, {"title": "x", "assignee_ids": ids})
        assert [one["username"] for one in told.body["assignees"]] == kept


def test_who_may_not_read_is_dropped_and_alone_changes_nothing_and_zero_is_nobody(
    gitlab_fake: GitLabFake, project: Project, asked: Ask
) -> None:
    project.visibility = "private"
    ann, stranger = (gitlab_fake.world.account(login).id for login in ("Ann", "stranger"))
    asked("POST", ISSUES, {"title": "x", "assignee_ids": [stranger, ann]})
    told = asked("PUT", f"{ISSUES}/1", {"assignee_ids": [stranger]})
    assert [one["username"] for one in told.body["assignees"]] == ["Ann"]
    assert asked("PUT", f"{ISSUES}/1", {"assignee_ids": [0]}).body["assignees"] == []


@pytest.mark.parametrize(("premium", "kept"), [(True, ["a::2", "b"]), (False, ["a::1", "a::2", "b"])])
def test_labels_of_a_scope_take_each_others_place_where_it_is_paid_for(*, premium: bool, kept: list[str]) -> None:
    with GitLabFake(premium=premium) as fake:
        fake.project("acme/sub/pm")
        ask = Ask(fake.url, fake.token)
        ask("POST", ISSUES, {"title": "x", "labels": "a::1,b,c"})
        told = ask("PUT", f"{ISSUES}/1", {"add_labels": "a::2", "remove_labels": "c"})
        assert (told.status, told.body["labels"]) == (200, kept)


def test_a_change_of_nothing_is_400_and_an_empty_date_takes_it_away(project: Project, asked: Ask) -> None:
    asked("POST", ISSUES, {"title": "x", "due_date": "2026-12-31"})
    assert asked("PUT", f"{ISSUES}/1", {}).status == 400
    assert asked("PUT", f"{ISSUES}/1", {"due_date": ""}).body["due_date"] is None


def test_an_issue_is_closed_and_opened_by_events(project: Project, asked: Ask) -> None:
    asked("POST", ISSUES, {"title": "x"})
    told = asked("PUT", f"{ISSUES}/1", {"state_event": "close"}).body
    assert (told["state"], told["closed_at"] is not None) == ("closed", True)
    told = asked("PUT", f"{ISSUES}/1", {"state_event": "reopen"}).body
    assert (told["state"], told["closed_at"]) == ("opened", None)


def test_commands_are_done_and_taken_out_and_old_ones_not_done_again(project: Project, asked: Ask) -> None:
    """lib/gitlab/quick_actions/extractor.rb; what was there before is only taken out."""
    told = asked("POST", ISSUES, {"title": "x", "description": "Text\r\n/close\n/label ~bug ~other\nMore\n\n"}).body
    assert (told["state"], told["labels"], told["description"]) == ("closed", ["bug", "other"], "Text\nMore")
    project.open("y").text = "Old\n/close"
    told = asked("PUT", f"{ISSUES}/2", {"description": "Old\n/close\n/title New"}).body
    assert (told["state"], told["title"], told["description"]) == ("opened", "New", "Old")


def test_titles_and_texts_mention_and_link_but_not_comments_of_html(
    gitlab_fake: GitLabFake, project: Project, asked: Ask
) -> None:
    """app/models/concerns/issuable.rb: attr_mentionable :title, :description."""
    asked("POST", ISSUES, {"title": "@ann x", "description": "<!-- @no #7 -->\n@all and acme/x#3 and !4"})
    assert gitlab_fake.world.mentioned == ["ann", "all"]
    assert gitlab_fake.world.linked == ["acme/x#3", "!4"]


def test_confidential_issues_are_not_there_for_guests_but_for_their_authors(
    gitlab_fake: GitLabFake, project: Project
) -> None:
    ask = Ask(gitlab_fake.url, gitlab_fake.sign_in("guest"))
    ask("POST", ISSUES, {"title": "own"})
    project.issues[1].confidential = True
    project.open("theirs").confidential = True
    project.open("all's")
    assert iids(ask("GET", f"{ISSUES}?sort=asc")) == [1, 3]
    told = ask("GET", f"{ISSUES}/2")
    assert (told.status, told.body) == (404, {"message": "404 Not found"})


def test_lists_have_pages_links_and_totals_and_the_newest_first(project: Project, asked: Ask) -> None:
    for number in range(5):
        project.open(str(number))
    told = asked("GET", f"{ISSUES}?per_page=2&page=2")
    assert iids(told) == [3, 2]
    assert (told.headers["x-total"], told.headers["x-next-page"]) == ("5", "3")
    assert iids(asked("GET", told.links["next"])) == [1]
    assert len(asked("GET", f"{ISSUES}?per_page=999").body) == 5


def test_a_list_is_narrowed_by_state_by_labels_in_their_case_and_from_a_moment_on(project: Project, asked: Ask) -> None:
    for number in range(3):
        project.open(str(number))
    project.close(1)
    project.label(2, "closeout", "b")
    since = asked("GET", f"{ISSUES}/2").body["created_at"]
    assert iids(asked("GET", f"{ISSUES}?state=opened")) == [3, 2]
    assert iids(asked("GET", f"{ISSUES}?labels=closeout,b")) == [2]
    assert iids(asked("GET", f"{ISSUES}?labels=Closeout")) == []
    assert iids(asked("GET", f"{ISSUES}?created_after={since}&sort=asc")) == [2, 3]


def test_a_project_without_issues_lists_none_and_takes_none(project: Project, asked: Ask) -> None:
    project.open("x")
    project.has_issues = False
    assert asked("GET", ISSUES).body == []
    assert asked("POST", ISSUES, {"title": "x"}).status == 403
    assert asked("GET", PATH).body["issues_access_level"] == "disabled"


def test_a_moved_issue_is_closed_where_it_was_and_graphql_knows_where_it_is(
    gitlab_fake: GitLabFake, project: Project, asked: Ask
) -> None:
    project.open("x")
    copy = project.move(1, gitlab_fake.project("acme/there"))
    told = asked("GET", f"{ISSUES}/1").body
    assert (told["state"], told["moved_to_id"]) == ("closed", copy.id)
    sent = {"query": "", "variables": {"id": f"gid://gitlab/Issue/{copy.id}"}}
    assert asked("POST", "/api/graphql", sent).body == {"data": {"issue": {"reference": "acme/there#1"}}}
    sent = {"query": "", "variables": {"id": "gid://gitlab/Issue/9999"}}
    assert asked("POST", "/api/graphql", sent).body == {"data": {"issue": None}}


def test_members_tell_what_they_may_and_whether_they_are_blocked(project: Project, asked: Ask) -> None:
    project.grant("small", MINIMAL)
    project.blocked.add("guest")
    told = {one["username"]: (one["access_level"], one["state"]) for one in asked("GET", f"{PATH}/members/all").body}
    assert told == {
        "Ann": (30, "active"),
        "closeout-bot": (30, "active"),
        "guest": (10, "blocked"),
        "small": (5, "active"),
    }
