"""`closeout explain`: why a line of a document is an item or is none, and where each field came from."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from closeout import git
from closeout.cli.terminal import say
from closeout.cli.words import words
from closeout.engine.naming import is_key, place_of
from closeout.errors import ConfigurationError, DocumentError
from closeout.reading.document import understand
from closeout.reading.explain import explain
from closeout.reading.vocabulary import Vocabulary
from closeout.repositories.worktree import Files


def command(
    item: Annotated[
        str,
        typer.Argument(help="A line of a document, or an item: its ticket, or the start of its key.", metavar="ITEM"),
    ],
) -> None:
    """Tell in plain words why a line is an action item or is none, and where each of its fields came from.

    A line is looked up in the file as it lies here. For a ticket or a key the ledger tells the item, and its page is
    read as a sync reads it.

    Example: [bold]closeout explain docs/postmortems/2026-05-01-pool.md:12[/bold]
    """
    here = Path.cwd()
    found = None if is_key(item) else place_of(item)
    if found is None:
        if (here / item).is_file():
            ways = f"Write PATH:LINE, as `closeout list {shlex.quote(item)}` prints it"
            message = f"{item}: could not explain it: it names no line. {ways}"
            raise ConfigurationError(message)
        _known(item)
        return
    path, line = found
    vocabulary, encodings = words(git.top(here) or here)
    for page in Files(here, (path,), encodings).read().pages:
        if page.error:
            raise DocumentError(page.error)
        if page.guess:
            say(f"encoding: {page.guess}, which is a guess; nothing can be written here")
        _say(page.path, page.text, line, vocabulary)


def _known(name: str) -> None:
    """Explain what the ledger knows by this name."""
    from closeout.cli.start import start  # noqa: PLC0415 - a line needs no settings, ledger and tracker
    from closeout.compose import Asked  # noqa: PLC0415
    from closeout.compose.circumstances import Consent  # noqa: PLC0415
    from closeout.engine.view import place_named  # noqa: PLC0415

    run = start({}, None, Asked(Consent()), quiet=True)
    path, text, line = place_named(run.world, run.options, name)
    say(f"{path}:{line}")
    _say(path, text, line, run.options.vocabulary)


def _say(path: str, text: str, line: int, vocabulary: Vocabulary) -> None:
    for statement in explain(understand(path, text, vocabulary), line):
        say(statement)
