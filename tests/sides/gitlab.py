"""GitLab on loopback, with the documents elsewhere, and people who use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from closeout.domain.issue import Hidden, Sight
from closeout.trackers.gitlab import GitLabTracker
from closeout.trackers.gitlab_text import title_read
from closeout.trackers.issue_body import key_of
from fakes import faults
from fakes.gitlab import GitLabFake
from fakes.http import Fault, Loopback
from gitlab_bench import PROJECT, GitLabBench
from sides import Shown


@dataclass
class GitLabSide:
    """A private project on the fake. Who writes there reads what was written, so no list lags."""

    fake: GitLabFake
    toml: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    owners: tuple[str, ...] = ("ann", "cid", "bob")
    deleted: Sight = Hidden()

    def __post_init__(self) -> None:
        self.bench = GitLabBench(self.fake)
        self.project = self.bench.project
        self.project.visibility = "private"
        self.toml = f'tracker = "gitlab"\n[trackers.gitlab]\nurl = "{self.fake.url}"\nproject = "{PROJECT}"\n'
        self.environment = {"GITLAB_TOKEN": self.fake.token}

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
        """What was written is on every list."""

    def catch_up(self) -> None:
        """It always is."""

    def issues(self) -> list[Shown]:
        return [
            Shown(
                str(issue.iid),
                title_read(issue.title),
                issue.closed is None,
                tuple(one.login for one in issue.assignees),
                issue.due.isoformat() if issue.due else "",
                key_of(issue.text),
                issue.text,
            )
            for issue in self.project.issues.values()
        ]

    def close(self, ref: str) -> None:
        self.project.close(int(ref))

    def reopen(self, ref: str) -> None:
        self.project.reopen(int(ref))

    def retitle(self, ref: str, title: str) -> None:
        self.project.touch(int(ref)).title = title

    def assign(self, ref: str, login: str) -> None:
        issue = self.project.touch(int(ref))
        issue.assignees = (*issue.assignees, self.fake.world.account(login))

    def set_due(self, ref: str, day: str) -> None:
        self.project.touch(int(ref)).due = date.fromisoformat(day) if day else None

    def add_words(self, ref: str, words: str) -> None:
        self.project.touch(int(ref)).text += f"\n{words}\n"

    def remove(self, ref: str) -> None:
        self.project.delete(int(ref))

    def pulls(self) -> list[int]:
        return []

    def merge(self, number: int) -> None:
        """There is nothing to merge."""

    def take_rights(self, after: int = 0) -> None:
        self.fake.writable = after

    def give_rights(self) -> None:
        self.fake.writable = None

    def break_listing(self) -> None:
        self.fake.script(Fault(faults.refused(404, "404 Project Not Found"), "GET", "/issues", times=None))

    def lose(self) -> None:
        self.fake.script(Fault(faults.dropped(done=True), "POST|PUT", "/issues"))

    def tracker(self) -> GitLabTracker:
        return self.bench.tracker()


@contextmanager
def opened(_bare: Path) -> Iterator[GitLabSide]:
    """The fake; the documents' repository is no business of it."""
    with GitLabFake() as fake:
        yield GitLabSide(fake)
