"""One rolling branch: what is on it, what it makes of the head, and the commit that takes its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from closeout import git
from closeout.errors import ConfigurationError, MovedError
from closeout.git import branches, commits
from closeout.git.branches import Found
from closeout.git.commits import Author
from closeout.ports.documents import Page
from closeout.ports.pulls import Pull
from closeout.repositories.commit import Ready
from closeout.repositories.pages import decoded


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch as it was looked at: its commit (`tip`, empty without one), the `revision` that was read, and whose
    commits are on it. `merged` is the tree that people's commits and the revision make together; None without such
    commits, empty if they contradict each other. `pull` is its pull request, if one is or was there; `done` says that all of it has
    landed in the revision.
    """

    name: str
    revision: str
    tip: str = ""
    found: Found = Found()
    merged: str | None = None
    pull: Pull | None = None
    done: bool = False

    @property
    def ref(self) -> str:
        """Its full name."""
        return f"refs/heads/{self.name}"

    @property
    def foreign(self) -> bool:
        """Whether somebody else uses this name."""
        return bool(self.tip) and not self.found.ours and bool(self.found.theirs)

    @property
    def alive(self) -> bool:
        """Whether there is something on it that has not landed."""
        return bool(self.found.ours)

    @property
    def landed(self) -> bool:
        """Whether its pull request was merged as the branch stands."""
        return self.pull is not None and self.pull.state == "merged" and self.pull.head == self.tip

    @property
    def opened(self) -> Pull | None:
        """Its pull request, if that is open."""
        return self.pull if self.pull is not None and self.pull.state == "open" else None


def look(root: Path, remote: str, name: str, tip: str, revision: str) -> Branch:
    """Look at what is on a branch. Raises ConfigurationError if it cannot be fetched."""
    seen = Branch(name, revision, tip)
    if not tip:
        return seen
    git.fetch(root, seen.ref, tip, source=remote)
    found = branches.found(root, tip, revision)
    merged = branches.merged(root, revision, tip, found.base) if found.ours and found.theirs else None
    return replace(seen, found=found, merged=merged)


def gone(branch: Branch) -> Branch:
    """Return a branch whose commits have all landed, as it is to be thought of: its name is free."""
    return replace(branch, found=Found(), merged=None, done=True)


def pages(root: Path, branch: Branch, encodings: Sequence[str]) -> Mapping[str, Page]:
    """Return the documents that a branch changes, as they stand there."""
    if not (branch.found.ours or branch.foreign):
        return {}
    base = branch.found.base or (git.git(root, "merge-base", branch.revision, branch.tip) or "").strip()
    changed = branches.changed(root, base, branch.tip) if base else []
    return read(root, branch.tip, changed, encodings)


def read(root: Path, name: str, paths: Sequence[str], encodings: Sequence[str]) -> Mapping[str, Page]:
    """Return files of a commit or tree as documents; one that is not there has no text."""
    there = commits.committed(root, name)
    found = {path: there[path].blob for path in paths if path in there and there[path].mode.startswith("100")}
    contents = commits.contents(root, list(found.values())) if found else {}
    texts = {path: decoded(path, contents[blob], encodings) for path, blob in found.items()}
    return {path: texts.get(path, Page(path)) for path in paths}


def tree(root: Path, branch: Branch, ready: Sequence[Ready]) -> str:
    """Return what the branch shall hold: the revision, or with it what people changed there, and the new texts."""
    onto = branch.revision if branch.merged is None else branch.merged
    return commits.tree_of(root, onto, {one.rewrite.path: one.new for one in ready})


def made(root: Path, branch: Branch, wanted: str, message: str, author: Author) -> str:
    """Make the commit of a tree that the branch shall be: on the revision alone, or on people's commits, which stay."""
    parents: tuple[str, ...] = (branch.revision,)
    if branch.merged is not None:
        newer = not git.descends(root, branch.tip, branch.revision)
        parents = (branch.tip, branch.revision) if newer else (branch.tip,)
    return commits.commit_tree(root, wanted, parents, message, author)


def is_shown(root: Path, branch: Branch, wanted: str, paths: Sequence[str]) -> bool:
    """Whether the branch shows already what a tree would: the same documents change, and to the same."""
    if not branch.alive:
        return False
    if branch.merged is not None:
        return branches.same_blobs(root, branch.tip, wanted, paths)
    if not branch.found.base or sorted(branches.changed(root, branch.found.base, branch.tip)) != sorted(paths):
        return False
    return branches.same_blobs(root, branch.tip, wanted, paths)


def put(root: Path, remote: str, branch: Branch, commit: str) -> None:
    """Let the branch be a commit (empty: remove it) if it still is as it was looked at; of an unknown answer the branch
    itself is asked. Raises MovedError if somebody pushed to it, ConfigurationError if that is refused.
    """
    why = branches.replace(root, commit, branch.ref, branch.tip, to=remote)
    if not why:
        return
    there = commits.tip(root, remote, branch.ref)
    if there == commit:
        return
    if there != branch.tip:
        message = f"{branch.name}: somebody pushed to it while this run worked. Run again"
        raise MovedError(message)
    if git.lacks_right(why):
        todo = "Give this user the right to push to that branch, or name another with `pull-request-branch`"
    else:
        todo = "Run again later"
    message = f"{branch.name}: {remote} did not take it: {why}. {todo}"
    raise ConfigurationError(message)


def told(branch: Branch, base: str, now: datetime) -> Iterator[tuple[str, str, str]]:
    """Yield (name, code, message) of what a person should know of a branch."""
    if branch.merged == "":
        clash = f"people's commits on it and {base} contradict each other: it is left as it is"
        yield branch.name, "branch-conflict", f"{clash}. Merge {base} into it, or delete it"
    if not branch.alive:
        return
    if branch.opened:
        yield branch.name, "waits", f"{branch.opened.address} waits to be merged, {_age(branch.opened.opened, now)}"
    elif branch.pull is not None and branch.pull.state == "closed":
        was = f"{branch.pull.address} was closed, {_age(branch.pull.closed, now)}: what it shows is not offered again"
        way = " until something else changes" + ("; delete the branch to start afresh" if branch.found.theirs else "")
        yield branch.name, "declined", was + way
    else:
        when = datetime.fromtimestamp(branch.found.when, now.tzinfo).isoformat()
        yield branch.name, "waits", f"its write-backs wait to be merged, {_age(when, now)}; no pull request is open"


def offers(branch: Branch) -> Iterator[tuple[str, str]]:
    """Yield where what a branch shows can be merged, and since when (YYYY-MM-DD): its open pull request, else its name and
    the day of our newest commit there.
    """
    if branch.alive and branch.opened:
        yield branch.opened.address, branch.opened.opened[:10]
    elif branch.alive and (branch.pull is None or branch.pull.state != "closed"):
        yield branch.name, datetime.fromtimestamp(branch.found.when, UTC).date().isoformat()


def _age(when: str, now: datetime) -> str:
    """Return how long ago a moment was; nothing certain for one that cannot be read."""
    try:
        days = (now - datetime.fromisoformat(when)).days
    except (ValueError, TypeError):
        return "since a time that is not known"
    return f"since {days} day{'' if days == 1 else 's'}" if days > 0 else "since today"
