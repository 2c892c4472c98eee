"""`closeout ledger`: what closeout remembers, for people and for programs."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from closeout import compose
from closeout.cli.terminal import out, printable, say
from closeout.compose.choice import choose
from closeout.compose.site import origin
from closeout.domain.difference import difference
from closeout.domain.ledger import Entry, Ledger
from closeout.errors import ConfigurationError
from closeout.render import difference as render
from closeout.settings.runner import runner
from closeout.state import lines
from closeout.state.history import History, State

_COLUMNS = ("key", "issue", "document", "title", "state")


class Format(StrEnum):
    """How the ledger is printed."""

    TABLE = "table"
    JSON = "json"


def command(
    format_: Annotated[
        Format, typer.Option("--format", help="How to print; json: the lines as they are kept, a head and one a key.")
    ] = Format.TABLE,
    diff: Annotated[
        bool, typer.Option("--diff", help="What changed with the last save; with REV, since that one.")
    ] = False,
    revision: Annotated[
        str | None,
        typer.Argument(help="With --diff: a commit of the ledger, ~2 for two saves ago, or A..B.", metavar="[REV]"),
    ] = None,
) -> None:
    """Show what closeout remembers: each key with its issue, its place, and what is wanted or announced.

    With --diff, what changed between two states of it, item by item and field by field.

    Example: [bold]closeout ledger --format json[/bold]
    """
    root, told = compose.told_at(Path.cwd(), {})
    choice = choose(origin(root, runner(), told), told, runner(), opened=compose.by_api(told))
    if diff:
        _compare(compose.past(root, told, choice), revision or "", format_)
        return
    if revision:
        message = f"{revision}: could not be shown: a state is only compared. Say `closeout ledger --diff {revision}`"
        raise ConfigurationError(message)
    kept = compose.ledger(root, told, choice).load()
    if format_ is Format.JSON:
        sys.stdout.write(lines.dumps(kept) if kept.exists else "")
    elif not kept.exists:
        say("There is no ledger yet: closeout sync makes it")
    else:
        out().print(_table(kept))
        say(_summary(kept))


def _compare(past: History, revision: str, format_: Format) -> None:
    before, after = _states(past, revision)
    found = difference(before.ledger, after.ledger)
    if format_ is Format.JSON:
        sys.stdout.write(render.as_json(before.name, after.name, found) + "\n")
        return
    for line in render.lines(before.name, after.name, found):
        say(line)


def _states(past: History, revision: str) -> tuple[State, State]:
    """The two states that are meant; without a word the last one and the one before."""
    since, _, until = revision.partition("..")
    states = past.states()
    after = past.at(until) if until else next(states, State("", Ledger()))
    return past.at(since) if since else next(states, State("", Ledger())), after


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
