"""Forgejo's wire: what each endpoint sends, and what its answers come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
import respx

from closeout.errors import ConfigurationError, OutcomeUnknown, TrackerError
from closeout.hosts.forgejo import Forgejo
from closeout.hosts.pacing import Pace
from closeout.hosts.rest import Refused
from fakes import faults
from fakes.forgejo import ForgejoFake
from fakes.http import Act, Fault
from forgejo_bench import PROJECT, ForgejoBench

WEB = "https://git.example.com"
API = f"{WEB}/api/v1"
REPO = f"{API}/repos/boss/pm"
SECRET = "0123456789abcdef0123456789abcdef01234567"
ISSUE: dict[str, Any] = {  # as a Gitea answered; `id` is global, `number` is the repository's
    "id": 101,
    "url": f"{REPO}/issues/1",
    "html_url": f"{WEB}/boss/pm/issues/1",
    "number": 1,
    "user": {"id": 1, "login": "boss"},
    "original_author": "",
    "title": "Fix DB failover",
    "body": "B\n<!-- closeout: key=v1:ff -->",
    "labels": [{"id": 1, "name": "action item", "color": "00aabb", "description": "d", "url": ""}],
    "milestone": None,
    "assignee": None,
    "assignees": None,
    "state": "open",
    "is_locked": False,
    "comments": 0,
    "created_at": "2026-11-20T20:40:32Z",
    "updated_at": "2026-11-20T15:40:32-05:00",
    "closed_at": None,
    "due_date": "2026-12-31T18:59:59-05:00",
    "pull_request": None,
    "repository": {"id": 1, "name": "pm", "owner": "boss", "full_name": "boss/pm"},
}
ONE = {"state": "all", "type": "issues", "limit": "50", "page": "1"}


def host(waits: list[float] | None = None, url: str = WEB) -> Forgejo:
    paused = waits if waits is not None else []
    return Forgejo(
        url, SECRET, Pace(paused.append, lambda: 1000.0 + sum(paused), between_writes=0.0), timeout=(0.5, 0.5)
    )


def sent(route: respx.Route, query: Mapping[str, str] | None = None) -> httpx.Request:
    """The one request that a route had: with just this query, and the token nowhere but in its header."""
    assert route.call_count == 1
    request: httpx.Request = route.calls.last.request
    assert request.headers["authorization"] == f"token {SECRET}"
    assert dict(request.url.params) == (query or {})
    assert SECRET not in str(request.url)
    return request


@respx.mock
def test_s3_reading_an_issue() -> None:
    route = respx.get(f"{REPO}/issues/1").respond(json=ISSUE)
    found = host().issue("boss/pm", 1)
    assert sent(route).content == b""
    assert (found.number, found.home, found.assignees, found.pull_request) == (1, "boss/pm", None, None)
    assert found.due_date is not None
    assert found.due_date.isoformat() == "2026-12-31T18:59:59-05:00"


@respx.mock
def test_s3_creating_an_issue_answers_201_with_all_of_it() -> None:
    told = {"title": "x", "body": "B", "labels": [1], "assignees": ["ann"], "due_date": "2026-12-31T23:59:59Z"}
    route = respx.post(f"{REPO}/issues", json=told).respond(201, json=ISSUE)
    assert host().create_issue("boss/pm", told).labels is not None
    assert sent(route).headers["content-type"] == "application/json"


@respx.mock
def test_s3_changing_an_issue_answers_201() -> None:
    route = respx.patch(f"{REPO}/issues/1", json={"unset_due_date": True}).respond(
        201, json={**ISSUE, "due_date": None}
    )
    assert host().edit_issue("boss/pm", 1, {"unset_due_date": True}).due_date is None
    sent(route)


@respx.mock
def test_s3_labels_are_added_by_id_and_taken_off_by_id() -> None:
    added = respx.post(f"{REPO}/issues/1/labels", json={"labels": [4, 5]}).respond(json=ISSUE["labels"])
    taken = respx.delete(f"{REPO}/issues/1/labels/4").respond(204)
    assert [label.id for label in host().add_labels("boss/pm", 1, [4, 5])] == [1]
    host().remove_label("boss/pm", 1, 4)
    assert (sent(added).method, sent(taken).content) == ("POST", b"")


@respx.mock
def test_b3_a_label_is_made_with_name_color_and_whether_it_is_exclusive() -> None:
    told = {"name": "status/in-progress", "color": "#6a737d", "exclusive": True}
    route = respx.post(f"{REPO}/labels", json=told).respond(201, json={"id": 7, "name": "status/in-progress"})
    assert host().create_label("boss/pm", "status/in-progress", "#6a737d", exclusive=True).id == 7
    sent(route)


@respx.mock
def test_b3_labels_of_the_repository_and_of_its_organisation() -> None:
    own = respx.get(f"{REPO}/labels", params={"limit": "50", "page": "1"}).respond(
        json=ISSUE["labels"], headers={"X-Total-Count": "1"}
    )
    shared = respx.get(f"{API}/orgs/boss/labels", params={"limit": "50", "page": "1"}).respond(
        json=[], headers={"X-Total-Count": "0"}
    )
    assert [label.name for label in host().labels("boss/pm")] == ["action item"]
    assert host().org_labels("boss") == []
    sent(own, {"limit": "50", "page": "1"})
    sent(shared, {"limit": "50", "page": "1"})


@respx.mock
@pytest.mark.parametrize("status", [403, 404])
def test_b3_a_person_has_no_labels_of_an_organisation(status: int) -> None:
    respx.get(f"{API}/orgs/boss/labels").respond(status, json={"message": "The target couldn't be found."})
    assert host().org_labels("boss") == []


@respx.mock
def test_b5_assignees_are_one_list_without_pages() -> None:
    route = respx.get(f"{REPO}/assignees").respond(json=[{"id": 1, "login": "Ann.B"}])
    assert host().assignees("boss/pm") == ("Ann.B",)
    sent(route)


@respx.mock
def test_b5_who_we_are_is_asked_once_and_unknown_where_the_token_may_not_ask() -> None:
    route = respx.get(f"{API}/user").respond(json={"id": 1, "login": "boss"})
    known = host()
    assert (known.viewer(), known.viewer()) == ("boss", "boss")
    sent(route)
    told = {"message": "token does not have at least one of required scope(s): [read:user]"}
    respx.get(f"{API}/user").respond(403, json=told)
    assert host().viewer() == ""


@respx.mock
def test_s3_a_token_that_is_not_accepted_is_told() -> None:
    respx.get(f"{API}/user").respond(401, json={"message": "token is required", "url": f"{WEB}/api/swagger"})
    with pytest.raises(Refused, match=r"git\.example\.com/user: could not ask who we are: the token was not accepted"):
        host().viewer()


@respx.mock
def test_s3_a_listing_asks_for_issues_only_and_follows_the_pages() -> None:
    more = '<http://inside:3000/api/v1/repos/boss/pm/issues?limit=50&page=2&state=all&type=issues>; rel="next"'
    first = respx.get(f"{REPO}/issues", params=ONE).respond(
        json=[ISSUE], headers={"X-Total-Count": "2", "Link": f'{more},<x?page=2>; rel="last"'}
    )
    second = respx.get(f"{REPO}/issues", params={**ONE, "page": "2"}).respond(
        json=[{**ISSUE, "number": 2}], headers={"X-Total-Count": "2", "Link": '<x?page=1>; rel="first"'}
    )
    assert [one.number for one in host().issues("boss/pm")] == [1, 2]
    sent(first, ONE)
    sent(second, {**ONE, "page": "2"})


@respx.mock
def test_s3_a_listing_by_a_label_names_it() -> None:
    route = respx.get(f"{REPO}/issues", params={**ONE, "labels": "closeout"}).respond(
        json=[ISSUE], headers={"X-Total-Count": "1"}
    )
    assert len(host().issues("boss/pm", "closeout")) == 1
    sent(route, {**ONE, "labels": "closeout"})  # no `q`: that asks an index, which lags


@respx.mock
def test_b4_a_list_without_links_goes_on_until_its_total_is_there() -> None:
    labels = [{"id": number, "name": f"l{number}"} for number in range(60)]
    for page in (1, 2):
        respx.get(f"{REPO}/labels", params={"limit": "50", "page": str(page)}).respond(
            json=labels[(page - 1) * 50 : page * 50], headers={"X-Total-Count": "60"}
        )
    assert len(host().labels("boss/pm")) == 60
    assert respx.calls.call_count == 2


@respx.mock
def test_b4_a_list_without_links_and_total_goes_on_until_a_page_is_empty() -> None:
    for page, found in ((1, [1, 2]), (2, [2, 3]), (3, [])):
        respx.get(f"{REPO}/issues", params={**ONE, "page": str(page)}).respond(
            json=[{**ISSUE, "number": number} for number in found]
        )
    assert [one.number for one in host().issues("boss/pm")] == [1, 2, 3]


@respx.mock
def test_b4_a_list_that_shrinks_while_it_is_read_is_read_again() -> None:
    """The newest comes first: one that goes from page 1 moves another there, where nobody looks any more."""
    told = [([5, 4], 4), ([2], 3), ([5, 3], 3), ([2], 3)]
    respx.get(f"{REPO}/issues").mock(
        side_effect=[
            httpx.Response(200, json=[{**ISSUE, "number": n} for n in numbers], headers={"X-Total-Count": str(total)})
            for numbers, total in told
        ]
    )
    assert [one.number for one in host().issues("boss/pm")] == [5, 3, 2]


@respx.mock
def test_b4_a_list_that_never_stops_shrinking_is_no_list() -> None:
    respx.get(f"{REPO}/issues").mock(
        side_effect=[
            httpx.Response(200, json=[ISSUE], headers={"X-Total-Count": str(total)}) for total in (9, 8, 9, 8, 9, 8)
        ]
    )
    with pytest.raises(TrackerError, match="shrinks while it is read"):
        host().issues("boss/pm")


@respx.mock
def test_b4_pages_that_lead_in_a_circle_end() -> None:
    same = f'<{REPO}/issues?limit=50&page=1&state=all&type=issues>; rel="next"'
    respx.get(f"{REPO}/issues").respond(json=[ISSUE], headers={"Link": same})
    with pytest.raises(TrackerError, match="its pages do not end"):
        host().issues("boss/pm")


@respx.mock
def test_b4_the_newest_number_is_that_of_issues_and_pull_requests() -> None:
    query = {"state": "all", "limit": "1", "page": "1"}
    route = respx.get(f"{REPO}/issues", params=query).respond(json=[{**ISSUE, "number": 9, "pull_request": {}}])
    assert host().newest("boss/pm") == 9
    sent(route, query)
    respx.get(f"{REPO}/issues", params=query).respond(json=[])
    assert host().newest("boss/pm") == 0


@respx.mock
@pytest.mark.parametrize("status", [301, 307])
@pytest.mark.parametrize("there", ["/api/v1/repos/boss/new", "https://evil.example/api/v1/repos/boss/new?x=1"])
def test_b4_a_renamed_repository_is_found_under_its_present_name_on_this_host(status: int, there: str) -> None:
    respx.get(f"{API}/repos/boss/old").respond(status, headers={"Location": there})
    respx.get(f"{API}/repos/boss/new").respond(json={"id": 1, "full_name": "boss/new", "private": True})
    assert host().repository("boss/old").full_name == "boss/new"


@respx.mock
@pytest.mark.parametrize("there", ["/user/login", "/api/v1/repos/boss/old"])
def test_b4_a_redirect_that_leads_nowhere_is_told(there: str) -> None:
    respx.get(f"{API}/repos/boss/old").respond(307, headers={"Location": there})
    with pytest.raises(TrackerError, match="could not find the repository"):
        host().repository("boss/old")


@respx.mock
@pytest.mark.parametrize("status", [301, 307])
def test_b4_a_write_to_a_former_name_is_never_redirected(status: int) -> None:
    route = respx.post(f"{REPO}/issues").respond(status, headers={"Location": "/api/v1/repos/boss/new/issues"})
    with pytest.raises(Refused, match="another name or address"):
        host().create_issue("boss/pm", {"title": "x"})
    assert route.call_count == 1


WRITES: list[Callable[[Forgejo], object]] = [
    lambda it: it.create_issue(PROJECT, {"title": "x"}),
    lambda it: it.edit_issue(PROJECT, 1, {"title": "y"}),
    lambda it: it.add_labels(PROJECT, 1, [1]),
    lambda it: it.remove_label(PROJECT, 1, it.labels(PROJECT)[0].id),
    lambda it: it.create_label(PROJECT, "closeout", "#6a737d", exclusive=False),
]
READS: list[Callable[[Forgejo], object]] = [
    lambda it: it.repository(PROJECT),
    lambda it: it.issue(PROJECT, 1),
    lambda it: it.issues(PROJECT),
    lambda it: it.newest(PROJECT),
    lambda it: it.labels(PROJECT),
    lambda it: it.assignees(PROJECT),
    lambda it: it.viewer(),
]


@pytest.fixture
def bench(forgejo_fake: ForgejoFake) -> ForgejoBench:
    bench = ForgejoBench(forgejo_fake)
    bench.repo.open("Add an alert")
    bench.repo.label_made("bug")
    return bench


@pytest.mark.parametrize("act", [faults.dropped(done=True), faults.dropped(done=False), faults.failed(done=False)])
@pytest.mark.parametrize("write", WRITES, ids=["create", "edit", "add labels", "remove label", "create label"])
def test_b2_a_write_without_a_whole_answer_is_sent_once_and_unknown(
    bench: ForgejoBench, act: Act, write: Callable[[Forgejo], object]
) -> None:
    bench.fake.script(Fault(act, "POST|PATCH|DELETE"))
    with pytest.raises(OutcomeUnknown):
        write(bench.host())
    assert len(bench.fake.writes) == 1


def test_b2_a_host_that_does_not_answer_in_time_leaves_a_write_unknown_and_a_read_is_asked_again(
    bench: ForgejoBench,
) -> None:
    bench.fake.script(Fault(faults.held(), "POST"), Fault(faults.held(), "GET"))
    host = bench.host(timeout=(0.3, 0.3))
    with pytest.raises(OutcomeUnknown, match="timed out"):
        host.create_issue(PROJECT, {"title": "x"})
    assert len(host.issues(PROJECT)) == 2


@pytest.mark.parametrize(
    "act", [faults.not_json(), faults.lacking("number", "id"), faults.saying(number=None, id=None)]
)
@pytest.mark.parametrize("write", [WRITES[0], WRITES[1], WRITES[4]], ids=["create", "edit", "create label"])
def test_b2_a_write_whose_answer_cannot_be_read_is_unknown(
    bench: ForgejoBench, act: Act, write: Callable[[Forgejo], object]
) -> None:
    bench.fake.script(Fault(act, "POST|PATCH"))
    with pytest.raises(OutcomeUnknown):
        write(bench.host())


@pytest.mark.parametrize("act", [faults.failed(done=False), faults.dropped(done=False), faults.cut()])
@pytest.mark.parametrize("read", READS)
def test_b5_a_read_is_asked_again(bench: ForgejoBench, act: Act, read: Callable[[Forgejo], object]) -> None:
    bench.fake.script(Fault(act, "GET"))
    assert read(bench.host())
    assert bench.waits == [1.0]


def test_b5_a_wait_that_the_proxy_asks_for_is_made(bench: ForgejoBench) -> None:
    bench.fake.script(Fault(faults.limited(429, "Too Many Requests", retry_after=7), "POST"))
    bench.host().create_issue(PROJECT, {"title": "x"})
    assert bench.waits == [7.0]
    assert len(bench.repo.issues) == 2


def test_b5_a_missing_scope_is_named(bench: ForgejoBench) -> None:
    token = bench.fake.sign_in("closeout-bot", "read:issue", "read:repository")
    with pytest.raises(Refused, match=r"the token may not do this \(403: token does not have .*\[write:issue\]\)"):
        bench.host(token).create_issue(PROJECT, {"title": "x"})


@pytest.mark.parametrize("token", ["", "abc def", "abc\n", "abc"])
def test_a_token_that_no_header_can_carry_is_refused_without_naming_it(token: str) -> None:
    with pytest.raises(ConfigurationError, match="could not use the token") as told:
        Forgejo(WEB, token, Pace(lambda seconds: None, lambda: 0.0))
    assert "abc" not in str(told.value)


@respx.mock
@pytest.mark.parametrize("url", ["https://git.example.com/forge", "https://git.example.com/forge/api/v1/"])
def test_an_instance_below_a_path_is_asked_below_it(url: str) -> None:
    respx.get("https://git.example.com/forge/api/v1/repos/boss/pm/assignees").respond(json=[])
    found = host(url=url)
    assert (found.assignees("boss/pm"), found.web) == ((), "https://git.example.com/forge")
