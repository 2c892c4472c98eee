"""Two processes at once that share nothing but GitHub and the git remote, on two clones, with lists that lag, while people
push to the default branch.

Who loses says so, with exit 6 and the reason, or goes on with what it read anew. At rest there is one open issue a row,
no edit was lost, one pull request is open at most, and a plan is empty.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from fakes import github_pulls
from fakes.github import GitHubFake
from fakes.github_bare import Bare
from fakes.github_state import Repo
from fakes.github_values import Right
from ledgers import clone, git, remote

PAGE, TITLES = "postmortems/a.md", ("Add an alert", "Write a runbook", "Raise the limit")
TEXT = """# Outage

**Date**: 2026-11-01

## Action items

| Action | Owner | Due | Status |
|---|---|---|---|
| Add an alert | @ann | 2026-12-15 | 🔲 TODO |
| Write a runbook | @bob | 2026-12-20 | 🔲 TODO |
| Raise the limit | @ann | 2026-12-21 | 🔲 TODO |
"""
WAYS = ("commit", "pull-request", "worktree")
LOST = re.compile(r"another run|somebody|changed while|moved|is at work|pushed|not as it was read|Run again")
_REFUSED, _MOVED, _LATER = 4, 6, 9


@dataclass
class Race:
    """Clones of one remote, the last of which is a person's; `dates` are what people wrote, by title."""

    folder: Path
    fake: GitHubFake
    dice: random.Random
    dates: dict[str, str] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bare = remote(self.folder)
        self.person = clone(self.bare, "person")
        (self.person / PAGE).parent.mkdir()
        (self.person / PAGE).write_text(TEXT, encoding="utf-8")
        self.committed(self.person)
        self.repo: Repo = self.fake.repository("acme", "pm")
        self.repo.bare = Bare(self.bare)
        for login in ("ann", "bob"):
            self.repo.grant(login, Right.WRITE)
        self.clones = [clone(self.bare, f"clone-{number}") for number in range(2)]

    def start(self, root: Path, *command: str, ahead: float = 0, hurried: bool = False) -> subprocess.Popen[str]:
        """Start the command in a clone."""
        dawdle = [] if hurried else [self.dice.choice([0, 0, 0.1, 0.3]) for _ in range(6)]
        told = {
            "RACER": json.dumps({"dawdle": dawdle, "ahead": ahead}),
            "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "acme/pm",
            "GITHUB_SERVER_URL": self.fake.web,
            "GITHUB_API_URL": self.fake.url,
            "GITHUB_TOKEN": self.fake.token,
            "GITHUB_REF_NAME": "main",
            "CLOSEOUT_LIMITS__LEASE_WAIT": "6",
            "CLOSEOUT_PUBLISH_EVERY": "PT0S",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "proofs.racer", *command],
            cwd=root, env={**os.environ, **told}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ran(self, root: Path, *command: str, ahead: float = 0) -> int:
        process = self.start(root, *command, ahead=ahead, hurried=True)
        out, err = process.communicate()
        self.story.append(f"{' '.join(command)}: {process.returncode} {err.strip()}")
        assert process.returncode != 1, out + err
        return process.returncode

    # People.

    def committed(self, root: Path) -> None:
        """Commit and push what lies there; who cannot bring both together throws away what lies there."""
        git(root, "add", "-A")
        if git(root, "status", "--porcelain"):
            git(root, "commit", "-q", "-m", "theirs")
        for _ in range(5):
            try:
                if git(root, "ls-remote", "origin", "refs/heads/main"):
                    git(root, "pull", "-q", "--rebase", "origin", "main")
                git(root, "push", "-q", "origin", "HEAD:main")
            except subprocess.CalledProcessError:
                if (root / ".git/rebase-merge").exists():
                    git(root, "rebase", "--abort")
                    git(root, "reset", "-q", "--hard", "origin/main")
                continue
            return

    def edit(self, title: str, day: str) -> None:
        """Move a date in the documents and push; what was pushed by others comes first."""
        for _ in range(20):
            git(self.person, "fetch", "-q", "origin", "main")
            git(self.person, "reset", "-q", "--hard", "origin/main")
            text = (self.person / PAGE).read_text("utf-8")
            row = next(line for line in text.split("\n") if title in line)
            changed = re.sub(r"\| 20\d\d-\d\d-\d\d \|", f"| {day} |", row)
            (self.person / PAGE).write_text(text.replace(row, changed), encoding="utf-8")
            git(self.person, "commit", "-q", "-am", "a date")
            try:
                git(self.person, "push", "-q", "origin", "HEAD:main")
            except subprocess.CalledProcessError:
                continue
            self.dates[title] = day
            return
        message = "a person could not push"
        raise AssertionError(message)

    def edit_issue(self, title: str, day: str) -> None:
        number = next(number for number, issue in self.repo.issues.items() if issue.title == title)
        body = self.repo.issues[number].body or ""
        self.repo.edit(number, body=re.sub(r"^Due: .*$", f"Due: {day}", body, count=1, flags=re.M))
        self.dates[title] = day

    def merge(self) -> None:
        for number in self.opened:
            github_pulls.merge(self.repo, number)

    # What is there.

    @property
    def opened(self) -> list[int]:
        return [number for number in github_pulls.sides(self.repo) if self.repo.issues[number].state == "open"]

    @property
    def text(self) -> str:
        return git(self.bare, "show", f"main:{PAGE}")


def play(seed: int) -> None:
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="closeout-proof-") as folder, GitHubFake() as fake:
        race = Race(Path(folder).resolve(), fake, dice)
        ways = [dice.choice(WAYS)] * 2 if dice.random() < 0.8 else [dice.choice(WAYS), dice.choice(WAYS)]
        if dice.random() < 0.5:
            assert race.ran(race.clones[0], "sync", "--yes", "--publish", ways[0]) == 0, race.story
            race.merge()
            if ways[0] == "worktree":
                race.committed(race.clones[0])
            race.edit_issue("Add an alert", "2027-01-01")
            race.edit("Write a runbook", "2027-01-02")
        fake.lag = dice.randrange(3)
        _race(race, ways)
        try:
            _at_rest(race, ways)
        except (AssertionError, subprocess.CalledProcessError) as error:
            raise AssertionError(f"race {seed}, {ways}: {race.story}: {error}\n{race.text}") from error


def _race(race: Race, ways: list[str]) -> None:
    """Both at once, and a person between them; each comes to its end or says what was in its way."""
    delays = [race.dice.choice([0, 0, 0.1, 0.4]) for _ in range(3)]

    def push() -> None:
        time.sleep(0.3 + delays[2])
        race.edit("Raise the limit", "2027-01-03")

    person = threading.Thread(target=push)
    pushes = race.dice.random() < 0.7
    if pushes:
        person.start()
    both = []
    for root, way, delay in zip(race.clones, ways, delays, strict=False):
        time.sleep(delay)
        both.append(race.start(root, "sync", "--yes", "--publish", way))
    for process, way in zip(both, ways, strict=True):
        out, err = process.communicate(timeout=60)
        race.story.append(f"{way}: {process.returncode} {err.strip()}")
        lags = (
            process.returncode == _REFUSED and "the list is empty, but" in err
        )  # what is seen to lack is not believed
        assert lags or process.returncode in {0, _MOVED, _LATER}, f"{race.story}: {out} {err}"
        assert process.returncode != _MOVED or LOST.search(err), f"it does not say what was in its way: {err}"
    if pushes:
        person.join()
    assert len(race.opened) <= 1, f"{race.opened}: more than one pull request"


def _at_rest(race: Race, ways: list[str]) -> None:
    race.fake.lag = 0
    ahead = 2_000.0
    for number in range(4):
        race.merge()
        for root in race.clones:
            race.committed(root)
        code = race.ran(race.clones[0], "sync", "--yes", "--publish", ways[0], ahead=ahead * (number + 1))
        assert len(race.opened) <= 1, f"{race.opened}: more than one pull request"
        if code == 0 and number and not race.opened and not git(race.clones[0], "status", "--porcelain"):
            break
    assert race.ran(race.clones[1], "plan", "--exit-code", ahead=ahead * 6) == 0, "not at rest"
    issues = [issue for issue in race.repo.issues.values() if not issue.pull]
    assert sorted(issue.title for issue in issues) == sorted(TITLES), [issue.title for issue in issues]
    for issue in issues:
        row = next(line for line in race.text.split("\n") if issue.title in line)
        assert f"| {issue.title} [#{issue.number}](" in row, row
        day = re.findall(r"^Due: (.*)$", issue.body or "", re.M)
        assert f"| {day[0]} |" in row, f"{day} there: {row}"
        assert day[0] == race.dates.get(issue.title, day[0]), (
            f"{issue.title}: {day[0]} is not {race.dates[issue.title]}"
        )
