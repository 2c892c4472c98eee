"""The fake of Plane against what a Plane 1.3.1 answered (section 2 of the notes on servers)."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from fakes.plane import PlaneFake
from fakes.plane_html import rewritten
from fakes.plane_state import GUEST, MEMBER, Project

WORKSPACE = "/api/v1/workspaces/acme"
KEY = {"external_id": "AI-1", "external_source": "rooster"}


@pytest.fixture
def project(plane_fake: PlaneFake) -> Project:
    return plane_fake.project("ROOSE")


class Asked:
    """A plain client of the project's work items; no redirect is followed."""

    def __init__(self, fake: PlaneFake, project: Project) -> None:
        self._client = httpx.Client(base_url=fake.url, headers={"X-API-Key": fake.key}, verify=False)
        self.items = f"{WORKSPACE}/projects/{project.id}/work-items/"

    def __call__(self, method: str, path: str = "", body: object = None, **headers: str) -> httpx.Response:
        """Ask; a path without a slash before it is one below the items."""
        path = path if path.startswith("/") else self.items + path
        return self._client.request(method, path, json=body, headers=headers)

    def made(self, **values: object) -> Any:
        return self("POST", body={"name": "Fix", **values}).json()


@pytest.fixture
def ask(plane_fake: PlaneFake, project: Project) -> Asked:
    return Asked(plane_fake, project)


def test_s2_a_key_is_asked_for_by_its_own_header(ask: Asked) -> None:
    told = ask("GET", "/api/v1/users/me/", **{"X-API-Key": ""})
    assert (told.status_code, told.json()) == (401, {"detail": "Authentication credentials were not provided."})
    told = ask("GET", "/api/v1/users/me/", **{"X-API-Key": "bad"})
    assert (told.status_code, told.json()) == (403, {"detail": "Given API token is not valid"})
    told = ask("GET", "/api/v1/workspaces/nope/projects/")
    assert (told.status_code, told.json()) == (403, {"detail": "You do not have permission to perform this action."})


def test_s2_without_the_slash_it_redirects_also_a_write(ask: Asked, project: Project) -> None:
    assert ask("POST", ask.items[:-1], {"name": "x"}).status_code == 301
    assert project.items == []
    assert ask("PUT", f"{ask.made()['id']}/", {"name": "x"}).status_code == 405


def test_s2_the_envelope_of_a_list(ask: Asked, project: Project) -> None:
    for number in range(11):
        project.open(f"item {number}")
    told = ask("GET", "?per_page=2").json()
    assert {**told, "results": len(told["results"])} == {
        "grouped_by": None, "sub_grouped_by": None, "total_count": 11, "next_cursor": "2:1:0", "prev_cursor": "2:-1:1",
        "next_page_results": True, "prev_page_results": False, "count": 2, "total_pages": 6, "total_results": 11,
        "extra_stats": None, "results": 2,
    }  # fmt: skip
    assert told["results"][0]["name"] == "item 10"
    last = ask("GET", "?per_page=2&cursor=2:5:0&order_by=created_at&fields=name").json()
    assert (last["results"], last["next_page_results"], last["next_cursor"]) == ([{"name": "item 10"}], False, "2:6:0")
    assert ask("GET", "?per_page=2&cursor=2:9:0").json()["results"] == []


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("per_page=1001", 400, "Invalid per_page value. Cannot exceed 1000."),
        ("per_page=0", 500, None),
        ("per_page=abc", 400, "Invalid per_page parameter."),
        ("cursor=abc", 400, "Invalid cursor parameter."),
        ("order_by=bogus", 500, None),
        ("updated_since=2026-01-01", 200, None),
        ("external_id=AI-1", 200, None),
    ],
)
def test_s2_what_a_list_takes(ask: Asked, query: str, status: int, detail: str | None) -> None:
    told = ask("GET", f"?{query}")
    assert (told.status_code, told.json().get("detail")) == (status, detail)


def test_s2_a_create_answers_with_the_whole_item_and_the_default_state(ask: Asked, project: Project) -> None:
    told = ask.made(description_html="<p>Body</p><ul><li>x</li></ul>", priority="high", **KEY)
    assert told["description_html"] == "<div><p>Body</p><ul><li>x</li></ul></div>"
    assert (told["sequence_id"], told["external_id"], told["state"]) == (1, "AI-1", project.state("Backlog").id)
    assert told["created_at"].endswith("Z")
    assert told["created_at"] != ask("GET", f"{told['id']}/").json()["created_at"]
    assert ask.made()["sequence_id"] == 2


def test_s2_the_same_external_id_is_a_conflict_that_names_its_item(ask: Asked) -> None:
    first = ask.made(**KEY)
    told = ask("POST", body={"name": "x", **KEY})
    error = "Issue with the same external id and external source already exists"
    assert (told.status_code, told.json()) == (409, {"error": error, "id": first["id"]})
    assert ask("POST", body={"name": "x", "external_id": "AI-1"}).status_code == 201
    assert ask("POST", body={"name": "x", **KEY, "external_source": "other"}).status_code == 201
    assert ask.made(external_id=5, external_source="n")["external_id"] == "5"


def test_s2_a_conflict_of_a_patch_names_the_item_that_was_patched(ask: Asked) -> None:
    ask.made(**KEY)
    second = ask.made()
    told = ask("PATCH", f"{second['id']}/", KEY)
    assert (told.status_code, told.json()["id"]) == (409, second["id"])


def test_s2_an_external_id_is_looked_up_and_fails_for_ever_where_two_have_it(ask: Asked, project: Project) -> None:
    query = "?external_id=AI-1&external_source=rooster"
    assert ask("GET", query).json() == {"error": "The requested resource does not exist."}
    first = ask.made(**KEY)
    assert ask("GET", query).json()["id"] == first["id"]
    project.open("by a run at the same time", **KEY)
    assert ask("GET", query).status_code == 500
    assert ask("POST", body={"name": "x", **KEY}).status_code == 409


def test_s2_a_deleted_item_is_not_there_and_its_id_is_free(ask: Asked) -> None:
    first = ask.made(**KEY)
    assert ask("DELETE", f"{first['id']}/").status_code == 204
    assert ask("GET", f"{first['id']}/").status_code == 404
    assert ask("PATCH", f"{first['id']}/", {"name": "x"}).status_code == 404
    assert ask.made(**KEY)["sequence_id"] == 2


def test_c_an_archived_item_is_not_listed_and_still_has_its_external_id(ask: Asked, project: Project) -> None:
    first = ask.made(**KEY)
    project.archive(1)
    assert ask("GET").json()["total_count"] == 0
    assert ask("GET", f"{WORKSPACE}/work-items/ROOSE-1/").status_code == 404
    assert ask("GET", "?external_id=AI-1&external_source=rooster").json()["id"] == first["id"]
    assert ask("POST", body={"name": "x", **KEY}).status_code == 409
    assert ask("PATCH", f"{first['id']}/", {"name": "x"}).status_code == 200


def test_s2_assignees_are_dropped_without_a_word_or_refused(
    ask: Asked, plane_fake: PlaneFake, project: Project
) -> None:
    ann, gus, out = (plane_fake.sign_up(name).id for name in ("ann", "gus", "out"))
    project.members.update({ann: MEMBER, gus: GUEST})
    assert ask.made(assignees=[ann, gus, out])["assignees"] == [ann]
    unknown = "0" * 8 + "-0000-4000-8000-000000000000"
    told = ask("POST", body={"name": "x", "assignees": [unknown]})
    assert told.json() == {"assignees": {"0": [f'Invalid pk "{unknown}" - object does not exist.']}}
    assert "is not a valid UUID" in ask("POST", body={"name": "x", "assignees": ["a@b.c"]}).text
    project.default_assignee = ann
    assert ask.made()["assignees"] == [ann]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, {"name": ["This field is required."]}),
        ({"name": "x" * 256}, {"name": ["Ensure this field has no more than 255 characters."]}),
        ({"name": " "}, {"name": ["This field may not be blank."]}),
        ({"name": "x", "priority": "critical"}, {"priority": ['"critical" is not a valid choice.']}),
        ({"name": "x", "priority": None}, {"priority": ["This field may not be null."]}),
        ({"name": "x", "target_date": ""}, None),
        ({"name": "x", "target_date": "2026-12-31T00:00:00Z"}, None),
        ({"name": "x", "target_date": "2026-02-30"}, None),
        ({"name": "x", "start_date": "2027-01-01", "target_date": "2026-01-01"}, None),
        ({"name": "x", "state": "0" * 8 + "-0000-4000-8000-000000000000"}, None),
        ({"name": "x", "description_html": ""}, {"non_field_errors": ["Invalid HTML passed"]}),
    ],
)
def test_s2_what_is_refused(ask: Asked, project: Project, sent: dict[str, object], told: object) -> None:
    answer = ask("POST", body=sent)
    assert answer.status_code == 400
    assert told is None or answer.json() == told
    assert project.items == []


def test_s2_too_large_a_body(ask: Asked) -> None:
    told = ask("POST", body={"name": "x", "description_html": "x" * (5 * 1024 * 1024)})
    assert (told.status_code, told.json()["error"]) == (413, "REQUEST_BODY_TOO_LARGE")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<p>Body</p><ul><li>x</li></ul>", "<div><p>Body</p><ul><li>x</li></ul></div>"),
        ("<p>x</p>", "<p>x</p>"),
        ("<!-- c --><p>a<!-- x --></p>", "<p>a</p>"),
        ("<p>a</p><script>alert(1)</script>", "<div><p>a</p></div>"),
        ("x", "<span>x</span>"),
        ("text <b>bold</b>", "<span>text <b>bold</b></span>"),
        ("<p>a</p>tail", "<div><p>a</p>tail</div>"),
        ('<a href="https://x.example">x</a>', '<a href="https://x.example" rel="noopener noreferrer">x</a>'),
        ("<table><tr><td>1</td></tr></table>", "<table><tbody><tr><td>1</td></tr></tbody></table>"),
        ("<p onclick='x'>&lt;b&gt;</p>", "<p>&lt;b&gt;</p>"),
    ],
)
def test_s2_html_is_rewritten(sent: str, kept: str) -> None:
    assert rewritten(sent) == kept


def test_s2_done_sets_the_time_of_completion_and_anything_else_clears_it(ask: Asked, project: Project) -> None:
    item = ask.made()["id"]
    done = ask("PATCH", f"{item}/", {"state": project.state("Done").id}).json()
    assert done["completed_at"]
    assert ask("PATCH", f"{item}/", {"name": "y"}).json()["completed_at"] > done["completed_at"]  # each save sets it
    assert done["updated_at"] != ask("GET", f"{item}/").json()["updated_at"]
    assert ask("PATCH", f"{item}/", {"state": project.state("Cancelled").id}).json()["completed_at"] is None
    assert ask("PATCH", f"{item}/", {"state": None}).json()["state"] == project.state("Backlog").id
    assert ask("PATCH", f"{item}/", {"sequence_id": 77}).json()["sequence_id"] == 77


def test_s2_by_identifier(ask: Asked) -> None:
    ask.made()
    assert ask("GET", f"{WORKSPACE}/work-items/ROOSE-1/").status_code == 200
    assert ask("GET", f"{WORKSPACE}/issues/ROOSE-1/").status_code == 200
    assert ask("GET", f"{WORKSPACE}/work-items/ROOSE-7/").status_code == 404
    assert ask("GET", f"{WORKSPACE}/work-items/roose-1/").status_code == 403


def test_s2_a_label_that_is_there(ask: Asked, project: Project) -> None:
    path = ask.items.replace("work-items", "labels")
    first = ask("POST", path, {"name": "a"})
    again = ask("POST", path, {"name": "a"})
    assert (first.status_code, again.status_code, again.json()["id"]) == (201, 409, first.json()["id"])


def test_s2_the_sixty_first_request_of_a_minute_is_refused(ask: Asked, plane_fake: PlaneFake) -> None:
    plane_fake.limit = 60
    for left in range(59, -1, -1):
        told = ask("GET", "/api/v1/users/me/")
        assert (told.status_code, told.headers["x-ratelimit-remaining"]) == (200, str(left))
        assert told.headers["x-ratelimit-reset"] == str(int(plane_fake.clock.now.timestamp()) + 60)
    refused = ask("GET", "/api/v1/users/me/")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert refused.json() == {"error_code": 5900, "error_message": "RATE_LIMIT_EXCEEDED"}
    assert "x-ratelimit-remaining" not in refused.headers
    assert "x-ratelimit-remaining" not in ask("GET", "/api/v1/users/me/", **{"X-API-Key": "bad"}).headers
    plane_fake.clock.advance(seconds=60)
    assert ask("GET", "/api/v1/users/me/").status_code == 200


def test_c_lists_lag_and_items_do_not(ask: Asked, plane_fake: PlaneFake, project: Project) -> None:
    plane_fake.lag = 1
    made = ask.made()
    assert ask("GET").json()["results"] == []
    assert ask("GET", f"{made['id']}/").status_code == 200
    assert len(ask("GET").json()["results"]) == 1


def test_c_times_are_told_in_the_asker_s_zone(ask: Asked, plane_fake: PlaneFake) -> None:
    plane_fake.bot.zone = "Asia/Kolkata"
    assert ask.made()["updated_at"].endswith("+05:30")
    assert json.loads(ask("GET").content)["total_count"] == 1
