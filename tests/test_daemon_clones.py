"""The clones that a daemon keeps: whatever happens to the remote, and whatever a killed git leaves, the next run goes on."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from closeout.errors import ConfigurationError
from closeout.git.clones import brought
from ledgers import git

LEDGER = "refs/closeout/ledger"


@pytest.fixture(autouse=True)
def _somebody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ann@example.com")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path / "cache"))  # as a run has it


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A remote with the commits `one` and `two` on main; its work tree is beside it."""
    bare, work = tmp_path / "remote.git", tmp_path / "work"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
    subprocess.run(["git", "clone", "-q", str(bare), str(work)], check=True, capture_output=True)
    git(work, "checkout", "-q", "-b", "main")
    for word in ("one", "two"):
        commit(work, word)
    git(work, "push", "-q", "origin", "main")
    return bare


def commit(work: Path, word: str) -> None:
    (work / "page.md").write_text(word)
    git(work, "add", ".")
    git(work, "commit", "-q", "-m", word)


def bring(remote: Path, *, address: str = "") -> Path:
    folder = remote.parent / "cache/ops"
    brought(address or str(remote), folder, 60.0)
    return folder


def shown(folder: Path) -> str:
    assert git(folder, "status", "--porcelain") == ""
    return (folder / "page.md").read_text()


def test_a_branch_that_was_pushed_by_force_is_followed(remote: Path) -> None:
    bring(remote)
    work = remote.parent / "work"
    git(work, "reset", "-q", "--hard", "HEAD~1")
    commit(work, "another two")
    git(work, "push", "-q", "--force", "origin", "main")
    assert shown(bring(remote)) == "another two"


@pytest.mark.parametrize("name", ["trunk", "main/new"])  # the second needs the place of the first in .git/refs
def test_a_default_branch_of_another_name_is_followed(remote: Path, name: str) -> None:
    bring(remote)
    if name.startswith("main/"):
        git(remote, "branch", "-m", "main", "aside")
        git(remote, "branch", "-m", "aside", name)
    else:
        git(remote, "branch", "-m", "main", name)
    git(remote, "symbolic-ref", "HEAD", f"refs/heads/{name}")
    assert shown(bring(remote)) == "two"
    assert git(remote.parent / "cache/ops", "branch", "--show-current").strip() == name


def test_a_remote_that_was_emptied_is_told_and_its_clone_is_kept(remote: Path) -> None:
    folder = bring(remote)
    git(remote, "update-ref", "-d", "refs/heads/main")
    with pytest.raises(ConfigurationError, match="could not be used: it has no default branch"):
        bring(remote)
    assert (folder / "page.md").read_text() == "two"
    git(remote.parent / "work", "push", "-q", "origin", "main")
    assert shown(bring(remote)) == "two"


def test_a_remote_that_is_gone_is_told_and_its_clone_is_kept(remote: Path) -> None:
    folder = bring(remote)
    remote.rename(remote.with_name("renamed.git"))
    with pytest.raises(ConfigurationError, match="could not be fetched"):
        bring(remote)
    assert (folder / "page.md").read_text() == "two"
    assert shown(bring(remote, address=str(remote.with_name("renamed.git")))) == "two"


def test_a_shallow_clone_that_somebody_put_there_is_used(remote: Path) -> None:
    folder = remote.parent / "cache/ops"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{remote}", str(folder)], check=True)
    commit(remote.parent / "work", "three")
    git(remote.parent / "work", "push", "-q", "origin", "main")
    assert shown(bring(remote)) == "three"


LEFT = (
    "index.lock", "HEAD.lock", "config.lock", "packed-refs.lock", "shallow.lock", "FETCH_HEAD.lock",
    "refs/heads/main.lock", "refs/remotes/origin/main.lock", "refs/remotes/origin/HEAD.lock", "refs/closeout/ledger.lock",
    "objects/pack/tmp_pack_AbCdEf", "objects/pack/tmp_idx_AbCdEf", "objects/info/commit-graph.lock", "closeout-ledger.git/config.lock",
)  # fmt: skip


def test_what_a_killed_git_leaves_stands_in_nobodys_way(remote: Path) -> None:
    folder = bring(remote)
    git(folder, "update-ref", LEDGER, "HEAD")
    commit(remote.parent / "work", "three")
    git(remote.parent / "work", "push", "-q", "origin", "main")
    for name in LEFT:
        (folder / ".git" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / ".git" / name).write_text("half")
    assert shown(bring(remote)) == "three"
    assert [name for name in LEFT if (folder / ".git" / name).exists()] == []
    git(folder, "update-ref", LEDGER, "HEAD")


def no_object(folder: Path) -> None:
    one = git(folder, "rev-parse", "HEAD:page.md").strip()
    there = folder / ".git/objects" / one[:2] / one[2:]
    there.unlink()  # the file may be the remote's, too
    there.write_bytes(b"no longer what it was")
    (folder / "page.md").unlink()
    (folder / ".git/index").unlink()


def no_head(folder: Path) -> None:
    (folder / ".git/HEAD").write_bytes(b"\0" * 23)  # what a lost power leaves


def no_ref(folder: Path) -> None:
    (folder / ".git/refs/remotes/origin").mkdir(parents=True, exist_ok=True)
    (folder / ".git/refs/remotes/origin/main").write_bytes(b"\0" * 41)


def no_config(folder: Path) -> None:
    (folder / ".git/config").write_bytes(b"[core\n")


DAMAGES = (no_object, no_head, no_ref, no_config)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__)
def test_a_damaged_clone_is_made_anew_with_the_ledger_that_only_it_has(
    remote: Path, damage: Callable[[Path], None]
) -> None:
    folder = bring(remote)
    ledger = git(folder, "commit-tree", "-m", "ledger", git(folder, "mktree").strip()).strip()
    git(folder, "update-ref", LEDGER, ledger)
    damage(folder)
    if damage in {no_head, no_config}:  # git reads nothing of it
        with pytest.raises(ConfigurationError, match=f"{LEDGER} is damaged, and only this clone has it"):
            bring(remote)
        git(remote.parent / "work", "push", "-q", "origin", f"HEAD:{LEDGER}")
        assert shown(bring(remote)) == "two"
    else:
        assert shown(bring(remote)) == "two"
        assert git(folder, "rev-parse", LEDGER).strip() == ledger
    git(folder, "fsck", "--strict")
    assert sorted(one.name for one in folder.parent.iterdir()) == ["ops"]


def test_a_damaged_clone_never_turns_to_the_repository_around_it(remote: Path) -> None:
    around = remote.parent
    git(around, "init", "-q", "-b", "main")
    (around / "mine.md").write_text("mine")
    no_head(bring(remote))
    assert shown(bring(remote)) == "two"
    assert (around / "mine.md").read_text() == "mine"
    assert git(around, "branch", "--list") == ""


def test_a_death_between_two_names_loses_nothing(remote: Path) -> None:
    folder = bring(remote)
    git(folder, "update-ref", LEDGER, "HEAD")
    folder.rename(folder.with_name(".ops.old"))
    assert shown(bring(remote)) == "two"
    assert git(folder, "rev-parse", LEDGER) == git(folder, "rev-parse", "HEAD")


@pytest.mark.parametrize("name", [".ops.old", ".ops.part"])
def test_what_a_death_left_beside_a_whole_clone_goes(remote: Path, name: str) -> None:
    folder = bring(remote)
    shutil.copytree(folder, folder.with_name(name))
    assert shown(bring(remote)) == "two"
    assert [one.name for one in folder.parent.iterdir()] == ["ops"]


def test_many_runs_do_not_fill_the_disk_with_small_files(remote: Path) -> None:
    folder, packs = bring(remote), "objects/pack/*.pack"
    for word in ("three", "four"):
        commit(remote.parent / "work", word)
        git(remote.parent / "work", "push", "-q", "origin", "main")
        bring(remote)
        git(folder, "repack", "-q")
    assert len(list((folder / ".git").glob(packs))) == 2
    git(folder, "config", "gc.autoPackLimit", "1")
    assert shown(bring(remote)) == "four"
    assert len(list((folder / ".git").glob(packs))) == 1
