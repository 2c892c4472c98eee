"""How long reading, planning and writing take: minimum, median and maximum of several runs, in milliseconds."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from closeout.domain.item import Field
from closeout.editing.splice import Edit, splice
from closeout.engine.world import Options
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped
from worlds import TABLE, Small

RUNS = 5


def rows(count: int) -> str:
    return TABLE + "".join(f"| Task number {number} | @ann | 2026-06-15 | 🔲 TODO |\n" for number in range(count))


def timed(name: str, act: Callable[[], object]) -> None:
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    print(f"{name:<58} {min(taken):>9.1f} {statistics.median(taken):>9.1f} {max(taken):>9.1f}")


def at_rest(documents: int) -> Small:
    small = Small(
        {f"postmortems/{number}.md": TABLE for number in range(documents)}, Options(today="2026-05-03", version="bench")
    )
    small.sync()
    return small


def main() -> None:
    words = shipped()
    print(f"{'milliseconds':<58} {'min':>9} {'median':>9} {'max':>9}")
    timed("read a page of three rows", lambda: read("a.md", TABLE, words))
    large = rows(10_000)
    timed("read a table of 10,000 rows", lambda: read("a.md", large, words))
    places = [item.stated[Field.DUE].place for item in read("a.md", large, words).items]
    edits = [Edit(place, "2026-07-01") for place in places if place]
    timed("write 10,000 dates into it", lambda: splice(large, edits))
    for documents in (100, 500):
        world = at_rest(documents)
        timed(f"plan {documents} documents at rest ({len(world.tracker.issues)} issues)", world.plan)
    timed("first sync of 100 documents", lambda: at_rest(100))


if __name__ == "__main__":
    main()
