"""`closeout plan`: what a sync would do and why."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from closeout.cli.options import (
    AddBoxes,
    AnyBranch,
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
)
from closeout.cli.start import start
from closeout.cli.terminal import leave, progress, say, warn
from closeout.compose import Asked
from closeout.compose.circumstances import Consent
from closeout.domain.outcome import Outcome
from closeout.engine.sync import plan
from closeout.errors import Exit
from closeout.render import plan as render
from closeout.render.plan_json import as_json

STYLES = {
    render.Tone.PATH: "bold",
    render.Tone.CREATE: "green",
    render.Tone.UPDATE: "yellow",
    render.Tone.NEST: "yellow",
    render.Tone.SHOW: "cyan",
    render.Tone.HELD: "magenta",
    render.Tone.NOTE: "dim",
    render.Tone.PLAIN: "",
}


class Format(StrEnum):
    """How the plan is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def command(
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 10 if there is something to do.")] = False,
    tracker: Tracker = None,
    since: Since = None,
    assign: Assign = False,
    any_branch: AnyBranch = False,
    config: Config = None,
    include_templates: Templates = False,
    rebuild_ledger: Rebuild = False,
    add_boxes: AddBoxes = False,
    realign: Realign = False,
    new: New = None,
    strict: Strict = False,
    quiet: Quiet = False,
) -> None:
    """Show what a sync would do and why, and do none of it.

    Example: [bold]closeout plan --exit-code --format markdown[/bold]
    """
    consent = Consent(any_branch=any_branch, assign=assign)
    asked = Asked(
        consent, include_templates, rebuild_ledger, warn, new=tuple(new or ()), boxes=add_boxes, realign=realign
    )
    run = start({"tracker": tracker, "since": since}, config, asked, quiet=quiet)
    with progress(quiet=quiet) as tick:
        outcome = plan(run.world, run.options, tick)
    if not quiet:
        match format_:
            case Format.TEXT:
                tell(outcome)
            case Format.JSON:
                sys.stdout.write(as_json(outcome.plan) + "\n")
            case Format.MARKDOWN:
                sys.stdout.write(render.as_markdown(outcome.plan))
    codes = {Exit.PENDING} if exit_code and not outcome.plan.empty else set()
    leave(outcome.errors, codes | ({Exit.FINDINGS} if strict and outcome.findings else set()))


def tell(outcome: Outcome) -> None:
    """Say what would be done and why."""
    for text, tone in render.lines(outcome.plan):
        say(text, STYLES[tone])
