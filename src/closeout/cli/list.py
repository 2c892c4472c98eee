"""`closeout list`: the action items of documents; needs no configuration, tracker, token or network."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from closeout import git
from closeout.cli.options import Quiet, Templates
from closeout.cli.terminal import leave, out, printable, progress, say
from closeout.cli.words import words
from closeout.domain.document import Document
from closeout.domain.item import Item
from closeout.engine.read import How, read
from closeout.errors import Exit
from closeout.processes import Processes, cores
from closeout.render import items
from closeout.repositories.worktree import Files

if TYPE_CHECKING:
    from rich.table import Table

_COLUMNS = ("line", "item", "owner", "due", "status", "priority", "ticket")


class Format(StrEnum):
    """How the items are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def command(
    paths: Annotated[list[str], typer.Argument(help="Markdown files and folders.", metavar="PATH…")],
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    include_templates: Templates = False,
    quiet: Quiet = False,
) -> None:
    """Show the action items of documents; needs no configuration, tracker, token or network.

    Example: [bold]closeout list docs/postmortems --format csv[/bold]
    """
    here = Path.cwd()
    vocabulary, encodings = words(git.top(here) or here)
    with progress(quiet=quiet) as tick:
        library = read(
            Files(here, tuple(paths), encodings),
            How(vocabulary, templates=include_templates),
            tick=lambda done, total: tick("reading documents", done, total),
            spread=Processes(cores()),
        )
    documents = list(library.documents.values())
    match format_:
        case Format.JSON:
            sys.stdout.write(items.as_json(documents, "local") + "\n")
        case Format.CSV:
            sys.stdout.write(items.as_csv(documents))
        case Format.TABLE:
            for document in documents:
                if document.items:
                    out().print(_table(document))
            if not quiet:
                say(items.summary(documents))
    leave((Exit.DOCUMENTS, error.message) for error in library.errors)


def _table(document: Document) -> Table:
    from rich.table import Table  # noqa: PLC0415 - nothing but a table for people needs them
    from rich.text import Text  # noqa: PLC0415

    table = Table(title=Text(printable(f"{document.path} — {document.title}")), title_justify="left")
    for name in _COLUMNS:
        table.add_column(Text(name), overflow="fold", ratio=4 if name == "item" else None)
    for item in document.items:
        table.add_row(*(Text(printable(cell)) for cell in _cells(item)), style="dim" if item.closed else "")
    return table


def _cells(item: Item) -> tuple[str, ...]:
    due = item.due or item.due_text
    told = (", ".join(item.owners), due, item.status or "?", item.priority or "", ", ".join(item.tickets))
    return str(item.line), item.title, *told
