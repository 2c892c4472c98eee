"""Nothing that a repository holds is run, wherever closeout's own processes begin."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from closeout.daemon.log import log
from closeout.daemon.serve import Signals, once
from closeout.errors import Exit
from closeout.git.clones import brought
from closeout.settings import Settings
from closeout.settings.schedule import Daemon, Repository
from fakes.github import GitHubFake
from jobs.hosts import PAGE, TEXT, Host
from ledgers import git


@pytest.fixture
def hub(github_fake: GitHubFake, tmp_path: Path) -> Host:
    """A team on GitHub."""
    return Host(github_fake, tmp_path)


def leaving(mark: Path) -> str:
    return f"open({str(mark)!r}, 'w').close()\n"


@pytest.mark.parametrize("name", ["venv.py", "ensurepip/__init__.py", "closeout/__init__.py", "sitecustomize.py"])
def test_the_action_imports_nothing_that_was_checked_out(hub: Host, tmp_path: Path, name: str) -> None:
    mark = tmp_path / "was here"
    hub.propose({PAGE: f"{TEXT}\n", name: leaving(mark)})
    hub.ran("pull_request")
    assert not mark.exists()


def test_the_daemon_imports_nothing_from_a_clone_that_is_called_like_a_module(hub: Host, tmp_path: Path) -> None:
    mark = tmp_path / "was here"
    hub.push({"__init__.py": leaving(mark), "closeout.toml": 'tracker = "folder"\npublish = "none"\n'})
    daemon = Daemon(cache=tmp_path / "cache", listen="")
    told = Settings(repositories=(Repository(url=hub.bare.as_uri(), name="json"),), daemon=daemon)
    for _ in range(2):  # the clone is there when the second begins
        assert once(told, log("json", io.StringIO()), Signals()) is Exit.DONE
    assert not mark.exists()


@pytest.mark.parametrize("method", ["forkserver", "spawn"])
def test_processes_that_share_the_reading_import_nothing_from_here(tmp_path: Path, method: str) -> None:
    here, script = tmp_path / "clone", tmp_path / "bin/script.py"
    for folder in (here, script.parent):
        folder.mkdir()
    (here / "multiprocessing.py").write_text(leaving(tmp_path / "was here"))
    called = f"list(Processes(2, few=1, part=1, method={method!r})(abs, [-1, -2]))"
    script.write_text(f"from closeout.processes import Processes\nif __name__ == '__main__':\n    print({called})\n")
    done = subprocess.run([sys.executable, script], cwd=here, capture_output=True, text=True, check=False, timeout=60)
    assert not (tmp_path / "was here").exists()
    assert done.stdout == "[1, 2]\n", done.stderr


def test_a_clone_runs_no_filter_hook_or_submodule_of_its_repository(hub: Host, tmp_path: Path) -> None:
    mark = tmp_path / "was here"
    script = f"#!/bin/sh\ntouch '{mark}'\n"
    hub.push(
        {
            ".gitattributes": "* filter=evil diff=evil merge=evil\n",
            ".gitconfig": f'[filter "evil"]\n\tsmudge = touch {mark}\n[core]\n\thooksPath = hooks\n',
            ".gitmodules": f'[submodule "x"]\n\tpath = x\n\turl = ext::touch {mark}\n\tupdate = !touch {mark}\n',
            "hooks/post-checkout": script,
            ".git-hooks/post-merge": script,
        }
    )
    for _ in range(2):
        brought(hub.bare.as_uri(), tmp_path / "cache/ops", 60.0)
    assert git(tmp_path / "cache/ops", "status", "--porcelain") == ""
    assert not mark.exists()


def test_a_daemon_whose_git_knows_large_files_fetches_none(
    hub: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    (tmp_path / "gitconfig").write_text(f'[filter "lfs"]\n\tsmudge = "echo $GIT_LFS_SKIP_SMUDGE >>{said}; cat"\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    hub.push({".gitattributes": "*.md filter=lfs\n", "closeout.toml": 'tracker = "folder"\npublish = "none"\n'})
    daemon = Daemon(cache=tmp_path / "cache", listen="")
    told = Settings(repositories=(Repository(url=hub.bare.as_uri(), name="ops"),), daemon=daemon)
    once(told, log("json", io.StringIO()), Signals())
    assert set(said.read_text().split()) == {"1"}
