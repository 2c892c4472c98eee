"""The Action from nothing: its environment is made by pip, from this very check-out, and found by the next job."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def play(_number: int) -> None:
    """Install twice; raises AssertionError if that fails, or the second time is not the first one's environment."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        told = {**os.environ, "RUNNER_TOOL_CACHE": folder, "GITHUB_OUTPUT": str(output)}
        command = [sys.executable, "-I", str(ROOT / "tools/install_action.py")]
        first, again = (
            subprocess.run(command, env=told, capture_output=True, text=True, check=False) for _ in range(2)
        )
        assert first.returncode == 0, first.stdout + first.stderr
        assert "was made in" in first.stdout
        assert "was found in" in again.stdout, again.stdout + again.stderr
        (python,) = {line.removeprefix("python=") for line in output.read_text("utf-8").splitlines()}
        run = [python, "-I", "-m", "closeout", "version"]
        done = subprocess.run(run, cwd=folder, capture_output=True, text=True, check=False)
        assert done.stdout.startswith("closeout "), done.stdout + done.stderr
