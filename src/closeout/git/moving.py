"""A clone that a runner made: brought to its branch's head, given what a comparison needs, let in by a token."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

from closeout.git import descends, fetch, git, head, is_shallow, remote
from closeout.git.commits import followed, tip
from closeout.git.letting import letting_in
from closeout.git.program import QUIET, run, why
from closeout.git.showing import showing_token


def to_head(root: Path, branch: str, started: str) -> str:
    """Check out what the remote's branch is by now, and return why that could not be; empty where it was, or is.

    `started` is the commit that the runner checked out: another one with commits of its own stays. Raises
    ConfigurationError if the remote cannot be asked.
    """
    source, ref = followed(root, branch), f"refs/heads/{branch}"
    there, here = tip(root, source, ref) if source else "", head(root, "HEAD")
    if there in {"", here}:
        return ""
    fetch(root, ref, there, source=source)
    if here != started and not descends(root, there, here):
        return f"commits were made here that {source}/{branch} does not have"
    done = run(root, "-c", f"core.hooksPath={os.devnull}", "checkout", "--quiet", "-B", branch, there)
    return why(done) if done.returncode else ""


def parents(root: Path, commit: str) -> list[str]:
    """Return the commits that a commit was made on, those that this clone lacks too."""
    told, _, _ = (git(root, "cat-file", "commit", commit) or "").partition("\n\n")
    return [line.removeprefix("parent ") for line in told.split("\n") if line.startswith("parent ")]


def parted(root: Path, one: str, other: str) -> str:
    """Return the commit at which two histories parted; empty where this clone cannot tell."""
    return (git(root, "merge-base", one, other) or "").strip()


def at_origin(root: Path, branch: str) -> str:
    """Return the commit of a branch of `origin`, "" without one. Raises ConfigurationError if it cannot be asked."""
    return tip(root, "origin", f"refs/heads/{branch}") if remote(root) else ""


def bring(root: Path, ref: str, commit: str) -> None:
    """Bring a commit of `origin` here; alone, without what it was made on, where this clone has no history either.

    Raises ConfigurationError if that fails.
    """
    if is_shallow(root) and not head(root, commit):
        options = ("--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--refmap=")
        run(root, *QUIET, "fetch", *options, "origin", ref, far=True)
    fetch(root, ref, commit)


def let_in(root: Path, server: str, token: Callable[[], str], *, instead: bool = False) -> AbstractContextManager[None]:
    """Within this, let git show a token to the remote, if that is on `server`; it is asked for before each use, and an
    empty one shows nothing. Where somebody else said how git is let in, that stays, unless the token is to be `instead`.
    """
    address = remote(root) or ""
    one, other = urlsplit(address), urlsplit(server)
    if one.scheme not in {"http", "https"} or one.netloc.lower() != other.netloc.lower():  # nor with a name before an @
        return nullcontext()
    if not instead and git(root, "config", "--get-urlmatch", "http.extraHeader", address):
        return nullcontext()

    def shown() -> Mapping[str, str]:
        found = token()
        return showing_token(address, found, alone=instead) if found else {}

    return letting_in(shown)
