"""A sync over GitHub that dies before or after any tracker write, push or document write, and the runs after it.

GitHub answers on loopback; documents and ledger are on a bare remote. In every other round what is written back lies in
the work tree until a person pushes it, else it is committed by the run. People edit both sides before the run that dies
and after it; from the second round on lists lag, every run that commits may have a clone of its own, and a run on the
way to rest may die too.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from closeout import files, git
from closeout.engine.boards import trackers
from closeout.engine.sync import Outcome, plan, sync
from closeout.engine.world import Options, World
from closeout.errors import CloseoutError
from closeout.hosts.github import GitHub
from closeout.hosts.github_auth import Token
from closeout.hosts.github_replies import RawIssue
from closeout.hosts.pacing import Pace
from closeout.repositories.commit import CommitPublisher
from closeout.repositories.head import Head
from closeout.repositories.worktree import WorktreePublisher
from closeout.state.chain import Chain
from closeout.state.gitref import REF, GitLedger
from closeout.trackers.github import GitHubTracker
from fakes.github import GitHubFake
from fakes.github_values import Right
from ledgers import TIMES, clone, remote
from ledgers import git as told_git
from worlds import TABLE, Crash, Fuse

PAGE, PROJECT = "postmortems/a.md", "acme/pm"
POINTS = 12  # before and after each effect of either run
BROUGHT = 2  # more where a run that commits brings its commit into the clone, as the first one does
PAST = 1_800.0  # seconds: lease, the longest write and the lag of lists are over


class MortalGitHub(GitHub):
    """A client that may die before a write leaves, and after it was answered."""

    fuse: Fuse

    def create_issue(
        self, repository: str, title: str, body: str, assignees: Sequence[str] = (), labels: Sequence[str] = ()
    ) -> RawIssue:
        self.fuse("before create")
        made = super().create_issue(repository, title, body, assignees, labels)
        self.fuse("after create")
        return made

    def edit_issue(self, repository: str, number: int, patch: Mapping[str, object]) -> RawIssue:
        self.fuse("before update")
        made = super().edit_issue(repository, number, patch)
        self.fuse("after update")
        return made


@dataclass
class Hosted:
    """A repository on the fake, its bare remote, one document, and runs that die when their fuse is burnt.

    `waits` says that what is written back lies beside a person's edits until that person pushes; else that person has a
    clone of their own.
    """

    fake: GitHubFake
    bare: Path
    waits: bool = False
    fresh: bool = False  # whether every run has a clone of its own, as on a runner
    fuse: Fuse = field(default_factory=Fuse)
    runs: int = 0
    told: set[str] = field(default_factory=set)  # the findings of all runs that came to their end

    def __post_init__(self) -> None:
        self.repo = self.fake.repository(*PROJECT.split("/"))
        for login in ("ann", "bob", "cid"):
            self.repo.grant(login, Right.WRITE)
        self.person = clone(self.bare, "clone-1" if self.waits else "person")
        (self.person / PAGE).parent.mkdir()
        (self.person / PAGE).write_text(TABLE, encoding="utf-8")
        self.push()

    @property
    def text(self) -> str:
        """The document as a person sees it."""
        if not self.waits:
            told_git(self.person, "pull", "-q")
        return (self.person / PAGE).read_text(encoding="utf-8")

    def write(self, old: str, new: str) -> None:
        """Edit the document as a person does."""
        text = self.text
        assert text.count(old) == 1, f"{old!r} in {text}"
        (self.person / PAGE).write_text(text.replace(old, new), encoding="utf-8")
        self.push()

    def push(self) -> None:
        """Commit and push all that lies there."""
        told_git(self.person, "add", "-A")
        if told_git(self.person, "status", "--porcelain"):
            told_git(self.person, "commit", "-q", "-m", "theirs")
            told_git(self.person, "push", "-q")

    def issue(self, title: str) -> int:
        """The number of the one issue with a title."""
        (found,) = [number for number, issue in self.repo.issues.items() if issue.title == title]
        return found

    def world(self) -> tuple[World, Options]:
        """What a new process works with."""
        self.runs += 1
        clock = self.fake.clock

        def pause(seconds: float) -> None:
            clock.advance(seconds=seconds)

        pace = Pace(pause, lambda: clock.now.timestamp(), between_writes=0.0)  # noqa: PLW0108 - the clock is moved
        host = MortalGitHub(self.fake.web, Token(self.fake.token), pace, api=self.fake.url)
        host.fuse = self.fuse
        root = self.bare.parent / "clone-1"
        if self.fresh or not root.exists():
            root = clone(self.bare, f"clone-{self.runs}")
        ledger = GitLedger(Chain(root, REF), clock=lambda: clock.now, pause=pause, times=TIMES)
        tracker = GitHubTracker(host, PROJECT, PROJECT)
        now = clock.now.isoformat(timespec="seconds")
        options = Options(f"github.com/{PROJECT}", today=now[:10], now=now, on_runner=True, version="test")
        committing = CommitPublisher(root, "main", ledger.hold)
        back = WorktreePublisher(root, lands=False) if self.waits else committing
        return World(Head(root, "main"), back, ledger, trackers(tracker)), options

    def sync(self, *, dies_at: int | None = None) -> Outcome | None:
        """Run in a new process; None if it died."""
        with self._mortal():
            made = self.world()
            self.fuse.left = dies_at
            try:
                outcome = sync(*made)
            except Crash:
                return None
            finally:
                self.fuse.left = None
        self.told |= {finding.code for finding in outcome.findings}
        return outcome

    @contextmanager
    def _mortal(self) -> Iterator[None]:
        push, replace = git.push, files.replace

        def mortal_push(root: Path, commit: str, ref: str, *, to: str = "origin") -> str:
            self.fuse("before push")
            why = push(root, commit, ref, to=to)
            self.fuse("after push")
            return why

        def mortal_replace(path: Path, content: bytes) -> None:
            self.fuse("before document")
            replace(path, content)
            self.fuse("after document")

        with patch.object(git, "push", mortal_push), patch.object(files, "replace", mortal_replace):
            yield

    def later(self) -> None:
        """Let the time pass in which lists lag and leases last."""
        self.fake.clock.advance(seconds=PAST)
        self.repo.caught_up()


def play(seed: int) -> None:
    """Die once in the first run, or once in the run after people's edits; every point of both is died at in a round."""
    dice, rounds = random.Random(seed), seed // (2 * POINTS)
    with tempfile.TemporaryDirectory(prefix="closeout-proof-") as folder, GitHubFake() as fake:
        bare, waits = remote(Path(folder).resolve()), (seed // 2 + rounds) % 2 == 1
        hosted = Hosted(fake, bare, waits, fresh=bool(rounds) and not waits and dice.random() < 0.5)
        fake.lag = dice.randrange(4) if rounds else 0
        later = seed % 2 == 1
        if later:
            assert hosted.sync() is not None
            hosted.later()
            _edits_before(hosted)
        at = (seed // 2 + 4) % (POINTS if later or waits else POINTS + BROUGHT)
        assert hosted.sync(dies_at=at) is None, f"a run has fewer than {at + 1} effects"
        story = f"world {seed}: the {'second' if later else 'first'} run died at effect {at}"
        if rounds and dice.random() < 0.5:
            with suppress(CloseoutError):  # somebody else is at work, as far as this run can know
                hosted.sync()
        clash = bool(rounds) and later and dice.random() < 0.5
        (_edits_of_issues if later else _edits_of_rows)(hosted)
        if clash:
            _other_date(hosted)
        if rounds and dice.random() < 0.5:
            hosted.later()
            hosted.sync(dies_at=dice.randrange(POINTS))
            clash = False  # who died cannot tell
        hosted.later()
        _at_rest(hosted, story, later=later)
        assert not clash or "| 2026-09-09 |" in hosted.text or "clash" in hosted.told, (
            f"{story}: a date was lost in silence"
        )


def _edits_before(hosted: Hosted) -> None:
    """Both sides change: an issue is closed and another date set, a row gets a date, a closed row is opened."""
    alert, book = hosted.issue("Add an alert"), hosted.issue("Write a runbook")
    body = hosted.repo.issues[alert].body or ""
    hosted.repo.edit(alert, body=body.replace("Due: 2026-06-15", "Due: 2026-08-15"))
    hosted.repo.close(alert, "completed")
    hosted.repo.edit(book, body=(hosted.repo.issues[book].body or "") + "\nA person's words.\n")
    hosted.write("2026-06-20", "2026-07-20")
    hosted.write("✅ DONE", "🔲 TODO")


def _edits_of_issues(hosted: Hosted) -> None:
    hosted.repo.assign(hosted.issue("Write a runbook"), "cid")


def _other_date(hosted: Hosted) -> None:
    """Move the date in the issue that the run which died may have moved, or not."""
    book = hosted.issue("Write a runbook")
    body = hosted.repo.issues[book].body or ""
    hosted.repo.edit(book, body=re.sub(r"^Due: .*$", "Due: 2026-09-09", body, count=1, flags=re.M))


def _edits_of_rows(hosted: Hosted) -> None:
    hosted.write("2026-06-15", "2026-06-16")


def _at_rest(hosted: Hosted, story: str, *, later: bool) -> None:
    last = hosted.sync()
    assert last is not None
    assert not last.errors, f"{story}: {last.errors}"
    hosted.later()
    rest = plan(*hosted.world()).plan
    assert rest.empty, f"{story}: not at rest: {rest.changes}"
    rows = [line for line in hosted.text.split("\n") if "[#" in line]
    issues = {issue.title: issue for issue in hosted.repo.issues.values()}
    titles = ["Add an alert", "Write a runbook", *(["Raise the limit"] if later else [])]
    told = f"{story}: {[(issue.title, issue.state) for issue in hosted.repo.issues.values()]}\n{hosted.text}"
    assert len(hosted.repo.issues) == len(rows) == len(titles), told
    assert sorted(issues) == sorted(titles), told
    for title, row in zip(titles, rows, strict=True):
        assert f"| {title} [#{issues[title].number}](" in row, told
    alert, book = (issues[title].body or "" for title in titles[:2])
    if later:
        assert issues["Add an alert"].state == "closed", told
        assert "| 2026-08-15 | ✅ DONE |" in rows[0], told
        (due,) = re.findall(r"^Due: (2026-07-20|2026-09-09)$", book, re.M)
        assert book.endswith("A person's words.\n"), told
        assert f"| @bob, @cid | {due} | 🔲 TODO |" in rows[1], told
        assert issues["Raise the limit"].state == "open", told
    else:
        assert "\nDue: 2026-06-16\n" in alert, told
        assert "| @ann | 2026-06-16 | 🔲 TODO |" in rows[0], told
