"""Where the time of a run without changes goes: 5,000 documents on a remote, one in ten with open items, and GitHub.

The parts are shares of one run in one process; those of matching and merging lie within no other.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))


from closeout.engine.boards import trackers
from closeout.engine.sync import sync
from closeout.engine.world import Options, World
from closeout.git.commits import CLOSEOUT
from closeout.processes import Processes
from closeout.repositories.commit import CommitPublisher
from closeout.repositories.head import Head
from closeout.state.chain import Chain
from closeout.state.gitref import REF, GitLedger
from fakes.github import GitHubFake
from github_bench import PROJECT, GitHubBench
from hosted import kept_in
from ledgers import NOON, TIMES, clone, git, remote
from worlds import page

PARTS = {
    "asking git what is new": ("__init__.py", ("_run", "git")),
    "reading pages": ("read.py", ("read",)),
    "listing issues": ("observe.py", ("listings", "observe")),
    "loading the ledger": ("gitref.py", ("load",)),
    "matching": ("match.py", ("match",)),
    "merging rows": ("consider.py", ("_row",)),
}


def closed(number: int) -> str:
    return page(number, 5).replace("TODO", "DONE")


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--documents", type=int, default=5_000)
    count = told.parse_args().documents
    os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull}  # noqa: TID251 - of git
    with tempfile.TemporaryDirectory(prefix="closeout-bench-") as folder, GitHubFake() as fake:
        bare = remote(Path(folder).resolve())
        bench = GitHubBench(fake)
        kept_in(bench, bare)
        root = clone(bare, "clone")
        (root / "postmortems").mkdir()
        for number in range(count):
            text = page(number, 2) if number % 10 == 0 else closed(number)
            (root / f"postmortems/{number}.md").write_text(text, encoding="utf-8")
        for arguments in (["add", "-A"], ["commit", "-q", "-m", "pages"], ["push", "-q"]):
            git(root, *arguments)

        def world() -> World:
            ledger = GitLedger(Chain(root, REF), clock=lambda: NOON, pause=bench.pause, times=TIMES)
            back = CommitPublisher(root, "main", ledger.hold, CLOSEOUT)
            return World(Head(root, "main"), back, ledger, trackers(bench.tracker()), Processes(1))

        options = Options(f"github.com/{PROJECT}", today="2026-11-21", now=NOON.isoformat(timespec="seconds"))
        start = time.perf_counter()
        made = sync(world(), options)
        print(f"first run, {len(made.results):,} issues: {time.perf_counter() - start:.1f} s", flush=True)
        fake.requests.clear()
        profile = cProfile.Profile()
        start = time.perf_counter()
        rest = sync(world(), options)
        plain = time.perf_counter() - start
        assert rest.plan.empty, rest.plan.changes[:3]
        asked = len(fake.requests)
        profile.enable()
        sync(world(), options)
        profile.disable()
        stats = pstats.Stats(profile)
        whole = stats.total_tt  # type: ignore[attr-defined]
        print(f"a run without changes, {count:,} documents, one process: {plain:.2f} s, {asked} requests")
        for name, (file, functions) in PARTS.items():
            taken = sum(
                row[3]
                for (path, _, function), row in stats.stats.items()  # type: ignore[attr-defined]
                if Path(path).name == file and "closeout" in path and function in functions
            )
            print(f"  {name:<28} {taken / whole:>6.0%} of a profiled run")


if __name__ == "__main__":
    main()
