"""What GitHub holds: accounts, issues, comments, labels, and its clock."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any


class Right(IntEnum):
    """What an account may do in a repository."""

    NONE = 0
    READ = 1
    TRIAGE = 2
    WRITE = 3
    ADMIN = 4


@dataclass
class Clock:
    """The server's time; each write moves it by `step`. An app's tokens last an hour of it."""

    now: datetime = datetime(2026, 11, 21, 9, tzinfo=UTC)
    step: timedelta = timedelta(seconds=1)

    def tick(self) -> datetime:
        self.now += self.step
        return self.now

    def advance(self, **by: float) -> None:
        """Move on by `seconds=`, `minutes=`, `hours=`."""
        self.now += timedelta(**by)


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    login: str
    kind: str = "User"


@dataclass(frozen=True, slots=True)
class Label:
    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass
class Comment:
    id: int
    author: Account
    body: str
    created: datetime
    updated: datetime


@dataclass
class Organisation:
    """The fields that its issues have, by number (name and data type), the options of those that are choices, its types,
    and whether tokens may list fields.
    """

    fields: dict[int, tuple[str, str]] = field(default_factory=dict)
    options: dict[int, tuple[str, ...]] = field(default_factory=dict)
    types: tuple[str, ...] = ("Task", "Bug", "Feature")
    listed: bool = True


@dataclass
class Issue:
    """An issue, or a pull request (`pull`; `merged` says when)."""

    id: int
    number: int
    author: Account
    title: str
    body: str | None
    created: datetime
    updated: datetime
    labels: tuple[Label, ...] = ()
    assignees: tuple[Account, ...] = ()
    state: str = "open"
    reason: str | None = None
    closed: datetime | None = None
    closed_by: Account | None = None
    locked: bool = False
    lock_reason: str | None = None
    milestone: int | None = None
    comments: tuple[Comment, ...] = ()
    fields: dict[int, object] = field(default_factory=dict)
    type: str = ""
    pull: bool = False
    merged: datetime | None = None


@dataclass
class Numbers:
    """Numbers from `following` on; unlike a generator they can be kept and gone on with."""

    following: int = 1

    def __next__(self) -> int:
        self.following += 1
        return self.following - 1


@dataclass
class World:
    """What all repositories share; `web` is where people read issues, `sub_issues` whether issues can be below issues,
    and `nested` by id which one is below which.
    """

    clock: Clock
    web: str = "https://github.com"
    ids: Numbers = field(default_factory=lambda: Numbers(1001))
    accounts: dict[str, Account] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    sub_issues: bool = True
    nested: dict[int, int] = field(default_factory=dict)
    repos: dict[int, Any] = field(default_factory=dict)

    def organisation(self, login: str, **told: Any) -> Organisation:
        """Make an organisation of an account."""
        self.accounts[login.lower()] = replace(self.account(login), kind="Organization")
        return self.organisations.setdefault(login.lower(), Organisation(**told))

    def account(self, login: str, kind: str = "") -> Account:
        """Return the account of that name, made if there is none."""
        kind = kind or ("Bot" if login.endswith("[bot]") else "User")
        return self.accounts.setdefault(login.lower(), Account(next(self.ids), login, kind))
