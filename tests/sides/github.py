"""GitHub on loopback, seen from a runner of its own, and people who use it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from closeout.domain.issue import Gone, Sight
from closeout.trackers.github import GitHubTracker
from closeout.trackers.issue_body import due_of, key_of
from fakes import faults, github_pulls
from fakes.github import GitHubFake
from fakes.github_bare import Bare
from fakes.github_values import Right
from fakes.http import Fault, Loopback
from github_bench import PROJECT, GitHubBench
from sides import Shown


@dataclass
class GitHubSide:
    """The documents' repository on the fake."""

    fake: GitHubFake
    toml: str = 'tracker = "github"\n'
    environment: Mapping[str, str] = field(default_factory=dict)
    owners: tuple[str, ...] = ("ann", "cid", "bob")
    deleted: Sight = Gone()

    def __post_init__(self) -> None:
        self.bench = GitHubBench(self.fake)
        self.repo = self.bench.repo
        self.incident = self.fake.repository("acme", "incidents").open("Outage")
        for login in ("ann", "bob", "cid"):
            self.repo.grant(login, Right.WRITE)
        self.environment = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": PROJECT,
            "GITHUB_SERVER_URL": self.fake.web,
            "GITHUB_API_URL": self.fake.url,
            "GITHUB_TOKEN": self.fake.token,
            "GITHUB_REF_NAME": "main",
        }

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.fake.token,)

    @property
    def server(self) -> Loopback:
        return self.fake.server

    def now(self) -> datetime:
        return self.fake.clock.now

    def pass_time(self, seconds: float) -> None:
        self.fake.clock.advance(seconds=seconds)

    def lag(self, reads: int) -> None:
        self.fake.lag = reads

    def catch_up(self) -> None:
        self.repo.caught_up()

    def issues(self) -> list[Shown]:
        return [
            Shown(
                str(issue.number),
                issue.title,
                issue.state == "open",
                tuple(one.login for one in issue.assignees),
                due_of(issue.body or "") or "",
                key_of(issue.body or ""),
                issue.body or "",
                below=self.fake.world.nested.get(issue.id) == self.incident.id,
            )
            for issue in self.repo.issues.values()
            if not issue.pull
        ]

    def close(self, ref: str) -> None:
        self.repo.close(int(ref))

    def reopen(self, ref: str) -> None:
        self.repo.reopen(int(ref))

    def retitle(self, ref: str, title: str) -> None:
        self.repo.edit(int(ref), title=title)

    def assign(self, ref: str, login: str) -> None:
        self.repo.assign(int(ref), login)

    def set_due(self, ref: str, day: str) -> None:
        body = self.repo.issues[int(ref)].body or ""
        self.repo.edit(int(ref), body=re.sub(r"^Due: .*$", f"Due: {day}", body, count=1, flags=re.M))

    def add_words(self, ref: str, words: str) -> None:
        self.repo.edit(int(ref), body=f"{self.repo.issues[int(ref)].body or ''}\n{words}\n")

    def remove(self, ref: str) -> None:
        self.repo.delete(int(ref))

    def pulls(self) -> list[int]:
        return [number for number in github_pulls.sides(self.repo) if self.repo.issues[number].state == "open"]

    def merge(self, number: int) -> None:
        github_pulls.merge(self.repo, number)

    def take_rights(self, after: int = 0) -> None:
        self.fake.lose(Right.READ, after=after)

    def give_rights(self) -> None:
        self.fake.tokens[self.fake.token].lost = None

    def break_listing(self) -> None:
        self.fake.script(Fault(faults.refused(404, "Not Found"), "GET", "/issues", times=None))

    def lose(self) -> None:
        self.fake.script(Fault(faults.dropped(done=True), "POST|PATCH"))

    def tracker(self) -> GitHubTracker:
        return self.bench.tracker()


@contextmanager
def opened(bare: Path, *, organisation: bool = False) -> Iterator[GitHubSide]:
    """The fake, with the code of its repository in `bare`; an organisation's has fields."""
    with GitHubFake() as fake:
        if organisation:
            fields = {7: ("Priority", "single_select"), 9: ("Target date", "date")}
            fake.world.organisation("acme", fields=fields, options={7: ("Urgent", "High", "Medium", "Low")})
        side = GitHubSide(fake)
        side.repo.bare = Bare(bare)
        yield side
