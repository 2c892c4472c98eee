"""Forgejo as people see it: what differs between servers, a repository, and what people do in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from itertools import count
from typing import Any

from fakes.github_values import Account, Clock, Right


@dataclass(frozen=True, slots=True)
class Flavour:
    """A server's ways.

    `edited`: whose end of the day a changed due date is, the one of the zone that was sent or of the server. `exclusive`:
    whether labels can be. `old`: of before 2024: labels of an issue have ids only, a bad
    assignee fails before anything else is done but taking people off, and only who writes can be one. `cut`: whether
    titles end at 255 `bytes`, or where they are as wide as 255 letters (`width`). `content_version`: whether the version of a body is told and compared. `errors`: what a 404
    says beside its message. `redirect`: what the former name of a repository answers. `several`: whether one commit can
    change several files.
    """

    version: str
    edited: str = "sent"
    exclusive: bool = True
    old: bool = False
    cut: str = "bytes"
    content_version: bool = False
    errors: tuple[str, ...] | None = ()
    redirect: int = 307
    several: bool = True


FORGEJO = Flavour("12.0.1+gitea-1.22.0")
GITEA = Flavour("1.26.1", edited="server", content_version=True, redirect=301)
GITEA_1_24 = Flavour("1.24.6", cut="width", errors=None, redirect=301)
FORGEJO_10 = Flavour("10.0.0-dev+gitea-1.22.0", cut="")
FORGEJO_1_21 = Flavour("1.21.0+gitea", old=True, cut="", errors=None)
GITEA_1_17 = Flavour("1.17.0+dev-622", exclusive=False, old=True, cut="", errors=None, redirect=301, several=False)
FLAVOURS = {
    "forgejo": FORGEJO,
    "forgejo 1.21": FORGEJO_1_21,
    "gitea": GITEA,
    "gitea 1.24": GITEA_1_24,
    "gitea 1.17": GITEA_1_17,
}


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a repository, or of an organisation; names may come twice."""

    id: int
    name: str
    color: str = "00aabb"
    exclusive: bool = False
    org: str = ""

    @property
    def scope(self) -> str:
        return self.name.rpartition("/")[0] if self.exclusive else ""


@dataclass
class Comment:
    id: int
    author: Account
    body: str
    created: datetime
    updated: datetime


@dataclass
class Issue:
    """An issue, or a pull request (`pull`); `due` is an instant."""

    id: int
    number: int
    author: Account
    title: str
    body: str
    created: datetime
    updated: datetime
    labels: tuple[Label, ...] = ()
    assignees: tuple[Account, ...] = ()
    due: datetime | None = None
    closed: datetime | None = None
    pull: bool = False
    merged: datetime | None = None
    content_version: int = 0
    locked: bool = False
    comments: list[Comment] = field(default_factory=list)


@dataclass
class World:
    """What all repositories share: time and zone of the server, accounts, the labels of organisations."""

    flavour: Flavour = FORGEJO
    zone: tzinfo = UTC
    clock: Clock = field(default_factory=Clock)
    ids: count[int] = field(default_factory=lambda: count(101))
    accounts: dict[str, Account] = field(default_factory=dict)
    shared: dict[str, list[Label]] = field(default_factory=dict)

    def account(self, login: str) -> Account:
        return self.accounts.setdefault(login.lower(), Account(next(self.ids), login))

    def organisation(self, login: str, *labels: str) -> None:
        """Make an organisation with labels."""
        self.accounts[login.lower()] = Account(next(self.ids), login, "Organization")
        self.shared[login.lower()] = [Label(next(self.ids), name, org=login) for name in labels]

    def end_of(self, day: date, zone: tzinfo | None = None) -> datetime:
        """The last second of a day, in a zone, or where the server is."""
        return datetime.combine(day, time(23, 59, 59), zone or self.zone)


@dataclass
class Repo:
    """A repository. Everything may be edited directly; the methods do what people do, and the time moves on."""

    world: World
    id: int
    owner: Account
    name: str
    private: bool = False
    has_issues: bool = True
    has_pulls: bool = True
    archived: bool = False
    labels: list[Label] = field(default_factory=list)
    issues: dict[int, Issue] = field(default_factory=dict)
    rights: dict[str, Right] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))
    bare: object = None
    pulls: dict[int, Any] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    def grant(self, login: str, right: Right) -> None:
        self.rights[self.world.account(login).login.lower()] = right

    def right(self, account: Account) -> Right:
        if account == self.owner:
            return Right.ADMIN
        return max(self.rights.get(account.login.lower(), Right.NONE), Right.NONE if self.private else Right.READ)

    def writers(self) -> list[Account]:
        """Those whom the list of assignees shows."""
        people = {*self.rights, *([self.owner.login.lower()] if self.owner.kind == "User" else [])}
        found = [self.world.accounts[login] for login in sorted(people)]
        return [one for one in found if self.right(one) >= Right.WRITE]

    def can_be_assigned(self, account: Account) -> bool:
        """Whether a change would take somebody as an assignee: more people than the list shows."""
        needed = Right.WRITE if self.world.flavour.old else Right.READ
        return account.kind == "User" and self.right(account) >= needed

    @property
    def known(self) -> list[Label]:
        """Labels that an issue can have."""
        return [*self.labels, *self.world.shared.get(self.owner.login.lower(), [])]

    def label_made(self, name: str, *, exclusive: bool = False, color: str = "00aabb") -> Label:
        made = Label(next(self.world.ids), name, color, exclusive and self.world.flavour.exclusive)
        self.labels.append(made)
        return made

    def add(self, issue: Issue, labels: list[Label]) -> None:
        """Add labels: an exclusive one takes the place of the others of its scope."""
        for label in labels:
            if label in issue.labels:
                continue
            kept = tuple(one for one in issue.labels if not (label.scope and one.scope == label.scope))
            issue.labels = (*kept, label)

    # What people do.

    def open(self, title: str, body: str = "", *, by: str = "", pull: bool = False) -> Issue:
        now = self.world.clock.tick()
        author = self.world.account(by) if by else self.owner
        issue = Issue(next(self.world.ids), next(self.numbers), author, title, body, now, now, pull=pull)
        self.issues[issue.number] = issue
        return issue

    def comment(self, number: int, body: str, *, by: str = "") -> Comment:
        now = self.touch(number).updated
        made = Comment(next(self.world.ids), self.world.account(by) if by else self.owner, body, now, now)
        self.issues[number].comments.append(made)
        return made

    def touch(self, number: int) -> Issue:
        self.issues[number].updated = self.world.clock.tick()
        return self.issues[number]

    def close(self, number: int) -> None:
        issue = self.touch(number)
        issue.closed = issue.updated

    def reopen(self, number: int) -> None:
        self.touch(number).closed = None

    def merge(self, number: int) -> None:
        self.close(number)
        self.issues[number].merged = self.issues[number].closed

    def write(self, number: int, body: str) -> None:
        """Edit the text."""
        issue = self.touch(number)
        issue.body, issue.content_version = body, issue.content_version + 1

    def label(self, number: int, *names: str) -> None:
        issue = self.touch(number)
        for name in names:
            found = [label for label in self.known if label.name == name] or [self.label_made(name)]
            self.add(issue, found[:1])

    def unlabel(self, number: int, name: str) -> None:
        issue = self.touch(number)
        issue.labels = tuple(label for label in issue.labels if label.name != name)

    def due_by_web(self, number: int, day: date | None) -> None:
        """Choose a due date in the web interface: the end of that day where the server is."""
        self.touch(number).due = self.world.end_of(day) if day else None

    def delete(self, number: int) -> None:
        del self.issues[number]
