"""The image's own steps in a clean environment: what the Dockerfile copies, what it runs to install it, and its command.

Its base image and Debian's packages are left out: nothing here has root. Everything else is taken from the file.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_STEP = re.compile(r"^([A-Z]+) (.*)$")
_REVISION = "0123456789ab" * 3


def steps(text: str) -> list[tuple[str, str]]:
    """Return (instruction, words) in order; lines that go on are one."""
    joined = re.sub(r"\\\n\s*", " ", text)
    return [(found[1], found[2]) for line in joined.splitlines() if (found := _STEP.match(line))]


def play(_number: int) -> None:
    """Install as the first stage does, and sync nothing with the second one's variables; nothing is written beside its volume."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, second = _stages(steps((ROOT / "Dockerfile").read_text()))
        for what, words in first:
            if what == "COPY":
                *sources, to = words.split()
                for source in sources:
                    _copied(ROOT / source, folder / "src" / to / (source if to == "./" else ""))
        for command in (words for what, words in first if what == "RUN"):
            _shell(command.replace("/opt/closeout", f"{folder}/opt"), folder / "src", {"REVISION": _REVISION})
        (told,) = (words for what, words in second if what == "ENV")
        variables = dict(pair.split("=", 1) for pair in told.replace("$PATH", "/usr/bin:/bin").split())
        put = {key: _placed(value, folder) for key, value in variables.items()}
        (folder / "volume").mkdir()
        remote = _remote(folder)
        told_of = {**put, "CLOSEOUT_DAEMON__URL": str(remote), "CLOSEOUT_PUBLISH": "none", "CLOSEOUT_TRACKER": "folder"}
        before = _files(folder)
        done = _shell("closeout version && closeout daemon --check && closeout daemon --once", folder, told_of)
        assert "from the container image at 0123456789ab\n" in done, done
        assert "sync" in done, done
        assert '"end": "done"' in done, done
        written = {path for path in _files(folder) - before if not path.startswith("volume/")}
        assert not written, written


def _stages(found: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    at = [number for number, (what, _) in enumerate(found) if what == "FROM"]
    return found[at[0] : at[1]], found[at[1] :]


def _placed(value: str, folder: Path) -> str:
    return value.replace("/opt/closeout", f"{folder}/opt").replace("/var/lib/closeout", f"{folder}/volume")


def _copied(source: Path, to: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, to)


def _shell(command: str, folder: Path, variables: Mapping[str, str]) -> str:
    """Run what a RUN says with nothing of this process' environment; raises AssertionError if it fails."""
    told = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), **variables}
    ran = subprocess.run(
        ["/bin/sh", "-ec", command.replace("python -m ", f"{sys.executable} -m ")],
        cwd=folder, env=told, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


def _remote(folder: Path) -> Path:
    bare, work = folder / "ops.git", folder / "work"
    page = work / "postmortems/a.md"
    page.parent.mkdir(parents=True)
    page.write_text("# Outage\n\n## Action items\n\n| Action | Status |\n|---|---|\n| Add an alert | todo |\n")
    who = "-c user.name=a -c user.email=a@example.com"
    git = (
        f"git init -q -b main work && cd work && git add . && git {who} commit -q -m a && git clone -q --bare . {bare}"
    )
    _shell(git, folder, {})
    return bare


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
