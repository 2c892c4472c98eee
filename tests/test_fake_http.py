"""The loopback server and its faults: what was done, and what the client learns of it."""

from __future__ import annotations

import json
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from threading import Event

import pytest

from fakes import faults
from fakes.ask import Ask
from fakes.github import GitHubFake
from fakes.http import WRITES, Answer, Fault, Loopback, Reply, Request

ISSUES = "/repos/acme/pm/issues"
CREATE = {"title": "Add an alert", "body": "Text"}


@pytest.fixture
def fake(github_fake: GitHubFake) -> GitHubFake:
    github_fake.repository("acme", "pm")
    return github_fake


@pytest.fixture
def ask(fake: GitHubFake) -> Ask:
    return Ask(fake.url, fake.token)


def titles(fake: GitHubFake) -> list[str]:
    return [issue.title for repo in fake.repos.values() for issue in repo.issues.values()]


@pytest.mark.parametrize("done", [False, True])
def test_a_502_is_sent_before_or_after_the_work(fake: GitHubFake, ask: Ask, done: bool) -> None:
    fake.script(Fault(faults.failed(502, done=done), "POST"))
    with pytest.raises(json.JSONDecodeError):
        ask("POST", ISSUES, CREATE)
    assert titles(fake) == ["Add an alert"] * done
    assert ask("POST", ISSUES, CREATE).status == 201


@pytest.mark.parametrize("done", [False, True])
def test_a_connection_is_dropped_before_or_after_the_work(fake: GitHubFake, ask: Ask, done: bool) -> None:
    fake.script(Fault(faults.dropped(done=done), "POST"))
    with pytest.raises(RemoteDisconnected):
        ask("POST", ISSUES, CREATE)
    assert titles(fake) == ["Add an alert"] * done


@pytest.mark.parametrize("done", [False, True])
def test_a_reply_is_held_until_the_client_gives_up(fake: GitHubFake, done: bool) -> None:
    ready, hold = Event(), faults.held(done=done)

    def act(request: Request, answer: Answer) -> Reply:
        reply = hold(request, answer)
        ready.set()
        return reply

    fake.script(Fault(act, "POST"))
    with pytest.raises(TimeoutError):
        Ask(fake.url, fake.token, timeout=0.05)("POST", ISSUES, CREATE)
    assert ready.wait(5)
    assert titles(fake) == ["Add an alert"] * done


def test_a_server_that_stops_lets_go_of_held_replies() -> None:
    with GitHubFake() as fake:
        fake.repository("acme", "pm")
        fake.script(Fault(faults.held()))
        with pytest.raises(TimeoutError):
            Ask(fake.url, fake.token, timeout=0.05)("GET", ISSUES)


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("after", [None, 7])
def test_a_limit_comes_with_and_without_retry_after(fake: GitHubFake, ask: Ask, status: int, after: int | None) -> None:
    fake.script(Fault(faults.limited(status, retry_after=after), WRITES))
    told = ask("POST", ISSUES, CREATE)
    assert told.status == status
    assert told.body["message"].startswith("You have exceeded a secondary rate limit")
    assert told.headers.get("retry-after") == (None if after is None else "7")
    assert titles(fake) == []


def test_a_primary_limit_says_when_it_ends(fake: GitHubFake, ask: Ask) -> None:
    fake.script(Fault(faults.limited(403, faults.PRIMARY, reset=1_800_000_000)))
    told = ask("GET", ISSUES)
    assert told.headers["x-ratelimit-remaining"] == "0"
    assert told.headers["x-ratelimit-reset"] == "1800000000"


def test_json_is_truncated_in_a_whole_reply(fake: GitHubFake, ask: Ask) -> None:
    fake.script(Fault(faults.truncated(), "POST"))
    with pytest.raises(json.JSONDecodeError):
        ask("POST", ISSUES, CREATE)
    assert titles(fake) == ["Add an alert"]


def test_the_line_breaks_in_the_middle_of_a_reply(fake: GitHubFake, ask: Ask) -> None:
    fake.script(Fault(faults.cut(), "POST"))
    with pytest.raises(IncompleteRead):
        ask("POST", ISSUES, CREATE)
    assert titles(fake) == ["Add an alert"]


def test_a_page_for_people_answers_what_was_done(fake: GitHubFake, ask: Ask) -> None:
    fake.script(Fault(faults.not_json(), "POST"))
    with pytest.raises(json.JSONDecodeError):
        ask("POST", ISSUES, CREATE)
    assert titles(fake) == ["Add an alert"]


def test_a_page_is_empty_though_there_is_more(fake: GitHubFake, ask: Ask) -> None:
    for _ in range(3):
        ask("POST", ISSUES, CREATE)
    fake.script(Fault(faults.empty(), "GET", r"page=2"))
    told = ask("GET", f"{ISSUES}?per_page=2&page=2")
    assert (told.status, told.body, told.links) == (200, [], {})
    assert len(ask("GET", f"{ISSUES}?per_page=2&page=2").body) == 1


def test_a_reply_lacks_what_was_asked(fake: GitHubFake, ask: Ask) -> None:
    fake.script(Fault(faults.lacking("number", "title"), "POST"), Fault(faults.saying(title="Other"), "GET"))
    assert not {"number", "title"} & set(ask("POST", ISSUES, CREATE).body)
    assert [one["title"] for one in ask("GET", ISSUES).body] == ["Other"]
    assert [one["title"] for one in ask("GET", ISSUES).body] == ["Add an alert"]


def test_a_patch_is_half_applied(fake: GitHubFake, ask: Ask) -> None:
    ask("POST", ISSUES, CREATE)
    fake.script(Fault(faults.half("title", status=500), "PATCH"))
    with pytest.raises(json.JSONDecodeError):
        ask("PATCH", f"{ISSUES}/1", {"title": "New", "body": "New"})
    after = ask("GET", f"{ISSUES}/1").body
    assert (after["title"], after["body"]) == ("New", "Text")


def test_a_value_is_dropped_in_silence(fake: GitHubFake, ask: Ask) -> None:
    fake.script(Fault(faults.ignoring("body"), "POST"))
    told = ask("POST", ISSUES, CREATE)
    assert (told.status, told.body["body"]) == (201, None)


def test_a_redirect_leads_to_a_stranger(fake: GitHubFake, ask: Ask) -> None:
    fake.script(Fault(faults.redirected("http://127.0.0.1:9/elsewhere")))
    told = ask("GET", ISSUES)
    assert (told.status, told.headers["location"]) == (301, "http://127.0.0.1:9/elsewhere")


def test_faults_choose_by_method_and_path_skip_and_run_out(fake: GitHubFake, ask: Ask) -> None:
    fake.script(Fault(faults.refused(403, "No."), "POST", r"/issues$", times=2, skip=1))
    ask("POST", "/repos/acme/pm/labels", {"name": "x"})
    assert [ask("POST", ISSUES, CREATE).status for _ in range(4)] == [201, 403, 403, 201]


def test_a_fault_may_last(fake: GitHubFake, ask: Ask) -> None:
    fake.script(Fault(faults.refused(403, "No."), WRITES, times=None, skip=1))
    assert [ask("POST", ISSUES, CREATE).status for _ in range(4)] == [201, 403, 403, 403]
    assert ask("GET", ISSUES).status == 200


def test_every_request_is_recorded_as_it_was_sent(fake: GitHubFake, ask: Ask) -> None:
    fake.script(Fault(faults.dropped(done=False)))
    with pytest.raises(HTTPException):
        ask("POST", f"{ISSUES}?x=%20a", CREATE, X_GitHub_Api_Version="2022-11-28")
    request = fake.requests[0]
    assert (request.method, request.path, request.sent) == ("POST", f"{ISSUES}?x=%20a", CREATE)
    assert request.query == {"x": " a"}
    assert request.headers["x-github-api-version"] == "2022-11-28"
    assert request.headers["authorization"] == f"Bearer {fake.token}"
    assert fake.writes == [request]


def test_connections_are_kept_alive(fake: GitHubFake, ask: Ask) -> None:
    fake.script(Fault(lambda request, answer: Reply(200, request.headers["host"])))
    ask("GET", "/user")
    before = ask._connection.sock
    ask("GET", "/user")
    assert before is not None
    assert ask._connection.sock is before


@pytest.fixture
def broken() -> Loopback:
    def answer(request: Request) -> Reply:
        message = "a bug of the fake"
        raise RuntimeError(message)

    return Loopback(answer)


def test_a_bug_of_the_fake_fails_the_test(broken: Loopback) -> None:
    with pytest.raises(RuntimeError, match="a bug of the fake"), broken:
        assert Ask(broken.url)("GET", "/").status == 500
