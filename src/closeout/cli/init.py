"""`closeout init`: a short commented closeout.toml from what is found here, or a new home for the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from closeout import compose
from closeout.cli.terminal import say
from closeout.compose.choice import choose
from closeout.compose.site import origin
from closeout.engine.standing import settle_here
from closeout.errors import ConfigurationError
from closeout.render.configuration import starter
from closeout.repositories.worktree import Worktree
from closeout.settings import FILE
from closeout.settings.kinds import kind_of
from closeout.settings.runner import runner


def command(
    here: Annotated[
        bool,
        typer.Option(
            "--here", help="Write no file, but say that this repository is the ledger's: for a mirrored copy."
        ),
    ] = False,
) -> None:
    """Write a short commented closeout.toml from what is found here.

    A copy of a repository with its ledger would write to the issues of the other one, so it only plans. With --here it
    goes on in the other one's place, where that moved for good. If both go on, each undoes what the other one does.

    Example: [bold]closeout init[/bold]
    """
    if here:
        _settle(Path.cwd())
    else:
        _write(compose.root_of(Path.cwd()))


def _settle(here: Path) -> None:
    root, told = compose.told_at(here, {})
    found = origin(root, runner(), told)
    choice = choose(found, told, runner(), opened=compose.by_api(told))
    name = "/".join(found or ("local",))
    former = settle_here(compose.ledger(root, told, choice), name)
    if former == name:
        say(f"The ledger: {name} is its home already")
    else:
        say(f"The ledger: {name} is its home now; it was {former}. Stop closeout there. Next: closeout plan")


def _write(root: Path) -> None:
    path = root / FILE
    pages = Worktree(root).read().pages
    found = origin(root, runner())
    text = starter([page.path for page in pages], kind_of(found[0]) if found else "")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        message = f"{FILE}: could not be written: it is there already. Edit it, or move it away"
        raise ConfigurationError(message) from None
    except OSError as error:
        message = f"{FILE}: could not be written: {error.strerror}. Check the folder's rights"
        raise ConfigurationError(message) from error
    say(f"{FILE}: written. Next: closeout plan")
