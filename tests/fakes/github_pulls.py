"""Pull requests: opened, listed and changed through the API, merged by people; their commits are a bare repository's."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import Any

from fakes import github_lists, github_rules
from fakes.github_access import Token, invalid, refusal
from fakes.github_issues import Call
from fakes.github_state import Repo
from fakes.github_values import Issue, Right
from fakes.http import Reply

_WHO = {f"GIT_{role}_{what}": "ann" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
NOT_PERMITTED = "GitHub Actions is not permitted to create or approve pull requests."
NO_DRAFTS = "Draft pull requests are not supported in this repository."


@dataclass
class Side:
    """A pull request's branches, and the commit that it showed when it was closed."""

    head: str
    base: str
    sha: str
    draft: bool


@dataclass
class Rules:
    """What a repository allows."""

    drafts: bool = True
    actions: bool = True
    auto_delete: bool = False


def git(repo: Repo, *arguments: str, told: str = "") -> str:
    """Ask the repository's git; empty where it says no."""
    assert repo.bare is not None, "a repository with pull requests has a bare git repository"
    command = ["git", "-C", str(repo.bare.path), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, input=told, check=False, env={**os.environ, **_WHO})
    return done.stdout.strip() if done.returncode == 0 else ""


def rules(repo: Repo) -> Rules:
    if not isinstance(repo.pull_rules, Rules):
        repo.pull_rules = Rules()
    return repo.pull_rules


def tip(repo: Repo, branch: str) -> str:
    assert repo.bare is not None, "a repository with pull requests has a bare git repository"
    return repo.bare.branch(f"refs/heads/{branch}")


def sides(repo: Repo) -> dict[int, Side]:
    """The pull requests that were opened here, each open one as its branch stands: without that it is closed."""
    for number, side in repo.pulls.items():
        issue = repo.issues[number]
        if issue.state != "open":
            continue
        now, before = tip(repo, side.head), side.sha
        side.sha = now or side.sha
        landed = now and git(repo, "merge-base", now, f"refs/heads/{side.base}") == now
        if landed and now == before:
            repo.merge(number)
        elif not now or landed:  # deleted, or forced back: nothing is left on it
            repo.close(number, None)
    return repo.pulls


def listed(call: Call) -> Reply:
    query, repo = call.request.query, call.repo
    owner, _, branch = query.get("head", "").partition(":")
    found = []
    for number, side in sorted(sides(repo).items(), reverse=query.get("direction", "desc") == "desc"):
        issue = repo.issues[number]
        fits = query.get("state", "open") in {"all", issue.state}
        if fits and (not branch or (owner.lower(), branch) == (repo.owner.login.lower(), side.head)):
            found.append(shape(call, issue, side))
    return github_lists.paged(call.request, call.url, found)


def _may(token: Token) -> None:
    if token.pulls < Right.WRITE:
        raise refusal(403, f"Resource not accessible by {'integration' if token.app else 'personal access token'}")


def create(call: Call) -> Reply:
    author, repo = call.author, call.repo
    values = github_rules.sent(call.request)
    if author.app and author.account.login == "github-actions[bot]" and not rules(repo).actions:
        raise refusal(403, NOT_PERMITTED)
    _may(author)
    call.needs(Right.WRITE, "Resource not accessible by personal access token")
    head, base = str(values.get("head", "")), str(values.get("base", ""))
    if not tip(repo, head):
        raise invalid({"resource": "PullRequest", "field": "head", "code": "invalid"})
    if any(one.head == head and repo.issues[number].state == "open" for number, one in sides(repo).items()):
        told = f"A pull request already exists for {repo.owner.login}:{head}."
        raise invalid({"resource": "PullRequest", "code": "custom", "message": told})
    if not git(repo, "rev-list", "-1", f"refs/heads/{head}", f"^refs/heads/{base}"):
        told = f"No commits between {base} and {head}"
        raise invalid({"resource": "PullRequest", "code": "custom", "message": told})
    if values.get("draft") and not rules(repo).drafts:
        raise refusal(422, NO_DRAFTS)
    github_rules.check(repo, {"title": values.get("title"), "body": values.get("body")}, call.right)
    issue = repo.open(str(values["title"]), values.get("body"), by=author.account.login, pull=True)
    repo.pulls[issue.number] = Side(head, base, tip(repo, head), bool(values.get("draft")))
    return Reply(201, shape(call, issue, repo.pulls[issue.number]))


def edit(call: Call) -> Reply:
    issue = call.issue()
    _may(call.needs(Right.WRITE))
    side = sides(call.repo).get(issue.number)
    if not issue.pull or side is None:
        raise refusal(404, "Not Found")
    values: dict[str, Any] = github_rules.sent(call.request)
    github_rules.check(call.repo, values, call.right)
    if values.get("state") == "open" != issue.state:
        raise invalid({"resource": "PullRequest", "code": "custom", "message": "The branch was force-pushed"})
    call.repo.edit(issue.number, title=values.get("title"), body=values.get("body"))
    if values.get("state") == "closed" != issue.state:
        call.repo.close(issue.number, None, by=call.author.account.login)
    return Reply(200, shape(call, issue, side))


def shape(call: Call, issue: Issue, side: Side) -> dict[str, Any]:
    url = f"{call.shapes.web}/{call.repo.full_name}/pull/{issue.number}"
    told = call.shapes.pull(call.repo, issue)
    head = {"ref": side.head, "sha": side.sha, "label": f"{call.repo.owner.login}:{side.head}"}
    return {**told, "html_url": url, "draft": side.draft, "head": head, "base": {"ref": side.base}}


def merge(repo: Repo, number: int, how: str = "merge") -> None:
    """Merge as a person: `merge`, `squash` or `rebase`; the branch stays, or goes with `auto_delete`."""
    side = sides(repo)[number]
    assert repo.bare is not None
    message = git(repo, "log", "-1", "--format=%B", side.sha) if how == "rebase" else f"{how} of {number}"
    repo.bare.merged(side.base, side.sha, message, both=how == "merge")
    repo.merge(number)
    if rules(repo).auto_delete:
        git(repo, "update-ref", "-d", f"refs/heads/{side.head}")
