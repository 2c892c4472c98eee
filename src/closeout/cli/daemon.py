"""`closeout daemon`: many repositories on a schedule."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from closeout.cli.options import Config
from closeout.cli.terminal import leave, say
from closeout.daemon import web
from closeout.daemon.job import jobs
from closeout.daemon.log import log
from closeout.daemon.serve import heard, once, serve
from closeout.errors import Exit
from closeout.settings import Settings, load


def command(
    config: Config = None,
    at_once: Annotated[
        bool, typer.Option("--once", help="Sync every repository once and end, for a scheduler outside.")
    ] = False,
    healthy: Annotated[
        bool, typer.Option("--healthy", help="Ask the daemon that runs here whether it is alive; exit 1 if it is not.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Show what would be done when, and do nothing.")] = False,
) -> None:
    """Sync repositories on a schedule, each in a clone of its own, until told to stop.

    Example: [bold]closeout daemon --config /etc/closeout.toml[/bold]
    """

    def told() -> Settings:
        return load(Path.cwd(), {}, config)

    settings = told()
    if healthy:
        leave((), set() if web.answers(settings.daemon.listen) else {Exit.UNEXPECTED})
    elif check:
        for job in jobs(settings):
            say(f"{job.name}: {job.task} {job.repository.schedule if job.task == 'sync' else job.repository.report}")
    elif at_once:
        leave((), {once(settings, log(settings.daemon.log), heard())} - {Exit.DONE})
    else:
        serve(told, log(settings.daemon.log), heard())
