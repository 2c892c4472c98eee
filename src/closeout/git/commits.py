"""What a commit holds, and a new one that differs from it in some files; nothing else of what lies around is touched."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from closeout.errors import ConfigurationError
from closeout.git import configured, git, remote_refs
from closeout.git.program import QUIET, run, why

_ALONE = ("-c", f"core.hooksPath={os.devnull}", "-c", "i18n.commitEncoding=UTF-8")
_ODD = re.compile(r"[^A-Za-z0-9_./ -]")
_CALL = re.compile(r"([A-Za-z][A-Za-z0-9_]*)-(?=[0-9])")  # `GH-12` and `INC-12` would call an issue


@dataclass(frozen=True, slots=True)
class Kept:
    """What git keeps of a file: its mode (as git writes it) and its blob."""

    mode: str
    blob: str


def committed(root: Path, name: str) -> Mapping[str, Kept]:
    """Return what a commit holds, by path."""
    rows = _rows(git(root, "ls-tree", "-r", "-z", "--full-tree", name))
    return {path: Kept(mode, blob) for path, (mode, _, blob) in rows}


def staged(root: Path) -> Mapping[str, Kept]:
    """Return what the index holds, by path; a file in conflict is not in it."""
    rows = _rows(git(root, "ls-files", "-s", "-z"))
    return {path: Kept(mode, blob) for path, (mode, blob, stage) in rows if stage == "0"}


def sizes(root: Path, blobs: Sequence[str]) -> Mapping[str, int]:
    """Return how many bytes each blob has. Raises ConfigurationError if one is not here."""
    told = "".join(f"{blob}\n" for blob in dict.fromkeys(blobs)).encode()
    rows = (line.split(" ") for line in _told(root, "cat-file", "--batch-check", told=told).splitlines())
    return {row[0]: _size(row) for row in rows}


def contents(root: Path, blobs: Sequence[str]) -> Mapping[str, bytes]:
    """Return what each blob holds. Raises ConfigurationError if one is not here."""
    told = "".join(f"{blob}\n" for blob in dict.fromkeys(blobs)).encode()
    raw = _raw(root, "cat-file", "--batch", told=told)
    found, at = {}, 0
    while at < len(raw):
        end = raw.index(b"\n", at)
        row = raw[at:end].decode().split(" ")
        found[row[0]] = raw[end + 1 : end + 1 + _size(row)]
        at = end + 1 + len(found[row[0]]) + 1
    return found


def promisor(root: Path) -> str:
    """Return the name of the remote that has what a partial clone left out; empty for a whole one."""
    told = git(root, "config", "--name-only", "--get-regexp", r"^remote\..*\.promisor$", "true") or ""
    return told.split("\n")[0].removeprefix("remote.").removesuffix(".promisor")


def bring(root: Path, remote: str, revision: str, blobs: Sequence[str]) -> None:
    """Fetch those blobs of a revision that a partial clone left out from its `promisor`, all of them with one request.

    Raises ConfigurationError if that fails. Left to itself, git would ask for them one by one.
    """
    if not remote or not blobs:
        return
    listed = git(root, "rev-list", "--objects", "--no-object-names", "--missing=print", "--no-walk", revision) or ""
    absent = {line[1:] for line in listed.split("\n") if line.startswith("?")}
    wanted = sorted(absent.intersection(blobs))
    if not wanted:
        return
    options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--refmap=", "--stdin")
    alone = (*QUIET, "-c", "fetch.negotiationAlgorithm=noop")
    asked = "".join(f"{blob}\n" for blob in wanted).encode()
    done = run(root, *alone, "fetch", *options, "--filter=blob:none", remote, told=asked, far=True)
    if done.returncode:
        message = f"{len(wanted)} documents could not be fetched from {remote}: {why(done)}. Check the network, then run again"
        raise ConfigurationError(message)


def _size(row: Sequence[str]) -> int:
    if row[1] != "blob":
        message = f"git cat-file: {' '.join(row)}. Fetch the whole repository, then run again"
        raise ConfigurationError(message)
    return int(row[2])


def differing(root: Path, revision: str) -> list[str]:
    """Return the paths whose files are not as a commit has them, those that nobody committed among them."""
    changed = git(root, "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", revision, "--") or ""
    others = git(root, "ls-files", "-z", "--others", "--exclude-standard") or ""
    return sorted({name for name in (changed + others).split("\0") if name})


def _rows(listed: str | None) -> list[tuple[str, list[str]]]:
    rows = (row.split("\t", 1) for row in (listed or "").split("\0") if row)
    return [(name, words.split(" ")) for words, name in rows]


def blob_of(root: Path, content: bytes, *, write: bool = False) -> str:
    """Return the blob of a content, as it is; only what is to be written is kept."""
    return _told(root, "hash-object", *(["-w"] if write else []), "--no-filters", "--stdin", told=content)


def blob_of_file(root: Path, name: str) -> str:
    """Keep a file of the work tree as git keeps such a file, its line ends converted, and return the blob."""
    return _told(root, "hash-object", "-w", "--", name)


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes commits, and when (seconds since 1970; None: now): the one that was named, else the user that git has
    configured, else who `asked` returns (it is called for a commit alone), else `name` and `email`.
    """

    name: str = "closeout"
    email: str = "closeout"
    named: bool = False
    when: int | None = None
    asked: Callable[[], tuple[str, str] | None] | None = None


CLOSEOUT = Author()


def commit(root: Path, changes: Mapping[str, Kept], parent: str, message: str, author: Author = CLOSEOUT) -> str:
    """Make a commit that differs from its parent in these files, and return it; index, work tree and refs stay.

    Raises ConfigurationError if it cannot be written.
    """
    return commit_tree(root, tree_of(root, parent, changes), (parent,), message, author)


def tree_of(root: Path, name: str, changes: Mapping[str, Kept]) -> str:
    """Return the tree that differs from another one, or a commit's, in these files."""
    with tempfile.TemporaryDirectory(prefix="closeout-") as folder:
        own = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        _told(root, "read-tree", name, variables=own)
        _told(root, "update-index", "-z", "--index-info", told=_info(changes), variables=own)
        return _told(root, "write-tree", "--missing-ok", variables=own)


def commit_tree(root: Path, tree: str, parents: Sequence[str], message: str, author: Author = CLOSEOUT) -> str:
    """Make a commit of a tree, and return it. Raises ConfigurationError if it cannot be written."""
    ours = configured(root, r"^user\.(name|email)$")
    known = all(ours.get(f"user.{what}", "").strip() for what in ("name", "email"))
    told = author.asked() if author.asked and not (author.named or known) else None
    name, email = told or (author.name, author.email)
    who: dict[str, str] = {}
    for role in ("AUTHOR", "COMMITTER"):
        if author.named or not known:
            who |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": email}
        if author.when is not None:
            who[f"GIT_{role}_DATE"] = f"{author.when} +0000"
    before = (word for parent in parents for word in ("-p", parent))
    return _told(root, "commit-tree", "--no-gpg-sign", *before, tree, told=message.encode(), variables=who)


def stage(root: Path, changes: Mapping[str, Kept]) -> None:
    """Put files into the index, and leave the rest of it. Raises ConfigurationError if that fails."""
    _told(root, "update-index", "-z", "--index-info", told=_info(changes))


def _info(changes: Mapping[str, Kept]) -> bytes:
    rows = (f"{kept.mode} {kept.blob}\t".encode() + os.fsencode(name) + b"\0" for name, kept in changes.items())
    return b"".join(rows)


def advance(root: Path, ref: str, new: str, old: str) -> bool:
    """Move a ref from one commit to the next, without a hook; False if it stood elsewhere."""
    return run(root, *_ALONE, "update-ref", "-m", "closeout: write-back", ref, new, old).returncode == 0


def remote_of(told: Mapping[str, str], branch: str) -> str:
    """Return the name of the remote that a branch follows, else `origin`; empty without either. `told` is what git's
    configuration says of remotes and of the branch.
    """
    names = {key.removeprefix("remote.").rpartition(".")[0] for key in told if key.startswith("remote.")}
    followed = told.get(f"branch.{branch}.remote", "").strip()
    return next((name for name in (followed, "origin") if name and name in names), "")


def followed(root: Path, branch: str) -> str:
    """Return the name of the remote that a branch follows by now, as `remote_of` tells it."""
    return remote_of(configured(root, r"^(remote\..+|branch\..+\.remote)$"), branch)


def tip(root: Path, remote: str, ref: str) -> str:
    """Return the commit of a remote's ref, "" if it has none. Raises ConfigurationError if it cannot be asked."""
    return remote_refs(root, remote, ref, errand=f"could not ask {remote} for {ref}").get(ref, "")


def quoted(name: str) -> str:
    """Return a path as it may stand in a message: what is odd, and what would call somebody or an issue, is quoted as
    git quotes (octal bytes within double quotes).
    """
    spelt = _ODD.sub(lambda odd: "".join(f"\\{byte:03o}" for byte in os.fsencode(odd.group())), name)
    spelt = _CALL.sub(r"\1\\055", spelt)
    return f'"{spelt}"' if spelt != name else name


def _told(root: Path, *arguments: str, told: bytes = b"", variables: Mapping[str, str] | None = None) -> str:
    return os.fsdecode(_raw(root, *arguments, told=told, variables=variables)).strip()


def _raw(root: Path, *arguments: str, told: bytes = b"", variables: Mapping[str, str] | None = None) -> bytes:
    done: subprocess.CompletedProcess[bytes] = run(root, *_ALONE, *arguments, told=told, variables=variables)
    if done.returncode:
        message = f"git {arguments[0]}: {why(done)}. Check the repository, its rights and the disk, then run again"
        raise ConfigurationError(message)
    return done.stdout
