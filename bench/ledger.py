"""What a ledger of 10,000 items costs on a git ref of a bare remote: bytes, seconds of loading and saving, growth.

`--pushes` saves follow one another, each with `--changed` items that changed; what git keeps of them is told before and
after `git gc` on the remote, and what a year of four saves an hour would be.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from closeout.domain.item import Field
from closeout.domain.ledger import Entry, Ledger, Memory
from closeout.state.gitref import REF
from closeout.state.lines import dumps
from ledgers import Clock, clone, git, keeper, remote

YEAR = 4 * 24 * 365
SUBJECTS = [
    "pool",
    "replica",
    "cache",
    "queue",
    "disk",
    "certificate",
    "gateway",
    "index",
    "backup",
    "failover",
    "quota",
    "alert",
    "runbook",
    "dashboard",
]
Value = TypeVar("Value")


def entry(number: int, turn: int = 0) -> Entry:
    """An item as it is remembered after some weeks: every field was seen, one in ten has something to be shown."""
    word, day = SUBJECTS[number % len(SUBJECTS)], f"2026-{number % 12 + 1:02}-{(number + turn) % 28 + 1:02}"
    title = f"add a limit to the {word} of cluster {number} and page its owners before it is full"
    status = ("todo", "in_progress", "done")[(number + turn) % 3]
    owner = f"person-{number % 80}"
    memory = {
        Field.TITLE: Memory(title.capitalize(), title.capitalize()),
        Field.STATUS: Memory("🔲 TODO", status, status if number % 10 == 0 else None),
        Field.OWNERS: Memory(f"@{owner}", owner),
        Field.DUE: Memory(day, day, None, frozenset({day}) if number % 10 == 1 else frozenset()),
        Field.PRIORITY: Memory("P2", None),
    }
    key = f"v1:{hashlib.sha256(str(number).encode()).hexdigest()[:20]}"
    document = f"docs/postmortems/2026/{number // 8:05}-{word}-outage.md"
    return Entry(
        key, "github", document, title, 1, number % 8, str(number + 1), landed=True, first_seen="2026-01-05",
        opened="2026-01-05", author="github-actions[bot]", version=f"2026-11-{turn % 28 + 1:02}T10:{number % 60:02}:00Z", memory=memory,
    )  # fmt: skip


def timed(act: Callable[[], Value]) -> tuple[Value, float]:
    start = time.perf_counter()
    made = act()
    return made, time.perf_counter() - start


def kept(bare: Path) -> int:
    """The bytes of all objects of a repository."""
    told = dict(line.split(": ") for line in git(bare, "count-objects", "-v").split("\n"))
    return 1024 * (int(told["size"]) + int(told["size-pack"]))


def sent(bare: Path, new: str, old: str) -> int:
    """The bytes of the pack that a push from one commit to the next sends."""
    command = ["git", "-C", str(bare), "pack-objects", "--quiet", "--revs", "--thin", "--stdout"]
    return len(subprocess.run(command, input=f"{new}\n^{old}\n".encode(), capture_output=True, check=True).stdout)


def save(root: Path, ledger: Ledger) -> None:
    """Save once, as the last save of a run does."""
    one = keeper(root, Clock())
    with one.lease():
        one.load()
        one.save(ledger, last=True)


def show(what: str, value: float, unit: str) -> None:
    print(f"{what:<64} {value:>12,.2f} {unit}", flush=True)


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--items", type=int, default=10_000)
    told.add_argument("--changed", type=int, default=50)
    told.add_argument("--pushes", type=int, default=20)
    arguments = told.parse_args()
    os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull}  # noqa: TID251 - of git
    ledger = Ledger(
        "example.com/acme/docs", {"github": "https://example.com/acme/docs"}, exists=True, revision="a" * 40
    )
    ledger = ledger.put(*map(entry, range(arguments.items)))
    print(f"a ledger of {arguments.items:,} items, saves of {arguments.changed} changed ones")
    show("its text", len(dumps(ledger).encode()) / 1e6, "MB")
    with tempfile.TemporaryDirectory(prefix="closeout-bench-") as folder:
        bare = remote(Path(folder).resolve())
        empty, root = kept(bare), clone(bare, "one")
        _, seconds = timed(lambda: save(root, ledger))
        show("first save", seconds, "s")
        show("kept of it by the remote", (kept(bare) - empty) / 1e6, "MB")
        _, seconds = timed(keeper(root, Clock()).load)
        show("load in a clone that knows it", seconds, "s")
        _, seconds = timed(keeper(clone(bare, "two"), Clock()).load)
        show("load in a fresh clone", seconds, "s")
        before, first, spent = kept(bare), git(bare, "rev-parse", REF), 0.0
        for turn in range(1, arguments.pushes + 1):
            at = turn * arguments.changed
            ledger = ledger.put(
                *(entry(number % arguments.items, turn) for number in range(at, at + arguments.changed))
            )
            old = git(bare, "rev-parse", REF)
            _, seconds = timed(lambda now=ledger: save(root, now))  # type: ignore[misc]
            spent += seconds
            if turn == 1:
                show("the next save", seconds, "s")
                show("sent with it", sent(bare, git(bare, "rev-parse", REF), old) / 1e3, "kB")
        show(f"a save of {arguments.pushes}, on the average", spent / arguments.pushes, "s")
        show(f"growth of the remote with {arguments.pushes} saves", (kept(bare) - before) / 1e6, "MB")
        commits = int(git(bare, "rev-list", "--count", f"{first}..{REF}"))
        show("commits of these saves", commits, "")
        _, seconds = timed(lambda: git(bare, "gc", "--quiet", "--prune=now"))
        show("git gc on the remote", seconds, "s")
        show("kept by the remote after it, in all", kept(bare) / 1e6, "MB")
        first_packed = sent(bare, first, git(bare, "rev-parse", "main"))
        each = (kept(bare) - first_packed) / arguments.pushes
        show("a save, packed", each / 1e3, "kB")
        show("a year of four saves an hour, packed", each * YEAR / 1e6, "MB")
        _, seconds = timed(keeper(clone(bare, "three"), Clock()).load)
        show("load in a fresh clone after all of these", seconds, "s")


if __name__ == "__main__":
    main()
