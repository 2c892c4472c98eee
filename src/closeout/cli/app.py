"""The command line: its commands, and how every error becomes a message and an exit code."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from closeout import __version__, compose, settings
from closeout.engine import sync as engine
from closeout.engine.read import read
from closeout.errors import CloseoutError, Exit, worst
from closeout.render import items as render_items
from closeout.render import plan as render_plan
from closeout.repositories import git
from closeout.repositories.worktree import Files

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Keep the action items of incident postmortems alive until they are closed.",
)


class ListFormat(StrEnum):
    """How `list` prints."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class PlanFormat(StrEnum):
    """How `plan` prints."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


Tracker = Annotated[str | None, typer.Option(help='Where issues live: "folder" keeps them in this repository.')]
Config = Annotated[
    Path | None, typer.Option(help="The configuration file; default closeout.toml in the repository's root.")
]
Templates = Annotated[bool, typer.Option("--include-templates", help="Read pages that are forms to be filled in, too.")]
Rebuild = Annotated[
    bool, typer.Option("--rebuild-ledger", help="Know issues again by their keys after the ledger was lost.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Findings make the exit code 8.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print errors only.")]


def _out() -> Console:
    return Console(highlight=False, soft_wrap=True)


def _err() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


@app.command("list")
def list_items(
    paths: Annotated[list[str], typer.Argument(help="Markdown files and folders.", metavar="PATH…")],
    format_: Annotated[ListFormat, typer.Option("--format", help="How to print.")] = ListFormat.TABLE,
    include_templates: Templates = False,
    quiet: Quiet = False,
) -> None:
    """Show the action items of documents; needs no configuration, tracker, token or network.

    Example: [bold]closeout list docs/postmortems --format csv[/bold]
    """
    here = Path.cwd()
    told = settings.load(git.top(here) or here, {}, os.environ)  # noqa: TID251 - the entry point hands it over
    words = compose.vocabulary(told)
    library = read(Files(here, tuple(paths)), words, templates=include_templates)
    documents = list(library.documents.values())
    match format_:
        case ListFormat.JSON:
            sys.stdout.write(render_items.as_json(documents, "local") + "\n")
        case ListFormat.CSV:
            sys.stdout.write(render_items.as_csv(documents))
        case ListFormat.TABLE:
            for document in documents:
                if document.items:
                    _out().print(_table(document))
            if not quiet:
                _out().print(render_items.summary(documents), markup=False)
    _end(((Exit.DOCUMENTS, error.message) for error in library.errors), set())


def _table(document: Any) -> Table:
    table = Table(title=escape(f"{document.path} — {document.title}"), title_justify="left")
    for name in ("line", "item", "owner", "due", "status", "priority", "ticket"):
        table.add_column(name, overflow="fold", ratio=4 if name == "item" else None)
    for item in document.items:
        cells = [str(item.line), item.title, ", ".join(item.owners), item.due or item.due_text]
        cells += [item.status or "?", item.priority or "", ", ".join(item.tickets)]
        table.add_row(*map(escape, cells))
    return table


@app.command()
def plan(
    format_: Annotated[PlanFormat, typer.Option("--format", help="How to print.")] = PlanFormat.TEXT,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 10 if there is something to do.")] = False,
    tracker: Tracker = None,
    config: Config = None,
    include_templates: Templates = False,
    rebuild_ledger: Rebuild = False,
    strict: Strict = False,
) -> None:
    """Show what a sync would do and why, and do none of it.

    Example: [bold]closeout plan --exit-code --format markdown[/bold]
    """
    world, options = _world({"tracker": tracker}, config, rebuild=rebuild_ledger, templates=include_templates)
    with _progress() as tick:
        outcome = engine.plan(world, options, tick)
    text = {
        PlanFormat.TEXT: render_plan.as_text,
        PlanFormat.JSON: lambda plan: render_plan.as_json(plan) + "\n",
        PlanFormat.MARKDOWN: render_plan.as_markdown,
    }[format_](outcome.plan)
    sys.stdout.write(text)
    codes = {Exit.PENDING} if exit_code and not outcome.plan.empty else set()
    codes |= {Exit.FINDINGS} if strict and outcome.findings else set()
    _end(outcome.errors, codes)


@app.command()
def sync(
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
    world, options = _world(
        flags, config, rebuild=rebuild_ledger, templates=include_templates, tell=not (tracker or quiet)
    )
    with _progress() as tick:
        outcome = engine.sync(world, options, tick)
    if not quiet:
        for result in outcome.results:
            if not result.error:
                where = result.change.where
                sys.stdout.write(f"{where.path}:{where.line}: {where.title}: issue {result.ref}\n")
        for path in outcome.written:
            sys.stdout.write(f"{path}: written\n")
        for finding in outcome.findings:
            place = f"{finding.path}:{finding.line}" if finding.line else finding.path
            sys.stdout.write(f"note: {place}: {finding.message} [{finding.code}]\n")
        if not outcome.results and not outcome.written:
            sys.stdout.write(render_plan.counted(outcome.plan) + "\n")
    _end(outcome.errors, outcome.exits | ({Exit.FINDINGS} if strict and outcome.findings else set()))


@app.command()
def init() -> None:
    """Write a short commented closeout.toml from what is found here.

    Example: [bold]closeout init[/bold]
    """
    root = compose.root_of(Path.cwd())
    path = root / settings.FILE
    if path.exists():
        _err().print(
            f"{settings.FILE}: could not be written: it is there already. Edit it, or move it away", markup=False
        )
        raise typer.Exit(Exit.CONFIGURATION)
    found = compose.source(root, settings.Settings()).read()
    folders = sorted({page.path.rsplit("/", 1)[0] for page in found if "/" in page.path})
    globs = ", ".join(f'"{folder}/**/*.md"' for folder in folders[:5]) or '"docs/postmortems/**/*.md"'
    path.write_text(
        "# closeout keeps the action items of these documents alive until they are closed.\n"
        f"# {len(found)} documents were found.\n"
        f"paths = [{globs}]\n\n"
        "# Issues are Markdown files below .closeout/issues, committed with the documents.\n"
        'tracker = "folder"\n\n'
        "# [fields]\n# add-columns = true   # give tables without them a Status and a Ticket column\n",
        encoding="utf-8",
    )
    sys.stdout.write(f"{settings.FILE}: written. Next: closeout plan\n")


@app.command()
def version() -> None:
    """Print the version.

    Example: [bold]closeout version[/bold]
    """
    sys.stdout.write(f"closeout {__version__}\n")


def _world(
    flags: dict[str, Any], config: Path | None, *, rebuild: bool, templates: bool, tell: bool = False
) -> tuple[Any, Any]:
    from dataclasses import replace  # noqa: PLC0415

    root = compose.root_of(Path.cwd())
    told = settings.load(root, flags, os.environ, config)  # noqa: TID251
    today = datetime.datetime.now(datetime.UTC).date().isoformat()  # noqa: TID251 - the one clock
    world = compose.world(root, told, today)
    if tell and not told.tracker:
        _err().print(
            f"Issues are kept in {world.tracker.address}: this repository's remote is no tracker.", markup=False
        )
    return world, replace(compose.options(root, told, today, rebuild=rebuild), templates=templates)


class _progress:  # noqa: N801 - used as a context manager only
    """A progress bar on stderr for long work, on a terminal only."""

    def __init__(self) -> None:
        self._bar = Progress(console=_err(), transient=True, disable=not sys.stderr.isatty())
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Any:
        self._bar.start()
        return self._tick

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _tick(self, step: str, done: int, total: int) -> None:
        if total >= 50:
            task = self._tasks.get(step)
            if task is None:
                task = self._tasks[step] = self._bar.add_task(step, total=total)
            self._bar.update(task, completed=done)


def _end(errors: Iterable[tuple[Exit, str]], codes: set[Exit]) -> None:
    """Print the errors and leave with the worst code; all that apply are printed."""
    for code, message in errors:
        _err().print(f"error: {message} (exit {int(code)})", markup=False)
        codes = codes | {code}
    if Exit.LATER in codes:
        _err().print("a cap was reached: the rest comes with the next run (exit 9)", markup=False)
    if codes:
        raise typer.Exit(worst(codes))


def run() -> None:
    """Run a command; a deliberate error is one line and its code, never a traceback."""
    try:
        app()
    except CloseoutError as error:
        _err().print(f"error: {error}", markup=False)
        sys.exit(error.exit)
    except BrokenPipeError:
        sys.exit(0)
