"""The Action in a GitHub App's name, on a GitHub Enterprise Server: by the App's key, and by a token that was made of it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from closeout import git as gits
from closeout.compose.github import app_token
from closeout.errors import ConfigurationError
from closeout.git import moving
from closeout.hosts.pacing import Pace
from closeout.render import posting
from closeout.settings.runner import Runner
from fakes.ask import Ask
from fakes.github import GitHubFake
from fakes.github_access import App
from fakes.github_values import Right
from github_bench import private_key
from jobs.hosts import OTHER, OTHER_TEXT, PAGE, TEXT, Host
from jobs.running import ROOT, Job
from ledgers import git

BOT = "acme-closeout[bot]"
ODD = "| Ask Carla about it     | @carla  | sometime   | 🔲 TODO |\n"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Host]:
    """A team whose jobs may only read."""
    with GitHubFake(enterprise=True) as fake:
        yield Host(fake, tmp_path)


def host(hub: Host) -> GitHubFake:
    assert isinstance(hub.fake, GitHubFake)
    return hub.fake


@pytest.fixture
def app(hub: Host) -> App:
    """What is installed there, with the three rights that the page names."""
    return host(hub).install("acme-closeout", hub.repo, contents=Right.WRITE, pulls=Right.WRITE)


@pytest.fixture(params=["key", "token"])
def who(request: pytest.FixtureRequest, hub: Host, app: App) -> dict[str, str]:
    """How the action is handed the App: its key, or a token that another action made."""
    if request.param == "key":
        return {"app_id": str(app.id), "app_key": private_key()}
    return {"handed": taken(hub, app)}


def taken(hub: Host, app: App) -> str:
    """An installation's token, as actions/create-github-app-token makes it."""
    path = f"/api/v3/app/installations/{app.installation}/access_tokens"
    return str(Ask(hub.fake.url, signed(app))("POST", path).body["token"])


def signed(app: App) -> str:
    told = (base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{"alg":"RS256"}', CLAIMS % app.id))
    return ".".join([*told, "x"])


CLAIMS = b'{"iss":"%d","iat":1,"exp":600}'


def reads(hub: Host) -> str:
    """The job's own token, as `permissions: {contents: read}` leaves it."""
    token = host(hub).sign_in("github-actions[bot]", app=True, repositories=(hub.repo,), issues=Right.READ)
    host(hub).tokens[token].contents = host(hub).tokens[token].pulls = Right.READ
    hub.repo.grant("github-actions[bot]", Right.READ)
    return token


def shown(hub: Host, route: str) -> set[str]:
    """Whose tokens the requests to a route showed."""
    asked = [one for one in hub.fake.requests if route in one.path]
    credentials = [one.headers.get("authorization", "").partition(" ") for one in asked]
    values = [
        base64.b64decode(value).decode().partition(":")[2] if kind.lower() == "basic" else value
        for kind, _, value in credentials
    ]
    return {hub.fake.tokens[value].account.login for value in values if value in hub.fake.tokens}


def comments(hub: Host) -> list[tuple[str, str]]:
    return [(one.author.login, one.body) for one in hub.repo.issues[hub.number].comments]


def ran(hub: Host, event: str, who: dict[str, str], **told: str) -> Job:
    return hub.ran(event, fails=False, token=reads(hub), **{**who, **told})


def steps(number: int) -> list[dict[str, Any]]:
    """The steps that the page shows below the App, the first or the second way."""
    page = (ROOT / "docs/how-to/action-github.md").read_text("utf-8")
    part = page.partition("## In a GitHub App's name\n")[2].partition("\n## ")[0]
    told: dict[str, Any] = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", part, re.S)[number])
    assert told["permissions"] == {"contents": "read"}
    found: list[dict[str, Any]] = told["steps"]
    return found


@pytest.mark.parametrize("number", [0, 1])
def test_both_ways_of_the_page_make_issues_branch_ledger_and_pull_request_of_the_app_while_the_jobs_token_only_reads(
    number: int, hub: Host, app: App
) -> None:
    def made(job: Job, told: Mapping[str, str]) -> None:
        assert told == {"app-id": str(app.id), "private-key": private_key()}
        job.steps["app"] = {"outputs": {"token": taken(hub, app)}}

    def followed() -> Job:
        job = hub.started("push", token=reads(hub))
        job.vars, job.secrets = {"CLOSEOUT_APP_ID": str(app.id)}, {"CLOSEOUT_APP_KEY": private_key()}
        job.used = {**job.used, "actions/create-github-app-token": made}
        job.run(steps(number), {})
        return hub.looked_at(job, fails=False)

    assert followed().outputs["created"] == "2"
    assert {issue.author.login for issue in hub.repo.issues.values()} == {BOT}
    assert [issue.pull for issue in hub.repo.issues.values()] == [False, False, True]
    assert shown(hub, "git-receive-pack") == {BOT}
    refs = git(hub.bare, "for-each-ref", "--format=%(refname)").splitlines()
    assert {"refs/closeout/ledger", "refs/heads/closeout/write-backs"} <= set(refs)
    bot = f"{BOT} <{hub.fake.world.account(BOT).id}+{BOT}@users.noreply.127.0.0.1>"
    assert git(hub.bare, "log", "-1", "--format=%an <%ae>, %cn <%ce>", "closeout/write-backs") == f"{bot}, {bot}"
    hub.fake.requests.clear()
    assert followed().outputs["changed"] == "false"
    assert [one.route for one in hub.fake.writes if "access_tokens" not in one.route] == []


@pytest.mark.parametrize("who", ["key"], indirect=True)
def test_what_is_committed_without_a_pull_request_is_pushed_by_the_app(hub: Host, who: dict[str, str]) -> None:
    ran(hub, "push", who, mode="sync", publish="commit")
    assert f"[#1]({hub.web}/acme/pm/issues/1)" in git(hub.bare, "show", f"main:{PAGE}")
    assert shown(hub, "git-receive-pack") == {BOT}


def test_an_app_without_the_right_to_code_makes_no_issue_and_says_which_right(hub: Host) -> None:
    app = host(hub).install("acme-closeout", hub.repo)
    job = hub.ran("push", token=reads(hub), fails=True, mode="sync", app_id=str(app.id), app_key=private_key())
    assert "contents: write" in job.log
    assert hub.repo.issues == {}


def test_an_app_that_is_not_installed_here_is_named_before_anything_is_done(hub: Host) -> None:
    job = hub.ran("push", token=reads(hub), fails=True, mode="sync", app_id="77", app_key=private_key())
    assert job.code == 2
    assert "could not sign on as the App" in job.log
    assert hub.repo.issues == {}


def test_a_pull_request_has_one_comment_of_the_app_however_often_it_is_pushed(hub: Host, who: dict[str, str]) -> None:
    hub.propose({PAGE: TEXT + ODD})
    ran(hub, "pull_request", who, comment="true")
    hub.propose({PAGE: TEXT + ODD.replace("Carla", "Dora")})
    ran(hub, "pull_request", who, comment="true")
    ((author, text),) = comments(hub)
    assert author == BOT
    assert "Ask Dora about it" in text


@pytest.mark.parametrize("who", ["token"], indirect=True)
def test_a_mark_that_somebody_else_copied_is_not_taken_for_the_apps(hub: Host, who: dict[str, str]) -> None:
    hub.propose({PAGE: TEXT + ODD})
    ran(hub, "pull_request", who, comment="true")
    copied = comments(hub)[0][1]
    hub.number = hub.repo.open("Another change", "", by="ann", pull=True).number
    copied = copied.replace(f".{hub.number - 1}", f".{hub.number}")
    hub.repo.comment(hub.number, copied, by="mallory")
    hub.repo.comment(hub.number, copied, by="other-app[bot]")
    hub.propose({PAGE: TEXT + ODD.replace("Carla", "Dora")})
    ran(hub, "pull_request", who, comment="true")
    assert [author for author, _ in comments(hub)] == ["mallory", "other-app[bot]", BOT]
    assert [text for _, text in comments(hub)][:2] == [copied, copied]
    assert posting.mark_of(comments(hub)[2][1]) == posting.mark_of(copied) != ""


@pytest.mark.parametrize("who", ["token"], indirect=True)
def test_a_weekly_report_is_one_issue_of_the_app_that_follows_what_changes(hub: Host, who: dict[str, str]) -> None:
    hub.push({"closeout.toml": '[report]\npost = "issue"\n'})
    ran(hub, "schedule", who, mode="sync", publish="none")
    hub.push({OTHER: OTHER_TEXT})
    ran(hub, "schedule", who, mode="report")
    assert {issue.author.login for issue in hub.repo.issues.values()} == {BOT}
    (report,) = [issue for issue in hub.repo.issues.values() if "Clean up old images" in issue.body]
    assert len(hub.repo.issues) == 3
    assert report.state == "open"


def test_a_token_that_is_named_wins_over_what_checkout_left(hub: Host) -> None:
    hub.repo.grant("carl", Right.WRITE)
    hub.ran("push", mode="sync", token=reads(hub), handed=hub.fake.sign_in("carl"))
    assert shown(hub, "git-receive-pack") == {"carl"}


def test_in_the_middle_of_a_long_run_git_gets_fresh_tokens_before_the_old_ones_end(hub: Host, app: App) -> None:
    hub.repo.private = True
    told = Runner(
        active=True, kind="github", repository="acme/pm", server=hub.web, api=hub.fake.url,
        app=(str(app.id), private_key()),
    )  # fmt: skip
    git(hub.person, "remote", "set-url", "origin", hub.origin)

    def now() -> float:
        return hub.fake.clock.now.timestamp()

    pace = Pace(lambda seconds: None, now)
    with moving.let_in(hub.person, hub.web, app_token(told, pace), instead=True):
        for _ in range(3):
            assert gits.remote_head(hub.person, "refs/heads/main") == hub.main
            hub.fake.clock.now += timedelta(minutes=58)
            gits.git(hub.person, "status")
        assert gits.push(hub.person, hub.main, "refs/heads/late") == ""
    taken = [one for one in hub.fake.requests if "access_tokens" in one.path]
    assert len(taken) == 4
    with pytest.raises(ConfigurationError, match="could not ask origin"):
        gits.remote_head(hub.person, "refs/heads/main")
