"""The ledger by git without a clone: one ref, fetched to a folder of its own and pushed from there, as the token's owner."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from closeout.errors import ConfigurationError, MovedError
from closeout.git.showing import showing
from closeout.state.apart import ApartChain
from closeout.state.gitref import REF, GitLedger
from fakes import faults
from fakes.forgejo import ForgejoFake
from fakes.github_bare import Bare
from fakes.github_values import Right
from fakes.http import Fault
from forgejo_bench import PROJECT, ForgejoBench
from ledgers import TIMES, Clock, clone, entry, git, keeper, remote


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bench(forgejo_fake: ForgejoFake) -> ForgejoBench:
    return ForgejoBench(forgejo_fake)


@pytest.fixture
def bare(bench: ForgejoBench, tmp_path: Path) -> Bare:
    kept = Bare(remote(tmp_path))
    bench.repo.bare = kept
    return kept


def chain(bench: ForgejoBench, folder: Path, token: str = "") -> ApartChain:
    return ApartChain(folder, f"{bench.fake.url}/{PROJECT}.git", REF, token or bench.fake.token)


def apart(bench: ForgejoBench, folder: Path, clock: Clock, token: str = "") -> GitLedger:
    return GitLedger(chain(bench, folder, token), clock=clock, pause=clock.pause, times=TIMES)


def save(one: GitLedger, name: str) -> None:
    with one.lease():
        one.save(one.load().put(entry(name)), last=True)


def test_what_one_machine_saves_another_reads_and_a_clone_too(
    bench: ForgejoBench, bare: Bare, tmp_path: Path, clock: Clock
) -> None:
    assert not apart(bench, tmp_path / "one", clock).load().exists
    save(apart(bench, tmp_path / "one", clock), "a")
    save(apart(bench, tmp_path / "two", clock), "b")
    save(keeper(clone(bare.path, "clone"), clock), "c")
    assert set(apart(bench, tmp_path / "one", clock).load().entries) == {"v1:a", "v1:b", "v1:c"}
    assert bare.text("rev-list", "--count", REF) == "3"


def test_only_the_ledger_is_brought_and_the_folder_may_go_at_any_time(
    bench: ForgejoBench, bare: Bare, tmp_path: Path, clock: Clock
) -> None:
    save(apart(bench, tmp_path / "one", clock), "a")
    assert git(tmp_path / "one", "for-each-ref", "--format=%(refname)") == f"{REF}-of-origin"
    shutil.rmtree(tmp_path / "one")
    assert set(apart(bench, tmp_path / "one", clock).load().entries) == {"v1:a"}


def test_of_two_saves_after_the_same_load_exactly_one_wins(
    bench: ForgejoBench, bare: Bare, tmp_path: Path, clock: Clock
) -> None:
    one, two = apart(bench, tmp_path / "one", clock), apart(bench, tmp_path / "two", clock)
    with two.lease():
        kept = two.load()
        save(one, "a")
        with pytest.raises(MovedError, match="another run saved its own first"):
            two.save(kept.put(entry("lost")))
    assert set(apart(bench, tmp_path / "three", clock).load().entries) == {"v1:a"}


def test_a_lost_answer_to_a_push_is_looked_up(bench: ForgejoBench, bare: Bare, tmp_path: Path, clock: Clock) -> None:
    bench.fake.script(Fault(faults.dropped(done=True), "POST", "git-receive-pack"))
    save(apart(bench, tmp_path / "one", clock), "a")
    assert bare.text("rev-list", "--count", REF) == "1"


@pytest.mark.parametrize("why", ["no right", "no scope"])
def test_a_missing_right_is_an_error_and_leaves_no_ledger_of_this_machines_own(
    bench: ForgejoBench, bare: Bare, tmp_path: Path, clock: Clock, why: str
) -> None:
    token = bench.fake.sign_in("reader" if why == "no right" else bench.fake.login, "read:repository")
    with pytest.raises(ConfigurationError, match="the token may not push it"):
        save(apart(bench, tmp_path / "one", clock, token), "a")
    assert git(tmp_path / "one", "for-each-ref") == ""
    assert not apart(bench, tmp_path / "one", clock).load().exists


@pytest.mark.parametrize("why", ["bad token", "not seen", "broken"])
def test_a_host_that_does_not_tell_is_no_empty_ledger(
    bench: ForgejoBench, bare: Bare, tmp_path: Path, clock: Clock, why: str
) -> None:
    save(apart(bench, tmp_path / "one", clock), "a")
    token = ""
    if why == "bad token":
        token = "nobody"
    elif why == "not seen":
        bench.repo.private = True
        bench.repo.grant(bench.fake.login, Right.NONE)
    else:
        bench.fake.script(Fault(faults.failed(done=False), times=None))
    with pytest.raises(ConfigurationError, match="could not ask origin for the ledger"):
        apart(bench, tmp_path / "one", clock, token).load()


def test_the_token_stands_in_no_argument_no_address_no_file_and_no_error(
    bench: ForgejoBench, bare: Bare, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    popen = subprocess.Popen

    def recorded(command: list[str], **named: Any) -> Any:
        commands.append(command)
        return popen(command, **named)

    monkeypatch.setattr(subprocess, "Popen", recorded)
    save(apart(bench, tmp_path / "one", clock), "a")
    bench.repo.grant(bench.fake.login, Right.READ)
    with pytest.raises(ConfigurationError) as told:
        save(apart(bench, tmp_path / "one", clock), "b")
    assert any("push" in command for command in commands)
    said = [
        *(word for command in commands for word in command),
        str(told.value),
        *(one.path for one in bench.fake.requests),
    ]
    secrets = (bench.fake.token, b64encode(f"closeout:{bench.fake.token}".encode()).decode())
    assert not [word for word in said if any(secret in word for secret in secrets)]
    files = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert not [path for path in files if any(secret.encode() in path.read_bytes() for secret in secrets)]


def test_the_token_goes_nowhere_but_to_its_host(bench: ForgejoBench, bare: Bare, tmp_path: Path, clock: Clock) -> None:
    with ForgejoFake() as other:
        bench.fake.script(Fault(faults.redirected(f"{other.url}/{PROJECT}.git/info/refs"), times=None))
        with pytest.raises(ConfigurationError):
            apart(bench, tmp_path / "one", clock).load()
        assert other.requests == []


def test_what_the_environment_configures_for_git_already_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
    told = showing("https://git.example.com/a/b.git", "Authorization: token x")
    assert told["GIT_CONFIG_COUNT"] == "4"
    assert told["GIT_CONFIG_KEY_2"] == "http.https://git.example.com/a/b.git.extraHeader"
    assert (told["GIT_CONFIG_VALUE_2"], told["GIT_CONFIG_VALUE_3"]) == ("Authorization: token x", "false")


def test_a_folder_that_cannot_be_written_is_told(bench: ForgejoBench, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="it cannot be written"):
        chain(bench, tmp_path / "file" / "one")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_name_that_is_no_ref_is_told(bench: ForgejoBench, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="this is no name of a ref"):
        ApartChain(tmp_path / "one", f"{bench.fake.url}/{PROJECT}.git", "ledger", "abcd")


def test_the_rescue_names_the_folder(bench: ForgejoBench, bare: Bare, tmp_path: Path, clock: Clock) -> None:
    save(apart(bench, tmp_path / "one", clock), "a")
    tip = chain(bench, tmp_path / "one").read().origin
    assert f"in {tmp_path / 'one'}" in chain(bench, tmp_path / "one").rescue(tip, lambda text: True)
