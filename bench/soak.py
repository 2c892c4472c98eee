"""A daemon over weeks: repositories with edits on both sides, runs that are killed, and what memory and files it takes.

`python bench/soak.py [REPOSITORIES [ROUNDS [KILLS]]]`; a round is a week.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from proofs.soak import soak

DEFAULTS = (50, 3, 10)


def main() -> None:
    told = [int(word) for word in sys.argv[1:]]
    repositories, rounds, kills = (*told, *DEFAULTS[len(told) :])
    began = time.perf_counter()
    figures = soak(1, repositories, rounds, kills, timedelta(days=7))
    print(
        f"{repositories} repositories over {rounds} weeks: {figures.runs} runs, {figures.killed} killed; all settled alike"
    )
    print(f"{time.perf_counter() - began:.0f} s; kB resident by week: {figures.memory}; open files: {figures.files}")


if __name__ == "__main__":
    main()
