"""How long reading, starting, planning and writing take, each as a ratio in one run, beside its limit.

`--corpus FOLDER` (or CLOSEOUT_BENCH_CORPUS) names a folder of Markdown pages to read, else those of the tests are read;
`--all` times planning and writing too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import mistune

from closeout.domain.item import Field
from closeout.editing.splice import Edit, splice
from closeout.engine.read import read as read_all
from closeout.engine.world import Options
from closeout.ports.documents import Page, Snapshot
from closeout.processes import Processes, cores
from closeout.reading.document import read
from closeout.reading.phrases import fold
from closeout.reading.vocabulary import shipped
from worlds import TABLE, Small

ROOT = Path(__file__).resolve().parent.parent
CORPUS = os.environ.get("CLOSEOUT_BENCH_CORPUS")  # noqa: TID251 - no setting of closeout
RUNS = 9
COUNTS = (1_000, 3_000, 10_000)
CLEAN = "# Outage\n\n## Action items\n\n| Action | Owner | Due | Status |\n|---|---|---|---|\n| Mend | Ann | 2026-06-15 | Done |\n"
Timed = Callable[[Callable[[], object]], float]


def by_processor(act: Callable[[], object]) -> float:
    """Seconds of this process alone: others on the machine do not count."""
    start = time.process_time()
    act()
    return time.process_time() - start


def by_clock(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def by_children(act: Callable[[], object]) -> float:
    """Processor seconds of the processes that it waits for."""
    start = os.times()
    act()
    end = os.times()
    return end.children_user + end.children_system - start.children_user - start.children_system


def ratios(one: Callable[[], object], base: Callable[[], object], timed: Timed, runs: int = RUNS) -> list[float]:
    """Run both in turn, after one of each that does not count; one's time by base's for every turn."""
    one(), base()
    return [timed(one) / timed(base) for _ in range(runs)]


def show(name: str, found: Sequence[float], limit: float | None) -> None:
    most = "" if limit is None else f"{limit:.1f}"
    print(f"{name:<68} {min(found):>7.2f} {statistics.median(found):>7.2f} {max(found):>7.2f} {most:>6}", flush=True)


@dataclass(frozen=True)
class Pages:
    """So many pages, the texts over and over."""

    texts: Sequence[str]
    count: int

    def descends(self, revision: str, ancestor: str) -> bool:
        return ancestor <= revision

    def read(self) -> Snapshot:
        return Snapshot([Page(f"{number}.md", self.texts[number % len(self.texts)]) for number in range(self.count)])


def texts_of(folder: Path | None) -> list[str]:
    found = sorted(folder.rglob("*.md")) if folder else sorted((ROOT / "tests/golden").rglob("before.md")) * 10
    return [path.read_bytes().decode("utf-8", "replace") for path in found]


def reading(texts: Sequence[str]) -> None:
    words, markdown = (
        shipped(),
        mistune.create_markdown(renderer=None, plugins=["table", "task_lists", "strikethrough"]),
    )

    def ours() -> None:
        fold.cache_clear()  # as in a run that reads these pages for the first time
        for text in texts:
            read("a.md", text, words)

    def theirs() -> None:
        for text in texts:
            markdown(text)

    show(f"read {len(texts)} pages / mistune on the same", ratios(ours, theirs, by_processor), 1.3)


def starting(folder: Path) -> None:
    # as where it is installed: modules are compiled once, in the run that does not count, whatever this shell says
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # noqa: TID251
    kept["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")

    def run(*arguments: str) -> Callable[[], object]:
        command = [sys.executable, *arguments]
        return lambda: subprocess.run(command, check=True, capture_output=True, cwd=folder, env=kept)

    (folder / "clean.md").write_text(CLEAN, encoding="utf-8")
    typer, listed = run("-c", "import typer"), run("-m", "closeout", "list", "clean.md")
    show("closeout --help / import typer", ratios(run("-m", "closeout", "--help"), typer, by_children), 1.5)
    show("closeout list, one clean page / import typer", ratios(listed, typer, by_children), 4)
    libraries = run("-c", "import typer, typer._adapters, rich.console, rich.table, mistune")
    show("  of that its libraries: typer with pydantic, rich, mistune", ratios(libraries, typer, by_children), None)


def many(texts: Sequence[str]) -> None:
    options = Options()
    spread = Processes(cores())
    per_page: dict[int, float] = {}
    for count in COUNTS:
        taken = by_clock(lambda count=count: read_all(Pages(texts, count), options, spread=spread))  # type: ignore[misc]
        per_page[count] = taken / count
        told = f"{count:,} pages, {spread.count} processes: {taken:.1f} s, {per_page[count] * 1000:.2f} ms each"
        show(
            f"{told} / each of {COUNTS[0]:,}",
            [per_page[count] / per_page[COUNTS[0]]],
            None if count == COUNTS[0] else 1.3,
        )
    count = COUNTS[1]
    alone = by_clock(lambda: read_all(Pages(texts, count), options))
    show(f"{count:,} pages, {spread.count} processes / one", [per_page[count] * count / alone], None)


def at_rest(documents: int) -> Small:
    pages = {f"postmortems/{number}.md": TABLE for number in range(documents)}
    small = Small(pages, Options(today="2026-05-03", version="bench"))
    small.sync()
    return small


def planning() -> None:
    worlds = {documents: at_rest(documents) for documents in (100, 1_000)}
    found = ratios(worlds[1_000].plan, worlds[100].plan, by_processor, 5)
    show("plan 1,000 documents at rest / 10 times 100", [one / 10 for one in found], 1.3)
    large = {count: TABLE + "| Task | @ann | 2026-06-15 | TODO |\n" * count for count in (1_000, 10_000)}
    words = shipped()
    found = ratios(
        lambda: read("a.md", large[10_000], words), lambda: read("a.md", large[1_000], words), by_processor, 3
    )
    show("read a table of 10,000 rows / 10 times 1,000", [one / 10 for one in found], 1.3)
    edits = {
        count: [
            Edit(place, "2026-07-01")
            for item in read("a.md", text, words).items
            if (place := item.stated[Field.DUE].place)
        ]
        for count, text in large.items()
    }
    found = ratios(
        lambda: splice(large[10_000], edits[10_000]), lambda: splice(large[1_000], edits[1_000]), by_processor, 3
    )
    show("write 10,000 dates into it / 10 times 1,000", [one / 10 for one in found], 1.3)


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--corpus", type=Path, default=CORPUS, help="a folder of pages")
    told.add_argument("--all", action="store_true", help="time planning and writing too")
    arguments = told.parse_args()
    texts = texts_of(Path(arguments.corpus) if arguments.corpus else None)
    print(f"{'ratio':<68} {'min':>7} {'median':>7} {'max':>7} {'limit':>6}")
    reading(texts)
    with tempfile.TemporaryDirectory() as folder:
        starting(Path(folder))
    many(texts)
    if arguments.all:
        planning()


if __name__ == "__main__":
    main()
