"""Clones that a program keeps: made once, and brought to the remote's head before each use."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from closeout import git
from closeout.errors import ConfigurationError
from closeout.git import _QUIET, _run, _why

_LOCKS = ("index.lock", "HEAD.lock", "config.lock", "packed-refs.lock", "shallow.lock")


def brought(address: str, folder: Path, variables: Mapping[str, str]) -> None:
    """Make a clone of the repository at `address`, or bring the one in `folder` to the head of its default branch: files
    that a dead run left are as they were committed, and refs of its own (the ledger) stay.

    Who calls it uses the folder alone: locks that are there are of the dead. Raises ConfigurationError, which never
    holds what stands in front of an `@` in an address.
    """
    if not (folder / ".git").is_dir():
        _cloned(address, folder, variables)
        return
    for name in _LOCKS:
        (folder / ".git" / name).unlink(missing_ok=True)
    if (git.remote(folder) or "") != address:
        _asked(folder, f"could not turn to {shown(address)}", "remote", "set-url", "origin", address)
    errand = f"{shown(address)}: could not be fetched"
    _asked(folder, errand, *_QUIET, "fetch", "--quiet", "--prune", "--no-tags", "origin", variables=variables)
    _asked(folder, errand, "remote", "set-head", "origin", "--auto", variables=variables)
    branch = git.default_branch(folder)
    _asked(folder, errand, "checkout", "--quiet", "--force", "-B", branch, f"origin/{branch}")
    _asked(folder, errand, "clean", "--quiet", "-d", "--force")


def shown(address: str) -> str:
    """Return an address without what stands in front of its `@`."""
    scheme, found, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if found and "@" in rest.partition("/")[0] else address


def _cloned(address: str, folder: Path, variables: Mapping[str, str]) -> None:
    """Clone beside the folder, and put it there when it is whole: a death leaves nothing that passes for a clone."""
    begun = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(begun, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    errand = f"{shown(address)}: could not be cloned"
    options = ("--quiet", "--no-tags", "--origin=origin", "--no-recurse-submodules")
    _asked(folder.parent, errand, *_QUIET, "clone", *options, "--", address, str(begun), variables=variables)
    begun.rename(folder)


def _asked(root: Path, errand: str, *arguments: str, variables: Mapping[str, str] | None = None) -> None:
    done = _run(root, *arguments, variables=variables, far=True)
    if done.returncode:
        message = f"{errand}: {_why(done)}. Check the address, the network and the token's rights"
        raise ConfigurationError(message)
