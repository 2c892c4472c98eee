"""The fake of GitHub: apps, their tokens, and the tokens of workflows (trackers.md A11, A12)."""

from __future__ import annotations

import base64
import json

import pytest

from fakes.ask import Ask
from fakes.github import GitHubFake
from fakes.github_access import App
from fakes.github_state import Repo
from fakes.github_values import Right

ISSUES = "/repos/acme/pm/issues"


@pytest.fixture
def repo(github_fake: GitHubFake) -> Repo:
    return github_fake.repository("acme", "pm", private=True)


@pytest.fixture
def app(github_fake: GitHubFake, repo: Repo) -> App:
    return github_fake.install("closeout", repo)


def signed(app_id: object, lives: int = 540) -> str:
    """A JSON web token whose signature nobody looks at."""
    parts = ({"alg": "RS256"}, {"iss": str(app_id), "iat": 1_000, "exp": 1_000 + lives})
    told = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*told, "signature"])


def test_a12_an_app_finds_its_installation_and_takes_a_token(github_fake: GitHubFake, app: App) -> None:
    ask = Ask(github_fake.url, signed(app.id))
    found = ask("GET", "/repos/acme/pm/installation").body
    assert (found["id"], found["app_slug"]) == (app.installation, "closeout")
    told = ask("POST", found["access_tokens_url"].removeprefix(github_fake.url))
    assert told.status == 201
    installed = Ask(github_fake.url, told.body["token"])
    made = installed("POST", ISSUES, {"title": "x", "labels": ["new"]}).body
    assert (made["user"]["login"], made["user"]["type"]) == ("closeout[bot]", "Bot")
    assert len(made["labels"]) == 1


def test_a12_a_token_lives_an_hour(github_fake: GitHubFake, app: App) -> None:
    ask = Ask(github_fake.url, signed(app.id))
    told = ask("POST", f"/app/installations/{app.installation}/access_tokens").body
    installed = Ask(github_fake.url, told["token"])
    github_fake.clock.advance(minutes=59)
    assert installed("GET", ISSUES).status == 200
    github_fake.clock.advance(minutes=1)
    assert installed("GET", ISSUES).status == 401
    again = ask("POST", f"/app/installations/{app.installation}/access_tokens").body
    assert again["token"] != told["token"]


def test_a12_an_app_sees_only_where_it_is_installed(github_fake: GitHubFake, app: App) -> None:
    github_fake.repository("acme", "secret", private=True)
    ask = Ask(github_fake.url, signed(app.id))
    assert ask("GET", "/repos/acme/secret/installation").status == 404
    token = ask("POST", f"/app/installations/{app.installation}/access_tokens").body["token"]
    assert Ask(github_fake.url, token)("GET", "/repos/acme/secret").status == 404


def test_a12_a_token_is_narrowed_to_what_was_asked_for(github_fake: GitHubFake, app: App) -> None:
    ask = Ask(github_fake.url, signed(app.id))
    path = f"/app/installations/{app.installation}/access_tokens"
    told = ask("POST", path, {"repositories": ["pm"], "permissions": {"issues": "read"}}).body
    assert told["permissions"]["issues"] == "read"
    refused = Ask(github_fake.url, told["token"])("POST", ISSUES, {"title": "x"})
    assert (refused.status, refused.body["message"]) == (403, "Resource not accessible by integration")
    assert ask("POST", path, {"repositories": ["nosuch"]}).status == 422


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", signed(1, lives=3600)])
def test_a12_a_bad_web_token_is_401(github_fake: GitHubFake, app: App, token: str) -> None:
    assert Ask(github_fake.url, token)("GET", "/repos/acme/pm/installation").status == 401


def test_a12_an_unknown_app_is_404(github_fake: GitHubFake, app: App) -> None:
    ask = Ask(github_fake.url, signed("nosuch"))
    assert ask("GET", "/repos/acme/pm/installation").status == 404
    other = Ask(github_fake.url, signed(app.id))
    assert other("POST", "/app/installations/1/access_tokens").status == 404


def test_a11_a_workflows_token_has_no_user_and_one_repository(github_fake: GitHubFake, repo: Repo) -> None:
    repo.grant("github-actions[bot]", Right.WRITE)
    github_fake.repository("acme", "secret", private=True).grant("github-actions[bot]", Right.WRITE)
    token = github_fake.sign_in("github-actions[bot]", app=True, repositories=(repo,), limit=1000)
    ask = Ask(github_fake.url, token)
    told = ask("GET", "/user")
    assert (told.status, told.body["message"]) == (403, "Resource not accessible by integration")
    assert ask("GET", ISSUES).headers["x-ratelimit-limit"] == "1000"
    assert ask("GET", "/repos/acme/secret").status == 404


def test_a_fine_grained_token_that_only_reads_is_told_so(github_fake: GitHubFake, repo: Repo) -> None:
    ask = Ask(github_fake.url, github_fake.sign_in(github_fake.login, issues=Right.READ))
    told = ask("POST", ISSUES, {"title": "x"})
    assert (told.status, told.body["message"]) == (403, "Resource not accessible by personal access token")
    assert ask("GET", ISSUES).status == 200
