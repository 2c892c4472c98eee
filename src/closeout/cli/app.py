"""The table of commands, and how every error becomes one line and its exit code."""

from __future__ import annotations

import sys
import traceback

import typer

from closeout.cli import (
    adopt,
    check,
    explain,
    init,
    ledger,
    list,  # noqa: A004 - commands have their own names
    plan,
    sync,
    unlink,
    version,
)
from closeout.cli.terminal import warn
from closeout.errors import CloseoutError, Exit

COMMANDS = {
    "list": list,
    "check": check,
    "plan": plan,
    "sync": sync,
    "adopt": adopt,
    "unlink": unlink,
    "explain": explain,
    "ledger": ledger,
    "init": init,
    "version": version,
}

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Keep the action items of incident postmortems alive until they are closed.",
)
for _name, _module in COMMANDS.items():
    app.command(_name)(_module.command)


def run() -> None:
    """Run a command; a deliberate error is one line and its code, never a traceback."""
    try:
        app()
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
