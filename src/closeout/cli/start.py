"""What plan and sync start from: the repository around the current folder, its settings, and today's date."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from closeout import compose, settings
from closeout.cli.terminal import warn
from closeout.engine.world import Options, World


def start(
    flags: Mapping[str, str | None], config: Path | None, *, rebuild: bool, templates: bool, quiet: bool
) -> tuple[World, Options]:
    """Read the settings and put the ports together; says in one line where issues are kept if nobody chose."""
    root = compose.root_of(Path.cwd())
    told = settings.load(root, flags, config)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()  # noqa: TID251 - the one clock
    world = compose.world(root, told, today)
    if not told.tracker and not quiet:
        warn(f"Issues are kept as files in {world.tracker.address}: this repository has no host as its remote.", "dim")
    return world, replace(compose.options(root, told, today, rebuild=rebuild), templates=templates)
