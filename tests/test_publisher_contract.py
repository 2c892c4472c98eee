"""The laws of a publisher: the same bytes whichever way, all of a document or nothing, and nothing else that lies around.

Each publisher works in a clone of a bare remote; what it may do there is told by git itself.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from closeout import files
from closeout import git as closeout_git
from closeout.errors import Exit, MovedError
from closeout.git import branches, commits, program
from closeout.ports.documents import Published, Publisher, Rewrite
from closeout.repositories.commit import CommitPublisher
from closeout.repositories.pull_request import PullRequestPublisher
from closeout.repositories.worktree import NoPublisher, WorktreePublisher
from ledgers import NOON, clone, git, remote
from pulls import BRANCH, MemoryPulls, edited, publisher
from worlds import Crash, Fuse

Make = Callable[[Path], Publisher]


def offering(root: Path) -> PullRequestPublisher:
    """A pull request whose host is in memory."""
    return publisher(root, MemoryPulls(bare(root)))


A, B = "docs/postmortems/a.md", "docs/postmortems/b.md"
OTHER, STAGED = "src/other.py", "src/staged.py"
BEFORE = {A: "# A\n\n- [ ] Add an alert\n", B: "# B\r\n\r\n- [ ] Raise the limit — now\r\n"}
AFTER = {A: "# A\n\n- [ ] Add an alert #1\n", B: "# B\r\n\r\n- [ ] Raise the limit — now #2\r\n"}
WRITES = {"-w", "read-tree", "update-index", "write-tree", "commit-tree", "push", "update-ref"}
REWRITES = [Rewrite(path, BEFORE[path], AFTER[path], values=1) for path in (A, B)]
WRITING: list[Callable[[Path], Publisher]] = [WorktreePublisher, CommitPublisher, offering]
ALL: list[Callable[[Path], Publisher]] = [lambda _: NoPublisher(), *WRITING]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare remote and a clone with two documents and two other files, all of it committed and pushed."""
    folder = tmp_path_factory.mktemp("begun")
    root = clone(remote(folder), "clone")
    for name, text in {**BEFORE, OTHER: "one\n", STAGED: "one\n"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())
    commit_all(root)
    git(root, "push", "-q")
    return folder


@pytest.fixture
def root(begun: Path, tmp_path: Path) -> Path:
    return copied(begun, tmp_path)


def copied(begun: Path, folder: Path) -> Path:
    shutil.copytree(begun, folder, dirs_exist_ok=True, symlinks=True)
    git(folder / "clone", "remote", "set-url", "origin", (folder / "remote.git").as_uri())
    return folder / "clone"


def bare(root: Path) -> Path:
    return root.parent / "remote.git"


def commit_all(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "theirs")


def texts(root: Path) -> dict[str, str]:
    return {path: (root / path).read_bytes().decode() for path in (A, B)}


def heads(root: Path) -> tuple[str, str]:
    """The commit here, and the remote's."""
    return git(root, "rev-parse", "HEAD"), git(bare(root), "rev-parse", "main")


def count(repository: Path) -> int:
    return int(git(repository, "rev-list", "--count", "main"))


def status(root: Path) -> str:
    return git(root, "status", "--porcelain")


def publish(publisher: Publisher, root: Path, rewrites: Sequence[Rewrite] = REWRITES) -> Sequence[Published]:
    """Publish what was read at the head that everybody shares."""
    if heads(root)[0] != heads(root)[1] and git(root, "remote"):
        git(root, "fetch", "-q")
    return publisher.publish(rewrites, heads(root)[1])


def errors(results: Any) -> dict[str, str]:
    return {result.path: result.error for result in results if result.error}


def hook(repository: Path, name: str, script: str) -> None:
    path = repository / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def somebody_pushes(root: Path, name: str, text: str) -> None:
    other = clone(bare(root), "other")
    (other / name).write_bytes(text.encode())
    commit_all(other)
    git(other, "push", "-q")


@pytest.mark.parametrize("make", WRITING)
def test_the_bytes_are_the_same_whichever_way(root: Path, make: Callable[[Path], Publisher]) -> None:
    made = make(root)
    assert errors(publish(made, root)) == {}
    if isinstance(made, PullRequestPublisher):
        assert (texts(root), heads(root)[1]) == (BEFORE, git(root, "rev-parse", "HEAD"))
        git(root, "pull", "-q", "origin", BRANCH)
    assert texts(root) == AFTER


def test_none_writes_nothing(root: Path) -> None:
    before = heads(root)
    assert not NoPublisher().writes
    assert errors(publish(NoPublisher(), root)) == {}
    assert (texts(root), heads(root), status(root)) == (BEFORE, before, "")


@pytest.mark.parametrize("make", ALL)
def test_nothing_to_write_leaves_everything(root: Path, make: Callable[[Path], Publisher]) -> None:
    before = heads(root)
    assert list(publish(make(root), root, [])) == []
    assert (texts(root), heads(root), status(root)) == (BEFORE, before, "")


def test_a_file_that_changed_meanwhile_is_left_and_told(root: Path) -> None:
    (root / A).write_text("theirs\n", encoding="utf-8")
    results = {result.path: result for result in publish(WorktreePublisher(root), root)}
    assert results[A].moved
    assert f"{A}: could not be" in results[A].error
    assert "changed while this run worked" in results[A].error
    assert results[B].error == ""
    assert texts(root) == {A: "theirs\n", B: AFTER[B]}


def test_a_document_that_is_not_in_the_revision_as_it_was_read_is_left_and_told(root: Path) -> None:
    unknown = Rewrite("docs/new.md", "x\n", "y\n")
    first, second, third = publish(CommitPublisher(root), root, [Rewrite(A, "older\n", "x\n"), unknown, REWRITES[1]])
    assert (first.moved, second.moved, third.moved) == (True, True, False)
    assert "changed while this run worked" in first.error
    assert texts(root) == {A: BEFORE[A], B: AFTER[B]}


def test_a_symlink_and_a_mode_are_kept(root: Path) -> None:
    link = "docs/postmortems/link.md"
    (root / "kept").mkdir()
    (root / A).rename(root / "kept/a.md")
    (root / "kept/a.md").chmod(0o755)
    (root / link).symlink_to("../../kept/a.md")
    assert errors(publish(WorktreePublisher(root), root, [Rewrite(link, BEFORE[A], AFTER[A])])) == {}
    assert (root / link).is_symlink()
    assert (root / "kept/a.md").stat().st_mode & 0o777 == 0o755
    assert (root / "kept/a.md").read_text("utf-8") == AFTER[A]


def test_a_mode_is_committed_as_it_was(root: Path) -> None:
    (root / A).chmod(0o755)
    commit_all(root)
    git(root, "push", "-q")
    assert errors(publish(CommitPublisher(root), root)) == {}
    assert git(root, "ls-tree", "HEAD", A).startswith("100755 blob")
    assert ((root / A).stat().st_mode & 0o777, status(root)) == (0o755, "")


@pytest.mark.parametrize("make", WRITING)
def test_what_else_is_staged_or_changed_stays_as_it_was(root: Path, make: Callable[[Path], Publisher]) -> None:
    (root / STAGED).write_text("two\n", encoding="utf-8")
    git(root, "add", STAGED)
    (root / STAGED).write_text("three\n", encoding="utf-8")
    (root / OTHER).write_text("two\n", encoding="utf-8")
    (root / "new.py").write_text("new\n", encoding="utf-8")
    git(root, "rm", "-q", "--cached", OTHER)
    before = others(root)
    assert errors(publish(make(root), root)) == {}
    assert others(root) == before


def others(root: Path) -> tuple[str, str, str]:
    rest = ["--", ".", ":!docs"]
    return git(root, "diff", *rest), git(root, "diff", "--cached", *rest), git(root, "status", "--porcelain", *rest)


def test_one_commit_holds_the_documents_and_is_pushed(root: Path) -> None:
    read = heads(root)[1]
    results = publish(CommitPublisher(root), root)
    here, there = heads(root)
    assert here == there
    assert {result.where for result in results} == {f"commit {here[:7]} on main, pushed to origin"}
    assert (count(root), status(root)) == (3, "")
    assert git(root, "diff", "--name-only", "HEAD~", "HEAD").split() == [A, B]
    assert git(root, "log", "-1", "--format=%an %ae %cn %ce") == "closeout closeout closeout closeout"
    assert git(root, "log", "-1", "--format=%B").split("\n") == [
        "Action items: 2 values written back into 2 documents",
        "",
        A,
        B,
        "",
        f"Closeout-Base: {read}",
    ]


def test_only_the_documents_are_in_the_commit(root: Path) -> None:
    (root / STAGED).write_text("two\n", encoding="utf-8")
    git(root, "add", STAGED)
    publish(CommitPublisher(root), root)
    assert git(root, "show", f"HEAD:{STAGED}") == "one"
    assert git(root, "diff", "--cached", "--name-only") == STAGED


def test_a_push_waits_for_the_lease_to_outlast_it_and_is_not_made_without(root: Path) -> None:
    before, asked = heads(root), []

    def lost(seconds: float) -> None:
        asked.append(seconds)
        message = "the lease is lost"
        raise MovedError(message)

    results = publish(CommitPublisher(root, hold=lost), root)
    assert {(result.moved, "the lease is lost" in result.error) for result in results} == {(True, True)}
    assert (heads(root), status(root), asked) == (before, "", [240.0])


def test_a_second_publish_makes_no_second_commit(root: Path) -> None:
    publish(CommitPublisher(root), root)
    before = heads(root)
    again = [Rewrite(path, AFTER[path], AFTER[path]) for path in (A, B)]
    assert errors(publish(CommitPublisher(root), root, [])) == {}
    assert errors(publish(CommitPublisher(root), root, again)) == {}
    assert heads(root) == before


def test_the_author_is_the_one_that_git_has_configured_and_no_hook_runs_and_nothing_is_signed(root: Path) -> None:
    for key, value in {"user.name": "Bot", "user.email": "bot@example.com", "commit.gpgSign": "true"}.items():
        git(root, "config", key, value)
    names = "pre-commit commit-msg post-commit pre-push reference-transaction post-index-change"
    for name in names.split():
        hook(root / ".git", name, f"touch '{root}/ran-{name}'; exit 1")
    assert errors(publish(CommitPublisher(root), root)) == {}
    assert git(bare(root), "log", "-1", "--format=%an <%ae> %cn", "main") == "Bot <bot@example.com> Bot"
    assert list(root.glob("ran-*")) == []


@pytest.mark.parametrize("staged", [False, True])
def test_a_local_edit_is_not_committed_and_nothing_here_is_touched(root: Path, staged: bool) -> None:
    edited = BEFORE[A] + "theirs\n"
    (root / A).write_text(edited, encoding="utf-8")
    if staged:  # and taken back in the file
        git(root, "add", A)
        (root / A).write_text(BEFORE[A], encoding="utf-8")
        edited = BEFORE[A]
    before, index = heads(root)[0], git(root, "ls-files", "-s")
    results = publish(CommitPublisher(root), root)
    assert errors(results) == {}
    assert all(result.where.endswith(", pushed to origin; `git pull` brings it here") for result in results)
    assert (texts(root), git(root, "ls-files", "-s")) == ({A: edited, B: BEFORE[B]}, index)
    assert heads(root)[0] == before
    assert git(bare(root), "cat-file", "blob", f"main:{A}") == AFTER[A].strip()


def test_without_a_remote_a_local_edit_is_named_and_left_alone(root: Path) -> None:
    git(root, "remote", "remove", "origin")
    (root / A).write_text(BEFORE[A] + "theirs\n", encoding="utf-8")
    results = publish(CommitPublisher(root), root)
    assert list(errors(results)) == [A]
    assert "edits that nobody has committed" in errors(results)[A]
    assert texts(root) == {A: BEFORE[A] + "theirs\n", B: AFTER[B]}
    assert git(root, "diff", "--name-only", "HEAD~", "HEAD") == B


def test_line_ends_that_git_converts_are_no_local_edit(root: Path) -> None:
    (root / ".gitattributes").write_text("*.md text eol=crlf\n", encoding="utf-8")
    (root / A).unlink()
    commit_all(root)
    (root / A).write_bytes(BEFORE[A].replace("\n", "\r\n").encode())
    commit_all(root)
    git(root, "push", "-q")
    assert errors(publish(CommitPublisher(root), root, [REWRITES[0]])) == {}
    assert (root / A).read_bytes() == AFTER[A].replace("\n", "\r\n").encode()
    assert git(root, "cat-file", "blob", f"HEAD:{A}") == AFTER[A].strip()
    assert status(root) == ""


def assert_untouched(root: Path, results: Any, head: str, *, moved: bool, told: str) -> None:
    """Nothing here changed, and every document says why."""
    assert [(result.path, result.moved) for result in results] == [(A, moved), (B, moved)]
    for result in results:
        assert told in result.error
    assert (texts(root), heads(root)[0], status(root)) == (BEFORE, head, "")


def test_somebody_was_faster_before(root: Path) -> None:
    head, there = heads(root)
    somebody_pushes(root, OTHER, "two\n")
    results = CommitPublisher(root).publish(REWRITES, there)
    assert_untouched(root, results, head, moved=True, told="origin has newer commits on main. Run again")
    assert count(bare(root)) == 3
    results = publish(CommitPublisher(root), root)  # as it is read by the next run; this clone was not pulled
    assert_untouched(root, results, head, moved=False, told="")
    assert count(bare(root)) == 4
    git(root, "pull", "-q", "--ff-only")
    assert (texts(root), status(root)) == (AFTER, "")


def test_somebody_was_faster_between_the_look_and_the_push(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head, _ = heads(root)
    push = closeout_git.push

    def late(*arguments: Any, **named: Any) -> str:
        somebody_pushes(root, OTHER, "two\n")
        return push(*arguments, **named)

    monkeypatch.setattr(closeout_git, "push", late)
    results = publish(CommitPublisher(root), root)
    assert_untouched(root, results, head, moved=True, told="origin has newer commits on main. Run again")


def test_a_protected_branch_is_told_with_what_to_do(root: Path) -> None:
    head, _ = heads(root)
    hook(bare(root), "pre-receive", "echo 'main is protected' >&2; exit 1")
    results = publish(CommitPublisher(root), root)
    assert_untouched(root, results, head, moved=False, told='the right to push to that branch, or say `publish = "work')
    assert heads(root) == (head, head)


def test_commits_that_nobody_pushed_are_not_pushed(root: Path) -> None:
    (root / OTHER).write_text("two\n", encoding="utf-8")
    commit_all(root)
    head, there = heads(root)
    results = publish(CommitPublisher(root), root)
    assert_untouched(root, results, head, moved=False, told="")
    assert all(result.where.endswith("`git pull` brings it here") for result in results)
    assert git(bare(root), "rev-parse", "main~") == there


def test_a_branch_that_is_ahead_of_its_remote_is_to_be_pushed_first(root: Path) -> None:
    """On a branch of its own, which is read as it is here, no run would ever get further by running again."""
    (root / OTHER).write_text("two\n", encoding="utf-8")
    commit_all(root)
    head, there = heads(root)
    results = CommitPublisher(root).publish(REWRITES, head)
    assert_untouched(root, results, head, moved=False, told="main has commits here that origin lacks. Push them, then")
    assert heads(root) == (head, there)


def test_a_push_whose_answer_was_lost_is_looked_up(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    push = closeout_git.push

    def lost(*arguments: Any, **named: Any) -> str:
        push(*arguments, **named)
        return "the remote end hung up unexpectedly"

    monkeypatch.setattr(closeout_git, "push", lost)
    assert errors(publish(CommitPublisher(root), root)) == {}
    assert (count(bare(root)), heads(root)[0], texts(root)) == (3, heads(root)[1], AFTER)


def test_a_push_that_cannot_be_looked_up_is_known_again_by_the_next_run(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, _ = heads(root)
    push, away = closeout_git.push, bare(root).with_name("away.git")

    def lost(*arguments: Any, **named: Any) -> str:
        push(*arguments, **named)
        bare(root).rename(away)
        return "the remote end hung up unexpectedly"

    with monkeypatch.context() as patch:
        patch.setattr(closeout_git, "push", lost)
        results = publish(CommitPublisher(root), root)
    away.rename(bare(root))
    assert_untouched(root, results, head, moved=False, told="Check the network and the rights, then run again")
    assert planned(root) == []
    git(root, "pull", "-q", "--ff-only")
    assert (count(bare(root)), texts(root)) == (3, AFTER)


@pytest.mark.parametrize("made", ["no remote", "no such branch there"])
def test_without_a_branch_to_push_to_the_commit_stays_here(root: Path, made: str) -> None:
    there = heads(root)[1]
    if made == "no remote":
        git(root, "remote", "remove", "origin")
    else:
        git(root, "switch", "-q", "-c", "topic", "--track", "origin/main")
    results = publish(CommitPublisher(root), root)
    assert all(result.where.endswith(", not pushed") for result in results)
    assert (texts(root), status(root), heads(root)[1]) == (AFTER, "", there)
    assert git(root, "log", "--format=%s", "-1").startswith("Action items")


@pytest.mark.parametrize("where", ["detached", "locked"])
def test_where_no_commit_can_be_made_nothing_is_written(root: Path, where: str) -> None:
    head, there = heads(root)
    if where == "detached":
        git(root, "checkout", "-q", "--detach")
    else:
        git(root, "remote", "remove", "origin")
        (root / ".git/index.lock").touch()
    results = publish(CommitPublisher(root), root)
    assert all("could not be published" in result.error and not result.moved for result in results)
    assert (texts(root), heads(root)) == (BEFORE, (head, there))


@pytest.mark.parametrize("where", ["detached", "locked", "read-only"])
def test_what_cannot_be_brought_here_is_pushed_all_the_same(
    root: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, _ = heads(root)
    if where == "detached":
        git(root, "checkout", "-q", "--detach")
    elif where == "locked":
        (root / ".git/index.lock").touch()
    else:
        monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anything
    results = publish(CommitPublisher(root, "main"), root)
    (root / ".git/index.lock").unlink(missing_ok=True)
    assert_untouched(root, results, head, moved=False, told="")
    assert git(bare(root), "cat-file", "blob", f"main:{A}") == AFTER[A].strip()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("docs/2026-05-01 pool.md", "docs/2026-05-01 pool.md"),
        ("@ann/fixes #12.md", '"\\100ann/fixes \\04312.md"'),
        ("rca/INC-12.md", '"rca/INC\\05512.md"'),
        ("a\nb\\é.md", '"a\\012b\\134\\303\\251.md"'),
    ],
)
def test_a_path_in_the_message_calls_nobody(name: str, told: str) -> None:
    assert commits.quoted(name) == told


@pytest.mark.parametrize("name", ["@ann/fixes #12.md", 'odd "\t\n.md', ":(glob)*.md", "-é.md"])
def test_odd_names_are_committed_like_others(root: Path, name: str) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text("x\n", encoding="utf-8")
    commit_all(root)
    git(root, "push", "-q")
    assert errors(publish(CommitPublisher(root), root, [Rewrite(name, "x\n", "y\n", values=1)])) == {}
    message = git(root, "log", "-1", "--format=%B")
    assert message.split("\n")[0] == "Action items: 1 value written back into 1 document"
    assert not {"@", "#"} & set(message)
    assert status(root) == ""


# The pull request.


def shown(root: Path) -> dict[str, str]:
    return {path: (closeout_git.blob(bare(root), BRANCH, path) or b"").decode() for path in (A, B)}


def pulls_of(made: PullRequestPublisher) -> MemoryPulls:
    assert isinstance(made.pulls, MemoryPulls)
    return made.pulls


def test_a_branch_holds_one_commit_on_what_was_read_and_nothing_here_or_on_the_head_moves(root: Path) -> None:
    (root / OTHER).write_text("two\n", encoding="utf-8")
    before = heads(root)
    made = offering(root)
    results = publish(made, root)
    assert {result.where for result in results} == {"https://example.com/pull/1: opened"}
    assert all(result.waits and not result.unchanged for result in results)
    assert (heads(root), texts(root), status(root)) == (before, BEFORE, f"M {OTHER}")
    assert shown(root) == AFTER
    assert git(bare(root), "diff", "--name-only", f"main...{BRANCH}").split() == [A, B]
    assert git(bare(root), "log", "--format=%P %an <%ae> %ct", f"main..{BRANCH}") == (
        f"{before[1]} bot <bot@example.com> {int(NOON.timestamp())}"
    )
    assert git(bare(root), "log", "-1", "--format=%(trailers:key=Closeout-Base,valueonly)", BRANCH) == before[1]


def test_the_same_again_pushes_nothing_and_asks_for_nothing(root: Path) -> None:
    made = offering(root)
    publish(made, root)
    tip, writes = pulls_of(made).tip(), pulls_of(made).writes
    for later in (made, publisher(root, pulls_of(made), every=timedelta(0))):
        waiting = later.waiting(heads(root)[1])
        assert {path: page.text for path, page in waiting.pages.items()} == AFTER
        assert waiting.known
        assert all(result.unchanged for result in publish(later, root))
    assert (pulls_of(made).tip(), pulls_of(made).writes) == (tip, writes)


def test_a_branch_of_others_is_never_written(root: Path) -> None:
    made = offering(root)
    git(bare(root), "branch", BRANCH, "main")
    edited(bare(root), BRANCH, A, lambda text: text + "theirs\n")
    before = pulls_of(made).tip()
    assert "it holds only commits that others made. Delete it, or name another" in errors(publish(made, root))[BRANCH]
    made.waiting(heads(root)[1])
    assert list(publish(made, root, [])) == []
    assert (pulls_of(made).tip(), pulls_of(made).pulls) == (before, [])


def test_a_branch_that_somebody_pushed_to_meanwhile_is_left_and_read_again(root: Path) -> None:
    made = publisher(root, MemoryPulls(bare(root)), every=timedelta(0))
    publish(made, root)
    made.waiting(heads(root)[1])
    edited(bare(root), BRANCH, A, lambda text: text + "theirs\n")
    before = pulls_of(made).tip()
    results = publish(made, root, [Rewrite(A, BEFORE[A], AFTER[A] + "more\n")])
    assert [result.moved for result in results if result.error] == [True]
    assert pulls_of(made).tip() == before
    made.waiting(heads(root)[1])
    page = made.standing(A)
    assert page is not None
    assert page.text == AFTER[A] + "theirs\n"
    assert errors(publish(made, root, [Rewrite(A, page.text, page.text + "more\n")])) == {}
    assert shown(root)[A] == AFTER[A] + "theirs\nmore\n"
    assert git(bare(root), "merge-base", before, BRANCH) == before


def test_a_merge_meanwhile_is_no_reason_to_offer_it_again(root: Path) -> None:
    made = publisher(root, MemoryPulls(bare(root)), every=timedelta(0))
    publish(made, root)
    read = heads(root)[1]
    pulls_of(made).merge()
    waiting = made.waiting(read)
    assert (waiting.known, set(waiting.pages)) == (False, {A, B})  # they landed behind what was read
    results = made.publish([Rewrite(A, BEFORE[A], AFTER[A] + "more\n")], read)
    assert [result.moved for result in results if result.error] == [True]
    assert len(pulls_of(made).pulls) == 1


def test_where_the_host_refuses_the_branch_stays_and_the_way_is_told(root: Path) -> None:
    made = publisher(root, MemoryPulls(bare(root), refuses="no. Do this"))
    results = publish(made, root)
    (error,) = [result for result in results if result.error]
    assert error.code is Exit.TRACKER
    assert f"no. Do this. It can be opened by hand at https://example.com/compare/main...{BRANCH}" in error.error
    assert shown(root) == AFTER


def test_without_a_host_the_branch_is_pushed_and_taken_back(root: Path) -> None:
    made = publisher(root, None)
    results = publish(made, root)
    assert all(
        result.where.endswith(f" on {BRANCH}, pushed to origin: open a pull request from it") for result in results
    )
    made.waiting(heads(root)[1])
    publish(made, root, [])
    assert git(bare(root), "branch", "--list", BRANCH) == ""


def test_documents_go_by_their_leading_folders_where_that_is_asked(root: Path) -> None:
    pulls = MemoryPulls(bare(root))
    made = publisher(root, pulls, per="d*/post*")
    other = "README.md"
    (root / other).write_text("x\n", encoding="utf-8")
    commit_all(root)
    git(root, "push", "-q")
    assert errors(publish(made, root, [*REWRITES, Rewrite(other, "x\n", "y\n")])) == {}
    names = git(bare(root), "for-each-ref", "--format=%(refname:short)", "refs/heads/closeout").split()
    assert names == [BRANCH, next(name for name in names if name.startswith(f"{BRANCH}-docs-postmortems-"))]
    assert sorted(pulls.branches.values()) == sorted(names)
    made.waiting(heads(root)[1])
    publish(made, root, REWRITES)
    assert [pull.state for pull in pulls.pulls] == ["open", "closed"] or [pull.state for pull in pulls.pulls] == [
        "closed",
        "open",
    ]
    assert git(bare(root), "branch", "--list", BRANCH) == ""


def test_offered_or_killed_before_any_step_there_is_one_pull_request_after_the_next_run(
    begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, died = 0, True
    while died:
        root = copied(begun, tmp_path / f"offered{step}")
        fuse = Fuse(step)
        pulls = MemoryPulls(bare(root), fuse=fuse)
        with monkeypatch.context() as patch:
            patch.setattr(branches, "run", fused(program.run, fuse))
            patch.setattr(commits, "run", fused(program.run, fuse))
            try:
                publish(publisher(root, pulls), root)
                died = False
            except Crash:
                died = True
        fuse.left = None
        later = publisher(root, pulls)
        later.waiting(heads(root)[1])
        assert errors(publish(later, root)) == {}, step
        assert shown(root) == AFTER, step
        assert [pull.state for pull in pulls.pulls] == ["open"], step
        assert git(bare(root), "rev-list", "--count", f"main..{BRANCH}") == "1", step
        step += 1
    assert step > 8


def fused(call: Callable[..., Any], fuse: Fuse) -> Callable[..., Any]:
    def one(*arguments: Any, **named: Any) -> Any:
        if {argument for argument in arguments if isinstance(argument, str)} & WRITES:
            fuse("before git")
        return call(*arguments, **named)

    return one


def test_a_protected_branch_falls_back_with_one_line(root: Path) -> None:
    hook(bare(root), "update", '[ "$1" != refs/heads/main ] || { echo "main is protected" >&2; exit 1; }')
    before = heads(root)
    results = publish(CommitPublisher(root, instead=offering(root)), root)
    assert errors(results) == {}
    assert [result.where for result in results if result.path == "main"] == [
        "main is protected, so what is written back goes through a pull request"
    ]
    assert all(result.waits for result in results if result.path != "main")
    assert (heads(root), shown(root)) == (before, AFTER)


def planned(root: Path) -> list[Rewrite]:
    """What the next run would plan: each document that does not show it at the remote's head."""
    there = {path: closeout_git.blob(bare(root), "main", path) for path in (A, B)}
    return [rewrite for rewrite in REWRITES if there[rewrite.path] != rewrite.after.encode()]


def test_killed_before_any_step_there_is_one_commit_after_the_next_run(
    begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, died = 0, True
    while died:
        root = copied(begun, tmp_path / str(step))
        died = killed(root, step, monkeypatch)
        assert all(texts(root)[path] in {BEFORE[path], AFTER[path]} for path in (A, B)), step
        assert errors(publish(CommitPublisher(root), root, planned(root))) == {}, step
        assert planned(root) == [], step
        assert count(bare(root)) == 3, step
        git(root, "checkout", "-q", "--", "docs")  # what may be left here is no more than the remote has too
        git(root, "reset", "-q", "--hard", "origin/main")
        assert (texts(root), status(root)) == (AFTER, ""), step
        step += 1
    assert step == 12


def killed(root: Path, step: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Publish, and die before the step of this number: each call of git that writes and each write of a file is one.

    A death before a call that only reads leaves what a death before the next one that writes leaves.
    """
    steps, files_replace = iter(range(1_000)), files.replace

    def dying(call: Callable[..., Any]) -> Callable[..., Any]:
        def one(*arguments: Any, **named: Any) -> Any:
            told = {argument for argument in arguments if isinstance(argument, str)}
            if (call is files_replace or told & WRITES) and next(steps) == step:
                raise Crash
            return call(*arguments, **named)

        return one

    with monkeypatch.context() as patch:
        run = dying(program.run)
        patch.setattr(closeout_git, "run", run)
        patch.setattr(commits, "run", run)
        patch.setattr(files, "replace", dying(files_replace))
        try:
            publish(CommitPublisher(root), root)
        except Crash:
            return True
    return False
