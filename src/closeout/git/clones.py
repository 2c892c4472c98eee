"""Clones that a program keeps: made once, brought to the remote's head before each use, and made anew when damaged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from closeout import git
from closeout.errors import ConfigurationError
from closeout.git.program import QUIET, run, why

_NOT_OURS = ("refs/heads/", "refs/remotes/", "refs/tags/", "refs/stash")  # a new clone's own, or nobody's need
_WAYS = "Check the address, the network, the token's rights and the disk"


def brought(address: str, folder: Path, seconds: float) -> None:
    """Make a clone of the repository at `address`, or bring the one in `folder` to the head of its default branch: files
    that a dead run left are as they were committed, and refs of its own (the ledger) stay. One that is damaged is made
    anew, with these refs. Nothing that asks the remote may take more than `seconds`.

    Who calls it uses the folder alone: locks that are there are of the dead. Raises ConfigurationError, which never
    holds what stands in front of an `@` in an address.
    """
    before = folder.with_name(f".{folder.name}.old")
    if before.exists() and not folder.exists():
        before.rename(folder)  # a death between two names
    if not (folder / ".git").is_dir():
        _cloned(address, folder, seconds)
        return
    for half in (before, _part(folder)):  # a death after both names, or before
        shutil.rmtree(half, ignore_errors=True)
    for own in (folder / ".git", *(folder / ".git").glob("*.git")):  # a ledger may be kept apart
        for left in _left(own):
            left.unlink(missing_ok=True)
    try:
        _refreshed(address, folder, seconds)
    except ConfigurationError as error:
        there = _refs(folder.parent, address, seconds, error)
        if not _damaged(folder):
            raise
        _replaced(address, folder, before, there, seconds)


def shown(address: str) -> str:
    """Return an address without what stands in front of its `@`."""
    scheme, found, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if found and "@" in rest.partition("/")[0] else address


def _left(own: Path) -> Iterator[Path]:
    """What a git that was killed leaves: locks, and packs that it had not received wholly."""
    yield from own.glob("*.lock")
    for folder in (own / "refs", own / "objects" / "info"):
        yield from folder.rglob("*.lock")
    yield from (own / "objects" / "pack").glob("tmp_*")


def _refreshed(address: str, folder: Path, seconds: float) -> None:
    if (git.remote(folder) or "") != address:
        _asked(folder, f"{folder}: could not be turned to {shown(address)}", "remote", "set-url", "origin", address)
    errand = f"{shown(address)}: could not be fetched"
    _asked(folder, errand, *QUIET, "fetch", "--quiet", "--prune", "--no-tags", "origin", seconds=seconds)
    _asked(folder, errand, "remote", "set-head", "origin", "--auto", seconds=seconds)
    branch, before = git.default_branch(folder), git.branch(folder)
    if before not in {"", branch}:  # main would stand in the way of main/new
        _asked(folder, errand, "checkout", "--quiet", "--force", "--detach")
        _asked(folder, errand, "branch", "--quiet", "--delete", "--force", before)
    _asked(folder, errand, "checkout", "--quiet", "--force", "-B", branch, f"origin/{branch}")
    _asked(folder, errand, "clean", "--quiet", "-d", "--force")
    run(folder, "-c", "gc.autoDetach=false", "gc", "--quiet", "--auto", seconds=seconds)  # it is for next time


def _cloned(address: str, folder: Path, seconds: float) -> None:
    """Clone beside the folder, and put it there when it is whole: a death leaves nothing that passes for a clone."""
    begun = _begun(address, folder, seconds)
    shutil.rmtree(folder, ignore_errors=True)
    begun.rename(folder)


def _part(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.part")


def _begun(address: str, folder: Path, seconds: float) -> Path:
    begun = _part(folder)
    shutil.rmtree(begun, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    options = ("--quiet", "--no-tags", "--origin=origin", "--no-recurse-submodules")
    errand = f"{shown(address)}: could not be cloned"
    _asked(folder.parent, errand, *QUIET, "clone", *options, "--", address, str(begun), seconds=seconds)
    return begun


def _refs(where: Path, address: str, seconds: float, error: ConfigurationError) -> frozenset[str]:
    """Return the names of the refs that the remote has; raises the `error` if it cannot be asked, and says so if its
    HEAD leads to no commit.
    """
    done = run(where, "ls-remote", "--", address, far=True, seconds=seconds)
    if done.returncode:
        raise error from None
    there = frozenset(line.partition("\t")[2] for line in done.stdout.decode(errors="replace").splitlines())
    if "HEAD" not in there:
        message = f"{shown(address)}: could not be used: it has no default branch. Push it, or name another on the host"
        raise ConfigurationError(message) from error
    return there


def _damaged(folder: Path) -> bool:
    """Whether objects or refs of a clone cannot be read; this reads all of them."""
    return run(folder, "fsck", "--no-dangling", "--no-progress", seconds=600.0).returncode != 0


def _replaced(address: str, folder: Path, before: Path, there: frozenset[str], seconds: float) -> None:
    """Put a new clone in the place of a damaged one, with the refs that this one has of its own.

    Raises ConfigurationError if one of them cannot be read and the remote has it not: it may be the only ledger.
    """
    begun = _begun(address, folder, seconds)
    for ref in _own(folder / ".git"):
        taken = run(begun, *QUIET, "fetch", "--quiet", "--no-tags", str(folder), f"+{ref}:{ref}")
        if taken.returncode and ref not in there:
            message = f"{folder}: could not be mended: {ref} is damaged, and only this clone has it. Mend it with git, or delete the folder to begin anew"
            raise ConfigurationError(message)
    shutil.rmtree(before, ignore_errors=True)
    folder.rename(before)
    begun.rename(folder)
    shutil.rmtree(before, ignore_errors=True)


def _own(there: Path) -> set[str]:
    """Return the names of the refs that a clone has of its own, as its files say, since git may not read them."""
    found = {str(file.relative_to(there)) for file in (there / "refs").rglob("*") if file.is_file()}
    with suppress(OSError):
        lines = (there / "packed-refs").read_text("utf-8", "replace").splitlines()
        found |= {line.partition(" ")[2] for line in lines if line[:1] not in {"#", "^"}}
    return {ref for ref in found if ref.startswith("refs/") and not ref.startswith(_NOT_OURS)}


def _asked(root: Path, errand: str, *arguments: str, seconds: float = 0.0) -> None:
    done = run(root, *arguments, seconds=seconds, far=bool(seconds))
    if done.returncode:
        message = f"{errand}: {why(done)}. {_WAYS}"
        raise ConfigurationError(message)
