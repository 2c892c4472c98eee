"""Every property with fresh examples, again and again, for as long as was asked; a failure is printed with its example."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time


def main() -> int:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--minutes", type=float, default=5.0, help="stop after so many minutes")
    end = time.monotonic() + told.parse_args().minutes * 60
    rounds = 0
    while time.monotonic() < end:
        environment = {**os.environ, "HYPOTHESIS_PROFILE": "fuzz"}  # noqa: TID251 - a tool of the developers
        command = [sys.executable, "-m", "pytest", "-q", "-m", "hypothesis", "-n", "2", "tests"]
        if subprocess.run(command, env=environment, check=False).returncode:
            return 1
        rounds += 1
    print(f"{rounds} rounds of 2,000 fresh examples a property, none failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
