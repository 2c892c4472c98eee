"""Two real processes at once on one repository: one waits for the other, and there is one issue per item."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from proofs.deaths import repository, run


def play(seed: int) -> None:
    """Start two syncs; in every other world the first is killed at some moment."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="closeout-proof-") as folder:
        root = Path(folder).resolve()
        repository(root)
        command = [sys.executable, "-m", "closeout", "sync", "--tracker", "folder"]
        both = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
        if seed % 2:
            try:
                both[0].wait(timeout=dice.uniform(0.2, 0.6))
            except subprocess.TimeoutExpired:
                both[0].send_signal(signal.SIGKILL)
        ends = [(process.communicate(), process.returncode) for process in both]
        for (_, told), code in ends:
            assert code in {0, -signal.SIGKILL}, told.decode()
        assert not run(root).errors
        assert len(list((root / ".closeout/issues").glob("0*.md"))) == 4
        assert run(root).plan.empty
