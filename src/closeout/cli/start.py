"""What plan and sync start from: the repository around the current folder, its settings, and the time."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

from closeout import compose
from closeout.cli.terminal import warn
from closeout.settings import Settings


def start(flags: Mapping[str, object], config: Path | None, asked: compose.Asked, *, quiet: bool) -> compose.Run:
    """Read the settings and put the ports together; before a first run says where issues are kept if nobody chose."""
    root, told = compose.told_at(Path.cwd(), flags, config)
    return begun(root, told, asked, quiet=quiet)


def begun(root: Path, told: Settings, asked: compose.Asked, *, quiet: bool) -> compose.Run:
    """Put the ports together, at the present time."""
    now = datetime.datetime.now(datetime.UTC)  # noqa: TID251 - the one clock
    run = compose.run(root, told, now, asked)
    if run.choice.kind == "folder" and not told.tracker and not quiet and not run.world.ledger.load().exists:
        warn(
            f"Issues are kept as files in {run.world.trackers.default.address}: this repository has no host as its remote.",
            "dim",
        )
    return run
