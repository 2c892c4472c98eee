"""Questions to git, asked of the program itself."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from closeout.errors import ConfigurationError

_SCP = re.compile(r"^(?:[\w.-]+@)?([\w.-]+):(?!//)(.+)$")
_URL = re.compile(r"^[a-z+]+://(?:[^@/]*@)?([^/:]+)(?::\d+)?/(.+)$")


_CLOSED = re.compile(r"^warning: could not open directory '(.+?)/?': ", re.M)


def git(root: Path, *arguments: str) -> str | None:
    """Return what git prints; None if it says no."""
    done = _run(root, *arguments)
    return os.fsdecode(done.stdout) if done.returncode == 0 else None


def _run(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(root), *arguments]
    environment = {**os.environ, "LC_ALL": "C"}  # noqa: TID251 - git's own variables reach it, its messages are English
    try:
        return subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
    except FileNotFoundError as error:
        message = "git: could not be run: it is not installed. Install git"
        raise ConfigurationError(message) from error
    except subprocess.TimeoutExpired as error:
        message = f"git {arguments[0]}: could not be asked: no answer within 60 s"
        raise ConfigurationError(message) from error


def top(path: Path) -> Path | None:
    """Return the root of the work tree around a path; None outside of one."""
    found = git(path, "rev-parse", "--show-toplevel")
    return Path(found.rstrip("\n")) if found else None


def own_file(root: Path, name: str) -> Path:
    """Return where git keeps a file of this work tree's own; it is never committed."""
    found = git(root, "rev-parse", "--git-path", name)
    return root / (found.rstrip("\n") if found else f".git/{name}")


def files(root: Path) -> tuple[list[str], list[str]] | None:
    """Return every tracked and untracked file that is not ignored, and the folders that git could not open.

    None outside of a work tree.
    """
    done = _run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if done.returncode:
        return None
    names = {name for name in os.fsdecode(done.stdout).split("\0") if name}
    return sorted(names), sorted(set(_CLOSED.findall(os.fsdecode(done.stderr))))


def remote(root: Path) -> str | None:
    """Return the address of `origin`; None without one."""
    found = git(root, "config", "--get", "remote.origin.url")
    return found.strip() if found and found.strip() else None


def host_and_path(address: str) -> tuple[str, str] | None:
    """Return (host, owner/name) of a remote's address, in lower case; None for a local path."""
    if address.startswith("file:") or re.match(r"^[A-Za-z]:[\\/]", address):
        return None
    match = _URL.match(address) or _SCP.match(address)
    return (match[1].lower(), match[2].lower().removesuffix("/").removesuffix(".git")) if match else None


def repository_id(root: Path) -> str:
    """Return `host/owner/name` of `origin`, else `local`."""
    found = host_and_path(remote(root) or "")
    return "/".join(found) if found else "local"


def deleted(root: Path, pattern: str) -> bool:
    """Tell whether the history of HEAD deleted a file that matches a pattern (`:(glob)a/0003-*.md`), and none is there."""
    if git(root, "ls-files", "--", pattern):
        return False
    log = git(root, "log", "-1", "--format=%H", "--diff-filter=D", "--", pattern)
    return bool(log and log.strip())


def branch(root: Path) -> str:
    """Return the branch that is checked out; empty where HEAD is detached."""
    return (git(root, "branch", "--show-current") or "").strip()


def default_branch(root: Path) -> str:
    """Return the branch that origin's HEAD names; empty if this clone does not know."""
    found = git(root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD") or ""
    return found.strip().removeprefix("origin/")
