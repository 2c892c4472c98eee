"""Comments on the wire: what each endpoint of Forgejo, GitLab and Plane sends, and what its answers come to."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import respx

from closeout.errors import OutcomeUnknown, TrackerError
from closeout.hosts import forgejo_comments, github_comments, gitlab_notes, plane_comments
from closeout.hosts.forgejo import Forgejo
from closeout.hosts.gitlab import GitLab
from closeout.hosts.pacing import Pace
from closeout.hosts.plane import Board, Plane
from closeout.hosts.plane_replies import Taken
from closeout.hosts.rest import Refused
from fakes.github import GitHubFake
from github_bench import PROJECT, GitHubBench

FORGEJO = "https://git.example.com/api/v1/repos/acme/pm"
GITLAB = "https://gitlab.example.com/api/v4/projects/4"
WORKSPACE = "https://plane.example.com/api/v1/workspaces/acme"
BOARD = Board("acme", "1d750000-0000-4000-8000-000000000001", "ROOSE")
ITEM, COMMENT = "1d750000-0000-4000-8000-000000000002", "1d750000-0000-4000-8000-000000000003"
THERE = f"{WORKSPACE}/projects/{BOARD.id}/work-items/{ITEM}/comments/"
GIVEN: dict[str, Any] = {  # as Gitea's documentation shows one
    "id": 7,
    "html_url": "https://git.example.com/acme/pm/issues/12#issuecomment-7",
    "pull_request_url": "",
    "issue_url": "https://git.example.com/acme/pm/issues/12",
    "user": {"id": 1, "login": "bot"},
    "original_author": "",
    "original_author_id": 0,
    "body": "one",
    "assets": [],
    "created_at": "2026-11-21T09:00:00+01:00",
    "updated_at": "2026-11-21T09:00:00+01:00",
}
NOTE: dict[str, Any] = {  # as GitLab's documentation shows one
    "id": 302,
    "body": "one",
    "author": {"id": 1, "username": "pipin", "name": "Pip", "state": "active"},
    "created_at": "2013-10-02T09:22:45Z",
    "updated_at": "2013-10-02T10:22:45Z",
    "system": False,
    "noteable_id": 377,
    "noteable_type": "Issue",
    "project_id": 5,
    "noteable_iid": 377,
    "resolvable": False,
    "confidential": False,
    "internal": False,
}
SAID: dict[str, Any] = {
    "id": COMMENT, "comment_html": "<p>one</p>", "actor": "1d750000-0000-4000-8000-000000000009", "issue": ITEM,
    "external_id": "weekly.1", "external_source": "closeout-report", "created_at": "2026-11-21T09:00:00.5+01:00",
}  # fmt: skip


def pace() -> Pace:
    return Pace(lambda seconds: None, lambda: 1000.0, between_writes=0.0)


def forgejo() -> Forgejo:
    return Forgejo("https://git.example.com", "0123456789", pace(), timeout=(0.5, 0.5))


def gitlab() -> GitLab:
    return GitLab("https://gitlab.example.com", "glpat-0123456789", pace(), timeout=(0.5, 0.5))


def plane() -> Plane:
    return Plane("https://plane.example.com", "plane_api_0123456789", pace(), timeout=(0.5, 0.5))


def sent(route: respx.Route) -> Any:
    assert route.call_count == 1
    return json.loads(route.calls.last.request.content)


@respx.mock
def test_forgejo_gives_all_comments_of_an_issue_at_once() -> None:
    told = httpx.Response(200, json=[{**GIVEN, "id": 9}, GIVEN], headers={"X-Total-Count": "2"})
    route = respx.get(f"{FORGEJO}/issues/12/comments").mock(told)
    found = forgejo_comments.listed(forgejo(), "acme/pm", 12)
    assert [(one.id, one.user.login if one.user else "") for one in found] == [(7, "bot"), (9, "bot")]
    assert route.calls.last.request.url.query == b""


@respx.mock
def test_a_forgejo_that_gives_less_comments_than_there_are_gives_none() -> None:
    respx.get(f"{FORGEJO}/issues/12/comments").mock(
        httpx.Response(200, json=[GIVEN], headers={"X-Total-Count": "2"})
    )  # fmt: skip
    with pytest.raises(TrackerError, match="breaks off after 1 of 2"):
        forgejo_comments.listed(forgejo(), "acme/pm", 12)


@respx.mock
def test_forgejo_takes_a_comment_and_another_text_for_it() -> None:
    made = respx.post(f"{FORGEJO}/issues/12/comments").mock(httpx.Response(201, json=GIVEN))
    changed = respx.patch(f"{FORGEJO}/issues/comments/7").mock(httpx.Response(200, json={**GIVEN, "body": "two"}))
    assert forgejo_comments.create(forgejo(), "acme/pm", 12, "one").id == 7
    assert forgejo_comments.edit(forgejo(), "acme/pm", 7, "two").body == "two"
    assert (sent(made), sent(changed)) == ({"body": "one"}, {"body": "two"})


@respx.mock
def test_what_forgejo_does_not_say_of_a_comment_that_it_edited_is_unknown() -> None:
    respx.patch(f"{FORGEJO}/issues/comments/7").mock(httpx.Response(204))
    with pytest.raises(OutcomeUnknown, match="it answered 204"):
        forgejo_comments.edit(forgejo(), "acme/pm", 7, "two")


@respx.mock
def test_a_deleted_comment_is_none_on_forgejo_and_a_forbidden_one_is_an_error() -> None:
    route = respx.get(f"{FORGEJO}/issues/comments/7").mock(httpx.Response(404, json={"message": "not found"}))
    assert forgejo_comments.find(forgejo(), "acme/pm", 7) is None
    route.mock(httpx.Response(200, json=GIVEN))
    assert forgejo_comments.find(forgejo(), "acme/pm", 7) is not None
    route.mock(httpx.Response(403, json={"message": "no"}))
    with pytest.raises(Refused):
        forgejo_comments.find(forgejo(), "acme/pm", 7)


@respx.mock
def test_gitlab_s_pages_go_on_though_one_has_less_than_it_could() -> None:
    """What may not be seen is left out of a page after it was cut."""
    there = f"{GITLAB}/issues/12/notes"
    first = httpx.Response(
        200, json=[NOTE], headers={"Link": f'<{there}?page=2&per_page=100>; rel="next"', "X-Total": "9"}
    )
    last = httpx.Response(
        200,
        json=[{**NOTE, "id": 303}, {**NOTE, "id": 304, "system": True}],
        headers={"Link": f'<{there}?page=1>; rel="first"', "X-Total": "9"},
    )
    route = respx.get(there).mock(side_effect=[first, last])
    assert [one.id for one in gitlab_notes.listed(gitlab(), 4, 12)] == [302, 303]
    assert [dict(call.request.url.params) for call in route.calls] == [
        {"order_by": "created_at", "sort": "asc", "per_page": "100", "page": page} for page in ("1", "2")
    ]


@respx.mock
def test_without_links_gitlab_is_asked_until_a_page_is_empty() -> None:
    pages = [httpx.Response(200, json=[NOTE]), httpx.Response(200, json=[])]
    respx.get(f"{GITLAB}/issues/12/notes").mock(side_effect=pages)
    assert len(gitlab_notes.listed(gitlab(), 4, 12)) == 1


@respx.mock
def test_gitlab_takes_a_comment_and_another_text_for_it() -> None:
    made = respx.post(f"{GITLAB}/issues/12/notes").mock(httpx.Response(201, json=NOTE))
    changed = respx.put(f"{GITLAB}/issues/12/notes/302").mock(httpx.Response(200, json={**NOTE, "body": "two"}))
    assert gitlab_notes.create(gitlab(), 4, 12, "one").id == 302
    assert gitlab_notes.edit(gitlab(), 4, 12, 302, "two").body == "two"
    assert (sent(made), sent(changed)) == ({"body": "one"}, {"body": "two"})


@respx.mock
def test_what_gitlab_took_for_commands_alone_is_no_comment() -> None:
    respx.post(f"{GITLAB}/issues/12/notes").mock(httpx.Response(202, json={"commands_changes": {"close": True}}))
    with pytest.raises(OutcomeUnknown, match="it answered 202"):
        gitlab_notes.create(gitlab(), 4, 12, "/close")


@respx.mock
def test_a_deleted_comment_is_none_on_gitlab() -> None:
    route = respx.get(f"{GITLAB}/issues/12/notes/302").mock(httpx.Response(404, json={"message": "404 Not found"}))
    assert gitlab_notes.find(gitlab(), 4, 12, 302) is None
    route.mock(httpx.Response(401, json={"message": "401 Unauthorized"}))
    with pytest.raises(Refused):
        gitlab_notes.find(gitlab(), 4, 12, 302)


def envelope(*results: object, more: bool = False) -> httpx.Response:
    told = {"total_count": 3, "next_cursor": "100:1:0", "next_page_results": more, "results": list(results)}
    return httpx.Response(200, json=told)


@respx.mock
def test_plane_s_comments_come_the_oldest_first_from_all_pages() -> None:
    newer = {**SAID, "id": ITEM, "created_at": "2026-11-21T10:00:00+00:00"}
    route = respx.get(THERE).mock(side_effect=[envelope(newer, more=True), envelope(SAID)])
    assert [one.id for one in plane_comments.listed(plane(), BOARD, ITEM)] == [COMMENT, ITEM]
    assert dict(route.calls.last.request.url.params) == {"per_page": "100", "cursor": "100:1:0"}


@respx.mock
def test_plane_takes_a_comment_with_its_id_once() -> None:
    told = {"comment_html": "<p>one</p>", "external_id": "weekly.1", "external_source": "closeout-report"}
    route = respx.post(THERE).mock(httpx.Response(201, json=SAID))
    found = plane_comments.create(plane(), BOARD, ITEM, told)
    assert found.id == COMMENT
    assert sent(route) == told
    route.mock(httpx.Response(409, json={"error": "Work item comment with the same external id ...", "id": COMMENT}))
    assert plane_comments.create(plane(), BOARD, ITEM, told) == Taken(id=COMMENT)


@respx.mock
def test_plane_changes_a_comment_and_looks_at_one() -> None:
    route = respx.patch(f"{THERE}{COMMENT}/").mock(httpx.Response(200, json=SAID))
    plane_comments.edit(plane(), BOARD, ITEM, COMMENT, {"comment_html": "<p>two</p>"})
    assert sent(route) == {"comment_html": "<p>two</p>"}
    host = plane()
    seen = respx.get(f"{THERE}{COMMENT}/").mock(httpx.Response(200, json=SAID))
    assert plane_comments.find(host, BOARD, ITEM, COMMENT) is not None
    seen.mock(httpx.Response(404, json={"error": "The requested resource does not exist."}))
    assert plane_comments.find(host, BOARD, ITEM, COMMENT) is None
    seen.mock(httpx.Response(403, json={"detail": "no"}))
    with pytest.raises(Refused):
        plane_comments.find(host, BOARD, ITEM, COMMENT)


def test_a_deleted_comment_is_none_on_github(github_fake: GitHubFake) -> None:
    bench = GitHubBench(github_fake)
    made = bench.repo.comment(bench.repo.open("One").number, "one")
    assert github_comments.find(bench.host(), PROJECT, made.id) is not None
    assert github_comments.find(bench.host(), PROJECT, made.id + 1) is None
