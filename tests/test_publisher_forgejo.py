"""Documents on a Forgejo without a clone: read by trees and blobs, and written back in one commit that it makes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import respx

from closeout.errors import ConfigurationError, MovedError, TrackerError
from closeout.hosts.forgejo import Forgejo
from closeout.hosts.forgejo_git import ForgejoGit
from closeout.hosts.git_objects import Declined
from closeout.hosts.pacing import Pace
from closeout.ports.documents import Rewrite
from closeout.repositories.api import ApiPublisher
from closeout.repositories.commit import CommitPublisher
from closeout.repositories.hosted import HostedCode
from fakes import faults
from fakes.forgejo import ForgejoFake
from fakes.forgejo_state import GITEA_1_17
from fakes.github_bare import Bare
from fakes.github_values import Right
from fakes.http import Answer, Fault, Reply, Request
from forgejo_bench import PROJECT, ForgejoBench
from ledgers import git
from test_publisher_contract import (
    AFTER,
    BEFORE,
    OTHER,
    REWRITES,
    A,
    B,
    begun,
    commit_all,
    copied,
    count,
    errors,
    planned,
    somebody_pushes,
    status,
)

__all__ = ["begun"]
CONTENTS = "/contents$"
API = "https://git.example.com/api/v1/repos/boss/pm"
C, D = "c" * 40, "d" * 40


@pytest.fixture
def root(begun: Path, tmp_path: Path) -> Path:
    return copied(begun, tmp_path)


@pytest.fixture
def bench(forgejo_fake: ForgejoFake) -> ForgejoBench:
    return ForgejoBench(forgejo_fake)


@pytest.fixture
def bare(bench: ForgejoBench, root: Path) -> Bare:
    kept = Bare(root.parent / "remote.git")
    bench.repo.bare = kept
    return kept


def code(bench: ForgejoBench) -> ForgejoGit:
    return ForgejoGit(bench.host(), PROJECT)


def publisher(bench: ForgejoBench, hold: Callable[[float], None] = lambda seconds: None) -> ApiPublisher:
    where = HostedCode(code(bench))
    return ApiPublisher(where.git, where.name, where.listing, hold)


def there(bare: Bare) -> dict[str, str]:
    return {path: (bare.git("cat-file", "blob", f"main:{path}") or b"").decode() for path in (A, B)}


def read_at(bare: Bare) -> str:
    return bare.tip("main")


# The wire.


def wire() -> ForgejoGit:
    respx.get(url__eq=API).respond(json={"id": 1, "full_name": "boss/pm", "default_branch": "main"})
    host = Forgejo("https://git.example.com", "abcd", Pace(lambda seconds: None, lambda: 0.0, between_writes=0.0))
    return ForgejoGit(host, "boss/pm")


@respx.mock
def test_the_wire_of_reading() -> None:
    one = respx.get(url__eq=f"{API}/branches/main").respond(json={"name": "main", "commit": {"id": C}})
    two = respx.get(url__eq=f"{API}/git/trees/{C}?page=1&per_page=1000&recursive=true").respond(
        json={"sha": D, "tree": None, "truncated": False, "page": 1, "total_count": 0}
    )
    three = respx.get(url__eq=f"{API}/git/blobs/{D}").respond(json={"sha": D, "encoding": "base64", "content": ""})
    four = respx.get(url__eq=f"{API}/git/commits/{C}").respond(
        json={"sha": C, "commit": {"message": "x\n", "tree": {"sha": D}}, "parents": [{"sha": D}]}
    )
    found = wire()
    branch = found.branch()
    assert branch is not None
    assert branch.target is not None
    assert (branch.name, branch.target.oid) == ("main", C)
    assert (found.tree(C, deep=True).tree, found.tree(C, deep=True).truncated) == ((), False)
    with pytest.raises(TrackerError, match="other bytes came"):
        found.blob(D)
    assert found.commit(C).parents[0].sha == D
    assert [route.called for route in (one, two, three, four)] == [True] * 4


@respx.mock
def test_b7_the_wire_of_one_commit_of_several_files() -> None:
    respx.get(url__eq=f"{API}/branches/main").respond(json={"name": "main", "commit": {"id": C}})
    files = [
        {"operation": "update", "path": path, "sha": D, "content": base64.b64encode(raw).decode()}
        for path, raw in {"a.md": b"a", "b.md": b"\xff"}.items()
    ]
    body = {"branch": "main", "message": "Headline\n\nBody", "files": files}
    route = respx.post(f"{API}/contents", json=body).respond(201, json={"commit": {"sha": D}})
    told = {"a.md": b"a", "b.md": b"\xff"}
    assert wire().commit_on_branch("main", C, ("Headline", "Body"), told, dict.fromkeys(told, D)) == D
    assert route.call_count == 1


@respx.mock
@pytest.mark.parametrize(
    ("status", "message", "stale"),
    [
        (422, "sha does not match [given: a, expected: b]", True),
        (422, "Invalid", False),
        (403, "user cannot commit to repo", False),
        (404, "branch does not exist", True),
        (405, "", False),
    ],
)
def test_b7_a_refused_commit_says_whether_to_read_again(status: int, message: str, stale: bool) -> None:
    respx.get(url__eq=f"{API}/branches/main").respond(json={"name": "main", "commit": {"id": C}})
    respx.post(f"{API}/contents").respond(status, json={"message": message})
    with pytest.raises(Declined) as told:
        wire().commit_on_branch("main", C, ("x", ""), {"a.md": b"a"}, {"a.md": D})
    assert told.value.stale is stale


# Reading.


@pytest.mark.parametrize("entries", [1000, 2])
def test_every_document_is_read_however_many_pages_a_tree_has(bench: ForgejoBench, bare: Bare, entries: int) -> None:
    bench.fake.entries = entries
    found = HostedCode(code(bench), paths=("**/*.md",)).read()
    assert {page.path: page.text for page in found.pages} == BEFORE
    assert (found.revision, found.name) == (read_at(bare), f"main of {code(bench).place}")


def test_a_tree_that_is_very_large_is_walked_folder_by_folder(
    bench: ForgejoBench, bare: Bare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("closeout.hosts.forgejo_git._MOST_PAGES", 1)
    bench.fake.entries = 2
    found = HostedCode(code(bench), paths=("docs/postmortems/*.md",)).read()
    assert {page.path: page.text for page in found.pages} == BEFORE


def test_a_repository_without_a_commit_and_an_unknown_branch_are_told(
    bench: ForgejoBench, bare: Bare, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="it has no branch nosuch"):
        HostedCode(code(bench), "nosuch").read()
    git(tmp_path, "init", "-q", "--bare", "empty.git")
    bench.repo.bare = Bare(tmp_path / "empty.git")
    with pytest.raises(ConfigurationError, match="nothing is committed there yet"):
        HostedCode(code(bench)).read()


def test_what_a_token_may_not_see_is_no_empty_repository(bench: ForgejoBench, bare: Bare) -> None:
    bench.repo.private = True
    bench.repo.rights.clear()
    with pytest.raises(TrackerError, match="could not find the repository"):
        HostedCode(code(bench)).read()


def test_a_revision_that_was_rewritten_does_not_descend(bench: ForgejoBench, bare: Bare, root: Path) -> None:
    old = read_at(bare)
    somebody_pushes(root, OTHER, "two\n")
    where = HostedCode(code(bench))
    assert where.descends(read_at(bare), old)
    assert where.descends(old, old)
    assert not where.descends(old, read_at(bare))
    assert not where.descends(old, "e" * 40)


# The laws of a publisher.


def test_the_bytes_are_those_that_a_pushed_commit_has(
    bench: ForgejoBench, bare: Bare, begun: Path, tmp_path: Path, root: Path
) -> None:
    read = read_at(bare)
    results = publisher(bench).publish(REWRITES, read)
    assert errors(results) == {}
    assert (there(bare), count(bare.path)) == (AFTER, 3)
    assert {result.where for result in results} == {f"commit {read_at(bare)[:7]} on main, made on {code(bench).place}"}
    other = copied(begun, tmp_path / "by-git")
    CommitPublisher(other).publish(REWRITES, git(other, "rev-parse", "HEAD"))
    assert git(other, "rev-parse", "HEAD^{tree}") == bare.text("rev-parse", "main^{tree}")
    assert git(other, "log", "-1", "--format=%B") == bare.text("log", "-1", "--format=%B", "main")
    assert ((root / A).read_bytes().decode(), status(root)) == (BEFORE[A], "")
    assert len(bench.fake.writes) == 1


def test_nothing_to_write_asks_for_nothing(bench: ForgejoBench, bare: Bare) -> None:
    assert list(publisher(bench).publish([], read_at(bare))) == []
    assert bench.asked() == []
    same = [Rewrite(path, BEFORE[path], BEFORE[path]) for path in (A, B)]
    assert errors(publisher(bench).publish(same, read_at(bare))) == {}
    assert bench.fake.writes == []


def test_a_document_that_is_not_in_the_revision_as_it_was_read_is_left_and_told(
    bench: ForgejoBench, bare: Bare
) -> None:
    rewrites = [Rewrite(A, "older\n", "x\n"), Rewrite("docs/new.md", "x\n", "y\n"), REWRITES[1]]
    results = {one.path: one for one in publisher(bench).publish(rewrites, read_at(bare))}
    assert [results[path].moved for path in (A, "docs/new.md", B)] == [True, True, False]
    assert there(bare) == {A: BEFORE[A], B: AFTER[B]}


def test_somebody_who_was_faster_is_told_and_what_is_read_anew_goes(
    bench: ForgejoBench, bare: Bare, root: Path
) -> None:
    before = read_at(bare)
    somebody_pushes(root, OTHER, "two\n")
    results = publisher(bench).publish(REWRITES, before)
    assert [(result.path, result.moved) for result in results] == [(A, True), (B, True)]
    assert (there(bare), count(bare.path), bench.fake.writes) == (BEFORE, 3, [])
    assert errors(publisher(bench).publish(REWRITES, read_at(bare))) == {}
    assert (there(bare), count(bare.path)) == (AFTER, 4)


@pytest.mark.parametrize("name", [A, OTHER])
def test_b7_somebody_who_was_faster_between_the_look_and_the_commit_keeps_what_they_wrote(
    bench: ForgejoBench, bare: Bare, root: Path, name: str
) -> None:
    """The host commits on whatever head there is; the blobs are the lock."""

    def late(request: Request, answer: Answer) -> Reply:
        somebody_pushes(root, name, "theirs\n")
        return answer(request)

    bench.fake.script(Fault(late, "POST", CONTENTS))
    results = publisher(bench).publish(REWRITES, read_at(bare))
    assert bare.git("cat-file", "blob", f"main:{name}") == b"theirs\n"
    if name == A:
        assert [result.moved for result in results] == [True, True]
    else:
        assert (errors(results), there(bare)) == ({}, AFTER)


@pytest.mark.parametrize("why", ["protected", "read only"])
def test_a_refusal_is_told_with_what_to_do_and_is_not_tried_again(bench: ForgejoBench, bare: Bare, why: str) -> None:
    if why == "protected":
        bare.protected["main"] = "no"
    else:
        bench.repo.grant(bench.fake.login, Right.READ)
    results = publisher(bench).publish(REWRITES, read_at(bare))
    assert [result.moved for result in results] == [False, False]
    told = (
        "user cannot commit to repo" if why == "protected" else "user should have a permission to write to this branch"
    )
    assert f"did not make the commit on main: {told}. Let the token write" in results[0].error
    assert (there(bare), len(bench.fake.writes)) == (BEFORE, 1)


def test_a_server_that_is_too_old_is_told(root: Path) -> None:
    with ForgejoFake(flavour=GITEA_1_17) as fake:
        bench = ForgejoBench(fake)
        bench.repo.bare = Bare(root.parent / "remote.git")
        results = publisher(bench).publish(REWRITES, git(root, "rev-parse", "HEAD"))
        assert "the server is too old to change several files in one commit" in results[0].error


@pytest.mark.parametrize("act", [faults.failed, faults.dropped])
@pytest.mark.parametrize("done", [True, False])
def test_b7_a_lost_reply_or_a_500_is_looked_up_and_never_sent_again(
    bench: ForgejoBench, bare: Bare, act: Callable[..., Any], done: bool
) -> None:
    bench.fake.script(Fault(act(done=done), "POST", CONTENTS))
    results = publisher(bench).publish(REWRITES, read_at(bare))
    assert len(bench.fake.writes) == 1
    if done:
        assert errors(results) == {}
    else:
        assert all("could not tell whether it did commit on main" in result.error for result in results)
    assert count(bare.path) == (3 if done else 2)


def test_b7_a_500_of_a_push_that_lost_the_race_is_read_anew(bench: ForgejoBench, bare: Bare, root: Path) -> None:
    def act(request: Request, answer: Answer) -> Reply:
        somebody_pushes(root, OTHER, "two\n")
        return faults.failed(500, done=False)(request, answer)

    bench.fake.script(Fault(act, "POST", CONTENTS))
    assert [result.moved for result in publisher(bench).publish(REWRITES, read_at(bare))] == [True, True]
    assert there(bare) == BEFORE


def test_the_commit_waits_for_the_lease_to_outlast_it_and_is_not_made_without(bench: ForgejoBench, bare: Bare) -> None:
    def lost(seconds: float) -> None:
        message = f"the lease is lost, {seconds:.0f}"
        raise MovedError(message)

    results = publisher(bench, lost).publish(REWRITES, read_at(bare))
    assert {(result.moved, "the lease is lost, 400" in result.error) for result in results} == {(True, True)}
    assert bench.fake.writes == []


def test_an_executable_document_is_told_and_keeps_its_mode(bench: ForgejoBench, bare: Bare, root: Path) -> None:
    (root / A).chmod(0o755)
    commit_all(root)
    git(root, "push", "-q")
    assert "it is executable" in errors(publisher(bench).publish(REWRITES, read_at(bare)))[A]
    assert there(bare) == {A: BEFORE[A], B: AFTER[B]}


@pytest.mark.parametrize("name", ["docs/@ann/fixes #12.md", 'docs/odd "\t.md', "docs/-é ü.md"])
def test_odd_names_are_committed_like_others(bench: ForgejoBench, bare: Bare, root: Path, name: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("x\n", encoding="utf-8")
    commit_all(root)
    git(root, "push", "-q")
    assert errors(publisher(bench).publish([Rewrite(name, "x\n", "y\n", values=1)], read_at(bare))) == {}
    assert bare.git("cat-file", "blob", f"main:{name}") == b"y\n"


def test_what_was_published_is_read_by_the_next_run(bench: ForgejoBench, bare: Bare, root: Path) -> None:
    publisher(bench).publish(REWRITES, read_at(bare))
    assert planned(root) == []
