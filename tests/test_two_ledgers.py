"""Two clones of a repository that takes no push, each with a ledger of its own, and lists that lag: one issue a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from unittest.mock import patch

import pytest

from closeout.domain.outcome import Outcome
from closeout.engine.boards import trackers
from closeout.engine.sync import plan, sync
from closeout.engine.world import Options, World
from closeout.errors import Exit, MovedError
from closeout.hosts.github import GitHub
from closeout.hosts.github_auth import Token
from closeout.hosts.github_replies import RawIssue
from closeout.hosts.pacing import Pace
from closeout.state.memory import MemoryLedger
from closeout.trackers.github import GitHubTracker
from fakes import faults
from fakes.github import GitHubFake
from fakes.github_values import Right
from fakes.http import Fault
from worlds import TABLE, Crash, Fuse, MemoryDocuments

PAGE = "postmortems/a.md"


class MortalGitHub(GitHub):
    """A client that may die before a write leaves, and after it was answered."""

    fuse: Fuse

    def create_issue(
        self,
        repository: str,
        title: str,
        body: str,
        assignees: Sequence[str] = (),
        labels: Sequence[str] = (),
        more: Mapping[str, object] | None = None,
    ) -> RawIssue:
        self.fuse("before create")
        made = super().create_issue(repository, title, body, assignees, labels, more)
        self.fuse("after create")
        return made

    def edit_issue(self, repository: str, number: int, patch: Mapping[str, object]) -> RawIssue:
        self.fuse("before update")
        made = super().edit_issue(repository, number, patch)
        self.fuse("after update")
        return made


@dataclass
class Apart:
    """Two clones with a page each, and one repository of issues."""

    fake: GitHubFake
    fuse: Fuse = field(default_factory=Fuse)
    pages: dict[str, MemoryDocuments] = field(default_factory=dict)
    ledgers: dict[str, MemoryLedger] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.repo = self.fake.repository("acme", "pm")
        for login in ("ann", "bob", "cid"):
            self.repo.grant(login, Right.WRITE)
        self.repo.open("Somebody's own")
        self.repo.caught_up()
        for name in ("one", "two"):
            self.pages[name] = MemoryDocuments({PAGE: TABLE}, lands=False)
            self.ledgers[name] = MemoryLedger(pause=partial(self._saving, name))

    def _saving(self, name: str, where: str) -> None:
        self.ledgers[name].shared = False  # a push was tried
        self.fuse(where)

    def world(self, name: str) -> tuple[World, Options]:
        clock = self.fake.clock

        def pause(seconds: float) -> None:
            clock.advance(seconds=seconds)

        pace = Pace(pause, lambda: clock.now.timestamp(), between_writes=0.0)  # noqa: PLW0108 - the clock is moved
        host = MortalGitHub(self.fake.web, Token(self.fake.token), pace, api=self.fake.url)
        host.fuse = self.fuse
        self.ledgers[name].shared = True  # before the first save it is a hope
        now = clock.now.isoformat(timespec="seconds")
        options = Options("github.com/acme/pm", today=now[:10], now=now, version="test")
        there = trackers(GitHubTracker(host, "acme/pm", "acme/pm"))
        return World(self.pages[name], self.pages[name], self.ledgers[name], there), options

    def sync(self, name: str) -> Outcome:
        return sync(*self.world(name))

    def dies(self, name: str, at: int) -> bool:
        """Run until the effect of that number; whether there was one."""
        self.fuse.left = at
        try:
            self.sync(name)
        except Crash:
            return True
        finally:
            self.fuse.left = None
        return False

    @property
    def open(self) -> list[tuple[str, int]]:
        """Title and number of every open issue of ours."""
        ours = (issue for issue in self.repo.issues.values() if "closeout: key" in (issue.body or ""))
        return [(issue.title, issue.number) for issue in ours if issue.state == "open"]

    def issues(self, name: str) -> set[str]:
        """What a clone takes for its rows' issues."""
        return {entry.issue for entry in self.ledgers[name].load().entries.values()}


def codes(outcome: Outcome) -> set[str]:
    return {finding.code for finding in outcome.findings}


@pytest.fixture
def apart(github_fake: GitHubFake) -> Apart:
    """Both clones have made issues for the same two rows, since lists lag: 2 and 3, 4 and 5."""
    apart = Apart(github_fake)
    github_fake.lag = 3
    apart.sync("one")
    apart.sync("two")
    assert [number for _, number in apart.open] == [2, 3, 4, 5]
    return apart


@pytest.mark.parametrize("lag", [1, 2, 3, 6])
def test_with_lists_that_lag_one_open_issue_a_row_is_left(github_fake: GitHubFake, lag: int) -> None:
    apart = Apart(github_fake)
    apart.fake.lag = lag
    with patch.object(GitHubTracker, "managed", return_value=[]) as blind:  # neither saw the other's when it began
        for name in ("one", "two"):
            apart.sync(name)
        assert blind.call_count
    for _ in range(lag + 1):
        for name in ("two", "one"):
            apart.sync(name)
    apart.fake.clock.advance(minutes=16)
    for name in ("one", "two"):
        apart.sync(name)
        assert plan(*apart.world(name)).plan.empty
        assert apart.issues(name) == {"2", "3"}
    assert apart.open == [("Add an alert", 2), ("Write a runbook", 3)]
    assert "TODO |\n| Write" in apart.pages["two"].texts[PAGE]  # what was closed as a double finished nothing
    assert codes(apart.sync("two")) == {"gave-way"}


def test_our_own_that_nobody_touched_gives_way_to_the_lowest(apart: Apart) -> None:
    apart.fake.lag = 0
    outcome = apart.sync("two")
    assert apart.open == [("Add an alert", 2), ("Write a runbook", 3)]
    assert [result.change.reason for result in outcome.results] == [
        "issue 2 was made for it first, by another clone",
        "issue 3 was made for it first, by another clone",
    ]
    assert {issue.reason for issue in apart.repo.issues.values() if issue.number in {4, 5}} == {"not_planned"}
    assert apart.sync("one").results == ()


def test_what_happens_to_the_one_that_is_kept_reaches_the_row_of_the_other(apart: Apart) -> None:
    apart.fake.lag = 0
    apart.sync("two")
    apart.repo.close(2)
    apart.sync("two")
    assert "| @ann | 2026-06-15 | ✅ DONE |" in apart.pages["two"].texts[PAGE]
    apart.pages["two"].texts[PAGE] = apart.pages["two"].texts[PAGE].replace("2026-06-20", "2026-06-30")
    apart.sync("two")
    assert "Due: 2026-06-30" in (apart.repo.issues[3].body or "")
    assert "Due: 2026-06-20" in (apart.repo.issues[5].body or "")


def test_the_ticket_of_the_one_that_is_kept_can_be_written_in_place_of_the_other(apart: Apart) -> None:
    apart.fake.lag = 0
    for _ in range(2):
        assert codes(apart.sync("two")) == {"gave-way"}
    text = apart.pages["two"].texts[PAGE]
    apart.pages["two"].texts[PAGE] = (
        text.replace("#4]", "#2]")
        .replace("/issues/4", "/issues/2")
        .replace("#5]", "#3]")
        .replace("/issues/5", "/issues/3")
    )
    assert codes(apart.sync("two")) == set()
    assert apart.issues("two") == {"2", "3"}
    apart.pages["two"].texts[PAGE] = TABLE
    apart.sync("two")
    assert "[#2](" in apart.pages["two"].texts[PAGE]
    assert len(apart.repo.issues) == 5


def test_one_that_somebody_touched_stays_open_and_is_told_until_one_is_closed(apart: Apart) -> None:
    apart.fake.lag = 0
    apart.repo.comment(4, "I am on it", by="ann")
    assert "double-issue" in codes(apart.sync("two"))
    apart.fake.clock.advance(hours=1)
    assert "double-issue" in codes(apart.sync("two"))
    assert [number for _, number in apart.open] == [2, 3, 4]
    apart.repo.close(2, "duplicate")
    assert "double-issue" not in codes(apart.sync("two"))
    assert apart.issues("two") == {"4", "3"}


def test_a_strangers_copy_of_our_mark_is_no_double(apart: Apart) -> None:
    for number in (2, 3):
        apart.repo.issues[number].author = apart.fake.world.account("mallory")
    apart.fake.lag = 0
    apart.sync("two")
    assert apart.issues("two") == {"4", "5"}
    assert [number for _, number in apart.open] == [2, 3, 4, 5]


def test_a_run_that_comes_only_the_next_day_looks_once_more(apart: Apart) -> None:
    apart.fake.lag = 0
    apart.fake.clock.advance(hours=30)
    apart.sync("two")
    assert [number for _, number in apart.open] == [2, 3]


def test_after_a_quarter_of_an_hour_nothing_more_is_listed(apart: Apart) -> None:
    def lists() -> int:
        apart.fake.requests.clear()
        apart.sync("one")
        full = (one for one in apart.fake.requests if one.route.endswith("/issues") and "labels" not in one.query)
        return len(list(full))

    apart.fake.lag = 0
    assert lists() == 1
    apart.fake.clock.advance(minutes=14)
    assert lists() == 1
    apart.fake.clock.advance(minutes=2)
    assert lists() == 1  # one look at least when it is so old
    before = apart.ledgers["one"].saves
    assert lists() == 0
    assert apart.ledgers["one"].saves == before


def test_a_listing_that_fails_after_the_creates_loses_nothing_and_the_next_run_looks(github_fake: GitHubFake) -> None:
    apart = Apart(github_fake)
    apart.fake.script(Fault(faults.refused(404, "Not Found"), "GET", "/issues[?]", times=1, skip=1))
    assert {code for code, _ in apart.sync("one").errors} == {Exit.LATER}
    assert "[#2](" in apart.pages["one"].texts[PAGE]
    apart.fake.requests.clear()
    assert apart.sync("one").exits == set()
    assert [one.query.get("labels") for one in apart.fake.requests if one.route.endswith("/issues")] == [
        "closeout",
        None,
    ]


@pytest.mark.parametrize("minutes", [1, 60])
@pytest.mark.parametrize("at", range(10))
def test_a_run_that_dies_while_its_own_gives_way_leaves_one_open_issue(apart: Apart, at: int, minutes: int) -> None:
    apart.fake.lag = 0
    assert apart.dies("two", at)
    for _ in range(2):
        apart.fake.clock.advance(minutes=minutes)
        apart.sync("two")
    assert [number for _, number in apart.open] == [2, 3]
    assert apart.issues("two") == {"2", "3"}
    assert apart.pages["two"].texts[PAGE].count("🔲 TODO") == 2
    assert plan(*apart.world("two")).plan.empty


@pytest.mark.parametrize("at", range(1, 10))
def test_a_run_that_dies_while_it_makes_what_another_clone_has_made_is_resolved_or_told(
    github_fake: GitHubFake, at: int
) -> None:
    apart = Apart(github_fake)
    apart.fake.lag = 9
    apart.sync("one")
    with patch("closeout.engine.apply._CHUNK", 1):  # it saves after each create
        assert apart.dies("two", at)
    told: set[str] = set()
    for lag, minutes in ((9, 2), (0, 2), (0, 20), (0, 1)):
        apart.fake.lag = lag
        apart.fake.clock.advance(minutes=minutes)
        for name in ("one", "two"):
            told = codes(apart.sync(name))
    assert len(apart.open) == 2 or "double-issue" in told
    assert apart.issues("one") == apart.issues("two") == {"2", "3"}


def test_our_own_is_not_closed_without_a_lease(apart: Apart) -> None:
    apart.fake.lag = 0
    with patch.object(MemoryLedger, "hold", side_effect=MovedError("the lease is lost")), pytest.raises(MovedError):
        apart.sync("two")
    assert [number for _, number in apart.open] == [2, 3, 4, 5]


def test_a_lost_reply_to_the_close_is_no_edit_of_the_row(apart: Apart) -> None:
    apart.fake.lag = 0
    apart.fake.script(Fault(faults.dropped(done=True), "PATCH", times=1))
    assert Exit.TRACKER in {code for code, _ in apart.sync("two").errors}
    apart.fake.clock.advance(hours=1)
    apart.sync("two")
    assert apart.issues("two") == {"2", "3"}
    assert [number for _, number in apart.open] == [2, 3]
    assert apart.pages["two"].texts[PAGE].count("🔲 TODO") == 2


@pytest.mark.parametrize("lost", ["one", "two"])
@pytest.mark.parametrize("lag", [0, 3])
def test_a_reply_that_is_lost_while_another_clone_makes_the_same_is_resolved_or_told(
    github_fake: GitHubFake, lost: str, lag: int
) -> None:
    apart = Apart(github_fake)
    apart.fake.lag = 9
    for name in ("one", "two"):
        if name == lost:
            apart.fake.script(Fault(faults.dropped(done=True), "POST", times=1))
        apart.sync(name)
    assert [number for _, number in apart.open] == [2, 3, 4, 5]
    apart.fake.lag, told = lag, [set[str]()]
    for minute in (2, 2, 2, 30, 1):
        apart.fake.clock.advance(minutes=minute)
        told = [codes(apart.sync(name)) - {"gave-way"} for name in ("one", "two")]
    if lost == "one":  # the other clone knows its own
        assert told == [set(), set()]
    else:
        assert told == [set(), {"double-issue"}]
        apart.repo.close(4, "duplicate")
        apart.fake.lag = 0
        assert "double-issue" not in codes(apart.sync("two"))
    assert [number for _, number in apart.open] == [2, 3]
    for name in ("one", "two"):
        assert apart.issues(name) == {"2", "3"}
        assert plan(*apart.world(name)).plan.empty


def test_after_a_lost_reply_another_issue_with_a_copied_mark_stays_open(github_fake: GitHubFake) -> None:
    apart = Apart(github_fake)
    apart.fake.script(Fault(faults.dropped(done=True), "POST", times=1))
    apart.sync("one")
    apart.repo.open("A part of it", apart.repo.issues[2].body, by="closeout-bot")
    apart.fake.clock.advance(minutes=1)
    assert "double-issue" in codes(apart.sync("one"))
    assert [number for _, number in apart.open] == [2, 3, 4]
    assert apart.issues("one") == {"2", "3"}
