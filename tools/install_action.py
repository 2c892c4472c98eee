"""Install the Action's own checkout into an environment of its own, or find the one that was made earlier.

It is kept where the runner keeps its tools, named after the Python and all that closeout is made of, so that another
version never finds it. Needs nothing but Python; prints what it did, and hands the environment's Python on as an output.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
OLD = 30 * 24 * 3600  # seconds for which nobody used an environment


def name(action: Path) -> str:
    """Return the name of the environment for what is checked out at `action`, and the Python that runs this."""
    told = hashlib.sha256()
    machine = (sys.version, sysconfig.get_platform(), *platform.libc_ver(), os.path.realpath(sys.executable))
    told.update("\0".join(machine).encode())
    for path in [action / "constraints.txt", action / "pyproject.toml", *sorted((action / "src").rglob("*"))]:
        if path.is_file() and path.suffix != ".pyc":
            told.update(f"\0{path.relative_to(action).as_posix()}\0".encode() + path.read_bytes())
    return f"{sys.version_info[0]}.{sys.version_info[1]}-{told.hexdigest()[:32]}"


def python_of(environment: Path) -> Path:
    """Return the Python of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def places(told: Mapping[str, str]) -> Iterator[Path]:
    """Yield the folders that environments may be kept in, the best first: what the job shares with others, else its own."""
    if told.get("RUNNER_TOOL_CACHE"):
        yield Path(told["RUNNER_TOOL_CACHE"]) / "closeout"
    if told.get("HOME"):
        yield Path(told.get("XDG_CACHE_HOME") or Path(told["HOME"]) / ".cache") / "closeout/environments"
    if told.get("RUNNER_TEMP"):
        yield Path(told["RUNNER_TEMP"]) / "closeout-environments"
    yield Path(tempfile.mkdtemp(prefix="closeout-"))


def writable(told: Mapping[str, str]) -> Path:
    """Return the first of these folders that can be written."""
    for place in places(told):
        try:
            place.mkdir(mode=0o755, parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=place).close()
            if ours(place):
                return place
        except OSError:
            continue
    message = "no folder for the environment can be written"
    raise OSError(message)


def ours(folder: Path) -> bool:
    """Whether nobody but this user, and root, can have put anything into a folder: what lies there is run."""
    if not hasattr(os, "geteuid"):
        return True
    link, found = folder.lstat(), folder.stat()
    return {link.st_uid, found.st_uid} <= {0, os.geteuid()} and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def pip_works_elsewhere() -> bool:
    """Whether this Python's pip can install into another environment (from 22.3 on)."""
    try:
        first, second = metadata.version("pip").split(".")[:2]
        return (int(first), int(second)) >= (22, 3)
    except (metadata.PackageNotFoundError, ValueError):
        return False


def make(environment: Path, action: Path) -> None:
    """Make an environment; another job that makes the same one at once gets the first one's, never a half."""
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=environment.parent))
    try:
        pins = str(action / "constraints.txt")
        ours = {
            **os.environ,
            "PIP_CONSTRAINT": pins,
            "PIP_BUILD_CONSTRAINT": pins,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        ours.pop("PYTHONPATH", None)
        own = pip_works_elsewhere()  # a pip of its own costs seconds
        subprocess.run(
            [sys.executable, "-I", "-m", "venv", *(["--without-pip"] if own else []), str(draft)], check=True
        )
        pip = [sys.executable, "-I", "-m", "pip", "--python", str(python_of(draft))]
        pip = pip if own else [str(python_of(draft)), "-I", "-m", "pip"]
        # what is not imported need not be compiled
        subprocess.run([*pip, "install", "--quiet", "--no-compile", str(action)], check=True, env=ours)
        draft.rename(environment)
    except OSError:
        if not python_of(environment).exists():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def forget(place: Path, kept: Path, now: float) -> None:
    """Remove the environments that nobody used for long, as far as other jobs and other users leave that to us."""
    for one in place.iterdir():
        with suppress(OSError):
            if one != kept and now - one.stat().st_mtime > OLD:
                shutil.rmtree(one, ignore_errors=True)


def main() -> int:
    """Find or make the environment."""
    begun = time.monotonic()
    try:
        place = writable(os.environ)
        environment = place / name(HERE)
        found = python_of(environment).exists()
        if not found:
            make(environment, HERE)
    except (OSError, subprocess.CalledProcessError) as error:
        told = f"closeout could not be installed: {error}. Look at the lines above; a proxy or a mirror is named by pip's own variables"
        print(f"::error title=closeout::{' '.join(told.split())}")
        return 2
    with suppress(OSError):  # it may be another user's
        os.utime(environment)
    forget(place, environment, time.time())
    print(
        f"closeout's environment was {'found' if found else 'made'} in {time.monotonic() - begun:.1f} s: {environment}"
    )
    if output := os.environ.get("GITHUB_OUTPUT"):
        with Path(output).open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"python={python_of(environment)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
