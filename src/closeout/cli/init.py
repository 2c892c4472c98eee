"""`closeout init`: a short commented closeout.toml from what is found here."""

from __future__ import annotations

from pathlib import Path

from closeout import compose
from closeout.cli.terminal import say
from closeout.compose.choice import PUBLIC, origin
from closeout.errors import ConfigurationError
from closeout.render.configuration import starter
from closeout.repositories.worktree import Worktree
from closeout.settings import FILE
from closeout.settings.runner import runner


def command() -> None:
    """Write a short commented closeout.toml from what is found here.

    Example: [bold]closeout init[/bold]
    """
    root = compose.root_of(Path.cwd())
    path = root / FILE
    pages = Worktree(root).read().pages
    here = origin(root, runner())
    text = starter([page.path for page in pages], on_github=here is not None and here[0] == PUBLIC)
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
