"""The table of commands, and how every error becomes one line and its exit code."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
import typer.core
import typer.main

from closeout.cli import network
from closeout.errors import CloseoutError, Exit, Stopped

# what each does in a line, as its module says it: a list of commands loads none of them
COMMANDS = {
    "list": "Show the action items of documents; needs no configuration, tracker, token or network.",
    "check": "Show what the reading of documents found, each at its line, and nothing else; exit 8 if there is any.",
    "index": "Keep a table of the postmortems on a page: date, title, severity, open and all action items, newest first.",
    "plan": "Show what a sync would do and why, and do none of it.",
    "sync": "Bring documents and tracker together, both ways.",
    "report": "Show what is still open, how old it is, and what came of the rest; needs no configuration, tracker, token or network.",
    "adopt": "Make the issue that a ticket names an item's own: from then on changes go both ways.",
    "unlink": "Let go of an item's issue: from then on neither side is touched, and no other issue is made for the item.",
    "explain": "Tell in plain words why a line is an action item or is none, and where each of its fields came from.",
    "ledger": "Show what closeout remembers: each key with its issue, its place, and what is wanted or announced.",
    "daemon": "Sync repositories on a schedule, each in a clone of its own, until told to stop.",
    "init": "Write a short commented closeout.toml from what is found here.",
    "version": "Print the version, and where it came from: a wheel, a check-out, the Action, a container image, a package index.",
}
_HIDDEN = {"action"}  # what the Action runs: no command for people


class _Commands(typer.core.TyperGroup):
    """The commands, each loaded when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS.keys() | _HIDDEN:
            return None
        one = typer.Typer(rich_markup_mode="rich", pretty_exceptions_enable=False, add_completion=False)
        one.command(cmd_name)(import_module(f"closeout.cli.{cmd_name}").command)
        return typer.main.get_command(one)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,  # a page of help loads no more than it says
    pretty_exceptions_enable=False,
)


@app.callback()
def _about() -> None:
    """Keep the action items of incident postmortems alive until they are closed."""


def run(first: Callable[[], object] = lambda: None) -> None:
    """Run a command, after what is to be done `first`; a deliberate error is one line and its code, never a traceback.

    Told to end by SIGTERM it gives back what it holds, and ends by that signal.
    """
    from closeout.cli.terminal import warn  # noqa: PLC0415

    network.tell_all()
    try:
        signal.signal(signal.SIGTERM, _stopped)
        first()
        app()
    except Stopped:
        warn("told to stop: what is left comes with the next run", "yellow")
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTERM)
        sys.exit(128 + signal.SIGTERM)  # the first process of a container cannot end itself by a signal
    except CloseoutError as error:
        warn(f"error: {error} (exit {int(error.exit)})", "red")
        sys.exit(error.exit)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(Exit.DONE)
    except Exception as error:  # noqa: BLE001 - the one place where a bug becomes a message
        place = traceback.extract_tb(error.__traceback__)[-1]
        told = f"{type(error).__name__}: {error} ({place.filename.rpartition('/closeout/')[2]}:{place.lineno})"
        warn(f"error: unexpected: {told}. This is a bug of closeout: please report this line", "red")
        sys.exit(Exit.UNEXPECTED)


def _stopped(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: what is given back now is given back whole
    raise Stopped
