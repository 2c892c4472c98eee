"""A repository that leads, by links, to what is not its own: nothing there is read, and nothing is written."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from closeout.daemon.log import log
from closeout.daemon.serve import Signals, once
from closeout.settings import Settings
from closeout.settings.schedule import Daemon, Repository
from jobs.hosts import OTHER, OTHER_TEXT, PAGE, TEXT
from ledgers import git

SECRET = OTHER_TEXT.replace("Add a disk alert", "Rotate the leaked key")


@pytest.fixture(autouse=True)
def _somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ann@example.com")


def a_repository(folder: Path, files: Mapping[str, str], links: Mapping[str, str]) -> Path:
    """Return a bare repository with files, and links by their names."""
    bare, work = folder.with_suffix(".git"), folder
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
    subprocess.run(["git", "init", "-q", "-b", "main", str(work)], check=True)
    for name, text in files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text, encoding="utf-8")
    for name, target in links.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).symlink_to(target)
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "theirs")
    git(work, "push", "-q", str(bare), "main")
    return bare


def ran(tmp_path: Path, *bare: Path) -> str:
    """Sync repositories one after the other; return what was said."""
    said = io.StringIO()
    daemon = Daemon(cache=tmp_path / "cache", listen="", at_once=1)
    settings = Settings(repositories=tuple(Repository(url=str(one), name=one.stem) for one in bare), daemon=daemon)
    once(settings, log("json", said), Signals())
    return said.getvalue()


@pytest.mark.parametrize(
    "links",
    [
        {OTHER: f"../../../other/{OTHER}"},
        {".closeout": "../other/.closeout"},
        {".closeout/issues": "../../other/.closeout/issues"},
        {".closeout/issues/0001-rotate.md": "../../../other/.closeout/issues/0001-rotate-the-leaked-key.md"},
        {".closeout/ledger.jsonl": "../../other/.closeout/ledger.jsonl"},
        {".closeout/ledger.jsonl": "../../other/.git/description"},
        {".closeout/ledger.jsonl": "../.git/hooks/post-checkout"},
    ],
    ids=lambda links: " ".join(f"{name} to {target}" for name, target in links.items()),
)
def test_a_link_into_the_clone_of_another_repository_is_told_and_leads_nowhere(
    tmp_path: Path, links: Mapping[str, str]
) -> None:
    other = a_repository(tmp_path / "other", {OTHER: SECRET}, {})
    ran(tmp_path, other)
    clone = tmp_path / "cache/other"
    before = {path: path.read_bytes() for path in clone.rglob("*") if path.is_file()}
    mine = a_repository(tmp_path / "mine", {PAGE: TEXT}, links)
    told = ran(tmp_path, mine)
    assert {path: path.read_bytes() for path in clone.rglob("*") if path.is_file()} == before
    assert "Rotate the leaked key" not in git(mine, "log", "-p", "main")
    assert not (tmp_path / "cache/mine/.git/hooks/post-checkout").exists()
    assert "leads out of the repository" in told


def test_a_link_to_a_document_of_the_same_repository_is_left_out_as_before(tmp_path: Path) -> None:
    mine = a_repository(tmp_path / "mine", {PAGE: TEXT}, {OTHER: Path(PAGE).name})
    assert '"created": 2' in ran(tmp_path, mine)
    assert "could not" not in ran(tmp_path, mine)
