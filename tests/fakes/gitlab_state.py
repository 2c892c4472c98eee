"""GitLab as people see it: a project, its issues, and what people and the server itself do with them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import count

from fakes.github_values import Account, Clock

MINIMAL, GUEST, REPORTER, DEVELOPER = 5, 10, 20, 30
COMMAND = re.compile(r"^/(close|assign|label|title|confidential|shrug)(?: ([^\n]*))?(?:\s*\n|$)", re.MULTILINE)
MENTION = re.compile(r"(?<![\w&/])@([A-Za-z0-9_][\w.-]*)", re.ASCII)
REFERENCE = re.compile(
    r"(?<![\w&])(?:[\w./-]*[#!](?=\d)\d+|[~%]\"?\w+|[$&]\d+|\bGL-\d+|\[(?:issue|epic|work_item):\S+\])|\b[0-9a-f]{7,40}\b"
    r"|https?://\S+",
    re.ASCII,
)


@dataclass
class Note:
    """A comment on an issue, or what GitLab noted there (`system`); `internal` ones are not for everybody."""

    id: int
    author: Account
    text: str
    created: datetime
    updated: datetime
    system: bool = False
    internal: bool = False


@dataclass
class Issue:
    """An issue: `id` is the server's, `iid` the project's; `moved` is the id of what it was moved to."""

    id: int
    iid: int
    author: Account
    title: str
    text: str
    created: datetime
    updated: datetime
    labels: tuple[str, ...] = ()
    assignees: tuple[Account, ...] = ()
    due: date | None = None
    closed: datetime | None = None
    confidential: bool = False
    moved: int | None = None
    locked: bool = False
    notes: list[Note] = field(default_factory=list)


@dataclass
class World:
    """What all projects share: time, ids, accounts; whether it is paid for (`premium`: several assignees, scoped labels);
    who was told of what and what was linked, by mentions and references in titles and texts. `web` is its own address: of
    an issue below it, to the letter, a link is a reference, too.
    """

    premium: bool = True
    clock: Clock = field(default_factory=Clock)
    ids: count[int] = field(default_factory=lambda: count(101))
    accounts: dict[str, Account] = field(default_factory=dict)
    mentioned: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    web: str = ""

    def account(self, login: str) -> Account:
        return self.accounts.setdefault(login.lower(), Account(next(self.ids), login))

    def read(self, *texts: str) -> None:
        """Tell whom a text mentions, and link what it names; not what is in comments of HTML, nor where links lead."""
        for text in texts:
            shown = re.sub(r"<!--.*?-->|\]\(<[^<>\n]*>\)", "", text, flags=re.S).replace("\\", "")
            self.mentioned += MENTION.findall(shown)
            self.linked += REFERENCE.findall(shown)
            if self.web:
                page = rf"{re.escape(self.web)}/[\w./-]+?/(?:-/)?(?:issues|work_items|merge_requests)/\d+"
                self.linked += re.findall(page, text)


@dataclass
class Project:
    """A project. Everything may be edited directly; the methods do what people do, and the time moves on."""

    world: World
    id: int
    path: str
    visibility: str = "public"
    has_issues: bool = True
    labels: list[str] = field(default_factory=list)
    issues: dict[int, Issue] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def grant(self, login: str, level: int) -> None:
        self.levels[self.world.account(login).login.lower()] = level

    def level(self, account: Account) -> int:
        return self.levels.get(account.login.lower(), 0 if self.visibility == "private" else MINIMAL)

    def sees(self, account: Account, issue: Issue) -> bool:
        own = account == issue.author or account in issue.assignees
        return self.has_issues and (not issue.confidential or own or self.level(account) >= REPORTER)

    def can_be_assigned(self, account: Account) -> bool:
        return self.level(account) >= (MINIMAL if self.visibility == "public" else GUEST)

    def label(self, iid: int, *names: str) -> None:
        self.add(self.touch(iid), names)

    def add(self, issue: Issue, names: tuple[str, ...]) -> None:
        """Add labels, made where there are none: where it is paid for, one of a scope takes the place of its kin."""
        for name in names:
            if name not in self.labels:
                self.labels.append(name)
            scope = name.rpartition("::")[0]
            kin = {one for one in issue.labels if self.world.premium and scope and one.rpartition("::")[0] == scope}
            issue.labels = (*(one for one in issue.labels if one not in {*kin, name}), name)

    def act(self, issue: Issue, text: str, *, old: str = "") -> str:
        """Do the commands of a text that were not in the old one, and return it without any."""
        done = COMMAND.findall(old)
        plain = text.replace("\r", "")
        for command, value in COMMAND.findall(plain):
            if (command, value) in done:
                continue
            match command:
                case "close":
                    issue.closed = self.world.clock.now
                case "assign":
                    issue.assignees = tuple(self.world.account(one) for one in MENTION.findall(value))
                case "label":
                    self.add(issue, tuple(name.strip('"') for name in value.lstrip("~").split(" ~")))
                case "title":
                    issue.title = value
                case _:
                    issue.confidential = issue.confidential or command == "confidential"
        return COMMAND.sub("", plain).rstrip()

    # What people do.

    def open(self, title: str, text: str = "", *, by: str = "boss") -> Issue:
        now = self.world.clock.tick()
        issue = Issue(next(self.world.ids), next(self.numbers), self.world.account(by), title.strip(), "", now, now)
        issue.text = self.act(issue, text)
        self.world.read(issue.title, issue.text)
        self.issues[issue.iid] = issue
        return issue

    def note(self, iid: int, text: str, *, by: str = "boss", system: bool = False, internal: bool = False) -> Note:
        issue = self.touch(iid)
        plain = self.act(issue, text)
        self.world.read(plain)
        now = issue.updated
        made = Note(next(self.world.ids), self.world.account(by), plain, now, now, system, internal)
        if plain:
            issue.notes.append(made)
        return made

    def touch(self, iid: int) -> Issue:
        self.issues[iid].updated = self.world.clock.tick()
        return self.issues[iid]

    def close(self, iid: int) -> None:
        issue = self.touch(iid)
        issue.closed = issue.updated

    def reopen(self, iid: int) -> None:
        self.touch(iid).closed = None

    def unlabel(self, iid: int, name: str) -> None:
        issue = self.touch(iid)
        issue.labels = tuple(one for one in issue.labels if one != name)

    def delete(self, iid: int) -> None:
        del self.issues[iid]

    def move(self, iid: int, there: Project) -> Issue:
        """Move an issue: a copy is there, and what stays is closed."""
        now = self.world.clock.tick()
        issue = self.issues[iid]
        copy = replace(issue, id=next(self.world.ids), iid=next(there.numbers), created=issue.created, updated=now)
        there.issues[copy.iid] = copy
        issue.closed, issue.updated, issue.moved = now, now, copy.id
        return copy
