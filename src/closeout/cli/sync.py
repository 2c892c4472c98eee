"""`closeout sync`: documents and tracker brought together, once."""

from __future__ import annotations

from typing import Annotated

import typer

from closeout.cli.options import Config, Quiet, Rebuild, Strict, Templates, Tracker
from closeout.cli.start import start
from closeout.cli.terminal import leave, progress, say
from closeout.engine.sync import Outcome, sync
from closeout.errors import Exit
from closeout.render import plan as render


def command(
    tracker: Tracker = None,
    config: Config = None,
    publish: Annotated[str | None, typer.Option(help='How documents go back: "worktree" or "none".')] = None,
    include_templates: Templates = False,
    rebuild_ledger: Rebuild = False,
    strict: Strict = False,
    quiet: Quiet = False,
) -> None:
    """Bring documents and tracker together, both ways.

    Example: [bold]closeout sync --tracker folder[/bold]
    """
    flags = {"tracker": tracker, "publish": publish}
    world, options = start(flags, config, rebuild=rebuild_ledger, templates=include_templates, quiet=quiet)
    with progress(quiet=quiet) as tick:
        outcome = sync(world, options, tick)
    if not quiet:
        _tell(outcome)
    leave(outcome.errors, outcome.exits | ({Exit.FINDINGS} if strict and outcome.findings else set()))


def _tell(outcome: Outcome) -> None:
    for result in outcome.results:
        if not result.error:
            where = result.change.where
            say(f"{where.path}:{where.line}: {where.title}: {render.done(result)}")
    for path in outcome.written:
        say(f"{path}: written")
    for finding in outcome.findings:
        say(render.note(finding), "dim")
    if without_place := render.without_place(outcome.plan):
        say(without_place, "dim")
    if not outcome.results and not outcome.written:
        say(render.counted(outcome.plan))
