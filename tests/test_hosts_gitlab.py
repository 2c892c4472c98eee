"""GitLab's wire: what each endpoint sends, and what its answers come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
import respx

from closeout.errors import ConfigurationError, LaterError, OutcomeUnknown, TrackerError
from closeout.hosts.gitlab import GitLab
from closeout.hosts.pacing import Errand, Pace
from closeout.hosts.rest import Refused
from fakes import faults
from fakes.gitlab import GitLabFake
from fakes.http import Act, Answer, Fault, Reply, Request
from gitlab_bench import PROJECT, GitLabBench

WEB = "https://gitlab.example.com"
API = f"{WEB}/api/v4"
HERE = f"{API}/projects/4"
SECRET = "glpat-0123456789abcdef0123"
ISSUE: dict[str, Any] = {  # as the documentation of 18.10 shows it; `id` is global, `iid` is the project's
    "project_id": 4,
    "milestone": None,
    "author": {"state": "active", "id": 18, "name": "Alexandra Bashirian", "username": "eileen.lowe"},
    "description": "Omnis vero earum.",
    "state": "closed",
    "iid": 1,
    "assignees": [{"state": "active", "id": 9, "name": "Dr. Luella Kovacek", "username": "lennie"}],
    "assignee": {"state": "active", "id": 9, "name": "Dr. Luella Kovacek", "username": "lennie"},
    "type": "ISSUE",
    "labels": ["foo", "status::won't do"],
    "id": 41,
    "title": "Ut commodi ullam.",
    "updated_at": "2016-01-04T15:31:46.176Z",
    "created_at": "2016-01-04T15:31:46.176Z",
    "closed_at": "2016-01-05T15:31:46.176Z",
    "due_date": "2016-07-22",
    "confidential": False,
    "moved_to_id": None,
    "issue_type": "issue",
    "references": {"short": "#1", "relative": "#1", "full": "my-group/sub/my-project#1"},
}
LISTED = {"scope": "all", "state": "all", "order_by": "created_at", "sort": "asc", "per_page": "100", "page": "1"}
PAGE = {"per_page": "100", "page": "1"}


def host(waits: list[float] | None = None, url: str = WEB) -> GitLab:
    paused = waits if waits is not None else []
    return GitLab(
        url, SECRET, Pace(paused.append, lambda: 1000.0 + sum(paused), between_writes=0.0), timeout=(0.5, 0.5)
    )


def sent(route: respx.Route, query: Mapping[str, str] | None = None) -> httpx.Request:
    """The one request that a route had: with just this query, and the token nowhere but in its header."""
    assert route.call_count == 1
    request: httpx.Request = route.calls.last.request
    assert request.headers["authorization"] == f"Bearer {SECRET}"
    assert dict(request.url.params) == (query or {})
    assert SECRET not in str(request.url)
    return request


@respx.mock
def test_a_project_in_nested_groups_is_named_by_its_quoted_path() -> None:
    told = {"id": 4, "path_with_namespace": "my-group/sub/my-project", "visibility": "private"}
    route = respx.get(url__regex=r".*/projects/.*").respond(json=told)
    found = host().project("my-group/sub/my-project")
    assert sent(route).url.raw_path == b"/api/v4/projects/my-group%2Fsub%2Fmy-project"
    assert (found.id, found.visibility, found.has_issues, found.open_issues_count) == (4, "private", True, None)


@respx.mock
@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_former_path_of_a_project_leads_to_its_id_and_to_no_other_host(status: int) -> None:
    old = respx.get(f"{API}/projects/old%2Fpm").respond(
        status, headers={"Location": "https://evil.example.com/api/v4/projects/4"}
    )
    new = respx.get(HERE).respond(json={"id": 4, "path_with_namespace": "new/pm"})
    assert host().project("old/pm").path_with_namespace == "new/pm"
    assert (old.call_count, sent(new).method) == (1, "GET")


@respx.mock
@pytest.mark.parametrize("there", ["", "https://gitlab.example.com/users/sign_in", f"{HERE}/issues"])
def test_a_redirect_to_anything_else_is_no_project(there: str) -> None:
    respx.get(f"{API}/projects/old%2Fpm").respond(302, headers={"Location": there})
    with pytest.raises(Refused, match="another name or address"):
        host().project("old/pm")


@respx.mock
def test_who_we_are_is_asked_once() -> None:
    route = respx.get(f"{API}/user").respond(json={"id": 1, "username": "project_4_bot"})
    gitlab = host()
    assert (gitlab.viewer(), gitlab.viewer()) == ("project_4_bot", "project_4_bot")
    sent(route)


@respx.mock
def test_reading_an_issue() -> None:
    route = respx.get(f"{HERE}/issues/1").respond(json=ISSUE)
    found = host().issue(4, 1)
    assert sent(route).content == b""
    assert (found.iid, found.home, found.assignees[0].id) == (1, "my-group/sub/my-project", 9)
    assert (str(found.due_date), found.moved_to_id, found.labels) == ("2016-07-22", None, ("foo", "status::won't do"))


@respx.mock
def test_creating_an_issue_answers_201_with_all_of_it() -> None:
    told = {"title": "x", "labels": "closeout,foo", "assignee_ids": [9], "due_date": "2016-07-22", "confidential": True}
    route = respx.post(f"{HERE}/issues", json=told).respond(201, json=ISSUE)
    assert host().create_issue(4, told).iid == 1
    assert sent(route).headers["content-type"] == "application/json"


@respx.mock
def test_changing_an_issue_is_a_put_that_answers_200() -> None:
    told = {"state_event": "close", "add_labels": "status::won't do", "remove_labels": "status::in progress"}
    route = respx.put(f"{HERE}/issues/1", json=told).respond(json=ISSUE)
    assert host().edit_issue(4, 1, told).state == "closed"
    sent(route)


@respx.mock
def test_an_issue_is_called_by_graphql_what_the_rest_tells_administrators_only() -> None:
    route = respx.post(f"{WEB}/api/graphql").respond(json={"data": {"issue": {"reference": "a/b/c#7"}}})
    assert host().reference(41) == "a/b/c#7"
    assert b'"gid://gitlab/Issue/41"' in sent(route).content


@respx.mock
@pytest.mark.parametrize("told", [{"data": {"issue": None}}, {"data": None}, {"errors": [{"message": "no"}]}])
def test_an_issue_that_graphql_does_not_show_has_no_name(told: dict[str, Any]) -> None:
    respx.post(f"{WEB}/api/graphql").respond(json=told)
    assert host().reference(41) == ""


@respx.mock
def test_members_come_with_those_of_the_groups_and_labels_too() -> None:
    one = {"id": 9, "username": "lennie", "state": "active", "access_level": 30}
    people = respx.get(f"{HERE}/members/all").respond(json=[one, one], headers={"X-Total": "2"})
    labels = respx.get(f"{HERE}/labels").respond(json=[{"id": 1, "name": "priority::high"}])
    assert [(who.id, who.access_level) for who in host().members(4)] == [(9, 30)]
    assert host().labels(4) == ["priority::high"]
    sent(people, PAGE)
    sent(labels, PAGE)


@respx.mock
def test_a_list_of_people_that_breaks_off_is_no_list() -> None:
    respx.get(f"{HERE}/members/all").respond(json=[], headers={"X-Total": "3"})
    with pytest.raises(TrackerError, match="breaks off after 0 of 3"):
        host().members(4)


@respx.mock
@pytest.mark.parametrize(("label", "query"), [("", LISTED), ("closeout", {**LISTED, "labels": "closeout"})])
def test_issues_are_listed_whoever_made_them_in_every_state_oldest_first(label: str, query: dict[str, str]) -> None:
    route = respx.get(f"{HERE}/issues").respond(json=[ISSUE], headers={"X-Total": "1"})
    assert [one.iid for one in host().issues(4, label)] == [1]
    sent(route, query)


@pytest.fixture
def bench(gitlab_fake: GitLabFake) -> GitLabBench:
    bench = GitLabBench(gitlab_fake)
    bench.project.open("Add an alert")
    bench.project.label(1, "bug")
    return bench


def test_pages_begin_where_the_last_one_ended_in_time_so_nothing_deleted_meanwhile_hides_another(
    bench: GitLabBench,
) -> None:
    for number in range(250):
        bench.project.open(f"Issue {number}")

    def meanwhile(request: Request, answer: Answer) -> Reply:
        bench.project.delete(2)
        return answer(request)

    bench.fake.script(Fault(meanwhile, "GET", "created_after"))
    found = [one.iid for one in bench.host().issues(bench.project.id)]
    assert found == list(range(1, 252))
    assert len(bench.asked()) == 3


@pytest.mark.parametrize("number", [99, 100, 101, 230])
def test_issues_that_were_imported_at_one_moment_are_listed_by_their_pages(bench: GitLabBench, number: int) -> None:
    moment = bench.fake.clock.now
    for _ in range(number):
        bench.project.open("Imported").created = moment
    assert len(bench.host().issues(bench.project.id)) == number + 1


def test_a_list_without_its_end_is_no_list(bench: GitLabBench) -> None:
    bench.fake.script(Fault(faults.empty(), "GET", "/issues"))
    with pytest.raises(TrackerError, match="breaks off after 0 of 1"):
        bench.host().issues(bench.project.id)


WRITES: list[Callable[[GitLab, int], object]] = [
    lambda it, project: it.create_issue(project, {"title": "x"}),
    lambda it, project: it.edit_issue(project, 1, {"title": "y"}),
]
READS: list[Callable[[GitLab, int], object]] = [
    lambda it, project: it.project(PROJECT),
    lambda it, project: it.issue(project, 1),
    lambda it, project: it.issues(project),
    lambda it, project: it.members(project),
    lambda it, project: it.labels(project),
    lambda it, project: it.viewer(),
]


@pytest.mark.parametrize("act", [faults.dropped(done=True), faults.dropped(done=False), faults.failed(done=False)])
@pytest.mark.parametrize("write", WRITES, ids=["create", "edit"])
def test_a_write_without_a_whole_answer_is_sent_once_and_unknown(
    bench: GitLabBench, act: Act, write: Callable[[GitLab, int], object]
) -> None:
    bench.fake.script(Fault(act, "POST|PUT"))
    with pytest.raises(OutcomeUnknown):
        write(bench.host(), bench.project.id)
    assert len(bench.fake.writes) == 1


@pytest.mark.parametrize("act", [faults.not_json(), faults.lacking("iid"), faults.saying(iid=None, id=None)])
@pytest.mark.parametrize("write", WRITES, ids=["create", "edit"])
def test_a_write_whose_answer_cannot_be_read_is_unknown(
    bench: GitLabBench, act: Act, write: Callable[[GitLab, int], object]
) -> None:
    bench.fake.script(Fault(act, "POST|PUT"))
    with pytest.raises(OutcomeUnknown):
        write(bench.host(), bench.project.id)


@pytest.mark.parametrize("act", [faults.failed(done=False), faults.dropped(done=False), faults.cut()])
@pytest.mark.parametrize("read", READS)
def test_a_read_is_asked_again(bench: GitLabBench, act: Act, read: Callable[[GitLab, int], object]) -> None:
    bench.fake.script(Fault(act, "GET"))
    assert read(bench.host(), bench.project.id)
    assert bench.waits == [1.0]


def limited(**headers: str) -> Act:
    """A limit as GitLab's throttle tells it: in plain text."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request, answer: Reply(429, headers=told, raw=b"Retry later\n")


def test_a_limit_of_requests_says_when_to_come_again_and_nothing_was_done(bench: GitLabBench) -> None:
    throttle = limited(RateLimit_Limit="300", RateLimit_Remaining="0", RateLimit_Reset="1795251660", Retry_After="7")
    bench.fake.script(Fault(throttle, "POST"))
    bench.host().create_issue(bench.project.id, {"title": "x"})
    assert bench.waits == [7.0]
    assert len(bench.project.issues) == 2


def test_a_limit_of_new_issues_says_nothing_of_when_and_is_a_minutes(bench: GitLabBench) -> None:
    """Its headers are those of another limit, of which much remains."""
    told = {"message": {"error": "This endpoint has been requested too many times. Try again later."}}
    headers = {"RateLimit-Limit": "600", "RateLimit-Remaining": "595", "RateLimit-Reset": "1580393717"}
    bench.fake.script(Fault(lambda request, answer: Reply(429, told, headers), "POST"))
    bench.host().create_issue(bench.project.id, {"title": "x"})
    assert bench.waits == [60.0]


def test_a_limit_that_lasts_too_long_ends_the_run_with_the_hour(bench: GitLabBench) -> None:
    bench.fake.script(Fault(limited(Retry_After="3600"), "POST"))
    with pytest.raises(LaterError, match="Run again at 2026-11-21 10:00"):
        bench.host().create_issue(bench.project.id, {"title": "x"})


def test_a_write_to_a_former_path_is_405_so_ids_are_written_to(bench: GitLabBench) -> None:
    bench.fake.rename(bench.project, "acme/new")
    told = bench.host().rest
    reply = told.ask(
        "POST", "/v4/projects/acme%2Fsre%2Fplatform/issues", Errand("here", "write", write=True), None, {"title": "x"}
    )
    assert (reply.status, "moved projects" in reply.message) == (405, True)
    assert bench.host().create_issue(bench.project.id, {"title": "x"}).home == "acme/new"


def test_a_missing_scope_is_named(bench: GitLabBench) -> None:
    token = bench.fake.sign_in("closeout-bot", "read_api")
    with pytest.raises(Refused, match=r"the token may not do this \(403"):
        bench.host(token).create_issue(bench.project.id, {"title": "x"})


def test_a_title_that_is_too_long_is_refused_in_the_hosts_words(bench: GitLabBench) -> None:
    with pytest.raises(Refused, match="maximum is 255 characters"):
        bench.host().create_issue(bench.project.id, {"title": "x" * 256})


@pytest.mark.parametrize("token", ["", "abc def", "abc\n", "abc"])
def test_a_token_that_no_header_can_carry_is_refused_without_naming_it(token: str) -> None:
    with pytest.raises(ConfigurationError, match="could not use the token") as told:
        GitLab(WEB, token, Pace(lambda seconds: None, lambda: 0.0))
    assert "abc" not in str(told.value)


@respx.mock
@pytest.mark.parametrize("url", ["https://example.com/gitlab", "https://example.com/gitlab/api/v4/"])
def test_an_instance_below_a_path_is_asked_below_it(url: str) -> None:
    respx.get("https://example.com/gitlab/api/v4/projects/4/labels").respond(json=[])
    found = host(url=url)
    assert (found.labels(4), found.web) == ([], "https://example.com/gitlab")


@pytest.mark.parametrize("url", ["http://gitlab.example.com", "https://me@gitlab.example.com", "gitlab.example.com"])
def test_an_address_that_would_show_the_token_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError):
        host(url=url)
