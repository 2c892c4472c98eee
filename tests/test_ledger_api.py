"""The ledger on a git ref that is reached through GitHub's API: what it promises beside the laws of every keeper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from closeout.domain.ledger import Ledger
from closeout.errors import ConfigurationError, MovedError, TrackerError
from closeout.state.api import ApiChain
from closeout.state.gitref import REF
from closeout.state.lines import lease_of
from fakes import faults
from fakes.github import GitHubFake
from fakes.github_bare import Bare
from fakes.github_values import Right
from fakes.http import Fault
from github_bench import PROJECT, GitHubBench
from hosted import api_keeper, git_of, kept_in
from ledgers import NOON, TIMES, Clock, clone, entry, git, keeper, ledger, remote
from test_ledger import dies

GIT = f"/repos/{PROJECT}/git"
LOOK, FILE = f"GET {GIT}/matching-refs/closeout/ledger", f"GET /repos/{PROJECT}/contents/ledger.jsonl"
SAVE = [f"POST {GIT}/trees", f"POST {GIT}/commits"]
MOVE = ("PATCH", r"/git/refs/closeout")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bench(github_fake: GitHubFake) -> GitHubBench:
    return GitHubBench(github_fake)


@pytest.fixture
def bare(bench: GitHubBench, tmp_path: Path) -> Bare:
    return kept_in(bench, remote(tmp_path))


def save(bench: GitHubBench, clock: Clock, kept: Ledger) -> None:
    one = api_keeper(bench, clock)
    with one.lease():
        one.load()
        one.save(kept, last=True)


def names(bench: GitHubBench, clock: Clock) -> set[str]:
    return set(api_keeper(bench, clock).load().entries)


def test_of_two_saves_after_the_same_load_exactly_one_wins(bench: GitHubBench, bare: Bare, clock: Clock) -> None:
    for first in (True, False):  # to make the ref, and to move it
        one, two = api_keeper(bench, clock), api_keeper(bench, clock)
        with two.lease():
            kept = two.load()
            with one.lease():
                one.save(one.load().put(entry("a" if first else "b")), last=True)
            with pytest.raises(MovedError, match="another run saved its own first"):
                two.save(kept.put(entry("lost")))
    assert names(bench, clock) == {"v1:a", "v1:b"}
    assert bare.text("rev-list", "--count", REF) == "2"


def test_runs_by_git_and_runs_by_the_api_keep_one_ledger(
    bench: GitHubBench, bare: Bare, clock: Clock, tmp_path: Path
) -> None:
    save(bench, clock, ledger("a"))
    by_git = keeper(clone(bare.path, "one"), clock)
    with by_git.lease():
        by_git.save(by_git.load().put(entry("b")), last=True)
    assert names(bench, clock) == {"v1:a", "v1:b"}
    by_api = api_keeper(bench, clock)
    with by_git.lease(), by_api.lease():
        by_git.load()
        by_api.save(by_api.load().put(entry("c")))
        with pytest.raises(MovedError):
            by_git.load()
    assert bare.text("ls-tree", "--name-only", "-r", REF) == "ledger.jsonl"
    git(clone(bare.path, "two"), "fsck", "--strict")


def test_a_lease_keeps_others_out_until_its_end_and_one_write_more(
    bench: GitHubBench, bare: Bare, clock: Clock
) -> None:
    dead, other = api_keeper(bench, clock), api_keeper(bench, clock)
    dies(dead, KeyboardInterrupt())
    with pytest.raises(MovedError, match="another run is at work until 2026-11-21T12:10:00Z"), other.lease():
        pass
    clock.now = NOON + timedelta(seconds=TIMES.lease + TIMES.write)
    with other.lease():
        other.save(other.load().put(entry("b")), last=True)
    assert names(bench, clock) == {"v1:a", "v1:b"}
    assert lease_of(bare.text("show", f"{REF}:ledger.jsonl")) is None


def test_what_a_run_asks_for(bench: GitHubBench, bare: Bare, clock: Clock) -> None:
    one = api_keeper(bench, clock)
    with one.lease():
        one.load()
        one.save(one.load())
    assert bench.asked() == [LOOK] * 3
    save(bench, clock, ledger("a"))
    assert bench.asked() == [LOOK, LOOK, *SAVE, f"POST {GIT}/refs"]
    two = api_keeper(bench, clock)
    with two.lease():
        two.save(two.load().put(entry("b")), last=True)
    assert bench.asked() == [LOOK, FILE, LOOK, *SAVE, f"PATCH {GIT}/refs/closeout/ledger"]


@pytest.mark.parametrize("act", [faults.failed, faults.dropped])
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("done", [True, False])
def test_a_lost_reply_is_looked_up(
    bench: GitHubBench, bare: Bare, clock: Clock, act: Callable[..., Any], first: bool, done: bool
) -> None:
    if not first:
        save(bench, clock, ledger("a"))
    bench.fake.script(Fault(act(done=done), *(("POST", r"/git/refs$") if first else MOVE)))
    one = api_keeper(bench, clock)
    with one.lease():
        kept = one.load().put(entry("b"))
        if done:
            one.save(kept, last=True)
        else:
            with pytest.raises(MovedError, match="Nothing is lost: run again"):
                one.save(kept, last=True)
            one.save(one.load().put(entry("b")), last=True)
    assert names(bench, clock) == ({"v1:b"} if first else {"v1:a", "v1:b"})


@pytest.mark.parametrize("step", ["trees", "commits"])
def test_objects_that_nothing_points_to_are_made_again(bench: GitHubBench, bare: Bare, clock: Clock, step: str) -> None:
    bench.fake.script(Fault(faults.dropped(done=True), "POST", f"/git/{step}$"))
    save(bench, clock, ledger("a"))
    assert bare.text("rev-list", "--count", REF) == "1"


@pytest.mark.parametrize("right", ["contents", "push"])
def test_a_missing_right_is_told_before_anything_is_written(
    bench: GitHubBench, bare: Bare, clock: Clock, right: str
) -> None:
    if right == "contents":
        bench.fake.tokens[bench.fake.token].contents = Right.READ
    else:
        bench.repo.grant(bench.fake.login, Right.READ)
    with pytest.raises(ConfigurationError, match="`contents: write`"):
        save(bench, clock, ledger("a"))
    assert bare.tip(REF) == ""


@pytest.mark.parametrize("status", [403, 404, 500, 502])
def test_a_ref_that_cannot_be_read_is_no_missing_ledger(
    bench: GitHubBench, bare: Bare, clock: Clock, status: int
) -> None:
    save(bench, clock, ledger("a"))
    bench.fake.script(Fault(faults.refused(status, "no"), "GET", "matching-refs", times=None))
    with pytest.raises(TrackerError):
        api_keeper(bench, clock).load()


def test_a_ref_whose_name_only_begins_alike_is_another(bench: GitHubBench, bare: Bare, clock: Clock) -> None:
    bare.git("update-ref", f"{REF}-of-origin", "main")
    assert api_keeper(bench, clock).load() == Ledger()


def test_a_ledger_of_more_than_a_million_bytes_is_read_all_the_same(
    bench: GitHubBench, bare: Bare, clock: Clock
) -> None:
    kept = ledger(*(f"{number} {'x' * 1_000}" for number in range(400)))
    save(bench, clock, kept)
    assert api_keeper(bench, clock).load() == kept


def test_a_damaged_ledger_names_the_last_good_commit(bench: GitHubBench, bare: Bare, clock: Clock) -> None:
    save(bench, clock, ledger("a"))
    good = bare.tip(REF)
    tree = bare.text("mktree", told=f"100644 blob {bare.blob(b'nonsense')}\tledger.jsonl\n".encode())
    bad = bare.commit(tree, [good], "theirs", "ann")
    bare.git("update-ref", REF, bad)
    with pytest.raises(ConfigurationError, match=f"Bring back the last good commit {good}"):
        api_keeper(bench, clock).load()


@pytest.mark.parametrize("ref", ["main", "refs/x", "closeout/ledger"])
def test_only_a_ref_is_a_ref(bench: GitHubBench, ref: str) -> None:
    with pytest.raises(ConfigurationError, match="no name of a ref"):
        ApiChain(git_of(bench), ref)
