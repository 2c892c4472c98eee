"""Git, asked and told as a program: the work tree, the remote, and commits on refs that are never checked out."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from closeout.errors import ConfigurationError
from closeout.git.program import QUIET, run, why

_SCP = re.compile(r"^(?:[\w.-]+@)?([\w.-]+):(?!//)(.+)$")
_URL = re.compile(r"^[a-z+]+://(?:[^@/]*@)?([^/:]+)(?::\d+)?/(.+)$")
_CLOSED = re.compile(r"^warning: could not open directory '(.+?)/?': ", re.M)
_NAME = re.compile(r"'[^']*'|\S+://\S+")
_NO_RIGHT = (
    r"(?i)permission|denied|declined|not allowed|not permitted|prohibited|protected|read.only|returned error: 40[134]|repository\s+not found"
    r"|not granted|terminal prompts disabled|could not read (?:username|password)|authentication failed|hidden ref"
    r"|insufficient|rule violation|not exported|not enabled|refusing to allow"
)


def git(root: Path, *arguments: str) -> str | None:
    """Return what git prints; None if it says no."""
    done = run(root, *arguments)
    return os.fsdecode(done.stdout) if done.returncode == 0 else None


def top(path: Path) -> Path | None:
    """Return the root of the work tree around a path; None outside of one."""
    found = git(path, "rev-parse", "--show-toplevel")
    return Path(found.rstrip("\n")) if found else None


def own_file(root: Path, name: str) -> Path:
    """Return where git keeps a file of this work tree's own; it is never committed."""
    return own_path(root, name) or root / f".git/{name}"


def own_path(root: Path, name: str) -> Path | None:
    """Return where git keeps a file of this work tree's own; None outside of one."""
    found = git(root, "rev-parse", "--show-toplevel", "--git-path", name)  # the first fails in a bare one
    return root / found.rstrip("\n").rpartition("\n")[2] if found else None


def files(root: Path) -> tuple[list[str], list[str]] | None:
    """Return every tracked and untracked file that is not ignored, and the folders that git could not open.

    None outside of a work tree.
    """
    done = run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if done.returncode:
        return None
    names = {name for name in os.fsdecode(done.stdout).split("\0") if name}
    return sorted(names), sorted(set(_CLOSED.findall(os.fsdecode(done.stderr))))


def configured(root: Path, pattern: str) -> Mapping[str, str]:
    """Return what git's configuration says, by key (`remote.origin.url`), of keys that match a pattern; the last of several."""
    rows = (row.partition("\n") for row in (git(root, "config", "--null", "--get-regexp", pattern) or "").split("\0"))
    return {key: value for key, _, value in rows if key}


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


def remote_refs(
    root: Path,
    remote: str,
    *patterns: str,
    errand: str,
    look_at: str = "the network and the rights",
    variables: Mapping[str, str] | None = None,
) -> Mapping[str, str]:
    """Return the commits of a remote's refs by name.

    Raises ConfigurationError, which begins with the `errand` and says what to look at, if the remote cannot be asked.
    """
    done = run(root, "ls-remote", "--", remote, *patterns, variables=variables, far=True)
    if done.returncode:
        message = f"{errand}: {why(done)}. Check {look_at}, then run again"
        raise ConfigurationError(message)
    rows = (line.split("\t") for line in os.fsdecode(done.stdout).splitlines())
    return {row[1]: row[0] for row in rows if len(row) == 2}


def remote_head(root: Path, ref: str, variables: Mapping[str, str] | None = None) -> str:
    """Return the commit of the ledger's ref on `origin`, "" if it has none.

    Raises ConfigurationError if origin cannot be asked.
    """
    errand, look_at = f"{ref}: could not ask origin for the ledger", "the network, the address and the rights"
    return remote_refs(root, "origin", ref, errand=errand, look_at=look_at, variables=variables).get(ref, "")


def fetch(
    root: Path, ref: str, commit: str, *, source: str = "origin", variables: Mapping[str, str] | None = None
) -> None:
    """Bring a commit of a ref of a remote here, and change no ref. Raises ConfigurationError if that fails."""
    if run(root, "cat-file", "-e", f"{commit}^{{commit}}").returncode == 0:
        return
    options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--refmap=")
    done = run(root, *QUIET, "fetch", *options, source, ref, variables=variables, far=True)
    if done.returncode or run(root, "cat-file", "-e", f"{commit}^{{commit}}").returncode:
        message = f"{ref}: could not be fetched: {why(done)}. Check the network and the rights, then run again"
        raise ConfigurationError(message)


def push(root: Path, commit: str, ref: str, *, to: str = "origin", variables: Mapping[str, str] | None = None) -> str:
    """Push a commit to a ref of a remote, never by force; return "" if it was taken, else why not (as far as known)."""
    alone = ("-c", f"remote.{to}.mirror=false", "-c", f"core.hooksPath={os.devnull}")  # a mirror would push every ref
    options = ("--quiet", "--no-verify", "--no-follow-tags", "--recurse-submodules=no", "--no-signed")
    try:
        arguments = (*alone, "push", *options, to, f"{commit}:{ref}")
        done = run(root, *arguments, variables=variables, far=True)
    except ConfigurationError as error:
        return str(error)
    return why(done) if done.returncode else ""


def lacks_right(why: str) -> bool:
    """Tell whether the reason of a refused push is one that trying again does not change: a right, a protection."""
    return bool(re.search(_NO_RIGHT, _NAME.sub("", why)))  # a repository may be called protected


def head(root: Path, ref: str) -> str:
    """Return the commit of a ref of this clone; "" without one."""
    return (git(root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}") or "").strip()


def heads(root: Path, *refs: str) -> tuple[str, ...]:
    """Return the commit of each of several refs or commits, "" for what is not here."""
    asked = "".join(f"{ref}^{{commit}}\n" for ref in refs).encode()
    rows = os.fsdecode(run(root, "cat-file", "--batch-check", told=asked).stdout).splitlines()
    found = [row.split(" ") for row in rows]
    if len(found) != len(refs):  # something is damaged: that says nothing of the others
        return tuple(head(root, ref) for ref in refs)
    return tuple(row[0] if row[1:2] == ["commit"] else "" for row in found)


def move(root: Path, ref: str, new: str, old: str) -> bool:
    """Move a ref of this clone from the commit `old` to `new`, either "" for none; False if it stood elsewhere."""
    none = "0" * len(old or new)
    return old == new or run(root, "update-ref", ref, new or none, old or none).returncode == 0


def descends(root: Path, commit: str, ancestor: str) -> bool:
    """Tell whether a commit is another one or comes after it."""
    return commit == ancestor or run(root, "merge-base", "--is-ancestor", ancestor, commit).returncode == 0


def chain(root: Path, commit: str, limit: int) -> list[str]:
    """Return a commit and those before it, newest first, at most `limit`."""
    return (git(root, "rev-list", f"--max-count={limit}", commit) or "").split()


def blob(root: Path, commit: str, name: str) -> bytes | None:
    """Return a file of a commit; None if it is not there."""
    done = run(root, "cat-file", "blob", f"{commit}:{name}")
    return done.stdout if done.returncode == 0 else None


def commit_file(root: Path, name: str, content: bytes, parents: Sequence[str], message: str) -> str:
    """Make a commit that holds one file, and return it; index, work tree and refs stay as they are.

    The author is closeout, whatever the user's configuration says. Raises ConfigurationError if it cannot be written.
    """
    who = {f"GIT_{role}_{what}": "closeout" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    made = _made(root, "hash-object", "-w", "--stdin", told=content)
    tree = _made(root, "mktree", told=f"100644 blob {made}\t{name}\n".encode())
    before = (word for parent in parents for word in ("-p", parent))
    return _made(root, "commit-tree", tree, *before, told=message.encode(), variables=who)


def _made(root: Path, *arguments: str, told: bytes, variables: Mapping[str, str] | None = None) -> str:
    done = run(root, *arguments, told=told, variables=variables)
    if done.returncode:
        message = f"git {arguments[0]}: could not write to the repository: {why(done)}. Check its rights and the disk"
        raise ConfigurationError(message)
    return os.fsdecode(done.stdout).strip()


def is_shallow(root: Path) -> bool:
    """Tell whether older commits were left out when this clone was made."""
    return (git(root, "rev-parse", "--is-shallow-repository") or "").strip() == "true"
