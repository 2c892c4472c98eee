"""Every host's desk over its fake, or live, with what people do there that the desk cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from closeout.channels.periodical import periodical
from closeout.channels.sticky import sticky
from closeout.domain.ledger import Ledger
from closeout.engine.post import post
from closeout.engine.world import Options
from closeout.ports.channel import Channel, Note, Posted, Posting
from closeout.ports.tracker import Tracker
from closeout.state.lines import dumps
from closeout.state.memory import MemoryLedger
from closeout.trackers import forgejo_desk, github_desk, gitlab_desk, plane_desk
from closeout.trackers.plane_desk import SOURCE
from closeout.trackers.walls import Comments, Desk, Issues
from fakes.forgejo import ForgejoFake
from fakes.github import GitHubFake
from fakes.gitlab import GitLabFake
from fakes.http import Fault, Request
from fakes.plane import PlaneFake
from forgejo_bench import ForgejoBench
from github_bench import GitHubBench
from gitlab_bench import GitLabBench
from plane_bench import PlaneBench

HOSTS = ("github", "forgejo", "gitlab", "plane")
NOW = "2026-11-21T12:00:00+00:00"
REPOSITORY = "git.example.com/acme/docs"


@dataclass
class Bench:
    """A desk, and how the world changes around it: `desks` opens it anew, `says` writes a comment as somebody, with a
    mark, `opens` an issue, `drops` deletes a comment or, without one, an issue.
    """

    desks: Callable[[], Desk]
    tracker: Callable[[], Tracker]
    requests: list[Request]
    script: Callable[[Fault], None]
    says: Callable[[str, str, str, str], None]
    opens: Callable[[str, str, str], str]
    drops: Callable[[str, str], None]
    closes: Callable[[str], None]
    pull: Callable[[], str] | None = None
    lock: Callable[[str], None] | None = None
    keeper: MemoryLedger = field(default_factory=lambda: MemoryLedger(dumps(Ledger(REPOSITORY, exists=True))))

    def __post_init__(self) -> None:
        self.desk = self.desks()
        self.ticket = self.opens("Weekly report", "Here it goes.", "boss")

    def channel(self, kind: str, ticket: str = "") -> Channel:
        desk = self.desks()
        return sticky(Comments(desk, ticket or self.ticket)) if kind == "comment" else periodical(Issues(desk))

    def post(
        self, kind: str, told: Posting, now: str = NOW, *, keeper: MemoryLedger | None = None, ticket: str = ""
    ) -> Posted:
        return post(keeper or self.keeper, self.channel(kind, ticket), told, Options(REPOSITORY, now=now))

    def hung(self, kind: str) -> Sequence[Note]:
        """The postings that carry a mark."""
        mark = Comments(self.desk, self.ticket) if kind == "comment" else Issues(self.desk)
        found = self.desk.comments(self.ticket) if kind == "comment" else self.all_issues(mark)
        return [note for note in found if note.mark]

    def all_issues(self, _wall: object) -> Sequence[Note]:
        names = [name for name in map(str, range(1, 30)) if self.desk.issue(name)]
        return [note for name in names if (note := self.desk.issue(name))]

    def writes(self) -> list[str]:
        """The writes so far; forgets all requests."""
        told = [f"{one.method} {one.route}" for one in self.requests if one.writes]
        self.requests.clear()
        return told


def says(text: str, *, period: str = "2026-W47", mentions: frozenset[str] = frozenset()) -> Posting:
    """A report of one text, cut where it has no room."""
    return Posting("weekly", f"Open action items, {period}", period, lambda limit: text[:limit], mentions=mentions)


@contextmanager
def opened(host: str) -> Iterator[Bench]:
    """Open the bench of a host."""
    match host:
        case "github":
            with GitHubFake() as fake:
                yield _github(fake)
        case "forgejo":
            with ForgejoFake() as forgejo:
                yield _forgejo(forgejo)
        case "gitlab":
            with GitLabFake() as gitlab:
                yield _gitlab(gitlab)
        case _:
            with PlaneFake() as plane:
                yield _plane(plane)


def _block(body: str, mark: str) -> str:
    return f"<!-- closeout: report={mark} -->\n{body}\n<!-- closeout: end of report -->\n" if mark else body


def _github(fake: GitHubFake) -> Bench:
    bench = GitHubBench(fake)
    repo = bench.repo

    def drops(ref: str, name: str) -> None:
        issue = repo.issues[int(ref)]
        if name:
            issue.comments = tuple(one for one in issue.comments if str(one.id) != name)
        else:
            repo.delete(int(ref))

    return Bench(
        lambda: github_desk.opened(bench.tracker()),
        bench.tracker,
        fake.requests,
        fake.script,
        lambda ref, body, mark, by: _none(repo.comment(int(ref), _block(body, mark), by=by)),
        lambda title, body, by: str(repo.open(title, body, by=by).number),
        drops,
        lambda ref: repo.close(int(ref)),
        lambda: str(repo.open("A change", pull=True).number),
        lambda ref: repo.lock(int(ref)),
    )


def _forgejo(fake: ForgejoFake) -> Bench:
    bench = ForgejoBench(fake)
    repo = bench.repo

    def drops(ref: str, name: str) -> None:
        if name:
            comments = repo.issues[int(ref)].comments
            comments[:] = [one for one in comments if str(one.id) != name]
        else:
            repo.delete(int(ref))

    return Bench(
        lambda: forgejo_desk.opened(bench.tracker()),
        bench.tracker,
        fake.requests,
        fake.script,
        lambda ref, body, mark, by: _none(repo.comment(int(ref), _block(body, mark), by=by)),
        lambda title, body, by: str(repo.open(title, body, by=by).number),
        drops,
        lambda ref: repo.close(int(ref)),
        lambda: str(repo.open("A change", pull=True).number),
        lambda ref: setattr(repo.issues[int(ref)], "locked", True),
    )


def _gitlab(fake: GitLabFake) -> Bench:
    bench = GitLabBench(fake)
    project = bench.project

    def drops(ref: str, name: str) -> None:
        if name:
            notes = project.issues[int(ref)].notes
            notes[:] = [one for one in notes if str(one.id) != name]
        else:
            project.delete(int(ref))

    return Bench(
        lambda: gitlab_desk.opened(bench.tracker()),
        bench.tracker,
        fake.requests,
        fake.script,
        lambda ref, body, mark, by: _none(project.note(int(ref), _block(body, mark), by=by)),
        lambda title, body, by: str(project.open(title, body, by=by).iid),
        drops,
        lambda ref: project.close(int(ref)),
        None,
        lambda ref: setattr(project.issues[int(ref)], "locked", True),
    )


def _plane(fake: PlaneFake) -> Bench:
    bench = PlaneBench(fake)
    project = bench.project

    def by_name(name: str) -> str:
        found = next((one.id for one in fake.accounts.values() if one.display_name == name), "")
        return found or fake.sign_up(name).id

    def tells(ref: str, body: str, mark: str, by: str) -> None:
        made = project.comment(project.item(int(ref)).id, f"<p>{body}</p>", by_name(by))
        made.external_id, made.external_source = (mark, SOURCE) if mark else (None, None)

    def drops(ref: str, name: str) -> None:
        if name:
            project.comments[:] = [one for one in project.comments if one.id != name]
        else:
            project.delete(int(ref))

    return Bench(
        lambda: plane_desk.opened(bench.tracker()),
        bench.tracker,
        fake.requests,
        fake.script,
        tells,
        lambda title, body, by: str(project.open(title, by_name(by), html=f"<p>{body}</p>").number),
        drops,
        lambda ref: project.move(int(ref), "Done"),
    )


def _none(_made: object) -> None:
    return
