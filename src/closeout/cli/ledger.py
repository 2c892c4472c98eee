"""`closeout ledger`: what closeout remembers, for people and for programs."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from closeout import compose, settings
from closeout.cli.terminal import out, printable, say
from closeout.compose.choice import choose
from closeout.domain.ledger import Entry, Ledger
from closeout.settings.runner import runner
from closeout.state import lines

_COLUMNS = ("key", "issue", "document", "title", "state")


class Format(StrEnum):
    """How the ledger is printed."""

    TABLE = "table"
    JSON = "json"


def command(
    format_: Annotated[
        Format, typer.Option("--format", help="How to print; json: the lines as they are kept, a head and one a key.")
    ] = Format.TABLE,
) -> None:
    """Show what closeout remembers: each key with its issue, its place, and what is wanted or announced.

    Example: [bold]closeout ledger --format json[/bold]
    """
    root = compose.root_of(Path.cwd())
    told = settings.load(root, {})
    kept = compose.ledger(root, told, choose(root, told, runner(), opened=False)).load()
    if format_ is Format.JSON:
        sys.stdout.write(lines.dumps(kept) if kept.exists else "")
    elif not kept.exists:
        say("There is no ledger yet: closeout sync makes it")
    else:
        out().print(_table(kept))
        say(_summary(kept))


def _table(kept: Ledger) -> Table:
    table = Table()
    for name in _COLUMNS:
        table.add_column(name, overflow="fold", ratio=3 if name == "title" else None)
    for entry in sorted(kept.entries.values(), key=lambda entry: (entry.document, entry.position, entry.key)):
        table.add_row(*(Text(printable(cell)) for cell in _cells(entry)), style="dim" if entry.no else "")
    return table


def _cells(entry: Entry) -> tuple[str, ...]:
    issue = f"{entry.tracker} {entry.issue}" if entry.issue else f"{entry.tracker}: none yet"
    return entry.key, issue, entry.document, entry.title, state(entry)


def state(entry: Entry) -> str:
    """Return what is still open about an entry, or that it is at rest."""
    told = []
    if entry.no:
        told.append(f"left alone: {entry.no}")
    if entry.intent:
        announced = ", ".join(sorted(entry.intent.values))
        told.append(f"update announced: {announced}" if entry.issue else "create announced")
    if wanted := sorted(what for what, memory in entry.memory.items() if memory.want is not None):
        told.append(f"to be shown: {', '.join(wanted)}")
    if not entry.owned:
        told.append("only read")
    return "; ".join(told) or "at rest"


def _summary(kept: Ledger) -> str:
    entries = kept.entries.values()
    announced = sum(entry.intent is not None for entry in entries)
    wanting = sum(any(memory.want is not None for memory in entry.memory.values()) for entry in entries)
    told = f"{len(entries)} keys of {kept.repository}; {announced} with announced writes; {wanting} with something to be shown"
    return f"{told}; computed from {kept.revision}" if kept.revision else told
