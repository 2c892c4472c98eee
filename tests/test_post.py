"""Posting a report: what is announced, what guards hold, and whose mark counts where everybody's jobs share an account."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from channel_bench import HOSTS, NOW, REPOSITORY, Bench, opened, says
from closeout.channels.sticky import sticky
from closeout.domain.ledger import Ledger, Report
from closeout.domain.sync.guard import Circumstances
from closeout.engine.post import post
from closeout.engine.world import Options
from closeout.errors import ConfigurationError, OutcomeUnknown, OvertakenError, TrackerError
from closeout.state.lines import dumps
from closeout.state.memory import MemoryLedger
from closeout.trackers import github_desk, gitlab_desk, paper
from closeout.trackers.walls import Comments
from fakes import faults
from fakes.github import GitHubFake
from fakes.gitlab import GitLabFake
from fakes.http import Fault
from github_bench import GitHubBench
from gitlab_bench import GitLabBench
from ledgers import NOON, Clock, clone, git, keeper, ledger, remote

OPTIONS = Options(REPOSITORY, now=NOW)
BOT = "github-actions[bot]"


@pytest.fixture
def bench() -> Iterator[Bench]:
    with opened("forgejo") as made:
        yield made


def test_without_a_ledger_nothing_is_posted(bench: Bench) -> None:
    with pytest.raises(ConfigurationError, match="`closeout sync` first"):
        post(MemoryLedger(), bench.channel("comment"), says("Three."), OPTIONS)
    assert bench.requests == []


@pytest.mark.parametrize(
    "told",
    [
        Circumstances(paused=True),
        Circumstances(branch="topic"),
        Circumstances(copied="git.example.com/acme/other"),
        Circumstances(audience={"forgejo": "acme/platform is public"}),
    ],
)
def test_what_holds_an_issue_back_holds_a_report_back(bench: Bench, told: Circumstances) -> None:
    posted = post(bench.keeper, bench.channel("comment"), says("Three."), replace(OPTIONS, circumstances=told))
    assert posted.held
    assert (posted.changed, bench.requests, bench.keeper.saves) == (False, [], 0)


def test_a_post_is_announced_before_it_is_sent(bench: Bench) -> None:
    def look(where: str) -> None:
        if where == "after ledger" and bench.keeper.saves <= 1:
            assert bench.writes() == []
            assert bench.keeper.load().reports["weekly"] == Report("forgejo", bench.ticket, announced=NOW)

    bench.keeper.pause = look
    bench.post("comment", says("Three."))
    assert bench.keeper.saves == 2


def test_a_refused_post_is_announced_no_more(bench: Bench) -> None:
    bench.script(Fault(faults.refused(403, "Cannot comment on a locked conversation."), "POST"))
    with pytest.raises(TrackerError, match=f"could not comment on issue {bench.ticket}: the token may not do this"):
        bench.post("comment", says("Three."))
    assert bench.keeper.load().reports["weekly"].announced == ""


def test_what_an_edit_needs_is_asked_and_no_more(bench: Bench) -> None:
    bench.post("comment", says("Three."))
    first = len(bench.requests)
    bench.requests.clear()
    bench.post("comment", says("Two."))
    assert (first, len(bench.requests)) == (4, 4)


def test_another_ticket_gets_a_comment_of_its_own_and_the_old_one_is_told(bench: Bench) -> None:
    bench.post("comment", says("Three."))
    other = bench.opens("Another", "", "boss")
    posted = bench.post("comment", says("Three."), ticket=other)
    assert f"stays as it is, in issue {bench.ticket} of forgejo" in posted.remarks[0]
    assert posted.report.issue == other


def test_two_repositories_of_documents_have_a_comment_each(bench: Bench) -> None:
    bench.post("comment", says("Three."))
    theirs = MemoryLedger(dumps(Ledger("git.example.com/acme/others", exists=True)))
    bench.post("comment", says("Ten."), keeper=theirs)
    assert sorted("Ten." in note.body for note in bench.hung("comment")) == [False, True]


def test_nobody_is_mentioned_again_where_the_run_died_after_it(bench: Bench) -> None:
    told = says("Three: @ann", mentions=frozenset({"ann"}))
    bench.post("comment", says("Four."))
    bench.script(Fault(faults.dropped(done=True), "PATCH"))
    with pytest.raises(OutcomeUnknown):
        bench.post("comment", told)
    bench.post("comment", told, "2026-11-21T13:00:00+00:00")
    assert "`@\u2060ann`" in bench.hung("comment")[0].body


def test_a_run_that_is_overtaken_looks_at_everything_again(bench: Bench) -> None:
    class Overtaken(MemoryLedger):
        def save(self, ledger: Ledger, *, last: bool = False) -> None:
            if left:
                left.pop()
                raise OvertakenError("another run was faster")
            super().save(ledger, last=last)

    left = [1, 2]
    post(Overtaken(bench.keeper.text), bench.channel("comment"), says("Three."), OPTIONS)
    assert len(bench.hung("comment")) == 1
    left[:] = [1, 2, 3]
    with pytest.raises(OvertakenError):
        post(Overtaken(bench.keeper.text), bench.channel("comment"), says("Three."), OPTIONS)
    assert len(bench.hung("comment")) == 1


def test_a_ledger_on_a_ref_has_two_commits_for_a_first_post_and_none_for_the_same_again(
    bench: Bench, tmp_path: Path
) -> None:
    bare, clock = remote(tmp_path), Clock(NOON)
    root = clone(bare, "one")
    kept = keeper(root, clock)
    with kept.lease():
        kept.load()
        kept.save(ledger("a"), last=True)

    def commits() -> int:
        return int(git(bare, "rev-list", "--count", "refs/closeout/ledger"))

    def run(text: str) -> None:
        channel = bench.channel("comment")
        post(_Short(keeper(root, clock)), channel, says(text), OPTIONS)  # type: ignore[arg-type]

    before = commits()
    run("Three.")
    assert commits() == before + 2
    run("Three.")
    assert commits() == before + 2
    run("Two.")
    assert commits() == before + 4  # the right to write, then what was written


class _Short:
    """A keeper whose lease is longer than the writes of these tests are said to take."""

    def __init__(self, real: object) -> None:
        self.real = real

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)

    def hold(self, seconds: float) -> None:
        self.real.hold(min(seconds, 60.0))  # type: ignore[attr-defined]


def test_a_report_on_gitlab_tells_nobody_and_leaves_no_link_back(gitlab_fake: GitLabFake) -> None:
    bench = GitLabBench(gitlab_fake)
    ticket = str(bench.project.open("Weekly report").iid)
    page = f"{gitlab_fake.url}/acme/sre/platform/-/issues/{ticket}"
    local = page.replace("127.0.0.1", "localhost")
    gitlab_fake.world.web = gitlab_fake.url.replace("127.0.0.1", "localhost")
    desk = gitlab_desk.opened(bench.tracker())
    desk.paper = paper.gitlab(gitlab_fake.world.web)
    told = says(f"/close\n- [#{ticket}]({local}), @ann, !3, ~bug: {local}")
    bench.project.note(int(ticket), told.text(10_000))
    assert set(gitlab_fake.world.mentioned) == {"ann"}
    assert local in gitlab_fake.world.linked
    gitlab_fake.world.mentioned.clear()
    gitlab_fake.world.linked.clear()
    bench.project.reopen(int(ticket))
    post(MemoryLedger(dumps(Ledger(REPOSITORY, exists=True))), sticky(Comments(desk, ticket)), told, OPTIONS)
    assert gitlab_fake.world.mentioned == []
    assert [one for one in gitlab_fake.world.linked if not one.startswith("http://Localhost")] == []
    assert bench.project.issues[int(ticket)].closed is None


class Runner:
    """A GitHub that a job talks to as `github-actions[bot]`, and its ledger."""

    def __init__(self, fake: GitHubFake) -> None:
        self.bench = GitHubBench(fake)
        self.repo = self.bench.repo
        self.ticket = str(self.repo.open("Weekly report").number)
        self.token = fake.sign_in(BOT, app=True, repositories=(self.repo,))
        self.repo.grant(BOT, 3)  # type: ignore[arg-type]
        self.keeper = MemoryLedger(dumps(Ledger(REPOSITORY, exists=True)))
        self.fake = fake

    def post(self, text: str, now: str = NOW, **more: object) -> tuple[str, ...]:
        desk = github_desk.opened(self.bench.tracker(self.token))
        assert desk.whoami() == BOT  # everybody's, so that it vouches for nothing
        channel = sticky(Comments(desk, self.ticket))
        return post(self.keeper, channel, says(text), replace(OPTIONS, now=now, **more)).remarks  # type: ignore[arg-type]

    @property
    def bodies(self) -> list[str]:
        return [one.body for one in self.repo.issues[int(self.ticket)].comments]


@pytest.fixture
def job(github_fake: GitHubFake) -> Runner:
    return Runner(github_fake)


def test_a_job_finds_its_comment_by_the_ledger(job: Runner) -> None:
    job.post("Three.")
    job.post("Two.")
    assert [("Two." in body) for body in job.bodies] == [True]


def test_a_job_finds_what_it_had_announced_and_nothing_older(job: Runner) -> None:
    job.post("Three.")
    old = job.bodies[0]
    job.repo.issues[int(job.ticket)].comments = ()
    job.bench.fake.clock.now = datetime.datetime.fromisoformat(NOW) - datetime.timedelta(hours=1)
    job.repo.comment(int(job.ticket), old, by=BOT)
    job.keeper.text = dumps(Ledger(REPOSITORY, exists=True))
    job.bench.fake.clock.now = datetime.datetime.fromisoformat(NOW)
    job.fake.script(Fault(faults.dropped(done=True), "POST"))
    remarks = job.post("Two.")
    assert f"what {BOT} wrote carries the mark of this report" in remarks[0]
    assert ["Three." in body for body in job.bodies] == [True, False]
    job.post("One.")
    assert ["Three." in job.bodies[0], "One." in job.bodies[1], len(job.bodies)] == [True, True, 2]


def test_a_job_whose_ledger_dies_with_it_posts_nothing_as_everybody(job: Runner) -> None:
    job.keeper.shared = False
    with pytest.raises(ConfigurationError, match="`contents: write`"):
        job.post("Three.", on_runner=True)
    assert job.bodies == []


def test_a_job_with_an_account_of_its_own_needs_no_ledger_that_lasts(bench: Bench) -> None:
    bench.keeper.shared = False
    channel = bench.channel("comment")
    assert post(bench.keeper, channel, says("Three."), replace(OPTIONS, on_runner=True)).changed


@pytest.mark.parametrize("host", HOSTS)
def test_the_issue_of_a_report_is_in_no_listing_of_items(host: str) -> None:
    with opened(host) as bench:
        bench.post("issue", says("Three."))
        found = (*bench.tracker().managed(), *bench.tracker().glance().issues)
        assert found == ()
