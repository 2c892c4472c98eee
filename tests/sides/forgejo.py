"""A Forgejo or a Gitea on loopback, and people who use it: the first seen from a runner of its own, the second from a
shell whose documents lie on a plain git remote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from closeout.domain.issue import Gone, Sight
from closeout.trackers.forgejo import ForgejoTracker
from closeout.trackers.forgejo_words import date_of
from closeout.trackers.issue_body import key_of
from fakes import faults, forgejo_code
from fakes.forgejo import ForgejoFake
from fakes.forgejo_state import FLAVOURS
from fakes.github_bare import Bare
from fakes.github_values import Right
from fakes.http import WRITES, Answer, Fault, Loopback, Reply, Request
from forgejo_bench import PROJECT, ForgejoBench
from sides import Shown


@dataclass
class ForgejoSide:
    """A repository that only some people see."""

    fake: ForgejoFake
    kind: str
    owners: tuple[str, ...] = ("ann", "cid", "bob")
    deleted: Sight = Gone()

    def __post_init__(self) -> None:
        self.bench = ForgejoBench(self.fake)
        self.repo = self.bench.repo
        self.repo.private = True

    @property
    def toml(self) -> str:
        if self.kind == "forgejo":
            return 'tracker = "forgejo"\n'
        where = f'[trackers.gitea]\nurl = "{self.fake.url}"\nproject = "{PROJECT}"\n'
        return f'tracker = "gitea"\nrepository = "{PROJECT}"\n\n{where}'

    @property
    def environment(self) -> Mapping[str, str]:
        if self.kind == "gitea":
            return {"GITEA_TOKEN": self.fake.token}
        return {
            "FORGEJO_ACTIONS": "true",
            "FORGEJO_TOKEN": self.fake.token,
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": PROJECT,
            "GITHUB_SERVER_URL": self.fake.url,
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
        return [number for number in forgejo_code.sides(self.repo) if self.repo.issues[number].closed is None]

    def merge(self, number: int) -> None:
        forgejo_code.merge(self.repo, number)

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

    def lose(self) -> None:
        self.fake.script(Fault(faults.dropped(done=True), "POST|PATCH", "/issues"))

    def tracker(self) -> ForgejoTracker:
        return self.bench.tracker()


@contextmanager
def opened(bare: Path, flavour: str = "forgejo") -> Iterator[ForgejoSide]:
    """The fake of a version, far from the zone of who asks, with the code of its repository in `bare`."""
    kind = flavour.partition(" ")[0]
    zone = timezone(timedelta(hours=-5) if kind == "gitea" else timedelta(hours=5, minutes=45))
    with ForgejoFake(flavour=FLAVOURS[flavour], zone=zone) as fake:
        side = ForgejoSide(fake, kind)
        side.repo.bare = Bare(bare)
        yield side
