"""What GitHub keeps of a repository's code: a bare repository on disk, which git itself can look at."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ZERO = "0" * 40


@dataclass
class Bare:
    """A bare repository.

    `protected` holds for a branch why nothing may be put on it but through a pull request; `deepest` is how many
    entries a recursive listing tells; `default` the default branch.
    """

    path: Path
    default: str = "main"
    protected: dict[str, str] = field(default_factory=dict)
    deepest: int = 100_000

    def git(self, *arguments: str, told: bytes = b"", who: str = "") -> bytes | None:
        """Return what git prints; None if it says no."""
        known = {f"GIT_{role}_{what}": who for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL") if who}
        done = subprocess.run(
            ["git", "-C", str(self.path), *arguments], input=told, capture_output=True, check=False,
            env={**os.environ, **known},
        )  # fmt: skip
        return done.stdout if done.returncode == 0 else None

    def text(self, *arguments: str, told: bytes = b"", who: str = "") -> str:
        """Return what git prints as text; empty if it says no."""
        return (self.git(*arguments, told=told, who=who) or b"").decode().strip()

    def tip(self, ref: str) -> str:
        if ref.startswith("refs/heads/"):
            return self.branch(ref)
        return self.text("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")

    def branch(self, ref: str) -> str:
        """The commit of a branch, read where git keeps it: a fake is asked for it by almost every request."""
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return (self.path / ref).read_text("utf-8").strip()
        with suppress(FileNotFoundError):
            rows = (self.path / "packed-refs").read_text("utf-8").splitlines()
            return next((row.split(" ")[0] for row in rows if row.endswith(f" {ref}")), "")
        return ""

    def kind(self, oid: str) -> str:
        return self.text("cat-file", "-t", oid)

    def refs(self) -> list[tuple[str, str]]:
        rows = self.text("for-each-ref", "--format=%(refname) %(objectname)").split("\n")
        return [(row.split(" ")[0], row.split(" ")[1]) for row in rows if row]

    def listed(self, oid: str, *, deep: bool) -> list[dict[str, object]]:
        """What a tree holds, as GitHub tells it; folders too."""
        rows = (self.git("ls-tree", "-l", "-z", *(["-r", "-t"] if deep else []), oid) or b"").split(b"\0")
        found: list[dict[str, object]] = []
        for row in rows:
            if row:
                head, _, name = row.partition(b"\t")
                mode, kind, sha, size = head.decode().split()
                entry: dict[str, object] = {
                    "path": name.decode("utf-8", "replace"),
                    "mode": mode,
                    "type": kind,
                    "sha": sha,
                }
                found.append(entry | ({"size": int(size)} if size != "-" else {}))
        return found

    def tree(self, base: str, entries: list[tuple[str, str, str]], folder: Path) -> str:
        """Make a tree of (mode, oid, path) on top of another one ("": of nothing)."""
        index = {"GIT_INDEX_FILE": str(folder / "fake-index")}
        run = ["git", "-C", str(self.path)]
        told = b"".join(f"{mode} {oid}\t{path}\0".encode() for mode, oid, path in entries)
        environment = {**os.environ, **index}
        steps = [["read-tree", base] if base else ["read-tree", "--empty"], ["update-index", "-z", "--index-info"]]
        for step in steps:
            subprocess.run([*run, *step], input=told, check=True, capture_output=True, env=environment)
        made = subprocess.run([*run, "write-tree"], check=True, capture_output=True, env=environment)
        return made.stdout.decode().strip()

    def blob(self, content: bytes) -> str:
        return self.text("hash-object", "-w", "--stdin", told=content)

    def blobs(self, oids: list[str]) -> dict[str, bytes]:
        """Return what each blob holds; those that are none are left out."""
        raw = self.git("cat-file", "--batch", told="".join(f"{oid}\n" for oid in oids).encode()) or b""
        found, at = {}, 0
        while at < len(raw):
            end = raw.index(b"\n", at)
            head = raw[at:end].decode().split(" ")
            at = end + 1
            if head[1] == "blob":
                found[head[0]] = raw[at : at + int(head[2])]
            if head[1] != "missing":
                at += int(head[2]) + 1
        return found

    def commit(self, tree: str, parents: list[str], message: str, who: str) -> str:
        before = [word for parent in parents for word in ("-p", parent)]
        return self.text("commit-tree", tree, *before, told=message.encode(), who=who)

    def move(self, ref: str, new: str, old: str) -> bool:
        """Move a ref from one commit to another ("": from none)."""
        return self.git("update-ref", ref, new, old or ZERO) is not None

    def merged(self, branch: str, sha: str, message: str, *, both: bool, who: str = "ann") -> None:
        """Put what a commit brings on a branch, in one commit after `both` or after the branch alone."""
        base = self.tip(f"refs/heads/{branch}")
        tree = self.text("merge-tree", "--write-tree", base, sha)
        assert tree, "it cannot be merged"
        assert self.move(f"refs/heads/{branch}", self.commit(tree, [base, sha][: 1 + both], message, who), base)

    def descends(self, commit: str, ancestor: str) -> bool:
        return self.git("merge-base", "--is-ancestor", ancestor, commit) is not None
