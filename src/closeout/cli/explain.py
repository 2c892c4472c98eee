"""`closeout explain`: why a line of a document is an item or is none, and where each field came from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from closeout import git
from closeout.cli.terminal import say
from closeout.cli.words import words
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
    path, _, line = place.rpartition(":")
    if not path or not line.isdecimal():
        message = f"{place}: could not explain it: it names no line. Write PATH:LINE, as `closeout list` prints it"
        raise ConfigurationError(message)
    here = Path.cwd()
    vocabulary = words(git.top(here) or here)
    for page in Files(here, (path,)).read():
        if page.error:
            raise DocumentError(page.error)
        for statement in explain(understand(page.path, page.text, vocabulary), int(line)):
            say(statement)
