"""A branch that closeout keeps on a remote: whose commits are on it, what it makes of the head, and its replacement."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from closeout import git
from closeout.errors import ConfigurationError
from closeout.git.commits import CLOSEOUT, commit_tree
from closeout.git.program import run, why

TRAILER = "Closeout-Base"
_MOST = 5_000
_ALONE = ("-c", f"core.hooksPath={os.devnull}")
_SHA = re.compile(r"[0-9a-f]{40,64}")


@dataclass(frozen=True, slots=True)
class Found:
    """What is on a branch beside the head: how many commits of ours and of others, the newest revision that one of ours
    was made on, and when our newest was made (seconds since 1970; 0 without one).
    """

    ours: int = 0
    theirs: int = 0
    base: str = ""
    when: int = 0


def tips(root: Path, remote: str, *patterns: str) -> Mapping[str, str]:
    """Return the commits of a remote's refs. Raises ConfigurationError if it cannot be asked."""
    return git.remote_refs(root, remote, *patterns, errand=f"could not ask {remote} for its branches")


def found(root: Path, tip: str, head: str) -> Found:
    """Tell the commits of a branch: ours say what they were made on; what that came of is nobody's, even if the head
    was rewritten since.
    """
    layout = f"--format=%H%x00%ct%x00%(trailers:key={TRAILER},valueonly,separator=%x2C)"
    options = ("log", f"--max-count={_MOST}", "--topo-order", layout, tip, "--not", head)
    rows = [line.split("\0") for line in (git.git(root, *options) or "").splitlines()]
    ours = {sha: (int(when), base) for sha, when, base in rows if _SHA.fullmatch(base)}
    bases = [base for _, base in ours.values() if git.head(root, base)]
    beside = (git.git(root, "rev-list", f"--max-count={_MOST}", tip, "--not", head, *bases) or "").split()
    newest = next(((when, base) for when, base in ours.values() if base in bases), (0, ""))
    own = [sha for sha in beside if sha in ours]
    return Found(len(own), len(beside) - len(own), newest[1], max((ours[sha][0] for sha in own), default=0))


def merged(root: Path, head: str, tip: str, base: str) -> str:
    """Return the tree that head and branch make together, both starting from `base`, or from what they have in common
    if that is newer; empty if they contradict each other.
    """
    common = (git.git(root, "merge-base", head, tip) or "").strip()
    start = common if common and (not base or git.descends(root, common, base)) else base
    if not start:
        return ""
    if start == head:
        return f"{tip}^{{tree}}"
    parent = commit_tree(root, f"{start}^{{tree}}", (), "base", CLOSEOUT)  # the same trees with this one parent only:
    sides = [
        commit_tree(root, f"{name}^{{tree}}", (parent,), "side", CLOSEOUT) for name in (head, tip)
    ]  # git starts here
    done = run(root, "merge-tree", "--write-tree", "--no-messages", *sides)
    tree = os.fsdecode(done.stdout).partition("\n")[0].strip()
    return tree if done.returncode == 0 and _SHA.fullmatch(tree) else ""


def replace(root: Path, commit: str, ref: str, expected: str, *, to: str) -> str:
    """Let a ref of a remote be `commit` (empty: gone), if it still is `expected` (empty: not there); return "" if that
    was done, else why not (as far as known).
    """
    alone = ("-c", f"remote.{to}.mirror=false")
    options = ("--quiet", "--no-verify", "--no-follow-tags", "--recurse-submodules=no", "--no-signed")
    lease = f"--force-with-lease={ref}:{expected}"
    try:
        done = run(root, *_ALONE, *alone, "push", *options, lease, to, f"{commit}:{ref}", far=True)
    except ConfigurationError as error:
        return str(error)
    return why(done) if done.returncode else ""


def same_blobs(root: Path, one: str, other: str, paths: Sequence[str] = ()) -> bool:
    """Tell whether two commits or trees hold the same, in these paths or at all."""
    spec = [f":(literal){path}" for path in paths]
    return run(root, "diff-tree", "-r", "--quiet", "--no-ext-diff", one, other, "--", *spec).returncode == 0


def changed(root: Path, old: str, new: str) -> list[str]:
    """Return the paths that differ between two commits or trees."""
    told = git.git(root, "diff-tree", "-r", "-z", "--name-only", "--no-renames", old, new)
    return [name for name in (told or "").split("\0") if name]
