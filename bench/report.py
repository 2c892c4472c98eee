"""What a report costs: 10,000 items in 500 documents, from documents alone, with the ledger and with a tracker, in memory.

Seconds are of processors; the last line is the command on real files, with as many processes as there are cores.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from closeout.cli.report_forms import Format
from closeout.cli.report_forms import made as as_form
from closeout.domain.report.period import parse
from closeout.domain.report.scope import Scope
from closeout.domain.report.summarise import day_before, summarise
from closeout.engine.gather import About
from closeout.engine.report import Ground, make
from closeout.engine.sync import sync
from closeout.reading.vocabulary import shipped
from closeout.settings.reporting import Report
from worlds import Small

ROWS = 20
VERBS = [
    "Add",
    "Write",
    "Move",
    "Check",
    "Automate",
    "Document",
    "Alert",
    "Rotate",
    "Test",
    "Limit",
    "Retire",
    "Split",
    "Cache",
    "Measure",
    "Drill",
]
THINGS = [
    "alert",
    "runbook",
    "backup",
    "certificate",
    "queue",
    "index",
    "replica",
    "limit",
    "quota",
    "probe",
    "dashboard",
    "budget",
    "retry",
    "timeout",
    "schema",
    "cache",
    "secret",
    "job",
    "pool",
    "shard",
    "topic",
    "route",
    "cron",
    "log",
    "mirror",
    "image",
    "deploy",
    "flag",
    "canary",
    "node",
    "disk",
    "volume",
    "cluster",
    "registry",
    "proxy",
]
PLACES = [
    "checkout",
    "dns",
    "ledger",
    "search",
    "billing",
    "auth",
    "edge",
    "mail",
    "login",
    "feed",
    "import",
    "export",
    "orders",
    "stock",
    "maps",
    "chat",
    "video",
]
OWNERS = [f"@person{number}" for number in range(60)]
Got = TypeVar("Got")


def page(number: int, dice: random.Random) -> str:
    """A postmortem of ROWS items, as no two teams would word them."""
    day = date.fromordinal(date(2025, 1, 1).toordinal() + number)
    rows = "".join(
        f"| {dice.choice(VERBS)} {dice.choice(THINGS)} {dice.choice(THINGS)} for {dice.choice(PLACES)} "
        f"{dice.choice(PLACES)} | {dice.choice(OWNERS)} | {date.fromordinal(day.toordinal() + 30)} | "
        f"{dice.choice(('TODO', 'In progress', 'DONE', 'WONTFIX: too dear'))} |\n"
        for _ in range(ROWS)
    )
    head = f"# {dice.choice(PLACES).capitalize()} down\n\n**Date**: {day}\n**Severity**: SEV-{number % 4}\n"
    return f"{head}\n## Action items\n\n| Action | Owner | Due | Status |\n|---|---|---|---|\n{rows}"


def timed(name: str, act: Callable[[], Got]) -> Got:
    start = time.process_time()
    found = act()
    print(f"{name:<46} {time.process_time() - start:8.2f} s", flush=True)
    return found


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--documents", type=int, default=500)
    count = told.parse_args().documents
    dice = random.Random(7)
    texts = {f"postmortems/{number:04}.md": page(number, dice) for number in range(count)}
    small = Small(dict(texts))
    sync(small.world, small.options)
    scope = Scope(parse("2026", date(2026, 11, 21)))
    world, before = small.world, day_before(scope.period)
    day = date(2026, 11, 21)
    print(f"{count * ROWS:,} items in {count} documents")
    alone = Ground(small.documents, small.options, About())
    timed("rows from documents alone, with their reading", lambda: make(alone, day, before))
    kept = Ground(small.documents, small.options, About(), None, world.trackers, None, small.ledger.load)
    timed("rows with what the ledger remembers", lambda: make(kept, day, before))
    asked = Ground(small.documents, small.options, About(), None, world.trackers, world, small.ledger.load)
    made = timed("rows with a tracker and its plan", lambda: make(asked, day, before))
    summary = timed("the summary", lambda: summarise(made.rows, scope, common=shipped().common))
    for form in Format:
        text = timed(f"as {form}", partial(as_form, form, summary, Path.cwd(), Report()))
        print(f"{'':<46} {len(text.encode()) / 1e6:8.2f} MB")
    with tempfile.TemporaryDirectory(prefix="closeout-bench-") as folder:
        for name, text in texts.items():
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "closeout", "report", "postmortems"]
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{'closeout report postmortems, its main process':<46} {used.ru_utime + used.ru_stime:8.2f} s", end="")
        print(f", {time.perf_counter() - start:.2f} s on the clock")


if __name__ == "__main__":
    main()
