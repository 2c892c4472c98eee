"""Clones that hold only a part: what is missing comes with one request, and what lies around is not needed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from closeout.errors import ConfigurationError
from closeout.ports.documents import Rewrite, Snapshot
from closeout.repositories.commit import CommitPublisher
from closeout.repositories.head import Head
from ledgers import USER, clone, git, remote

COUNT = 40
PATHS = ("docs/postmortems/**/*.md",)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    made = remote(tmp_path)
    git(made, "config", "uploadpack.allowFilter", "true")
    git(made, "config", "uploadpack.allowAnySHA1InWant", "true")
    root = clone(made, "writer")
    for number in range(COUNT):
        name = root / f"docs/postmortems/{number}.md"
        name.parent.mkdir(parents=True, exist_ok=True)
        name.write_text(f"# Page {number}\n", encoding="utf-8")
        (root / f"src-{number}.py").write_text(f"{number}\n" * 100, encoding="utf-8")
    pushed(root, "pages")
    return made


def pushed(root: Path, message: str) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", message)
    git(root, "push", "-q")


def change(bare: Path, *numbers: int) -> None:
    root = bare.parent / "writer"
    git(root, "pull", "-q")
    for number in numbers:
        (root / f"docs/postmortems/{number}.md").write_text(f"# Page {number}, changed\n", encoding="utf-8")
    pushed(root, "changes")


def read(root: Path, trace: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Snapshot, int]:
    """Read, and count the packs that were fetched."""
    trace.unlink(missing_ok=True)
    monkeypatch.setenv("GIT_TRACE", str(trace))
    found = Head(root, "main", PATHS).read()
    monkeypatch.delenv("GIT_TRACE")
    told = trace.read_text("utf-8", "replace")
    return found, told.count("git-upload-pack") and sum("built-in: git fetch " in line for line in told.split("\n"))


def texts(snapshot: Snapshot) -> dict[str, str]:
    return {page.path: page.text for page in snapshot.pages}


PARTIAL = ("--filter=blob:none", "--no-checkout")


@pytest.mark.parametrize(
    "options", [(), ("--depth=1",), PARTIAL, (*PARTIAL, "--depth=1"), (*PARTIAL, "--sparse")], ids=" ".join
)
def test_every_kind_of_clone_reads_the_same_with_at_most_two_fetches(
    bare: Path, options: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = clone(bare, "clone", *options)
    full = clone(bare, "full")
    found, fetches = read(root, tmp_path / "trace", monkeypatch)
    assert texts(found) == texts(Head(full, "main", PATHS).read())
    assert len(found.pages) == COUNT
    assert fetches == (1 if "--filter=blob:none" in options else 0)
    change(bare, 3, 7)
    again, fetches = read(root, tmp_path / "trace", monkeypatch)
    assert again.pages[0].text.startswith("# Page")
    assert sum("changed" in page.text for page in again.pages) == 2
    assert fetches == (2 if "--filter=blob:none" in options else 1)  # the commit, and the documents that are new
    assert read(root, tmp_path / "trace", monkeypatch)[1] == 0


def test_nothing_but_the_documents_is_fetched_into_a_partial_clone(bare: Path) -> None:
    root = clone(bare, "clone", *PARTIAL)
    Head(root, "main", PATHS).read()
    listed = git(root, "cat-file", "--batch-all-objects", "--batch-check", "--unordered")
    assert listed.count(" blob ") == COUNT


def test_a_sparse_check_out_of_the_documents_gets_its_commit_and_its_files(bare: Path) -> None:
    root = clone(bare, "clone", *PARTIAL, "--sparse")
    git(root, "sparse-checkout", "set", "docs/postmortems")
    git(root, "checkout", "-q", "main")
    found = Head(root, "main", PATHS).read()
    assert found.unpushed == frozenset()
    rewrites = [Rewrite("docs/postmortems/1.md", "# Page 1\n", "# Page 1 #1\n", 1)]
    results = CommitPublisher(root, "main").publish(rewrites, found.revision)
    assert [result.error for result in results] == [""]
    assert git(bare, "show", "--name-only", "--format=", "main") == "docs/postmortems/1.md"
    assert (root / "docs/postmortems/1.md").read_text("utf-8") == "# Page 1 #1\n"
    assert git(root, "status", "--porcelain") == ""


def test_a_partial_clone_without_its_files_gets_its_commit_pushed(bare: Path) -> None:
    root = clone(bare, "clone", *PARTIAL)
    found = Head(root, "main", PATHS).read()
    rewrites = [Rewrite("docs/postmortems/1.md", "# Page 1\n", "# Page 1 #1\n", 1)]
    results = CommitPublisher(root, "main").publish(rewrites, found.revision)
    assert "`git pull` brings it here" in results[0].where
    assert git(bare, "show", "main:docs/postmortems/1.md") == "# Page 1 #1"
    assert not list(root.glob("*.md"))


def test_a_remote_that_does_not_answer_is_an_error_and_no_page_is_empty(bare: Path) -> None:
    root = clone(bare, "clone", *PARTIAL)
    git(bare, "config", "uploadpack.allowFilter", "false")
    git(bare, "config", "uploadpack.allowAnySHA1InWant", "false")
    environment = {**os.environ, **USER}
    subprocess.run(["git", "-C", str(root), "config", "protocol.version", "0"], check=True, env=environment)
    with pytest.raises(ConfigurationError):
        Head(root, "main", PATHS).read()
