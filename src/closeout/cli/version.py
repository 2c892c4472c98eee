"""`closeout version`."""

from __future__ import annotations

from closeout import __version__
from closeout.cli.terminal import say


def command() -> None:
    """Print the version.

    Example: [bold]closeout version[/bold]
    """
    say(f"closeout {__version__}")
