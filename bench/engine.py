"""What planning costs with as many issues as items, in memory: at first, at rest, and with one in a hundred changed.

Each size runs in a process of its own, so that its peak of memory is its own; times are processor seconds.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from closeout.domain.item import Field
from closeout.engine.consider import consider
from closeout.engine.read import read
from closeout.engine.standing import standing
from closeout.engine.sync import sync
from worlds import Small, page

ROWS = 20
SIZES = (10_000, 30_000, 100_000)


def planned(small: Small, *, expect: int) -> tuple[float, float]:
    """Plan so many changes; the seconds of reading the documents, and of all the rest."""
    start = time.process_time()
    library = read(small.documents, small.options, small.documents)
    middle = time.process_time()
    loaded = small.ledger.load()
    options = standing(small.world, small.options, library.snapshot, loaded)
    changes = consider(small.world.trackers, library, loaded, options).plan.changes
    end = time.process_time()
    assert len(changes) == expect, (len(changes), changes[:3])
    return middle - start, end - middle


def change(small: Small) -> None:
    """One in a hundred rows gets another date, one in a hundred issues is closed."""
    for number, path in enumerate(sorted(small.texts)):
        if number % (100 // ROWS) == 0:
            small.texts[path] = small.texts[path].replace("2026-06-03", "2026-07-03")
    for ref in list(small.tracker.issues)[::100]:
        small.tracker.edit(ref, {Field.STATUS: "done"})


def timed(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def play(count: int) -> None:
    small = Small({f"postmortems/{number:05}.md": page(number, ROWS) for number in range(count // ROWS)})
    small.options = replace(small.options, today="2026-05-03")
    reading, planning = planned(small, expect=count)
    applied = timed(lambda: sync(small.world, small.options))
    _, at_rest = planned(small, expect=0)
    change(small)
    _, changed = planned(small, expect=count // 50)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:>8,} {reading:>9.2f} {planning:>9.2f} {at_rest:>9.2f} {changed:>9.2f} {applied:>9.2f} {peak:>9,.0f}",
        end="",
    )
    print(f" {at_rest / count * 1e6:>12.0f}", flush=True)


def main() -> int:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--items", type=int, help="one size only, in this process")
    arguments = told.parse_args()
    if arguments.items:
        play(arguments.items)
        return 0
    print(
        f"{'items':>8} {'read':>9} {'first':>9} {'at rest':>9} {'changed':>9} {'sync':>9} {'peak MB':>9} {'µs at rest':>12}"
    )
    for size in SIZES:
        done = subprocess.run([sys.executable, __file__, "--items", str(size)], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
