"""`closeout version`."""

from __future__ import annotations

from closeout import __version__
from closeout.cli.terminal import say
from closeout.settings.installed import origin


def command() -> None:
    """Print the version, and where it came from: a wheel, a check-out, the Action, a container image, a package index.

    Example: [bold]closeout version[/bold]
    """
    say(f"closeout {__version__}, from {origin()}")
