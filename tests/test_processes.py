"""The same work on many things by several processes: same results, same order, and a death costs one thing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from closeout.engine.read import read
from closeout.engine.world import Options
from closeout.ports.documents import Page, Snapshot
from closeout.processes import Processes
from fakes import acts

METHODS = [method for method in ("fork", "forkserver", "spawn") if method in multiprocessing.get_all_start_methods()]
NUMBERS = range(20)
PAGE = "# Outage {0}\n\n## Action items\n\n| Action | Owner |\n|---|---|\n| Mend {0} | @ann |\n"


@dataclass(frozen=True)
class Pages:
    """So many pages; one of them cannot be read."""

    count: int

    def descends(self, revision: str, ancestor: str) -> bool:
        return True

    def read(self) -> Snapshot:
        pages = [Page(f"{number:03}.md", PAGE.format(number)) for number in range(self.count)]
        return Snapshot([*pages, Page("z.md", error="z.md: could not be read: it is no file. Name a Markdown file")])


@pytest.mark.parametrize("method", METHODS)
def test_results_come_in_order_however_processes_start(method: str) -> None:
    assert list(Processes(2, few=2, part=3, method=method)(acts.double, NUMBERS)) == [2 * n for n in NUMBERS]


def test_few_things_and_one_core_start_no_process() -> None:
    for spread in (Processes(2, few=21), Processes(1, few=2)):
        assert set(spread(acts.who, NUMBERS)) == {os.getpid()}
    assert os.getpid() not in set(Processes(2, few=20, part=3)(acts.who, NUMBERS))


@pytest.mark.parametrize("part", [1, 4, 20])
def test_a_process_that_dies_costs_the_thing_it_died_of_and_no_other(part: int) -> None:
    wanted = [None if number == 7 else 2 * number for number in NUMBERS]
    assert list(Processes(2, few=2, part=part)(acts.die_of_seven, NUMBERS)) == wanted


def test_an_exception_is_raised_here() -> None:
    with pytest.raises(ValueError, match="seven"):
        list(Processes(2, few=2, part=3)(acts.refuse_seven, NUMBERS))


def test_a_library_is_the_same_by_one_process_and_by_two() -> None:
    told: list[tuple[int, int]] = []

    def tick(done: int, total: int) -> None:
        told.append((done, total))

    one = read(Pages(30), Options())
    two = read(Pages(30), Options(), tick=tick, spread=Processes(2, few=2, part=4))
    assert (one, list(one.documents)) == (two, list(two.documents))
    assert told == [(number, 30) for number in range(1, 31)]
    assert len(two.errors) == 1


def test_a_page_that_kills_its_process_is_an_error_of_that_page() -> None:
    def spread(act: Callable[[Page], object], things: Sequence[Page], /) -> Iterator[object]:
        return (None if page.path == "001.md" else act(page) for page in things)

    library = read(Pages(3), Options(), spread=spread)  # type: ignore[arg-type]
    assert list(library.documents) == ["000.md", "002.md"]
    assert [error.path for error in library.errors] == ["z.md", "001.md"]
    assert "the process that read it died" in library.errors[1].message


def test_an_interrupt_ends_all_processes() -> None:
    program = (
        "import signal\n"
        "from fakes.acts import who\n"
        "from closeout.processes import Processes\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # what runs in the background ignores it
        "if __name__ == '__main__':\n"
        "    for who in Processes(2, few=2, part=2)(who, range(100_000)):\n"
        "        print(who, flush=True)\n"
    )
    here = Path(__file__).resolve().parent
    started = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=here,
        start_new_session=True,
    )
    assert started.stdout is not None
    workers = set[int]()
    while len(workers) < 2:  # one that still starts would tell of the interrupt, too
        workers.add(int(started.stdout.readline()))
    os.killpg(started.pid, signal.SIGINT)
    _, error = started.communicate(timeout=30)
    assert started.returncode != 0
    assert error.count("Traceback") == 1, error  # its own, none of a worker
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)
