"""What GitHub's replies look like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fakes.github_state import Repo
from fakes.github_values import Account, Comment, Issue, Label, Right

Told = dict[str, Any]
BORN = "2026-01-05T08:00:00Z"
REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def stamp(moment: datetime | None) -> str | None:
    """A moment as GitHub writes it, in whole seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


@dataclass(frozen=True, slots=True)
class Shapes:
    """Replies with their addresses: `url` is the API's, `web` the one for people."""

    url: str
    web: str

    def account(self, account: Account) -> Told:
        url = f"{self.url}/users/{account.login}"
        return {
            "login": account.login,
            "id": account.id,
            "node_id": f"U_{account.id}",
            "avatar_url": f"{self.web}/avatars/{account.id}",
            "gravatar_id": "",
            "url": url,
            "html_url": f"{self.web}/{account.login}",
            **{f"{name}_url": f"{url}/{name}" for name in ("followers", "organizations", "repos", "received_events")},
            "type": account.kind,
            "user_view_type": "public",
            "site_admin": False,
        }

    def user(self, account: Account) -> Told:
        counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
        name = {"name": account.login.title(), "email": None, "company": None, "bio": None}
        return {**self.account(account), **name, **counts, "created_at": BORN, "updated_at": BORN}

    def repo(self, repo: Repo, right: Right) -> Told:
        url = self.repo_url(repo)
        return {
            "id": repo.id,
            "node_id": f"R_{repo.id}",
            "name": repo.name,
            "full_name": repo.full_name,
            "private": repo.private,
            "owner": self.account(repo.owner),
            "html_url": f"{self.web}/{repo.full_name}",
            "description": None,
            "fork": False,
            "url": url,
            "issues_url": f"{url}/issues{{/number}}",
            "issue_comment_url": f"{url}/issues/comments{{/number}}",
            "pulls_url": f"{url}/pulls{{/number}}",
            "labels_url": f"{url}/labels{{/name}}",
            "assignees_url": f"{url}/assignees{{/user}}",
            **dict.fromkeys(("created_at", "updated_at", "pushed_at"), BORN),
            "clone_url": f"{self.web}/{repo.full_name}.git",
            "has_issues": repo.has_issues,
            "archived": repo.archived,
            "disabled": False,
            **dict.fromkeys(("has_projects", "has_wiki", "has_downloads"), True),
            **dict.fromkeys(("has_pages", "has_discussions", "is_template", "allow_forking"), False),
            **dict.fromkeys(("size", "stargazers_count", "watchers_count", "forks_count", "forks", "watchers"), 0),
            **dict.fromkeys(("homepage", "language", "license", "mirror_url"), None),
            "topics": [],
            "visibility": "private" if repo.private else "public",
            "default_branch": "main",
            **dict.fromkeys(
                ("open_issues_count", "open_issues"), sum(one.state == "open" for one in repo.issues.values())
            ),
            "permissions": {
                "admin": right >= Right.ADMIN,
                "maintain": right >= Right.ADMIN,
                "push": right >= Right.WRITE,
                "triage": right >= Right.TRIAGE,
                "pull": right >= Right.READ,
            },
            "subscribers_count": 1,
            "network_count": 0,
        }

    def label(self, repo: Repo, label: Label) -> Told:
        return {
            "id": label.id,
            "node_id": f"LA_{label.id}",
            "url": f"{self.repo_url(repo)}/labels/{label.name.replace(' ', '%20')}",
            "name": label.name,
            "color": label.color,
            "default": label.name in {"bug", "documentation", "duplicate", "enhancement", "question"},
            "description": label.description,
        }

    def issue(self, repo: Repo, issue: Issue, *, full: bool = False) -> Told:
        url = f"{self.repo_url(repo)}/issues/{issue.number}"
        page = f"{self.web}/{repo.full_name}/{'pull' if issue.pull else 'issues'}/{issue.number}"
        assignees = [self.account(one) for one in issue.assignees]
        told: Told = {
            "url": url,
            "repository_url": self.repo_url(repo),
            "labels_url": f"{url}/labels{{/name}}",
            "comments_url": f"{url}/comments",
            "events_url": f"{url}/events",
            "html_url": page,
            "id": issue.id,
            "node_id": f"I_{issue.id}",
            "number": issue.number,
            "title": issue.title,
            "user": self.account(issue.author),
            "labels": [self.label(repo, label) for label in issue.labels],
            "state": issue.state,
            "locked": issue.locked,
            "assignee": assignees[0] if assignees else None,
            "assignees": assignees,
            "milestone": self.milestone(repo, issue.milestone) if issue.milestone else None,
            "comments": len(issue.comments),
            "created_at": stamp(issue.created),
            "updated_at": stamp(issue.updated),
            "closed_at": stamp(issue.closed),
            "author_association": association(repo, issue.author),
            "active_lock_reason": issue.lock_reason,
            "type": {"id": 1, "name": issue.type} if issue.type else None,
            "issue_field_values": self.fields(repo, issue),
            "sub_issues_summary": self._below(repo, issue),
            "parent_issue_url": self._above(repo, issue),
            "issue_dependencies_summary": {"blocked_by": 0, "total_blocked_by": 0, "blocking": 0, "total_blocking": 0},
            "body": issue.body,
            "reactions": {"url": f"{url}/reactions", "total_count": 0, **dict.fromkeys(REACTIONS, 0)},
            "timeline_url": f"{url}/timeline",
            "performed_via_github_app": None,
            "state_reason": issue.reason,
        }
        if issue.pull:
            told |= {"draft": False, "pull_request": self._pull_of(repo, issue, page)}
        if full:
            told["closed_by"] = issue.closed_by and self.account(issue.closed_by)
        return told

    def _below(self, repo: Repo, issue: Issue) -> Told:
        nested = repo.world.nested
        below = {one for one, above in nested.items() if above == issue.id}
        issues = [one for there in repo.world.repos.values() for one in there.issues.values()] if below else []
        done = sum(one.id in below and one.state == "closed" for one in issues)
        return {"total": len(below), "completed": done, "percent_completed": done * 100 // (len(below) or 1)}

    def _above(self, repo: Repo, issue: Issue) -> str | None:
        number = repo.world.nested.get(issue.id)
        every = ((there, one) for there in repo.world.repos.values() for one in there.issues.values() if number)
        return next((f"{self.repo_url(there)}/issues/{one.number}" for there, one in every if one.id == number), None)

    def pull(self, repo: Repo, issue: Issue) -> Told:
        told = self.issue(repo, issue, full=True)
        dropped = {"pull_request", "closed_by", "state_reason", "sub_issues_summary", "type", "repository_url"}
        return {
            **{name: value for name, value in told.items() if name not in dropped},
            "url": f"{self.repo_url(repo)}/pulls/{issue.number}",
            "issue_url": f"{self.repo_url(repo)}/issues/{issue.number}",
            "merged": issue.merged is not None,
            "merged_at": stamp(issue.merged),
            "merged_by": issue.closed_by and issue.merged and self.account(issue.closed_by),
        }

    def comment(self, repo: Repo, issue: Issue, comment: Comment) -> Told:
        url = f"{self.repo_url(repo)}/issues/comments/{comment.id}"
        page = self.issue(repo, issue)["html_url"]
        return {
            "url": url,
            "html_url": f"{page}#issuecomment-{comment.id}",
            "issue_url": f"{self.repo_url(repo)}/issues/{issue.number}",
            "id": comment.id,
            "node_id": f"IC_{comment.id}",
            "user": self.account(comment.author),
            "created_at": stamp(comment.created),
            "updated_at": stamp(comment.updated),
            "body": comment.body,
            "author_association": association(repo, comment.author),
            "reactions": {"url": f"{url}/reactions", "total_count": 0, **dict.fromkeys(REACTIONS, 0)},
            "performed_via_github_app": None,
        }

    def repo_url(self, repo: Repo) -> str:
        return f"{self.url}/repos/{repo.full_name}"

    def _pull_of(self, repo: Repo, issue: Issue, page: str) -> Told:
        return {
            "url": f"{self.repo_url(repo)}/pulls/{issue.number}",
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "merged_at": stamp(issue.merged),
        }

    def fields(self, repo: Repo, issue: Issue) -> list[Told]:
        told, options = repo.organisation.fields, repo.organisation.options
        return [
            {
                "issue_field_id": number,
                "issue_field_name": told[number][0],
                "data_type": told[number][1],
                "value": value,
                **(
                    {
                        "single_select_option": {
                            "id": options[number].index(str(value)) + 1,
                            "name": value,
                            "color": "red",
                        }
                    }
                    if value in options.get(number, ())
                    else {}
                ),
            }
            for number, value in issue.fields.items()
            if number in told
        ]

    def milestone(self, repo: Repo, number: int) -> Told:
        url, due = f"{self.repo_url(repo)}/milestones/{number}", repo.milestone_days.get(number)
        return {"url": url, "number": number, "title": repo.milestones[number], "state": "open", "due_on": due or None}


def association(repo: Repo, account: Account) -> str:
    """What the author is to the repository."""
    if account == repo.owner:
        return "OWNER"
    return "COLLABORATOR" if repo.rights.get(account.login.lower(), Right.NONE) > Right.READ else "NONE"
