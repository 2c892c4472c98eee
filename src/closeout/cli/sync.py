"""`closeout sync`: documents and tracker brought together, once."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer

from closeout.cli.options import (
    AddBoxes,
    AnyBranch,
    Approve,
    Assign,
    Config,
    New,
    Quiet,
    Realign,
    Rebuild,
    Since,
    Strict,
    Templates,
    Tracker,
    Unattended,
)
from closeout.cli.plan import STYLES
from closeout.cli.start import start
from closeout.cli.terminal import leave, progress, say, warn
from closeout.compose import Asked, Run
from closeout.compose.circumstances import Consent
from closeout.domain.outcome import Outcome
from closeout.engine.sync import plan, sync
from closeout.errors import Exit
from closeout.render import plan as render
from closeout.render.outcome import as_json


class Format(StrEnum):
    """How what was done is printed."""

    TEXT = "text"
    JSON = "json"


def command(
    tracker: Tracker = None,
    since: Since = None,
    yes: Annotated[bool, typer.Option("--yes", help="Agree to a first run without being asked.")] = False,
    approve: Approve = "",
    assign: Assign = False,
    any_branch: AnyBranch = False,
    config: Config = None,
    publish: Annotated[
        str | None, typer.Option(help='How documents go back: "worktree", "commit", "pull-request", "api" or "none".')
    ] = None,
    include_templates: Templates = False,
    rebuild_ledger: Rebuild = False,
    add_boxes: AddBoxes = False,
    realign: Realign = False,
    new: New = None,
    strict: Strict = False,
    quiet: Quiet = False,
    format_: Annotated[Format, typer.Option("--format", help="How what was done is printed.")] = Format.TEXT,
    unattended: Unattended = False,
) -> None:
    """Bring documents and tracker together, both ways.

    Example: [bold]closeout sync --tracker folder[/bold]
    """
    flags = {"tracker": tracker, "publish": publish, "since": since}
    consent = Consent(yes, any_branch, approve.strip().lower(), assign)
    more = Asked(unattended=unattended, new=tuple(new or ()), boxes=add_boxes, realign=realign)
    asked = replace(more, consent=consent, templates=include_templates, rebuild=rebuild_ledger, tell=warn)
    run = start(flags, config, asked, quiet=quiet)
    if not unattended and sys.stdin.isatty() and sys.stdout.isatty():
        run = _asked_for_consent(run)
    with progress(quiet=quiet) as tick:
        outcome = run.finish(sync(run.world, run.options, tick))
    if format_ is Format.JSON:
        sys.stdout.write(as_json(outcome, run.spent()) + "\n")
    elif not quiet:
        tell(outcome)
    leave(outcome.errors, outcome.exits | ({Exit.FINDINGS} if strict and outcome.findings else set()))


def _asked_for_consent(run: Run) -> Run:
    """Show a first run's plan to the person at the terminal, and ask."""
    told = run.options.circumstances
    if told.consent or told.approve or run.world.ledger.load().exists:
        return run
    agreed = replace(run.options, circumstances=replace(told, consent=True))
    for text, tone in render.lines(plan(run.world, agreed).plan):
        say(text, STYLES[tone])
    return replace(run, options=agreed) if typer.confirm("This is the first run. Do it?") else run


def tell(outcome: Outcome) -> None:
    """Say what was done, what waits, and what a person should look at."""
    for result in outcome.results:
        if not result.error:
            where = result.change.where
            say(f"{where.path}:{where.line}: {where.title}: {render.done(result, several=outcome.plan.several)}")
    for path in outcome.written:
        say(f"{path}: {'offered' if path in outcome.offered else 'written'}")
    for place in outcome.places:
        say(place)
    for told in render.held_back(outcome.plan):
        say(told, STYLES[render.Tone.HELD])
    for finding in outcome.findings:
        say(render.note(finding), "dim")
    for told in render.left_out(outcome.plan):
        say(told, "dim")
    if not outcome.results and not outcome.written:
        say(render.counted(outcome.plan))
