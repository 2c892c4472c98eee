"""The demo tells the story it promises."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DEMO = Path(__file__).resolve().parent.parent / "tools/demo.py"


def test_the_story_ends_with_nothing_to_do() -> None:
    done = subprocess.run([sys.executable, str(DEMO)], capture_output=True, text=True, check=True)
    chapters = done.stdout.split("\n== ")
    assert len(chapters) == 8
    two_lines = [line for line in chapters[6].split("\n") if line.startswith(("   +|", "   -|"))]
    assert len(two_lines) == 4
    assert "✅ DONE" in two_lines[2]
    assert chapters[7].strip().endswith("nothing to do (9 items in 4 documents)")
