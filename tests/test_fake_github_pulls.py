"""The fake of GitHub: pull requests (trackers A7; the words of refusals as GitHub's own threads quote them)."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes import github_pulls
from fakes.ask import Ask
from fakes.github import GitHubFake
from fakes.github_bare import Bare
from fakes.github_state import Repo
from fakes.github_values import Right
from ledgers import git, remote

PULLS = "/repos/acme/pm/pulls"
NEW = {"head": "ours", "base": "main", "title": "x", "body": "y"}


@pytest.fixture
def bare(repo: Repo, tmp_path: Path) -> Path:
    """The repository's git, with a branch of one commit."""
    made = remote(tmp_path)
    tree = git(made, "rev-parse", "main^{tree}")
    git(made, "update-ref", "refs/heads/ours", git(made, "commit-tree", tree, "-p", "main", "-m", "ours"))
    repo.bare = Bare(made)
    return made


def test_one_is_made_found_by_its_branch_and_changed(bare: Path, ask: Ask) -> None:
    made = ask("POST", PULLS, {**NEW, "draft": True})
    assert (made.status, made.body["draft"], made.body["state"]) == (201, True, "open")
    assert made.body["html_url"] == "https://github.com/acme/pm/pull/1"
    assert made.body["head"]["sha"] == git(bare, "rev-parse", "ours")
    assert [one["number"] for one in ask("GET", f"{PULLS}?head=acme:ours&state=all").body] == [1]
    assert ask("GET", f"{PULLS}?head=acme:other").body == []
    closed = ask("PATCH", f"{PULLS}/1", {"title": "z", "state": "closed"}).body
    assert (closed["title"], closed["state"], closed["merged_at"]) == ("z", "closed", None)
    assert ask("GET", f"{PULLS}?head=acme:ours").body == []
    assert [one["number"] for one in ask("GET", "/repos/acme/pm/issues?state=all").body] == [1]


def test_a_second_one_and_one_without_commits_are_422(bare: Path, ask: Ask) -> None:
    ask("POST", PULLS, NEW)
    told = ask("POST", PULLS, NEW)
    assert (told.status, told.body["errors"][0]["message"]) == (422, "A pull request already exists for acme:ours.")
    git(bare, "branch", "empty", "main")
    told = ask("POST", PULLS, {**NEW, "head": "empty"})
    assert (told.status, told.body["errors"][0]["message"]) == (422, "No commits between main and empty")
    assert ask("POST", PULLS, {**NEW, "head": "none"}).status == 422


@pytest.mark.usefixtures("bare")
def test_drafts_and_a_workflows_token_may_be_refused(fake: GitHubFake, repo: Repo, ask: Ask, reader: Ask) -> None:
    rules = github_pulls.rules(repo)
    rules.drafts = rules.actions = False
    told = ask("POST", PULLS, {**NEW, "draft": True})
    assert (told.status, told.body["message"]) == (422, "Draft pull requests are not supported in this repository.")
    repo.grant("github-actions[bot]", Right.WRITE)
    workflow = Ask(fake.url, fake.sign_in("github-actions[bot]", app=True))
    told = workflow("POST", PULLS, NEW)
    assert (told.status, told.body["message"]) == (403, github_pulls.NOT_PERMITTED)
    assert reader("POST", PULLS, NEW).status == 403


def test_a_branch_that_goes_closes_it_and_one_that_landed_was_merged(bare: Path, repo: Repo, ask: Ask) -> None:
    ask("POST", PULLS, NEW)
    github_pulls.merge(repo, 1)
    assert ask("GET", f"{PULLS}?state=all").body[0]["merged_at"] is not None
    tree = git(bare, "rev-parse", "main^{tree}")
    git(bare, "update-ref", "refs/heads/next", git(bare, "commit-tree", tree, "-p", "main", "-m", "next"))
    ask("POST", PULLS, {**NEW, "head": "next"})
    git(bare, "update-ref", "-d", "refs/heads/next")
    newest = ask("GET", f"{PULLS}?state=all").body[0]
    assert (newest["number"], newest["state"], newest["merged_at"]) == (2, "closed", None)
