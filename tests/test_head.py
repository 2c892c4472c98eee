"""Documents at the head that everybody shares: what is read of a commit, and what is told instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from closeout.repositories import pages
from closeout.repositories.head import Head
from ledgers import clone, git, remote

A = "postmortems/a.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = clone(remote(tmp_path), "clone")
    put(made, A, b"# A\r\n")
    push(made)
    return made


def put(root: Path, name: str, content: bytes) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(content)


def push(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "one")
    git(root, "push", "-q", "origin", "HEAD:main")


def test_the_remotes_head_is_read_byte_for_byte_and_nothing_here_changes(root: Path) -> None:
    other = clone(root.parent / "remote.git", "other")
    put(other, A, b"# Theirs\r\n")
    push(other)
    put(root, A, b"# Mine\n")
    refs = git(root, "for-each-ref")
    snapshot = Head(root, "main").read()
    assert [(page.path, page.text) for page in snapshot.pages] == [(A, "# Theirs\r\n")]
    assert (snapshot.revision, snapshot.name) == (git(other, "rev-parse", "HEAD"), "origin/main")
    assert snapshot.unpushed == {A}
    assert (git(root, "for-each-ref"), (root / A).read_bytes()) == (refs, b"# Mine\n")


def test_what_is_new_or_gone_here_is_named_as_not_pushed(root: Path) -> None:
    put(root, "postmortems/new.md", b"# New\n")
    put(root, "postmortems/other.txt", b"no document\n")
    (root / A).unlink()
    snapshot = Head(root, "main").read()
    assert [page.path for page in snapshot.pages] == [A]
    assert snapshot.unpushed == {A, "postmortems/new.md"}


def test_without_a_branch_there_the_last_commit_is_read_and_that_is_said(root: Path) -> None:
    snapshot = Head(root, "topic").read()
    assert snapshot.revision == git(root, "rev-parse", "HEAD")
    assert snapshot.note == "no remote has the branch topic: the documents are read at its last commit here"
    assert Head(root).read().note == ""


def test_before_the_first_commit_there_is_nothing_to_read(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    put(tmp_path, A, b"# A\n")
    snapshot = Head(tmp_path, "main").read()
    assert (list(snapshot.pages), snapshot.revision) == ([], "")
    assert "nothing is committed here yet" in snapshot.note


def test_a_link_to_a_document_is_left_out_and_any_other_is_told(root: Path) -> None:
    put(root, "kept/far.md", b"# Far\n")
    (root / "postmortems/latest.md").symlink_to("a.md")
    (root / "postmortems/far.md").symlink_to("../kept/far.md")
    push(root)
    first, second = Head(root, "main").read().pages
    assert (first.path, first.text) == (A, "# A\r\n")
    assert second.error == (
        "postmortems/far.md: could not be read: it is a symbolic link to kept/far.md, which is no document. Name that in `paths`"
    )


def test_what_cannot_be_read_is_told_and_the_others_are_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("closeout.repositories.trees.MAX_BYTES", 100)
    put(root, "postmortems/large.md", b"x" * 101)
    put(root, "postmortems/nul.md", b"x\0")
    put(root, "postmortems/same.md", b"# A\r\n")
    push(root)
    found = {page.path: page for page in Head(root, "main").read().pages}
    assert [name for name, page in found.items() if page.error] == ["postmortems/large.md", "postmortems/nul.md"]
    assert "it has 101 bytes" in found["postmortems/large.md"].error
    assert found["postmortems/same.md"].text == found[A].text == "# A\r\n"
    assert pages.MAX_BYTES == 5_000_000


def test_a_shallow_clone_cannot_tell_that_history_was_rewritten(root: Path) -> None:
    first = git(root, "rev-parse", "HEAD")
    put(root, A, b"# B\n")
    push(root)
    here = git(root, "rev-parse", "HEAD")
    url = (root.parent / "remote.git").as_uri()
    git(root.parent, "clone", "-q", "--depth=1", url, str(root.parent / "shallow"))
    whole, shallow = Head(root, "main"), Head(root.parent / "shallow", "main")
    assert whole.descends(here, first)
    assert not whole.descends(first, here)
    assert not whole.descends(here, "0" * 40)
    assert shallow.descends(here, first)


def test_a_shallow_clone_tells_only_which_of_two_is_the_older_one(tmp_path: Path) -> None:
    bare = remote(tmp_path)
    first = git(bare, "rev-parse", "main")
    second = git(bare, "commit-tree", f"{first}^{{tree}}", "-p", first, "-m", "second")
    git(bare, "update-ref", "refs/heads/main", second)
    git(bare, "branch", "first", first)
    root = clone(bare, "shallow", "--depth", "1")
    git(root, "fetch", "-q", "--depth", "1", "origin", "first")
    assert Head(root).descends(second, first)
    git(root, "fetch", "-q", "--unshallow", "origin", "main")
    assert (Head(root).descends(second, first), Head(root).descends(first, second)) == (True, False)
