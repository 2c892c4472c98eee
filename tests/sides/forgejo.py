"""Forgejo on loopback, seen from a shell whose documents lie on a plain git remote, and people who use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from closeout.trackers.forgejo import ForgejoTracker
from closeout.trackers.forgejo_words import date_of
from closeout.trackers.issue_body import key_of
from fakes import faults
from fakes.forgejo import ForgejoFake
from fakes.github_values import Right
from fakes.http import WRITES, Answer, Fault, Loopback, Reply, Request
from forgejo_bench import PROJECT, ForgejoBench
from sides import Shown


@dataclass
class ForgejoSide:
    """A repository that only some people see, and that holds issues alone."""

    fake: ForgejoFake
    owners: tuple[str, str] = ("ann", "cid")

    def __post_init__(self) -> None:
        self.bench = ForgejoBench(self.fake)
        self.repo = self.bench.repo
        self.repo.private = True

    @property
    def toml(self) -> str:
        return f'tracker = "forgejo"\n\n[trackers.forgejo]\nurl = "{self.fake.url}"\nproject = "{PROJECT}"\n'

    @property
    def environment(self) -> Mapping[str, str]:
        return {"FORGEJO_TOKEN": self.fake.token}

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
        """Lists are read from the database that issues are in."""

    def catch_up(self) -> None:
        """They are always."""

    def issues(self) -> list[Shown]:
        return [
            Shown(
                str(issue.number),
                issue.title,
                issue.closed is None,
                tuple(one.login for one in issue.assignees),
                date_of(issue.due) if issue.due else "",
                key_of(issue.body),
                issue.body,
            )
            for issue in self.repo.issues.values()
            if not issue.pull
        ]

    def close(self, ref: str) -> None:
        self.repo.close(int(ref))

    def reopen(self, ref: str) -> None:
        self.repo.reopen(int(ref))

    def retitle(self, ref: str, title: str) -> None:
        self.repo.touch(int(ref)).title = title

    def assign(self, ref: str, login: str) -> None:
        issue = self.repo.touch(int(ref))
        issue.assignees = (*issue.assignees, self.repo.world.account(login))

    def set_due(self, ref: str, day: str) -> None:
        self.repo.due_by_web(int(ref), date.fromisoformat(day))

    def add_words(self, ref: str, words: str) -> None:
        self.repo.write(int(ref), f"{self.repo.issues[int(ref)].body}\n{words}\n")

    def remove(self, ref: str) -> None:
        self.repo.delete(int(ref))

    def pulls(self) -> list[int]:
        return []

    def merge(self, number: int) -> None:
        raise NotImplementedError

    def take_rights(self, after: int = 0) -> None:
        """Let us read only: what such an account writes is taken in part."""

        def act(request: Request, answer: Answer) -> Reply:
            self.repo.grant(self.fake.login, Right.READ)
            return answer(request)

        self.fake.script(Fault(act, WRITES, skip=after))

    def give_rights(self) -> None:
        self.repo.grant(self.fake.login, Right.WRITE)

    def break_listing(self) -> None:
        self.fake.script(Fault(faults.refused(404, "Not Found"), "GET", r"/issues(\?|$)", times=None))

    def tracker(self) -> ForgejoTracker:
        return self.bench.tracker()


@contextmanager
def opened(_bare: Path) -> Iterator[ForgejoSide]:
    """The fake; the documents' repository is none of its."""
    with ForgejoFake() as fake:
        yield ForgejoSide(fake)
