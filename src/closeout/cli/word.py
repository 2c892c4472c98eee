"""A word about one item: shown first, agreed to, and then done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import typer

from closeout.cli.start import start
from closeout.cli.terminal import leave, say, warn
from closeout.compose import Asked
from closeout.compose.circumstances import Consent
from closeout.engine.view import Decide, carry_out, planned
from closeout.engine.world import Options
from closeout.errors import Exit


def speak(
    decide: Callable[[Options], Decide],
    flags: Mapping[str, object],
    config: Path | None,
    consent: Consent,
    *,
    yes: bool,
) -> None:
    """Print what a word does, ask at a terminal, and do it; elsewhere it needs `yes`, else it is exit 5."""
    run = start(flags, config, Asked(consent, tell=warn), quiet=True)
    word = planned(run.world, run.options, decide(run.options))
    for line in word.told:
        say(line)
    if word.empty:
        return
    if word.stop:
        say(f"held: {word.stop}", "magenta")
        leave((), {Exit.HELD})
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    if not yes and not (asks and typer.confirm("Do it?")):
        say("Nothing was changed." if asks else "Nothing was changed: `--yes` does it.", "magenta")
        leave((), {Exit.HELD})
    carry_out(run.world, run.options, decide(run.options), word)
    say("Done. Next: closeout sync")
