"""What a repository of 5,000 documents costs, in seconds, fetches and requests: read at first, and with 50 changed.

From a whole clone, a partial and a shallow one, and without any through GitHub's API (a fake on loopback).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from closeout.ports.documents import DocumentSource
from closeout.repositories.head import Head
from closeout.repositories.hosted import Hosted
from closeout.state.blobs import SqliteBlobs
from fakes.github import GitHubFake
from github_bench import GitHubBench
from hosted import git_of, kept_in
from ledgers import clone, git, remote

ROOT = Path(__file__).resolve().parent.parent
PATHS = ("docs/postmortems/**/*.md",)
CLONES = {
    "clone": (),
    "clone --filter=blob:none --no-checkout": ("--filter=blob:none", "--no-checkout"),
    "clone --depth=1 --filter=blob:none --no-checkout": ("--depth=1", "--filter=blob:none", "--no-checkout"),
}


def write(root: Path, numbers: range, text: str) -> None:
    page = (ROOT / "tests/golden/aligned-table/before.md").read_text("utf-8", "replace")
    for number in numbers:
        name = root / f"docs/postmortems/{number % 20}/{number}.md"
        name.parent.mkdir(parents=True, exist_ok=True)
        name.write_text(f"# Incident {number}{text}\n\n{page}", encoding="utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "pages")
    git(root, "push", "-q")


def fetches(trace: Path) -> int:
    told = trace.read_text("utf-8", "replace").split("\n") if trace.exists() else []
    trace.unlink(missing_ok=True)
    return sum("built-in: git fetch " in line or "built-in: git ls-remote " in line for line in told)


def timed(name: str, source: Callable[[], DocumentSource], count: int, asked: Callable[[], int]) -> None:
    asked()
    start = time.perf_counter()
    pages = source().read().pages
    taken = time.perf_counter() - start
    assert len(pages) == count, len(pages)
    print(f"{name:<72} {taken:>6.2f} s {asked():>6}", flush=True)


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--documents", type=int, default=5_000)
    told.add_argument("--changed", type=int, default=50)
    arguments = told.parse_args()
    count, changed = arguments.documents, arguments.changed
    os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull}  # noqa: TID251 - of git
    with tempfile.TemporaryDirectory(prefix="closeout-bench-") as folder, GitHubFake() as fake:
        bare = remote(Path(folder).resolve())
        git(bare, "config", "uploadpack.allowFilter", "true")
        git(bare, "config", "uploadpack.allowAnySHA1InWant", "true")
        writer = clone(bare, "writer")
        write(writer, range(count), "")
        roots = {name: clone(bare, f"clone-{at}", *options) for at, (name, options) in enumerate(CLONES.items())}
        bench, trace, cache = GitHubBench(fake), Path(folder) / "trace", SqliteBlobs(Path(folder) / "blobs.sqlite")
        kept_in(bench, bare)
        os.environ["GIT_TRACE"] = str(trace)  # noqa: TID251 - of git
        print(f"{f'{count:,} documents':<72} {'time':>8} {'asked':>6}")
        for step in ("at first", "again", f"{changed} changed"):
            if step[0].isdigit():
                write(writer, range(changed), ", changed")
            for name, root in roots.items():
                timed(f"{step}: {name}", lambda root=root: Head(root, "main", PATHS), count, lambda: fetches(trace))  # type: ignore[misc]
            for name, kept in (("API", None), ("API, with its cache", cache)):
                made = lambda kept=kept: Hosted(git_of(bench), paths=PATHS, cache=kept)  # noqa: E731
                timed(f"{step}: {name}", made, count, lambda: len(bench.asked()))


if __name__ == "__main__":
    main()
