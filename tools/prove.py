"""Draw from every proof in turn, as long as the time allows; print how many of each ran.

Exits 1 at the first world that ends badly, naming it; `--seed` plays other worlds.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from proofs import PROOFS

_SLICE = 2.0


def main() -> int:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--minutes", type=float, default=5.0, help="stop after so many minutes")
    told.add_argument("--seed", type=int, default=0, help="the number of the first world")
    arguments = told.parse_args()
    end = time.monotonic() + arguments.minutes * 60
    played = dict.fromkeys(PROOFS, 0)
    while time.monotonic() < end and any(played[proof] < proof.full for proof in PROOFS):
        for proof in PROOFS:
            turn = min(end, time.monotonic() + _SLICE)
            while played[proof] < proof.full and time.monotonic() < turn:
                try:
                    proof.play(arguments.seed + played[proof])
                except AssertionError as error:
                    print(f"{proof.name}: world {arguments.seed + played[proof]} ends badly: {error}", file=sys.stderr)
                    return 1
                played[proof] += 1
    for proof, count in played.items():
        print(f"{count * proof.each:>7,} of {proof.full * proof.each:>7,}  {proof.name}")
    print(f"{sum(count * proof.each for proof, count in played.items()):,} worlds played, none ended badly")
    return 0


if __name__ == "__main__":
    sys.exit(main())
