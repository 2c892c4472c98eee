"""`closeout explain`: why a line of a document is an item or is none, and where each field came from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from closeout import git
from closeout.cli.terminal import say
from closeout.cli.words import words
from closeout.engine.naming import place_of
from closeout.errors import ConfigurationError, DocumentError
from closeout.reading.document import understand
from closeout.reading.explain import explain
from closeout.repositories.worktree import Files


def command(
    place: Annotated[str, typer.Argument(help="A line of a document.", metavar="PATH:LINE")],
) -> None:
    """Tell in plain words why a line is an action item or is none, and where each of its fields came from.

    Example: [bold]closeout explain docs/postmortems/2026-05-01-pool.md:12[/bold]
    """
    found = place_of(place)
    if found is None:
        message = f"{place}: could not explain it: it names no line. Write PATH:LINE, as `closeout list` prints it"
        raise ConfigurationError(message)
    here = Path.cwd()
    path, line = found
    vocabulary, encodings = words(git.top(here) or here)
    for page in Files(here, (path,), encodings).read().pages:
        if page.error:
            raise DocumentError(page.error)
        if page.guess:
            say(f"encoding: {page.guess}, which is a guess; nothing can be written here")
        for statement in explain(understand(page.path, page.text, vocabulary), line):
            say(statement)
