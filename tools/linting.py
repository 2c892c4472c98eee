"""Linters, run one after the other: those that must be there, and further ones that may not be had everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence


def ran(linters: Iterable[Sequence[str]], further: Sequence[Sequence[str]], left_out: str) -> int:
    """Run all; 1 if anything is found. Without `further` ones that is said, as `left_out`, and is 1 in CI."""
    codes = [subprocess.run(command, check=False).returncode for command in (*linters, *further)]
    if not further:
        print(left_out, file=sys.stderr)
        codes.append(int(os.environ.get("CI") == "true"))  # noqa: TID251 - CI says so itself
    return int(any(codes))
