"""GitHub as people see it: a repository, and what people do in it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import Any

from fakes.github_bare import Bare
from fakes.github_values import Account, Comment, Issue, Label, Numbers, Organisation, Right, World

DEFAULT_LABELS = {
    "bug": "d73a4a",
    "documentation": "0075ca",
    "duplicate": "cfd3d7",
    "enhancement": "a2eeef",
    "good first issue": "7057ff",
    "help wanted": "008672",
    "invalid": "e4e669",
    "question": "d876e3",
    "wontfix": "ffffff",
}


@dataclass
class Repo:
    """A repository. Everything may be edited directly; the methods do what people do, and the time moves on."""

    world: World
    id: int
    owner: Account
    name: str
    private: bool = False
    has_issues: bool = True
    archived: bool = False
    issues: dict[int, Issue] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    milestones: dict[int, str] = field(default_factory=dict)
    milestone_days: dict[int, str] = field(default_factory=dict)
    rights: dict[str, Right] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    transferred: dict[int, tuple[Repo, int]] = field(default_factory=dict)
    numbers: Numbers = field(default_factory=Numbers)
    bare: Bare | None = None
    past: deque[dict[int, Issue]] = field(default_factory=deque)
    pulls: dict[int, Any] = field(default_factory=dict)
    pull_rules: object = None

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    @property
    def organisation(self) -> Organisation:
        """The organisation it belongs to; one without fields and types for a user."""
        return self.world.organisations.get(self.owner.login.lower(), Organisation(types=()))

    def grant(self, login: str, right: Right) -> None:
        """Give a person a right here, or take it."""
        self.rights[self.world.account(login).login.lower()] = right

    def right(self, account: Account) -> Right:
        if account == self.owner:
            return Right.ADMIN
        return max(self.rights.get(account.login.lower(), Right.NONE), Right.NONE if self.private else Right.READ)

    def assignable(self) -> tuple[Account, ...]:
        """The people who can own an issue."""
        people = {*self.rights, self.owner.login.lower()}
        found = [self.world.accounts[login] for login in sorted(people)]
        return tuple(one for one in found if one.kind == "User" and self.right(one) >= Right.TRIAGE)

    def named(self, name: str, *, make: bool = True) -> Label | None:
        """The label of that name in any case, made in grey if there is none."""
        if make and name.lower() not in self.labels:
            self.labels[name.lower()] = Label(next(self.world.ids), name)
        return self.labels.get(name.lower())

    def listed(self, lag: int, *, first: bool = True) -> dict[int, Issue]:
        """The issues as a list shows them that lags `lag` reads behind; only a first page counts as a read."""
        if not lag:
            return self.issues
        if first:
            self.past.append(self.seen())
            while len(self.past) > lag + 1:
                self.past.popleft()
        return self.past[0]

    def seen(self) -> dict[int, Issue]:
        return {number: replace(issue, fields=dict(issue.fields)) for number, issue in self.issues.items()}

    def caught_up(self) -> None:
        """Lists show today's issues; they lag from here."""
        self.past = deque([self.seen()])

    # What people do.

    def open(self, title: str, body: str | None = None, *, by: str = "", pull: bool = False) -> Issue:
        """Make an issue, or a pull request."""
        now = self.world.clock.tick()
        author = self.world.account(by) if by else self.owner
        issue = Issue(next(self.world.ids), next(self.numbers), author, title, body, now, now, pull=pull)
        self.issues[issue.number] = issue
        return issue

    def edit(self, number: int, *, title: str | None = None, body: str | None = None) -> None:
        issue = self.touch(number)
        issue.title = issue.title if title is None else title
        issue.body = issue.body if body is None else body

    def close(self, number: int, reason: str | None = "completed", *, by: str = "") -> None:
        issue = self.touch(number)
        issue.state, issue.reason, issue.closed = "closed", None if issue.pull else reason, issue.updated
        issue.closed_by = self.world.account(by) if by else self.owner

    def reopen(self, number: int) -> None:
        issue = self.touch(number)
        issue.state, issue.reason, issue.closed, issue.closed_by = "open", "reopened", None, None

    def merge(self, number: int) -> None:
        """Merge a pull request."""
        self.close(number, None)
        self.issues[number].merged = self.issues[number].closed

    def label(self, number: int, *names: str) -> None:
        issue = self.touch(number)
        issue.labels = tuple(dict.fromkeys([*issue.labels, *(found for name in names if (found := self.named(name)))]))

    def unlabel(self, number: int, name: str) -> None:
        issue = self.touch(number)
        issue.labels = tuple(label for label in issue.labels if label.name.lower() != name.lower())

    def assign(self, number: int, *logins: str) -> None:
        issue = self.touch(number)
        issue.assignees = tuple(dict.fromkeys([*issue.assignees, *map(self.world.account, logins)]))

    def unassign(self, number: int, *logins: str) -> None:
        issue = self.touch(number)
        gone = {login.lower() for login in logins}
        issue.assignees = tuple(one for one in issue.assignees if one.login.lower() not in gone)

    def comment(self, number: int, body: str, *, by: str = "") -> Comment:
        issue = self.touch(number)
        author = self.world.account(by) if by else self.owner
        comment = Comment(next(self.world.ids), author, body, issue.updated, issue.updated)
        issue.comments = (*issue.comments, comment)
        return comment

    def lock(self, number: int, reason: str | None = None) -> None:
        issue = self.touch(number)
        issue.locked, issue.lock_reason = True, reason

    def unlock(self, number: int) -> None:
        issue = self.touch(number)
        issue.locked, issue.lock_reason = False, None

    def convert(self, number: int) -> None:
        """Make a discussion of it: the issue stays, closed and locked, and nothing in it tells."""
        self.close(number, None)
        self.lock(number)

    def delete(self, number: int) -> None:
        del self.issues[number]
        self.deleted.add(number)

    def transfer(self, number: int, there: Repo) -> int:
        """Move an issue to another repository and return its number there; foreign labels and people stay behind."""
        issue = self.touch(number)
        del self.issues[number]
        issue.number = next(there.numbers)
        issue.labels = tuple(found for label in issue.labels if (found := there.named(label.name, make=False)))
        issue.assignees = tuple(one for one in issue.assignees if one in there.assignable())
        there.issues[issue.number] = issue
        self.transferred[number] = (there, issue.number)
        return issue.number

    def touch(self, number: int) -> Issue:
        """Return an issue that somebody changes now."""
        self.issues[number].updated = self.world.clock.tick()
        return self.issues[number]
