"""The fake of GitHub against the facts of real servers (1.4), limits and versions (trackers A3, A4)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from fakes.ask import Ask
from fakes.github import GitHubFake
from fakes.github_state import Repo

REPO = "/repos/acme/pm"
ISSUES = f"{REPO}/issues"


def numbers(ask: Ask, query: str = "") -> list[int]:
    return [issue["number"] for issue in ask("GET", f"{ISSUES}?{query}").body]


def test_1_4_an_unknown_token_is_401(fake: GitHubFake, repo: Repo) -> None:
    told = Ask(fake.url, "ghp_nobody")("GET", REPO)
    assert (told.status, told.body["message"]) == (401, "Bad credentials")
    fake.revoke()
    assert Ask(fake.url, fake.token)("GET", "/user").status == 401


def test_1_4_nobody_reads_what_is_public_and_writes_nothing(fake: GitHubFake, repo: Repo) -> None:
    nobody = Ask(fake.url)
    assert nobody("GET", ISSUES).status == 200
    assert nobody("POST", ISSUES, {"title": "x"}).status == 401
    assert nobody("GET", "/user").body["message"] == "Requires authentication"


def test_1_4_a_reader_creates_but_labels_people_and_milestone_are_dropped(repo: Repo, reader: Ask) -> None:
    repo.milestones[1] = "Q4"
    sent = {"title": "x", "labels": ["bug", "new"], "assignees": ["ann", "nobody"], "milestone": 1}
    told = reader("POST", ISSUES, sent)
    assert told.status == 201
    assert (told.body["labels"], told.body["assignees"], told.body["milestone"]) == ([], [], None)
    assert "new" not in repo.labels


def test_1_4_a_reader_changes_the_own_issue_and_no_other(repo: Repo, reader: Ask) -> None:
    repo.open("not mine")
    reader("POST", ISSUES, {"title": "mine"})
    assert reader("PATCH", f"{ISSUES}/1", {"title": "x"}).status == 403
    own = reader("PATCH", f"{ISSUES}/2", {"title": "x", "state": "closed", "labels": ["bug"]}).body
    assert (own["title"], own["state"], own["labels"]) == ("x", "closed", [])
    assert reader("PUT", f"{ISSUES}/2/labels", {"labels": ["bug"]}).status == 403
    assert reader("POST", f"{REPO}/labels", {"name": "x"}).status == 403


def test_1_4_a_private_repository_without_access_is_404(fake: GitHubFake, reader: Ask) -> None:
    fake.repository("acme", "secret", private=True)
    assert reader("GET", "/repos/acme/secret").status == 404
    assert reader("POST", "/repos/acme/secret/issues", {"title": "x"}).status == 404
    assert Ask(fake.url)("GET", "/repos/acme/secret").status == 404
    assert Ask(fake.url, fake.token)("GET", "/repos/acme/secret").body["visibility"] == "private"
    fake.repository("acme", "closed", private=True, access=False)
    assert Ask(fake.url, fake.token)("GET", "/repos/acme/closed").status == 404


@pytest.mark.parametrize("value", ["bogus", 7])
@pytest.mark.parametrize("name", ["state", "state_reason"])
def test_1_4_an_unknown_state_is_422(repo: Repo, ask: Ask, name: str, value: object) -> None:
    repo.open("x")
    assert ask("PATCH", f"{ISSUES}/1", {name: value}).status == 422


@pytest.mark.parametrize(("title", "body"), [(256, 65536), (257, 0), (1, 65537)])
def test_1_4_a5_titles_and_bodies_have_limits(ask: Ask, title: int, body: int) -> None:
    told = ask("POST", ISSUES, {"title": "t" * title, "body": "ü" * body})
    if title <= 256 and body <= 65536:
        assert told.status == 201
        return
    field, limit = ("title", 256) if title > 256 else ("body", 65536)
    assert told.status == 422
    assert told.body["errors"][0]["message"] == f"{field} is too long (maximum is {limit} characters)"
    assert numbers(ask) == []


def test_1_4_a_label_has_fifty_characters(ask: Ask) -> None:
    assert ask("POST", ISSUES, {"title": "x", "labels": ["l" * 51]}).status == 422
    assert ask("POST", f"{REPO}/labels", {"name": "l" * 51}).body["errors"][0]["resource"] == "Label"
    assert ask("POST", f"{REPO}/labels", {"name": "l" * 50}).status == 201


def test_1_4_names_know_no_case(fake: GitHubFake, repo: Repo, ask: Ask) -> None:
    told = ask("POST", "/repos/ACME/Pm/issues", {"title": "x", "labels": ["BUG"], "assignees": ["aNN"]}).body
    assert [label["name"] for label in told["labels"]] == ["bug"]
    assert told["assignees"][0]["login"] == "Ann"
    assert ask("POST", f"{REPO}/labels", {"name": "Bug"}).body["errors"][0]["code"] == "already_exists"
    assert ask("GET", f"{REPO}/assignees/ANN").status == 204


def test_1_4_times_have_whole_seconds(fake: GitHubFake, repo: Repo, ask: Ask) -> None:
    fake.clock.advance(microseconds=123456)
    ask("POST", ISSUES, {"title": "x"})
    told = ask("PATCH", f"{ISSUES}/1", {"state": "closed"}).body
    for name in ("created_at", "updated_at", "closed_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told[name])


def test_1_4_a1_pull_requests_are_in_the_list(repo: Repo, ask: Ask) -> None:
    repo.open("issue")
    repo.open("change", pull=True)
    told = {one["number"]: one for one in ask("GET", ISSUES).body}
    assert "pull_request" not in told[1]
    assert told[2]["pull_request"]["merged_at"] is None
    assert told[2]["html_url"] == "https://github.com/acme/pm/pull/2"


def test_1_4_labels_may_be_objects(ask: Ask) -> None:
    told = ask("POST", ISSUES, {"title": "x", "labels": [{"name": "bug"}]})
    assert [label["name"] for label in told.body["labels"]] == ["bug"]


def test_1_4_a2_nothing_new_is_304_and_costs_nothing(fake: GitHubFake, repo: Repo, ask: Ask) -> None:
    repo.open("x")
    for path in (ISSUES, f"{ISSUES}/1"):
        first = ask("GET", path)
        again = ask("GET", path, If_None_Match=first.headers["etag"])
        assert (again.status, again.body) == (304, None)
        assert again.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"]
    etag = ask("GET", ISSUES).headers["etag"]
    repo.edit(1, title="y")
    assert ask("GET", ISSUES, If_None_Match=etag).status == 200


def test_0_12_an_etag_is_a_tokens_own(ask: Ask, reader: Ask) -> None:
    assert reader("GET", ISSUES, If_None_Match=ask("GET", ISSUES).headers["etag"]).status == 200


def test_a3_every_reply_says_what_is_left(fake: GitHubFake, ask: Ask) -> None:
    fake.tokens[fake.token].limit = 2
    assert [ask("GET", REPO).headers["x-ratelimit-remaining"] for _ in range(2)] == ["1", "0"]
    told = ask("GET", REPO)
    assert (told.status, told.headers["x-ratelimit-remaining"]) == (403, "0")
    assert told.body["message"].startswith("API rate limit exceeded for user ID ")
    assert ask("GET", "/rate_limit").body["resources"]["core"]["remaining"] == 0
    assert int(told.headers["x-ratelimit-reset"]) == int((fake.clock.now + timedelta(hours=1)).timestamp())
    fake.clock.advance(hours=1)
    assert ask("GET", REPO).status == 200


def test_a3_content_is_made_at_a_pace(fake: GitHubFake, repo: Repo, ask: Ask) -> None:
    fake.tokens[fake.token].per_minute = 2
    told = [ask("POST", ISSUES, {"title": "x"}) for _ in range(3)]
    assert [one.status for one in told] == [201, 201, 403]
    assert told[2].headers["retry-after"] == "60"
    assert "temporarily blocked from content creation" in told[2].body["message"]
    assert ask("GET", ISSUES).status == 200
    fake.clock.advance(seconds=60)
    assert ask("POST", ISSUES, {"title": "x"}).status == 201
    assert sorted(repo.issues) == [1, 2, 3]


def test_a4_an_unknown_version_is_refused(ask: Ask) -> None:
    assert ask("GET", REPO, X_GitHub_Api_Version="2022-11-28").status == 200
    assert ask("GET", REPO, X_GitHub_Api_Version="1999-01-01").status == 400
