"""Every proof in turn, as often as the time allows; prints how many of each ran."""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from closeout.domain.item import Field
from worlds import Small

MINUTES = float(os.environ.get("PROVE_MINUTES", "5"))  # noqa: TID251
MOST = 2_000


def world(seed: int) -> None:
    """One world: people edit both sides, runs die anywhere; at rest there is one issue per item and nothing to do."""
    dice = random.Random(seed)
    small = Small()
    for _ in range(dice.randint(2, 10)):
        match dice.randrange(5):
            case 0:
                small.sync(dies_at=dice.randrange(20))
            case 1:
                small.sync()
            case 2 if small.tracker.issues:
                ref = dice.choice(sorted(small.tracker.issues))
                small.tracker.edit(ref, {Field.STATUS: dice.choice(["todo", "in_progress", "done"])})
            case 3 if small.tracker.issues:
                ref = dice.choice(sorted(small.tracker.issues))
                small.tracker.edit(ref, {Field.DUE: f"2026-07-{dice.randint(10, 28)}"})
            case 4:
                small.text = small.text.replace("2026-06-15", f"2026-06-{dice.randint(16, 29)}")
            case _:
                pass
    for _ in range(3):
        small.sync()
    keys = [issue.key for issue in small.tracker.issues.values()]
    titles = sorted(issue.values[Field.TITLE] for issue in small.tracker.issues.values())
    rest = small.plan().plan
    if titles != ["Add an alert", "Write a runbook"] or len(set(keys)) != 2 or not rest.empty:
        sys.exit(f"world {seed}: {titles}, {rest.changes}")


def main() -> None:
    end = time.monotonic() + MINUTES * 60 * 0.9
    count = 0
    while count < MOST and time.monotonic() < end:
        world(count)
        count += 1
    print(f"worlds with deaths and edits on both sides: {count}")
    print(f"{count} passed, 0 failed")


if __name__ == "__main__":
    main()
