"""What Forgejo's replies look like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fakes.forgejo_state import Issue, Label, Repo, World
from fakes.github_values import Account, Right

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shapes:
    """Replies with their addresses; every moment is told in the server's zone."""

    world: World
    web: str

    def stamp(self, moment: datetime | None) -> str | None:
        if moment is None:
            return None
        told = moment.astimezone(self.world.zone).isoformat(timespec="seconds")
        return told.removesuffix("+00:00") + "Z" if told.endswith("+00:00") else told

    def account(self, account: Account) -> Told:
        return {
            "id": account.id,
            "login": account.login,
            "login_name": "",
            "full_name": "",
            "email": f"{account.login.lower()}@noreply.localhost",
            "avatar_url": f"{self.web}/avatars/{account.id}",
            "language": "",
            "is_admin": False,
            "last_login": "0001-01-01T00:00:00Z",
            "created": "2026-01-05T08:00:00Z",
            "restricted": False,
            "active": False,
            "prohibit_login": False,
            "visibility": "public",
            "username": account.login,
        }

    def label(self, repo: Repo | None, label: Label) -> Told:
        home = f"orgs/{label.org}" if label.org or repo is None else f"repos/{repo.full_name}"
        told = {
            "id": label.id,
            "name": label.name,
            "color": label.color.lstrip("#"),
            "description": "",
            "url": f"{self.web}/api/v1/{home}/labels/{label.id}",
        }
        return {**told, **({"exclusive": label.exclusive} if self.world.flavour.exclusive else {})}

    def repo(self, repo: Repo, right: Right) -> Told:
        opened = [one for one in repo.issues.values() if one.closed is None]
        return {
            "id": repo.id,
            "owner": self.account(repo.owner),
            "name": repo.name,
            "full_name": repo.full_name,
            "description": "",
            "empty": False,
            "private": repo.private,
            "fork": False,
            "html_url": f"{self.web}/{repo.full_name}",
            "clone_url": f"{self.web}/{repo.full_name}.git",
            "open_issues_count": sum(not one.pull for one in opened),
            "open_pr_counter": sum(one.pull for one in opened),
            "default_branch": "main",
            "archived": repo.archived,
            "permissions": {
                "admin": right >= Right.ADMIN,
                "push": right >= Right.WRITE,
                "pull": right >= Right.READ,
            },
            "has_issues": repo.has_issues,
            "has_pull_requests": repo.has_pulls,
            "internal": False,
        }

    def issue(self, repo: Repo, issue: Issue) -> Told:
        kind = "pulls" if issue.pull else "issues"
        assignees = [self.account(one) for one in issue.assignees] or None
        told: Told = {
            "id": issue.id,
            "url": f"{self.web}/api/v1/repos/{repo.full_name}/issues/{issue.number}",
            "html_url": f"{self.web}/{repo.full_name}/{kind}/{issue.number}",
            "number": issue.number,
            "user": self.account(issue.author),
            "original_author": "",
            "original_author_id": 0,
            "title": issue.title,
            "body": issue.body,
            "ref": "",
            "labels": [self.label(repo, label) for label in sorted(issue.labels, key=lambda one: one.name)],
            "milestone": None,
            "assignee": assignees and assignees[0],
            "assignees": assignees,
            "state": "closed" if issue.closed else "open",
            "is_locked": issue.locked,
            "comments": len(issue.comments),
            "created_at": self.stamp(issue.created),
            "updated_at": self.stamp(issue.updated),
            "closed_at": self.stamp(issue.closed),
            "due_date": self.stamp(issue.due),
            "pull_request": {"merged": issue.merged is not None, "merged_at": self.stamp(issue.merged)}
            if issue.pull
            else None,
            "repository": {
                "id": repo.id,
                "name": repo.name,
                "owner": repo.owner.login,
                "full_name": repo.full_name,
            },
        }
        if self.world.flavour.content_version:
            told["content_version"] = issue.content_version
        return told
