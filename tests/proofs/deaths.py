"""A real repository, and a process that dies before one of its effects on the disk: no cleanup runs."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from closeout import compose
from closeout.domain.item import Field
from closeout.engine.sync import Outcome, plan, sync
from closeout.settings import Settings
from closeout.trackers.folder import FolderTracker
from worlds import TABLE

DAY = "2026-05-03"
NOW = datetime.datetime(2026, 5, 3, 10, tzinfo=datetime.UTC)
LIST = """# Mail lost

## Follow-ups

- [ ] Check the configuration (Owner: @bob, Due: 2026-06-15)
- [ ] Alert on a full queue (Owner: @bob, Due: 2026-06-18)
"""
EFFECTS = {"open", "os.rename", "os.link", "os.remove", "os.mkdir"}


def repository(root: Path) -> None:
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / "postmortems").mkdir()
    (root / "postmortems/a.md").write_text(TABLE, encoding="utf-8")
    (root / "postmortems/b.md").write_text(LIST, encoding="utf-8")


def run(root: Path) -> Outcome:
    made = compose.run(root, Settings(), NOW)
    return sync(made.world, made.options)


def change(root: Path) -> None:
    """What people do between two runs: an issue is closed, a date is moved on either side."""
    issue = next((root / ".closeout/issues").glob("0001-*"))
    issue.write_text(issue.read_text("utf-8").replace("status: todo", "status: done"), encoding="utf-8")
    page = root / "postmortems/a.md"
    page.write_text(page.read_text("utf-8").replace("2026-06-20", "2026-07-20"), encoding="utf-8")


def dies(root: Path, at: int) -> bool:
    """Run in a child that kills itself before its effect number `at`; False if it came to its end."""
    child = os.fork()
    if child == 0:
        left = at

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event in EFFECTS and _is_effect(event, arguments, root):
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1

        sys.addaudithook(hook)
        try:
            run(root)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _is_effect(event: str, arguments: tuple[object, ...], root: Path) -> bool:
    if not str(arguments[0]).startswith(str(root)) or f"{root}/.git" in str(arguments[0]):
        return False
    return event != "open" or bool(isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR))


def play(seed: int) -> None:
    """Die once in the first run, before effect `seed`, or once in the run after people's edits."""
    with tempfile.TemporaryDirectory(prefix="closeout-proof-") as folder:
        root = Path(folder).resolve()
        repository(root)
        first = seed % 2 == 0
        if first:
            dies(root, seed // 2 % 60)
        else:
            run(root)
            change(root)
            dies(root, seed // 2 % 30)
        last = run(root)
        assert not last.errors, last.errors
        made = compose.run(root, Settings(), NOW)
        rest = plan(made.world, made.options).plan
        assert rest.empty, f"dead before effect {seed}: {rest.changes}"
        titles = [issue.values[Field.TITLE] for issue in FolderTracker(root, DAY).managed()]
        expected = ["Add an alert", "Alert on a full queue", "Check the configuration", "Write a runbook"]
        assert sorted(titles) == expected, f"dead before effect {seed}: {titles}"
        left = [path.name for path in (root / "postmortems").iterdir() if path.name not in {"a.md", "b.md"}]
        assert not left, f"dead before effect {seed}: {left} left behind"
        text = (root / "postmortems/a.md").read_text("utf-8")
        assert text.count("](../.closeout/issues/") == 2
        if not first:
            assert "✅ DONE |\n| Write" in text
            assert "2026-07-20" in text
