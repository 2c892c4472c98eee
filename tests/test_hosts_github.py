"""The traps of GitHub and of PyGithub that are known, each with the number it has in the notes on trackers."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta, timezone

import pytest
import requests
from urllib3.exceptions import MaxRetryError, SSLError

from closeout.errors import ConfigurationError, LaterError, OutcomeUnknown, TrackerError
from closeout.hosts.github import GitHub, utc
from closeout.hosts.github_address import addresses
from closeout.hosts.github_auth import App, Token
from closeout.hosts.github_refusals import Refused
from closeout.hosts.pacing import Errand, Lost, NotSent, Pace, Reply, rate_limit
from fakes import faults
from fakes.github import GitHubFake
from fakes.http import Act, Fault
from fakes.http import Reply as FakeReply
from github_bench import PROJECT, GitHubBench, private_key

SHORT = (0.3, 0.3)


@pytest.fixture
def bench(github_fake: GitHubFake) -> GitHubBench:
    return GitHubBench(github_fake)


@pytest.mark.parametrize(
    ("act", "done"),
    [
        (faults.failed(done=True), True),
        (faults.failed(done=False), False),
        (faults.dropped(done=True), True),
        (faults.dropped(done=False), False),
        (faults.held(done=True), True),
    ],
)
def test_0_1_a_post_is_never_sent_twice(bench: GitHubBench, act: Act, done: bool) -> None:
    bench.fake.script(Fault(act, "POST"))
    with pytest.raises(OutcomeUnknown):
        bench.host(timeout=SHORT).create_issue(PROJECT, "Add an alert", "")
    assert len(bench.fake.writes) == 1
    assert len(bench.repo.issues) == done


@pytest.mark.parametrize(
    "act",
    [faults.cut(), faults.truncated(), faults.not_json(), faults.lacking("number"), faults.saying(number=None)],
    ids=["cut", "truncated", "not JSON", "no number", "null"],
)
def test_0_1_a_reply_that_cannot_be_read_leaves_a_write_unknown(bench: GitHubBench, act: Act) -> None:
    bench.fake.script(Fault(act, "POST"))
    with pytest.raises(OutcomeUnknown):
        bench.host().create_issue(PROJECT, "Add an alert", "")
    assert len(bench.fake.writes) == 1


def test_0_1_a_patch_is_never_sent_twice(bench: GitHubBench) -> None:
    bench.repo.open("Add an alert")
    bench.fake.script(Fault(faults.failed(done=True), "PATCH"))
    with pytest.raises(OutcomeUnknown):
        bench.host().edit_issue(PROJECT, 1, {"title": "Add two"})
    assert len(bench.fake.writes) == 1


def test_0_1_what_never_left_is_sent_again_and_is_no_unknown_outcome(bench: GitHubBench) -> None:
    pace = Pace(bench.pause, lambda: 0.0, between_writes=0.0)
    host = GitHub("https://github.com", Token("abcd"), pace, api="http://127.0.0.1:9")
    with pytest.raises(TrackerError, match="cannot be reached") as caught:
        host.create_issue(PROJECT, "Add an alert", "")
    assert not isinstance(caught.value, OutcomeUnknown)
    assert bench.waits == [1.0, 2.0, 4.0]


def test_0_1_a_read_is_asked_again_a_few_times(bench: GitHubBench) -> None:
    bench.repo.open("Add an alert")
    bench.fake.script(Fault(faults.failed(done=False), "GET", times=2), Fault(faults.dropped(done=False), "GET"))
    assert bench.host().issue(PROJECT, 1).title == "Add an alert"
    assert bench.waits == [1.0, 2.0, 4.0]
    bench.fake.script(Fault(faults.failed(done=False), "GET", times=None))
    with pytest.raises(
        TrackerError, match=r"github.com/acme/platform: could not read issue 1: it answered 502\. Check"
    ):
        bench.host().issue(PROJECT, 1)


@pytest.mark.parametrize("message", [faults.SECONDARY, faults.CONTENT, faults.PRIMARY])
@pytest.mark.parametrize("status", [403, 429])
def test_0_2_a_rate_limit_is_told_by_status_and_message(bench: GitHubBench, status: int, message: str) -> None:
    bench.repo.open("Add an alert")
    bench.fake.script(Fault(faults.limited(status, message), "PATCH"))
    assert bench.host().edit_issue(PROJECT, 1, {"title": "Add two"}).title == "Add two"
    assert bench.waits == [60.0]
    assert bench.told == ["github.com/acme/platform: waiting 60 s before it can change issue 1: the host asks for it"]


def test_0_1_tls_that_breaks_in_the_middle_is_no_proof_that_nothing_was_sent(
    bench: GitHubBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise requests.exceptions.SSLError(MaxRetryError(None, "/", SSLError("decryption failed")))  # type: ignore[arg-type]

    monkeypatch.setattr(requests.Session, "request", broken)
    with pytest.raises(OutcomeUnknown):
        bench.host().create_issue(PROJECT, "Add an alert", "")


def test_0_2_a_right_that_lacks_is_no_rate_limit() -> None:
    assert rate_limit(Reply(403, {"x-ratelimit-remaining": "0"}, {"message": "Resource not accessible"}), 0) is None
    assert rate_limit(Reply(500, {"retry-after": "1"}), 0) is None
    assert rate_limit(Reply(429, {}), 0) == 60.0


def test_0_3_a_long_wait_is_told_and_not_slept(bench: GitHubBench) -> None:
    bench.fake.script(Fault(faults.limited(retry_after=3600), "POST"))
    with pytest.raises(LaterError, match=r"create an issue yet.*3600 s.*2026-11-21 10:00:00 UTC"):
        bench.host().create_issue(PROJECT, "Add an alert", "")
    reset = int((bench.fake.clock.now + timedelta(minutes=42)).timestamp())
    bench.fake.script(Fault(faults.limited(message=faults.PRIMARY, reset=reset), "GET"))
    with pytest.raises(LaterError, match="2026-11-21 09:42:01 UTC"):
        bench.host().issue(PROJECT, 1)
    assert (bench.waits, bench.repo.issues) == ([], {})


def test_0_3_waits_add_up_to_the_cap(bench: GitHubBench) -> None:
    bench.fake.script(Fault(faults.limited(retry_after=50), "GET", times=None))
    with pytest.raises(LaterError):
        bench.host().issue(PROJECT, 1)
    assert bench.waits == [50.0, 50.0]


def test_0_3_a_date_says_how_long_to_wait() -> None:
    now = datetime(2026, 11, 21, 9, tzinfo=UTC).timestamp()
    assert rate_limit(Reply(429, {"retry-after": "Sat, 21 Nov 2026 09:00:07 GMT"}), now) == 7.0
    assert rate_limit(Reply(429, {"retry-after": "soon"}), now) == 60.0


def test_0_4_a_renamed_repository_is_looked_up_under_its_new_name(bench: GitHubBench) -> None:
    bench.fake.rename(bench.repo, "core")
    assert bench.host().repository(PROJECT).full_name == "acme/core"


def test_0_4_nothing_is_written_to_or_listed_from_an_old_name(bench: GitHubBench) -> None:
    bench.repo.open("Add an alert")
    bench.fake.rename(bench.repo, "core")
    with pytest.raises(Refused, match="another name now"):
        bench.host().create_issue(PROJECT, "Add an alert", "")
    with pytest.raises(Refused, match="another name now"):
        list(bench.host().issues(PROJECT))
    assert len(bench.repo.issues) == 1


@pytest.mark.parametrize("act", [faults.refused(304, ""), faults.refused(204, ""), faults.not_json(b"")])
def test_0_5_an_answer_without_a_list_is_never_an_empty_list(bench: GitHubBench, act: Act) -> None:
    bench.fake.script(Fault(act, "GET", times=None))
    with pytest.raises(TrackerError):
        list(bench.host().issues(PROJECT))


def test_0_6_since_is_sent_in_utc(bench: GitHubBench) -> None:
    list(bench.host().issues(PROJECT, datetime(2026, 11, 21, 1, 30, tzinfo=timezone(timedelta(hours=2)))))
    assert bench.fake.requests[-1].query["since"] == "2026-11-20T23:30:00Z"
    with pytest.raises(ValueError, match="zone"):
        utc(datetime(2026, 11, 21))  # noqa: DTZ001 - that is the point


def test_0_12_no_answer_depends_on_an_etag(bench: GitHubBench) -> None:
    host = bench.host()
    list(host.issues(PROJECT))
    list(host.issues(PROJECT))
    assert not any(name.startswith("if-") for request in bench.fake.requests for name in request.headers)


def test_a1_every_issue_is_listed_once_and_none_is_read_alone(bench: GitHubBench) -> None:
    for number in range(250):
        bench.repo.open(f"Item {number}", pull=number % 7 == 0)
    bench.repo.close(3)
    listed = list(bench.host().issues(PROJECT))
    assert [raw.number for raw in listed] == list(range(1, 251))
    assert bench.asked() == ["GET /repos/acme/platform/issues"] * 3


@pytest.mark.parametrize("count", [100, 200, 201])
def test_a1_a_list_whose_last_page_is_full_ends(bench: GitHubBench, count: int) -> None:
    for number in range(count):
        bench.repo.open(f"Issue {number}")
    assert len(list(bench.host().issues(PROJECT))) == count
    assert len(bench.asked()) == {100: 2, 200: 2, 201: 3}[count]


def test_a1_a_full_page_without_links_is_not_believed_to_be_the_last(bench: GitHubBench) -> None:
    for number in range(150):
        bench.repo.open(f"Item {number}")

    def stripped(request: object, answer: object) -> object:
        assert callable(answer)
        reply = answer(request)
        reply.headers.pop("Link", None)
        return reply

    bench.fake.script(Fault(stripped, "GET", times=None))  # type: ignore[arg-type]
    assert len(list(bench.host().issues(PROJECT))) == 150


def test_a3_writes_are_a_second_apart(bench: GitHubBench) -> None:
    bench.fake.clock.step = timedelta(0)
    host = bench.host(between_writes=1.0)
    for number in range(3):
        host.create_issue(PROJECT, f"Item {number}", "")
    list(host.issues(PROJECT))
    assert bench.waits == [1.0, 1.0]


def test_a3_another_host_is_never_followed(bench: GitHubBench) -> None:
    bench.fake.script(Fault(faults.redirected("https://evil.example/repos/acme/platform"), "GET"))
    with pytest.raises(Refused):
        bench.host().repository(PROJECT)
    assert len(bench.fake.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_0_4_a_write_is_never_redirected(bench: GitHubBench, status: int) -> None:
    bench.fake.script(Fault(faults.redirected(f"{bench.fake.url}/repos/{PROJECT}/issues", status), "POST"))
    with pytest.raises(Refused, match="another name now"):
        bench.host().create_issue(PROJECT, "Add an alert", "")
    assert len(bench.fake.writes) == 1


def test_0_3_an_answer_that_is_not_ready_is_not_waited_for_in_silence(bench: GitHubBench) -> None:
    bench.fake.script(Fault(faults.refused(202, "wait"), "GET", times=None))
    with pytest.raises(TrackerError):
        bench.host().issue(PROJECT, 1)
    assert (bench.waits, len(bench.fake.requests)) == ([1.0, 2.0, 4.0], 4)


def test_0_3_a_write_that_came_too_late_is_not_sent(bench: GitHubBench) -> None:
    host = bench.host()
    with host.pace.within(30.0):
        bench.fake.script(Fault(faults.limited(retry_after=40), "POST"))
        with pytest.raises(LaterError):
            host.create_issue(PROJECT, "Add an alert", "")
        bench.fake.clock.advance(seconds=31)
        with pytest.raises(LaterError):
            host.create_issue(PROJECT, "Add an alert", "")
    assert len(bench.fake.writes) == 1
    assert host.create_issue(PROJECT, "Add an alert", "").number == 1


def test_an_answer_without_end_is_not_read_for_ever(bench: GitHubBench) -> None:
    bench.repo.open("Add an alert", "x" * 60_000)
    late = iter(range(0, 100_000, 61))
    pace = Pace(bench.pause, lambda: float(next(late)), between_writes=0.0, tries=1)
    host = GitHub("https://github.com", Token(bench.fake.token), pace, api=bench.fake.url)
    with pytest.raises(TrackerError, match="timed out"):
        host.issue(PROJECT, 1)


def test_a3_a_circle_of_redirects_ends(bench: GitHubBench) -> None:
    bench.fake.script(Fault(faults.redirected(f"{bench.fake.url}/repos/acme/platform"), "GET", times=None))
    with pytest.raises(Refused):
        bench.host().repository(PROJECT)
    assert len(bench.fake.requests) == 4


def test_a4_the_version_of_the_api_is_pinned(bench: GitHubBench) -> None:
    bench.host().repository(PROJECT)
    headers = bench.fake.requests[-1].headers
    assert (headers["x-github-api-version"], headers["accept"]) == ("2022-11-28", "application/vnd.github+json")


def test_a5_a_refusal_names_the_assignees(bench: GitHubBench) -> None:
    with pytest.raises(Refused, match=r"assignees invalid Nobody.*Correct what it names") as caught:
        bench.host().create_issue(PROJECT, "Add an alert", "", ["Nobody"])
    assert caught.value.assignees == frozenset({"nobody"})
    with pytest.raises(Refused, match="title is too long") as caught:
        bench.host().create_issue(PROJECT, "x" * 257, "")
    assert caught.value.assignees is None


def test_comments_are_written_changed_and_listed(bench: GitHubBench) -> None:
    bench.repo.open("Add an alert")
    made = bench.host().create_comment(PROJECT, 1, "one")
    bench.host().edit_comment(PROJECT, made.id, "two")
    assert [comment.body for comment in bench.host().comments(PROJECT, 1)] == ["two"]


@pytest.mark.parametrize("login", ["github-actions[bot]", "acme-closeout[bot]"])
def test_a11_an_installation_and_so_a_runner_has_no_user_but_is_a_bot_to_graphql(
    bench: GitHubBench, login: str
) -> None:
    token = bench.fake.sign_in(login, app=True)
    assert bench.host(Token(token)).viewer() == login
    assert bench.host().viewer() == "closeout-bot"
    assert sum(request.route == "/graphql" for request in bench.fake.requests) == 1


@pytest.mark.parametrize(
    ("answer", "login"),
    [
        (Reply(200, {}, {"data": {"viewer": {"login": "acme-closeout"}}}), "acme-closeout[bot]"),
        (Reply(200, {}, {"data": {"viewer": None}, "errors": [{"type": "FORBIDDEN", "message": "no"}]}), ""),
        (Reply(403, {}, {"message": "Resource not accessible by integration"}), ""),
    ],
)
def test_a_host_that_does_not_say_who_we_are_leaves_it_open(bench: GitHubBench, answer: Reply, login: str) -> None:
    reply = FakeReply(answer.status, answer.data)
    bench.fake.script(Fault(lambda request, go: reply, "POST", "/graphql"))
    assert bench.host(Token(bench.fake.sign_in("x[bot]", app=True))).viewer() == login


def test_a12_a_wait_that_outlives_an_apps_token_ends_with_a_fresh_one(bench: GitHubBench) -> None:
    installed = bench.fake.install("closeout", bench.repo)
    host = bench.host(App(str(installed.id), private_key(), PROJECT), cap=7_200.0)
    host.repository(PROJECT)
    bench.fake.script(Fault(faults.limited(retry_after=3_700), "POST", "/issues"))
    assert host.create_issue(PROJECT, "Add an alert", "").title == "Add an alert"
    assert bench.waits == [3_700]
    assert [issue.title for issue in bench.repo.issues.values()] == ["Add an alert"]
    assert sum("access_tokens" in request.path for request in bench.fake.requests) == 2


def test_a12_an_app_signs_on_once_and_again_before_its_token_ends(bench: GitHubBench) -> None:
    installed = bench.fake.install("closeout", bench.repo)
    host = bench.host(App(str(installed.id), private_key(), PROJECT))
    host.create_issue(PROJECT, "Add an alert", "")
    host.create_issue(PROJECT, "Add two", "")
    assert sum("access_tokens" in request.path for request in bench.fake.requests) == 1
    bench.fake.clock.advance(minutes=56)
    assert host.create_issue(PROJECT, "Add three", "").user is not None
    assert sum("access_tokens" in request.path for request in bench.fake.requests) == 2
    assert host.viewer() == "closeout[bot]"


def test_a12_an_app_that_is_not_installed_says_so(bench: GitHubBench) -> None:
    with pytest.raises(TrackerError, match=r"could not sign on as the App.*404"):
        bench.host(App("77", private_key(), PROJECT)).repository(PROJECT)
    with pytest.raises(ConfigurationError, match="Give the whole PEM file"):
        bench.host(App("77", "secret that is no key", PROJECT)).repository(PROJECT)


@pytest.mark.parametrize(
    ("url", "api", "found"),
    [
        ("https://github.com", "", ("https://github.com", "https://api.github.com")),
        ("https://www.github.com/", "", ("https://github.com", "https://api.github.com")),
        ("https://api.github.com", "", ("https://github.com", "https://api.github.com")),
        ("https://acme.ghe.com", "", ("https://acme.ghe.com", "https://api.acme.ghe.com")),
        ("https://git.acme.org", "", ("https://git.acme.org", "https://git.acme.org/api/v3")),
        ("https://git.acme.org/api/v3/", "", ("https://git.acme.org", "https://git.acme.org/api/v3")),
        ("https://git.acme.org:8443", "", ("https://git.acme.org:8443", "https://git.acme.org:8443/api/v3")),
        ("https://github.com", "https://api.github.com", ("https://github.com", "https://api.github.com")),
    ],
)
def test_a12_addresses(url: str, api: str, found: tuple[str, str]) -> None:
    assert addresses(url, api) == found


@pytest.mark.parametrize(
    ("server", "api", "route"),
    [
        ("https://github.com", "https://api.github.com", "https://api.github.com/graphql"),
        ("https://acme.ghe.com", "https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql"),
        ("https://git.acme.org", "https://git.acme.org/api/v3", "https://git.acme.org/api/graphql"),
        ("https://git.acme.org:8443/", "https://git.acme.org:8443/api/v3/", "https://git.acme.org:8443/api/graphql"),
    ],
)
def test_a12_graphql_is_where_the_runner_says_that_it_is(
    server: str, api: str, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answered(self: requests.Session, verb: str, url: str, **more: object) -> requests.Response:
        asked.append(url)
        raise requests.exceptions.ConnectionError

    monkeypatch.setattr(requests.Session, "request", answered)
    host = GitHub(server, Token("ghp_0123456789"), Pace(lambda seconds: None, lambda: 0.0), api=api)
    with pytest.raises(TrackerError):
        host.graphql("query{viewer{login}}", {}, Errand("here", "ask who we are"))
    assert {url.replace(":443", "") for url in asked} == {route}


@pytest.mark.parametrize("url", ["http://git.acme.org", "git.acme.org", "ftp://github.com", "https://me:pw@github.com"])
def test_a12_a_token_is_never_sent_in_the_clear(url: str) -> None:
    with pytest.raises(ConfigurationError):
        addresses(url)


def test_a_token_is_never_shown(bench: GitHubBench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = Token(bench.fake.token)
    assert bench.fake.token not in repr(token)
    assert private_key()[40:80] not in repr(App("77", private_key(), PROJECT))
    bench.fake.script(Fault(faults.refused(403, f"no rights for token {bench.fake.token}"), "POST"))
    with pytest.raises(TrackerError, match="no rights for token ") as caught:
        bench.host().create_issue(PROJECT, "Add an alert", "")
    pace = Pace(lambda seconds: None, lambda: 0.0, between_writes=0.0)
    host = GitHub("https://github.com", token, pace, api=bench.fake.url)
    host.create_issue(PROJECT, "Add an alert", "")
    told = [str(caught.value), repr(caught.value), caplog.text, repr(host), *map(str, vars(host).values())]
    assert not any(bench.fake.token in text for text in told)


@pytest.mark.parametrize("value", ["", "abcd\n", "ab cd", "abcd\r\nX-Evil: 1", "schlüssel"])
def test_a_token_that_no_header_can_carry_is_refused_without_being_shown(bench: GitHubBench, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        GitHub("https://github.com", Token(value), Pace(bench.pause, lambda: 0.0))
    assert not value.strip() or value.strip() not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "message", "advice"),
    [
        (401, "Bad credentials", "has not expired"),
        (403, "Resource not accessible by integration", "issues: write"),
        (403, "Resource protected by organization SAML enforcement.", "Authorise the token"),
        (403, "Repository was archived so is read-only.", "Unarchive it"),
        (404, "Not Found", "Check the name of the project"),
        (410, "Issues has been disabled in this repository.", "Switch them on"),
        (422, "Validation Failed", "Correct what it names"),
        (423, "Locked", "Unarchive it"),
        (451, "Repository access blocked", "Look at the answer"),
    ],
)
def test_a_refusal_says_what_to_do(bench: GitHubBench, status: int, message: str, advice: str) -> None:
    bench.fake.script(Fault(faults.refused(status, message), "POST"))
    with pytest.raises(
        Refused, match=rf"github.com/acme/platform: could not create an issue: .*\({status}: {message}"
    ) as caught:
        bench.host().create_issue(PROJECT, "Add an alert", "")
    assert advice in str(caught.value)
    assert len(bench.fake.writes) == 1


def test_the_host_cannot_write_into_a_terminal(bench: GitHubBench) -> None:
    bench.fake.script(Fault(faults.refused(403, "\x1b[2J\r\nall is well" + "x" * 9000), "GET"))
    with pytest.raises(Refused) as caught:
        bench.host().issue(PROJECT, 1)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_pace_tells_what_is_known_of_a_request() -> None:
    def lost() -> Reply:
        raise Lost("timed out")

    def unsent() -> Reply:
        raise NotSent("no connection")

    pace = Pace(lambda seconds: None, lambda: 0.0)
    with pytest.raises(OutcomeUnknown, match="timed out"):
        pace.send(lost, Errand("host", "write", write=True))
    with pytest.raises(TrackerError, match="no connection"):
        pace.send(unsent, Errand("host", "write", write=True))
