"""Two real processes at once on one repository: one waits for the other, and there is one issue per item."""

from __future__ import annotations

import random
import signal
import subprocess
import sys

from benches import Bench, bench
from registry import named
from story import DOCUMENTS, Story


def play(seed: int) -> None:
    """Start two syncs; in every other world the first is killed at some moment."""
    dice = random.Random(seed)
    with bench(named("folder"), "worktree", DOCUMENTS) as made:
        both = [_begun(made) for _ in range(2)]
        if seed % 2:
            try:
                both[0].wait(timeout=dice.uniform(0.2, 0.6))
            except subprocess.TimeoutExpired:
                both[0].send_signal(signal.SIGKILL)
        ends = [(process.communicate(), process.returncode) for process in both]
        for (_, told), code in ends:
            assert code in {0, -signal.SIGKILL}, told.decode()
        Story(made).at_rest()


def _begun(made: Bench) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "closeout", "sync"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=made.root, env=made.environment, stdout=pipe, stderr=pipe)
