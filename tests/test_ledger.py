"""The laws of the ledger's keeper over every one of them, and what the one on a git ref promises beyond."""

from __future__ import annotations

import stat
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closeout.domain.item import Field
from closeout.domain.ledger import Entry, Intent, Ledger, Memory, Report
from closeout.errors import ConfigurationError, MovedError, OvertakenError
from closeout.git import lacks_right
from closeout.ports.ledger import LedgerKeeper
from closeout.state.chain import Chain
from closeout.state.gitref import REF, GitLedger
from closeout.state.lines import Lease, dumps, lease_of, loads
from closeout.state.memory import MemoryLedger
from closeout.state.tree import TreeLedger
from github_bench import GitHubBench
from hosted import api_keeper, kept_in
from ledgers import NOON, TIMES, Clock, clone, entry, git, keeper, ledger, remote

KINDS = ("memory", "tree", "no remote", "remote", "shallow", "bare", "api")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    return remote(tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=KINDS)
def again(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Callable[[], LedgerKeeper]:
    """The keeper of one place, as each run makes its own."""
    if request.param == "memory":
        memory = MemoryLedger()
        return lambda: memory
    if request.param == "tree":
        return lambda: TreeLedger(tmp_path, tmp_path / "lock", wait=0)
    if request.param == "no remote":
        git(tmp_path, "init", "-q", "-b", "main")
        return lambda: keeper(tmp_path, clock)
    if request.param == "api":
        bench = GitHubBench(request.getfixturevalue("github_fake"))
        kept_in(bench, remote(tmp_path))
        return lambda: api_keeper(bench, clock)
    options = {"remote": (), "shallow": ("--depth=1",), "bare": ("--bare",)}[request.param]
    root = clone(remote(tmp_path), "clone", *options)
    return lambda: keeper(root, clock)


def test_what_is_saved_is_loaded_by_the_next_run(again: Callable[[], LedgerKeeper]) -> None:
    kept = ledger("a", "b")
    first = again()
    assert first.load() == Ledger()
    with first.lease():
        first.load()
        first.save(kept)
        first.hold(10)
        assert first.load() == kept
    second = again()
    with second.lease():
        assert second.load() == kept
        second.save(kept.put(entry("c")), last=True)
    assert set(again().load().entries) == {"v1:a", "v1:b", "v1:c"}


def test_a_ledger_is_not_written_without_the_lease(again: Callable[[], LedgerKeeper]) -> None:
    one = again()
    if isinstance(one, MemoryLedger):
        return
    one.load()
    with pytest.raises(MovedError):
        one.save(ledger("a"))
    with one.lease():
        pass
    with pytest.raises(MovedError):
        one.save(ledger("a"))
    assert again().load() == Ledger()


def save(root: Path, clock: Clock, kept: Ledger) -> None:
    one = keeper(root, clock)
    with one.lease():
        one.load()
        one.save(kept, last=True)


def dies(one: LedgerKeeper, error: BaseException) -> None:
    def run() -> None:
        with one.lease():
            one.load()
            one.save(ledger("a"))
            raise error

    with pytest.raises(type(error)):
        run()


def head(bare: Path) -> str:
    return git(bare, "for-each-ref", "--format=%(objectname)", REF)


def test_of_two_saves_after_the_same_load_exactly_one_wins(bare: Path, clock: Clock) -> None:
    one, two = keeper(clone(bare, "one"), clock), keeper(clone(bare, "two"), clock)
    with two.lease():
        assert two.load() == Ledger()
        with one.lease():
            one.load()
            one.save(ledger("a"), last=True)
        with pytest.raises(OvertakenError, match="another run saved its own first"):
            two.save(ledger("b"))
        assert set(two.load().entries) == {"v1:a"}
        two.save(two.load().put(entry("b")))
    assert set(one.load().entries) == {"v1:a", "v1:b"}


def test_who_is_overtaken_in_the_middle_of_its_work_does_not_begin_anew(bare: Path, clock: Clock) -> None:
    one, two = keeper(clone(bare, "one"), clock), keeper(clone(bare, "two"), clock)
    with two.lease():
        two.load()
        two.save(ledger("b"))
        clock.now += timedelta(hours=1)  # its lease ended long ago
        with one.lease():
            one.load()
            one.save(ledger("a"), last=True)
        with pytest.raises(MovedError, match="another run saved its own first") as told:
            two.save(ledger("b", "c"))
    assert not isinstance(told.value, OvertakenError)


def test_of_two_processes_on_one_clone_without_remote_exactly_one_wins(tmp_path: Path, clock: Clock) -> None:
    git(tmp_path, "init", "-q")
    one, two = keeper(tmp_path, clock), keeper(tmp_path, clock)
    with one.lease(), two.lease():
        one.load()
        two.load()
        two.save(ledger("b"))
        with pytest.raises(MovedError):
            one.save(ledger("a"))
    assert set(one.load().entries) == {"v1:b"}


def test_even_the_same_text_is_saved_by_one_of_two_only(bare: Path, clock: Clock) -> None:
    one, two = keeper(clone(bare, "one"), clock), keeper(clone(bare, "two"), clock)
    with one.lease(), two.lease():
        one.load()
        two.load()
        one.save(ledger("a"), last=True)
        with pytest.raises(MovedError):
            two.save(ledger("a"), last=True)


def test_a_ledger_loaded_before_the_lease_is_not_saved_over_a_newer_one(bare: Path, clock: Clock) -> None:
    one = keeper(clone(bare, "one"), clock)
    one.load()
    save(clone(bare, "two"), clock, ledger("b"))
    with one.lease(), pytest.raises(MovedError):
        one.save(ledger("a"))


def test_a_lease_keeps_others_out_until_its_end_and_one_write_more(bare: Path, clock: Clock) -> None:
    dead, other = keeper(clone(bare, "dead"), clock), keeper(clone(bare, "other"), clock)
    dies(dead, KeyboardInterrupt())  # nothing is given back
    with pytest.raises(MovedError, match="another run is at work until 2026-11-21T12:10:00Z"), other.lease():
        pass
    assert sum(clock.waits) == TIMES.wait
    clock.now = NOON + timedelta(seconds=TIMES.lease + TIMES.write - 1)
    waited = len(clock.waits)
    with other.lease():
        assert len(clock.waits) > waited
        assert clock.now >= NOON + timedelta(seconds=TIMES.lease + TIMES.write)
        other.save(other.load().put(entry("b")))
        with pytest.raises(MovedError), dead.lease():
            dead.load()
    assert set(dead.load().entries) == {"v1:a", "v1:b"}


def test_the_lease_of_a_run_that_ended_is_free_at_once(bare: Path, clock: Clock) -> None:
    one, other = keeper(clone(bare, "one"), clock), keeper(clone(bare, "other"), clock)
    with one.lease():
        one.load()
        one.save(ledger("a"))
        assert lease_of(git(bare, "show", f"{REF}:ledger.jsonl"))
    with other.lease():
        assert not clock.waits
    assert lease_of(git(bare, "show", f"{REF}:ledger.jsonl")) is None


@pytest.mark.parametrize("last", [True, False])
def test_announced_writes_that_stay_open_keep_others_out_for_one_write(bare: Path, clock: Clock, last: bool) -> None:
    one, other = keeper(clone(bare, "one"), clock), keeper(clone(bare, "other"), clock)
    with one.lease():
        one.load()
        one.save(ledger("a", announced=True), last=last)
    with other.lease():
        assert clock.now == NOON + timedelta(seconds=TIMES.write)


def test_a_run_goes_on_as_soon_as_the_other_ends(bare: Path, clock: Clock) -> None:
    one, other = keeper(clone(bare, "one"), clock), keeper(clone(bare, "other"), clock)
    with ExitStack() as run:
        run.enter_context(one.lease())
        one.load()
        one.save(ledger("a"))
        clock.meanwhile = run.pop_all().close
    with other.lease():
        assert len(clock.waits) == 1
        assert other.load() == ledger("a")


def test_a_run_that_fails_lets_its_lease_end(bare: Path, clock: Clock) -> None:
    one, other = keeper(clone(bare, "one"), clock), keeper(clone(bare, "other"), clock)
    dies(one, ConfigurationError())
    with other.lease():
        assert clock.now == NOON + timedelta(seconds=TIMES.write)


def test_one_that_loads_after_the_winners_save_waits_for_its_lease(bare: Path, clock: Clock) -> None:
    one, late = keeper(clone(bare, "one"), clock), keeper(clone(bare, "late"), clock)
    with one.lease(), late.lease():  # both looked, and nobody was there
        one.load()
        one.save(ledger("a"))
        with pytest.raises(MovedError, match="is at work until"):
            late.load()
        with pytest.raises(MovedError, match="was not loaded"):
            late.save(ledger("b"))


def test_a_lease_that_a_write_outlasts_is_renewed(bare: Path, clock: Clock) -> None:
    one = keeper(clone(bare, "one"), clock)
    with one.lease():
        one.load()
        one.save(ledger("a"))
        before = head(bare)
        one.hold(600)
        assert head(bare) == before
        clock.now += timedelta(seconds=580)
        one.hold(30)
        assert head(bare) != before
        lease = lease_of(git(bare, "show", f"{REF}:ledger.jsonl"))
        assert lease is not None
        assert lease.until == NOON + timedelta(seconds=1180)
        with pytest.raises(MovedError, match="Make the lease longer"):
            one.hold(601)
    assert one.load() == ledger("a")


def test_a_lease_that_was_taken_over_cannot_be_held(bare: Path, clock: Clock) -> None:
    slow, taker = keeper(clone(bare, "slow"), clock), keeper(clone(bare, "taker"), clock)
    with slow.lease():
        slow.load()
        slow.save(ledger("a"))
        clock.now += timedelta(seconds=TIMES.lease + TIMES.write)
        with taker.lease():
            taker.save(taker.load().put(entry("b")))
            with pytest.raises(MovedError):
                slow.hold(1)
    assert set(taker.load().entries) == {"v1:a", "v1:b"}
    assert lease_of(git(bare, "show", f"{REF}:ledger.jsonl")) is None


def test_a_lease_from_a_clock_far_ahead_is_over_once_it_stood_unchanged_for_as_long_as_one_lasts(
    bare: Path, clock: Clock
) -> None:
    dead = keeper(clone(bare, "dead"), Clock(NOON + timedelta(days=2_000)))
    dies(dead, KeyboardInterrupt())
    taker = keeper(clone(bare, "taker"), clock)
    with taker.lease():
        assert sum(clock.waits) == TIMES.lease + TIMES.write
        taker.save(taker.load().put(entry("b")), last=True)
        assert sum(clock.waits) == TIMES.lease + TIMES.write  # once is enough
    with keeper(clone(bare, "next"), clock).lease():
        assert sum(clock.waits) == TIMES.lease + TIMES.write


def test_a_run_with_a_clock_far_ahead_that_lives_is_never_taken_over(bare: Path, clock: Clock) -> None:
    ahead = Clock(NOON + timedelta(days=2_000))
    alive, taker = keeper(clone(bare, "alive"), ahead), keeper(clone(bare, "taker"), clock)
    with alive.lease():
        alive.load()
        alive.save(ledger("a"))

        def works() -> None:
            ahead.now = NOON + timedelta(days=2_000, seconds=sum(clock.waits))
            alive.hold(TIMES.lease / 2)  # as before each of its writes

        clock.meanwhile = works
        with pytest.raises(MovedError, match="is at work until 2026-11-21T12:2"), taker.lease():
            pass
        assert sum(clock.waits) == TIMES.wait + TIMES.lease + TIMES.write
        alive.save(ledger("a", "b"), last=True)
    assert set(taker.load().entries) == {"v1:a", "v1:b"}


def test_a_clock_that_differs_by_less_than_one_write_is_waited_for_as_any_other(bare: Path, clock: Clock) -> None:
    dead = keeper(clone(bare, "dead"), Clock(NOON + timedelta(seconds=TIMES.write)))
    dies(dead, KeyboardInterrupt())
    with pytest.raises(MovedError), keeper(clone(bare, "taker"), clock).lease():
        pass
    assert sum(clock.waits) == TIMES.wait


def test_announcing_what_is_announced_already_takes_the_lease(bare: Path, clock: Clock) -> None:
    kept = ledger("a", announced=True)
    save(clone(bare, "one"), clock, kept)
    clock.now += timedelta(hours=1)
    two = keeper(clone(bare, "two"), clock)
    with two.lease():
        two.save(two.load())
        lease = lease_of(git(bare, "show", f"{REF}:ledger.jsonl"))
        assert lease is not None
        assert lease.until > clock.now


def traces(root: Path) -> list[str]:
    logs = sorted(path.read_text("utf-8") for path in (root / ".git/logs").rglob("*") if path.is_file())
    index = (root / ".git/index").read_bytes().hex()
    refs = git(root, "for-each-ref", "refs/heads", "refs/remotes", "refs/tags")
    return [git(root, "status", "--porcelain"), refs, index, *logs, str(sorted(root.iterdir()))]


def test_nothing_but_the_ref_changes_in_a_clone(bare: Path, clock: Clock) -> None:
    root = clone(bare, "one")
    (root / "draft.md").write_text("a person's", encoding="utf-8")
    git(root, "add", "draft.md")
    before = traces(root)
    save(root, clock, ledger("a"))
    save(clone(bare, "two"), clock, ledger("b"))
    assert set(keeper(root, clock).load().entries) == {"v1:b"}
    assert traces(root) == before
    assert git(root, "for-each-ref", "--format=%(refname)", "refs/closeout") == f"{REF}-of-origin"
    assert not (root / ".git/FETCH_HEAD").exists()


def test_a_run_without_changes_leaves_no_trace(bare: Path, clock: Clock) -> None:
    root = clone(bare, "one")
    one = keeper(root, clock)
    with one.lease():
        one.load()
        one.save(one.load())
    assert head(bare) == ""
    save(root, clock, ledger("a"))
    before, objects = head(bare), git(root, "count-objects")
    with one.lease():
        one.save(one.load(), last=True)
    assert (head(bare), git(root, "count-objects")) == (before, objects)


def test_commits_are_closeouts_own_and_form_a_chain(bare: Path, clock: Clock) -> None:
    for name in ("one", "two", "three"):
        save(clone(bare, name), clock, ledger(name))
    assert git(bare, "log", "--format=%an <%ae> %s", REF).splitlines() == ["closeout <closeout> 1 items"] * 3
    assert git(bare, "ls-tree", "--name-only", "-r", REF) == "ledger.jsonl"


def test_a_shallow_clone_stays_as_shallow_as_it_was(bare: Path, clock: Clock) -> None:
    tree = git(bare, "rev-parse", "main^{tree}")
    git(bare, "update-ref", "refs/heads/main", git(bare, "commit-tree", tree, "-p", "main", "-m", "more"))
    for name in ("one", "two"):
        save(clone(bare, name), clock, ledger(name))
    root = clone(bare, "shallow", "--depth=1")
    save(root, clock, ledger("three"))
    assert git(bare, "rev-list", "--count", REF) == "3"
    assert git(root, "rev-list", "--count", "main") == "1"
    assert git(root, "rev-list", "--count", f"{REF}-of-origin") == "3"


def refuse(bare: Path, why: str) -> Path:
    hook = bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho '{why}' >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    return hook


def test_a_push_that_is_refused_for_good_leaves_the_ledger_to_the_clone(bare: Path, clock: Clock) -> None:
    root = clone(bare, "one")
    hook = refuse(bare, "GH006: Protected branch update failed")
    one = keeper(root, clock)
    assert one.shared
    with one.lease():
        one.load()
        one.save(ledger("a"))
        assert not one.shared
        one.save(ledger("a", "b"), last=True)
    assert head(bare) == ""
    later = keeper(root, clock)
    assert set(later.load().entries) == {"v1:a", "v1:b"}
    hook.unlink()
    with later.lease():
        later.save(later.load().put(entry("c")), last=True)
    assert later.shared
    assert git(bare, "rev-list", "--count", REF) == "3"


@pytest.mark.parametrize("options", [(), ("--mirror",)])
def test_what_one_clone_could_not_push_joins_what_others_pushed(
    bare: Path, clock: Clock, options: tuple[str, ...]
) -> None:
    root = clone(bare, "kept", *options)
    hook = refuse(bare, "remote: Permission denied")
    save(root, clock, ledger("a", "both").put(entry("both", issue="1")))
    hook.unlink()
    save(clone(bare, "other"), clock, ledger("b").put(entry("both", issue="2")))
    one = keeper(root, clock)
    with one.lease():
        found = one.load()
        assert {key: kept.issue for key, kept in found.entries.items()} == {"v1:a": "", "v1:b": "", "v1:both": "2"}
        one.save(found.put(entry("c")), last=True)
    assert set(keeper(clone(bare, "third"), clock).load().entries) == {"v1:a", "v1:b", "v1:both", "v1:c"}
    assert head(root) == ""


def test_a_right_that_is_lost_on_the_way_is_no_reason_to_go_on_alone(bare: Path, clock: Clock) -> None:
    root = clone(bare, "one")
    one = keeper(root, clock)
    with one.lease():
        one.load()
        one.save(ledger("a"))
        refuse(bare, "the token ran out: permission denied")
        with pytest.raises(MovedError, match="permission denied"):
            one.save(ledger("a", "b"))
    assert one.shared
    assert head(root) == ""


def test_without_a_remote_the_ledger_is_not_shared(tmp_path: Path, clock: Clock) -> None:
    git(tmp_path, "init", "-q")
    assert not keeper(tmp_path, clock).shared


def test_a_push_that_goes_elsewhere_is_not_shared(bare: Path, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "fork").mkdir()
    fork = remote(tmp_path / "fork")
    root = clone(bare, "one")
    git(root, "config", "remote.origin.pushurl", fork.as_uri())
    one = keeper(root, clock)
    with one.lease():
        one.load()
        one.save(ledger("a"))
        assert not one.shared
    assert set(keeper(root, clock).load().entries) == {"v1:a"}


def test_a_failing_host_is_neither_a_lack_of_rights_nor_an_empty_ledger(bare: Path, clock: Clock) -> None:
    root = clone(bare, "one")
    one = keeper(root, clock)
    hook = refuse(bare, "Internal Server Error")
    hook.write_text("#!/bin/sh\nkill -9 $PPID\n", encoding="utf-8")  # the receiving end dies
    with one.lease():
        one.load()
        with pytest.raises(MovedError, match=r"could not save the ledger: .+ run again"):
            one.save(ledger("a"))
    assert one.shared
    bare.rename(bare.with_name("away.git"))
    with pytest.raises(ConfigurationError, match=r"could not ask origin for the ledger: .+Check the network"):
        one.load()


def test_a_push_whose_reply_is_lost_is_looked_up(bare: Path, clock: Clock) -> None:
    hook = refuse(bare, "").with_name("post-update")
    (bare / "hooks/pre-receive").rename(hook)
    hook.write_text("#!/bin/sh\nkill -9 $PPID\n", encoding="utf-8")  # the ref has moved; nobody will hear of it
    one = keeper(clone(bare, "one"), clock)
    with one.lease():
        one.load()
        one.save(ledger("a"))
        one.save(ledger("a", "b"), last=True)
    assert one.shared
    assert set(keeper(clone(bare, "two"), clock).load().entries) == {"v1:a", "v1:b"}


REFUSALS = {
    "remote: Permission to acme/docs.git denied to bot.; unable to access 'https://x/': The requested URL returned error: 403": True,
    "error: GH013: Repository rule violations found for refs/closeout/ledger.": True,
    "Forgejo: User permission denied for writing.; [remote rejected] 1 -> x (pre-receive hook declined)": True,
    "GitLab: You are not allowed to push code to this project.": True,
    "The key you are authenticating with has been marked as read only.": True,
    "could not read Username for 'https://github.com': terminal prompts disabled": True,
    "repository 'https://example.com/acme/docs.git/' not found": True,  # the host read it a moment later
    "[remote rejected] 1 -> refs/closeout/ledger (deny updating a hidden ref)": True,
    "unable to access 'https://example.com/acme/protected.git/': The requested URL returned error: 503": False,
    "unable to access 'https://example.com/denied/docs.git/': Could not resolve host: example.com": False,
    "error: cannot lock ref 'refs/closeout/ledger': Unable to create '/x.lock': File exists.": False,
    "the remote end hung up unexpectedly": False,
    "Internal Server Error": False,
}


@pytest.mark.parametrize(("why", "lacks"), REFUSALS.items())
def test_only_a_missing_right_sends_the_ledger_home(why: str, lacks: bool) -> None:
    assert lacks_right(why) == lacks


def test_a_secret_in_the_address_is_in_no_message(tmp_path: Path, clock: Clock) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "remote", "add", "origin", "http://bot:hunter2@127.0.0.1:9/acme/docs.git")
    with pytest.raises(ConfigurationError) as told:
        keeper(tmp_path, clock).load()
    assert "hunter2" not in str(told.value)


def put(bare: Path, text: str) -> str:
    """Somebody writes the ref by hand."""
    blob = git(bare, "hash-object", "-w", "--stdin", told=text)
    tree = git(bare, "mktree", told=f"100644 blob {blob}\tledger.jsonl\n")
    parents = ["-p", head(bare)] if head(bare) else []
    git(bare, "update-ref", REF, made := git(bare, "commit-tree", tree, *parents, "-m", "by hand"))
    return made


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]\n",
        '{"format": 0, "repository": "", "trackers": {}}\n',
        '{"format": 1, "repository": "", "trackers": {}}\n{"key": "a"}\n{"key": "a"}\n',
        '{"format": 1, "repository": "", "trackers": {}, "lease": {"who": "x", "until": "tomorrow"}}\n',
        '{"format": 1, "repository": "", "trackers": {}, "lease": 7}\n',
        '{"format": 1, "repository": "", "trackers": {}}\n{"key": "a", "memory": {"colour": {}}}\n',
        '{"format": 1, "repository": 5, "trackers": {}}\n',
        '{"format": 1, "repository": "", "trackers": []}\n',
        '{"format": 1, "repository": "", "trackers": {}, "revision": "--output=x"}\n',
        '{"format": 1, "repository": "", "trackers": {}}\n{"key": "a", "issue": 5}\n',
        '{"format": 1, "repository": "", "trackers": {}}\n{"key": "a", "memory": {"due": {"want": 5}}}\n',
        '{"format": 1, "repository": "", "trackers": {}}\n{"key": "a", "intent": {"values": {"due": []}}}\n',
        '{"format": 1, "repository": "", "trackers": {}}\n' + "[" * 100_000 + "\n",
    ],
)
def test_what_cannot_be_read_names_the_last_good_commit(bare: Path, clock: Clock, text: str) -> None:
    root = clone(bare, "one")
    save(root, clock, ledger("a"))
    good, bad = head(bare), put(bare, text)
    with pytest.raises(ConfigurationError) as told:
        keeper(root, clock).load()
    assert f"could not read the ledger at {bad}" in str(told.value)
    assert f"Bring back the last good commit {good}" in str(told.value)
    rescue = str(told.value).split("`")[1]
    ref = rescue.rpartition('"')[0].partition('"')[2].rpartition(":")[0]
    made = git(root, *ref.removeprefix("$(git ").removesuffix(")").split())
    git(root, "push", "-q", "origin", f"{made}:{REF}")
    assert keeper(root, clock).load() == ledger("a")


def test_what_people_took_back_on_origin_stays_away(bare: Path, clock: Clock) -> None:
    root = clone(bare, "one")
    save(root, clock, ledger("a"))
    first = head(bare)
    save(root, clock, ledger("a", "b"))
    git(bare, "update-ref", REF, first)
    assert keeper(root, clock).load() == ledger("a")
    git(bare, "update-ref", "-d", REF)
    assert keeper(root, clock).load() == Ledger()
    save(root, clock, ledger("c"))
    assert keeper(clone(bare, "two"), clock).load() == ledger("c")


def test_a_ref_that_a_host_hides_is_kept_in_the_clone(bare: Path, clock: Clock) -> None:
    root = clone(bare, "one")
    git(bare, "config", "transfer.hideRefs", "refs/closeout")
    save(root, clock, ledger("a"))
    one = keeper(root, clock)
    with one.lease():
        one.save(one.load().put(entry("b")))
        assert not one.shared
    assert set(keeper(root, clock).load().entries) == {"v1:a", "v1:b"}


@pytest.mark.parametrize("ref", ["--upload-pack=x", "refs/closeout/a b", "main", "refs/../x"])
def test_only_a_ref_is_a_ref(bare: Path, clock: Clock, ref: str) -> None:
    with pytest.raises(ConfigurationError, match="no name of a ref"):
        GitLedger(Chain(bare, ref), clock=clock, pause=clock.pause)


def test_without_a_remote_the_clones_own_ref_is_brought_back(tmp_path: Path, clock: Clock) -> None:
    git(tmp_path, "init", "-q")
    save(tmp_path, clock, ledger("a"))
    good, bad = head(tmp_path), put(tmp_path, "nonsense")
    with pytest.raises(ConfigurationError) as told:
        keeper(tmp_path, clock).load()
    assert f'`git update-ref {REF} "$(git commit-tree {good}^{{tree}} -p {bad} -m Restored)"`' in str(told.value)


def test_a_chain_without_any_good_commit_says_so(bare: Path, clock: Clock) -> None:
    put(bare, "nonsense")
    with pytest.raises(ConfigurationError, match="No good one was found"):
        keeper(clone(bare, "one"), clock).load()


def test_a_clone_that_cannot_be_written_says_so(bare: Path, clock: Clock, tmp_path: Path) -> None:
    root = clone(bare, "one")
    one = keeper(root, clock)
    with one.lease():
        one.load()
        (root / ".git/objects").rename(tmp_path / "objects")
        (root / ".git/objects").write_text("", encoding="utf-8")
        with pytest.raises((ConfigurationError, MovedError)):
            one.save(ledger("a"))
    assert head(bare) == ""


def test_a_users_hooks_and_signing_stay_out(bare: Path, clock: Clock, tmp_path: Path) -> None:
    root = clone(bare, "one")
    hook = root / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n", encoding="utf-8")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    for name, value in {
        "commit.gpgSign": "true",
        "gpg.program": "false",
        "push.followTags": "true",
        "core.logAllRefUpdates": "true",
    }.items():
        git(root, "config", name, value)
    save(root, clock, ledger("a"))
    assert head(bare)
    assert not (tmp_path / "ran").exists()


def test_the_first_format_is_still_loaded() -> None:
    old = (
        '{"format": 1, "repository": "local", "trackers": {"folder": ".closeout/issues"}}\n'
        '{"key": "v1:a", "tracker": "folder", "document": "a.md", "title": "t", "issue": "1"}\n'
    )
    found = loads(old)
    assert (found.revision, lease_of(old)) == ("", None)
    assert dumps(found) == old


def test_what_is_known_of_reports_is_in_the_head_and_older_ledgers_have_none() -> None:
    kept = ledger("ä").post("weekly", Report("github", "12", comment="7", digest="0a", when="2026-11-21T12:00:00Z"))
    head = dumps(kept).split("\n", 1)[0]
    assert '"reports": {"weekly": {"tracker": "github", "issue": "12", "comment": "7"' in head
    assert loads(dumps(kept)) == kept
    assert loads(dumps(ledger("ä"))).reports == {}


def test_a_report_whose_memory_is_damaged_is_not_forgotten_silently() -> None:
    with pytest.raises(ValueError, match="damaged"):
        loads(dumps(ledger().post("weekly", Report("github"))).replace('"github"}}', "7}}"))


def test_half_a_character_from_a_tracker_is_kept_too() -> None:
    kept = ledger("ä").put(entry("cut \ud83d"))
    text = dumps(kept)
    assert text.encode()
    assert "ä" in text
    assert loads(text) == kept


TEXT = st.text(max_size=12)
MEMORY = st.builds(Memory, st.none() | TEXT, st.none() | TEXT, st.none() | TEXT, st.frozensets(TEXT, max_size=2))
FIELDS = st.sampled_from(list(Field))
INTENTS = st.builds(Intent, st.dictionaries(FIELDS, st.tuples(TEXT, TEXT, TEXT), max_size=2), TEXT)
ENTRIES = st.builds(
    Entry, TEXT.filter(bool), TEXT, TEXT, TEXT, st.integers(0, 9), st.integers(0, 9), TEXT, st.booleans(), st.booleans(),
    st.booleans(), st.booleans(), TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, st.dictionaries(FIELDS, MEMORY, max_size=3),
    st.none() | INTENTS, TEXT, TEXT, TEXT,
)  # fmt: skip
REPORTS = st.dictionaries(TEXT, st.builds(Report, *[TEXT] * 10), max_size=2)
LEDGERS = st.builds(
    lambda repository, trackers, entries, revision, reports: Ledger(
        repository, trackers, {one.key: one for one in entries}, exists=True, revision=revision, reports=reports
    ),
    TEXT,
    st.dictionaries(TEXT, TEXT, max_size=2),
    st.lists(ENTRIES, max_size=3),
    st.text("0123456789abcdef", max_size=40),
    REPORTS,
)
LEASES = st.none() | st.builds(
    Lease, TEXT, st.integers(0, 10**9).map(lambda seconds: NOON + timedelta(seconds=seconds))
)


@given(LEDGERS, LEASES)
def test_what_is_dumped_is_loaded(kept: Ledger, lease: Lease | None) -> None:
    text = dumps(kept, lease)
    assert loads(text) == kept
    assert lease_of(text) == lease
    assert dumps(loads(text)) == dumps(replace(kept, trackers=dict(reversed(list(kept.trackers.items())))))
