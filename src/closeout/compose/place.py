"""Where a command works: the repository around a folder, or the folder itself where no clone is needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from closeout import git
from closeout.errors import ConfigurationError
from closeout.settings import Settings, load


def root_of(here: Path) -> Path:
    """Return the work tree around a folder. Raises ConfigurationError outside of one."""
    found = git.top(here)
    if found is None:
        message = (
            f"{here}: could not sync: this is no git repository, and documents are edited in place. Run `git init`, "
            'or say `source = "api"` in closeout.toml for a repository on GitHub'
        )
        raise ConfigurationError(message)
    return found


def told_at(
    here: Path, flags: Mapping[str, object], config: Path | None = None, *, spelt: str = "--"
) -> tuple[Path, Settings]:
    """Return the work tree around a folder with its settings, or the folder itself where no clone is needed.

    `spelt` stands in front of a flag's name where people write it. Raises ConfigurationError outside of a work tree that is needed.
    """
    top = git.top(here)
    found = load(top or here, flags, config, spelt=spelt)
    return top or (here if found.source == "api" else root_of(here)), found
