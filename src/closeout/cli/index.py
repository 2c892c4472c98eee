"""`closeout index`: a table of postmortems on a page, kept fresh; from documents alone."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from closeout import compose, git, settings
from closeout.cli.options import Config, Quiet
from closeout.cli.terminal import leave, progress, say
from closeout.domain.document import Document
from closeout.editing.block import HOW, replaced
from closeout.engine.read import How, read
from closeout.errors import ConfigurationError, DocumentError, Exit, MovedError
from closeout.ports.documents import Rewrite
from closeout.render.index import Listed, lines, listed
from closeout.repositories.pages import read_page
from closeout.repositories.worktree import WorktreePublisher


def command(
    file: Annotated[
        Path | None,
        typer.Argument(help="The page; default: README.md in the folder that has all of them.", metavar="FILE"),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 10 if the page would change.")] = False,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Keep a table of the postmortems on a page: date, title, severity, open and all action items, newest first.

    It stands between the lines `<!-- closeout:index -->` and `<!-- /closeout:index -->`; around them no byte changes.
    It is made from the documents as they lie: no tracker, token or network.

    Example: [bold]closeout index docs/postmortems/README.md[/bold]
    """
    root = git.top(Path.cwd()) or Path.cwd()
    told = settings.load(root, {}, config)
    documents = _read(root, told, quiet=quiet)
    page = _beside(listed(documents, "")) if file is None else os.path.relpath(Path.cwd() / file, root)
    rewrite = _rewrite(root, page, listed(documents, page), told.reading.encodings)
    if rewrite.after == rewrite.before:
        if not quiet:
            say(f"{page}: its index is as it should be")
        return
    if check or told.paused:
        say(f"{page}: its index would change" + ("" if check else ", but closeout is paused"))
        leave((), {Exit.PENDING if check else Exit.HELD})
    for done in WorktreePublisher(root).publish([rewrite], ""):
        if done.error:
            raise (MovedError if done.moved else DocumentError)(done.error)
    if not quiet:
        say(f"{page}: written")


def _read(root: Path, told: settings.Settings, *, quiet: bool) -> Sequence[Document]:
    """Return all documents as they lie. Leaves with exit 3 if one cannot be read: its row would be missing."""
    with progress(quiet=quiet) as tick:
        library = read(
            compose.files(root, told),
            How(compose.vocabulary(told)),
            tick=lambda done, total: tick("reading documents", done, total),
            spread=compose.spread(),
        )
    if library.errors:
        leave([(Exit.DOCUMENTS, error.message) for error in library.errors])
    return list(library.documents.values())


def _beside(rows: Sequence[Listed]) -> str:
    """Return the path of the page that lies in the innermost folder which has all postmortems."""
    names = {row.path for row in rows} - {"README.md"}
    folder = posixpath.commonpath([posixpath.dirname(name) for name in names]) if names else ""
    return posixpath.join(folder, "README.md")


def _rewrite(root: Path, page: str, rows: Sequence[Listed], encodings: Sequence[str]) -> Rewrite:
    """Return the page as it stands and as it shall be; a character that its encoding lacks is written as a reference."""
    if not (root / page).exists():
        message = f"{page}: could not be written: there is no such file. Make it. {HOW}"
        raise ConfigurationError(message)
    if not rows:
        message = f"{page}: could not be written: no postmortem was found. Check `paths` in closeout.toml"
        raise ConfigurationError(message)
    read_in = read_page(root, page, encodings)
    if read_in.error or read_in.guess:
        why = f"{page}: could not be written: it is no UTF-8. Save it as UTF-8, or name its encoding in [reading] encodings"
        raise DocumentError(read_in.error or why)
    code = read_in.encoding
    table = [line.encode(code, "xmlcharrefreplace").decode(code) for line in lines(rows, page)]
    return Rewrite(page, read_in.text, replaced(page, read_in.text, table), encoding=code)
