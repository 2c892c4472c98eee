"""The laws of a publisher over the one that lets GitHub commit: what git says of the bare repository that it works on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from closeout.errors import MovedError
from closeout.git import commits
from closeout.ports.documents import Rewrite
from closeout.repositories.commit import CommitPublisher
from closeout.repositories.hosted import Hosted
from fakes import faults
from fakes.github import GitHubFake
from fakes.github_bare import Bare
from fakes.github_values import Right
from fakes.http import Fault
from github_bench import GitHubBench
from hosted import git_of, kept_in, publisher
from ledgers import clone, git
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
from worlds import Crash

__all__ = ["begun"]
GRAPHQL = "/graphql"
HEADLINE = "Action items: 2 values written back into 2 documents"


@pytest.fixture
def root(begun: Path, tmp_path: Path) -> Path:
    return copied(begun, tmp_path)


@pytest.fixture
def bench(github_fake: GitHubFake) -> GitHubBench:
    return GitHubBench(github_fake)


@pytest.fixture
def bare(bench: GitHubBench, root: Path) -> Bare:
    return kept_in(bench, root.parent / "remote.git")


def there(bare: Bare) -> dict[str, str]:
    return {path: (bare.git("cat-file", "blob", f"main:{path}") or b"").decode() for path in (A, B)}


def read_at(bare: Bare) -> str:
    return bare.tip("main")


def test_the_bytes_are_those_that_a_pushed_commit_has(
    bench: GitHubBench, bare: Bare, begun: Path, tmp_path: Path
) -> None:
    read = read_at(bare)
    assert errors(publisher(bench).publish(REWRITES, read)) == {}
    assert there(bare) == AFTER
    other = copied(begun, tmp_path / "by-git")
    CommitPublisher(other).publish(REWRITES, git(other, "rev-parse", "HEAD"))
    assert git(other, "rev-parse", "HEAD^{tree}") == bare.text("rev-parse", "main^{tree}")
    message = bare.text("log", "-1", "--format=%B", "main")
    assert message.split("\n") == [HEADLINE, "", A, B, "", f"Closeout-Base: {read}"]
    assert git(other, "log", "-1", "--format=%B") == message


def test_one_commit_is_made_on_what_was_read_and_nothing_here_is_touched(
    bench: GitHubBench, bare: Bare, root: Path
) -> None:
    before = read_at(bare)
    results = publisher(bench).publish(REWRITES, before)
    made = read_at(bare)
    assert {result.where for result in results} == {f"commit {made[:7]} on main, made on github.com/acme/platform"}
    assert (bare.text("rev-parse", "main~"), count(bare.path)) == (before, 3)
    assert git(bare.path, "diff", "--name-only", "main~", "main").split() == [A, B]
    assert ((root / A).read_bytes().decode(), status(root)) == (BEFORE[A], "")
    assert [request.route for request in bench.fake.requests if request.writes] == [GRAPHQL]


def test_bytes_that_are_no_utf_8_go_as_they_are(bench: GitHubBench, bare: Bare, root: Path) -> None:
    (root / A).write_bytes("# Störung\n- [ ] Prüfen\n".encode("utf-16"))
    commit_all(root)
    git(root, "push", "-q")
    text = "\ufeff# Störung\n- [ ] Prüfen\n"
    rewrite = Rewrite(A, text, text.replace("Prüfen", "Prüfen #1"), encoding="utf-16-le")
    assert errors(publisher(bench).publish([rewrite], read_at(bare))) == {}
    assert bare.git("cat-file", "blob", f"main:{A}") == rewrite.after.encode("utf-16-le")


def test_nothing_to_write_asks_for_nothing(bench: GitHubBench, bare: Bare) -> None:
    assert list(publisher(bench).publish([], read_at(bare))) == []
    assert bench.asked() == []
    same = [Rewrite(path, BEFORE[path], BEFORE[path]) for path in (A, B)]
    assert errors(publisher(bench).publish(same, read_at(bare))) == {}
    assert (count(bare.path), bench.fake.writes) == (2, [])


def test_a_document_that_is_not_in_the_revision_as_it_was_read_is_left_and_told(bench: GitHubBench, bare: Bare) -> None:
    rewrites = [Rewrite(A, "older\n", "x\n"), Rewrite("docs/new.md", "x\n", "y\n"), REWRITES[1]]
    results = {one.path: one for one in publisher(bench).publish(rewrites, read_at(bare))}
    assert [results[path].moved for path in (A, "docs/new.md", B)] == [True, True, False]
    assert there(bare) == {A: BEFORE[A], B: AFTER[B]}


def test_an_executable_document_is_told_and_keeps_its_mode(bench: GitHubBench, bare: Bare, root: Path) -> None:
    (root / A).chmod(0o755)
    commit_all(root)
    git(root, "push", "-q")
    results = publisher(bench).publish(REWRITES, read_at(bare))
    assert "it is executable" in errors(results)[A]
    assert bare.text("ls-tree", "main", A).startswith("100755")
    assert there(bare) == {A: BEFORE[A], B: AFTER[B]}


def test_somebody_who_was_faster_is_told_and_what_is_read_anew_goes(bench: GitHubBench, bare: Bare, root: Path) -> None:
    before = read_at(bare)
    somebody_pushes(root, OTHER, "two\n")
    results = publisher(bench).publish(REWRITES, before)
    assert [(result.path, result.moved) for result in results] == [(A, True), (B, True)]
    assert all("there are newer commits on main. Run again" in result.error for result in results)
    assert (there(bare), count(bare.path)) == (BEFORE, 3)
    assert errors(publisher(bench).publish(REWRITES, read_at(bare))) == {}
    assert (there(bare), count(bare.path)) == (AFTER, 4)


@pytest.mark.parametrize("why", ["protected", "no right", "read only", "archived"])
def test_a_refusal_is_told_with_what_to_do_and_is_not_tried_again(bench: GitHubBench, bare: Bare, why: str) -> None:
    if why == "protected":
        bare.protected["main"] = "Changes must be made through a pull request."
    elif why == "no right":
        bench.fake.tokens[bench.fake.token].contents = Right.READ
    elif why == "read only":
        bench.repo.grant(bench.fake.login, Right.READ)
    else:
        refused = faults.refused(403, "Repository was archived so is read-only.")
        bench.fake.script(Fault(refused, "POST", GRAPHQL, skip=1, times=None))
    results = publisher(bench).publish(REWRITES, read_at(bare))
    assert [result.moved for result in results] == [False, False]
    assert all("could not be published" in result.error for result in results)
    if why == "protected":
        assert "Changes must be made through a pull request. Let the token write" in results[0].error
    assert (there(bare), count(bare.path)) == (BEFORE, 2)
    assert len(bench.fake.writes) == 1


@pytest.mark.parametrize("act", [faults.failed, faults.dropped])
@pytest.mark.parametrize("done", [True, False])
def test_a_lost_reply_is_looked_up_and_never_sent_again(
    bench: GitHubBench, bare: Bare, act: Callable[..., Any], done: bool
) -> None:
    bench.fake.script(Fault(act(done=done), "POST", GRAPHQL, skip=1))
    results = publisher(bench).publish(REWRITES, read_at(bare))
    assert len(bench.fake.writes) == 1
    if done:
        assert errors(results) == {}
        assert results[0].where.startswith(f"commit {read_at(bare)[:7]} on main")
    else:
        assert all("could not tell whether it did commit on main" in result.error for result in results)
    assert count(bare.path) == (3 if done else 2)


def test_a_lost_reply_after_which_others_went_on_is_read_anew(bench: GitHubBench, bare: Bare, root: Path) -> None:
    before = read_at(bare)

    def act(request: Any, answer: Any) -> Any:
        answer(request)
        somebody_pushes(root, OTHER, "two\n")
        return faults.failed(done=False)(request, answer)

    bench.fake.script(Fault(act, "POST", GRAPHQL, skip=1))
    assert [result.moved for result in publisher(bench).publish(REWRITES, before)] == [True, True]
    assert planned(root) == []
    assert there(bare) == AFTER


def test_a_rate_limit_that_is_told_with_status_200_is_waited_for(bench: GitHubBench, bare: Bare) -> None:
    body = {"data": None, "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]}

    def act(request: Any, answer: Any) -> Any:
        return type(answer(request))(200, body, {"Retry-After": "7"}) if not request.writes else answer(request)

    bench.fake.script(Fault(act, "POST", GRAPHQL))
    assert errors(publisher(bench).publish(REWRITES, read_at(bare))) == {}
    assert (bench.waits, there(bare)) == ([7.0], AFTER)


def test_the_commit_waits_for_the_lease_to_outlast_it_and_is_not_made_without(bench: GitHubBench, bare: Bare) -> None:
    asked: list[float] = []

    def lost(seconds: float) -> None:
        asked.append(seconds)
        message = "the lease is lost"
        raise MovedError(message)

    where = Hosted(git_of(bench))
    one = type(publisher(bench))(where.git, where.name, where.listing, lost)
    results = one.publish(REWRITES, read_at(bare))
    assert {(result.moved, "the lease is lost" in result.error) for result in results} == {(True, True)}
    assert (asked, bench.fake.writes) == ([400.0], [])


@pytest.mark.parametrize("name", ["docs/@ann/fixes #12.md", 'docs/odd "\t.md', "docs/-é ü.md"])
def test_odd_names_are_committed_like_others_and_call_nobody(
    bench: GitHubBench, bare: Bare, root: Path, name: str
) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("x\n", encoding="utf-8")
    commit_all(root)
    git(root, "push", "-q")
    results = publisher(bench).publish([Rewrite(name, "x\n", "y\n", values=1)], read_at(bare))
    assert errors(results) == {}
    assert bare.git("cat-file", "blob", f"main:{name}") == b"y\n"
    assert not {"@", "#"} & set(bare.text("log", "-1", "--format=%B", "main"))


def test_killed_before_or_after_any_request_there_is_one_commit_after_the_next_run(
    begun: Path, tmp_path: Path, bench: GitHubBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from closeout.hosts.github_connection import GitHubConnection

    exchange, step, died = GitHubConnection.exchange, 0, True
    while died:
        root = copied(begun, tmp_path / str(step))
        bare = kept_in(bench, root.parent / "remote.git")
        points = iter(range(1_000))

        def dying(*arguments: Any, points: Any = points, step: int = step) -> Any:
            if next(points) == step:
                raise Crash
            reply = exchange(*arguments)
            if next(points) == step:
                raise Crash
            return reply

        with monkeypatch.context() as patch:
            patch.setattr(GitHubConnection, "exchange", dying)
            try:
                publisher(bench).publish(REWRITES, read_at(bare))
            except Crash:
                assert there(bare) in (BEFORE, AFTER), step
            else:
                died = False
        if left := planned(root):
            assert errors(publisher(bench).publish(left, read_at(bare))) == {}, step
        assert (planned(root), there(bare), count(bare.path)) == ([], AFTER, 3), step
        step += 1
    assert step == 7  # the tree, the branch's name, the commit: before and after each


def test_a_clone_tells_by_itself_what_was_read(bench: GitHubBench, bare: Bare, root: Path) -> None:
    from functools import partial

    one = type(publisher(bench))(git_of(bench), lambda: "main", partial(commits.committed, root))
    assert errors(one.publish(REWRITES, read_at(bare))) == {}
    assert bench.asked() == [f"POST {GRAPHQL}"]
    git(clone(bare.path, "fresh"), "fsck", "--strict")
