"""Every kind of tracker and the publishers that serve it: a new kind is done when the sweeps pass over its line here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from sides import Side, folder, forgejo, github, gitlab, plane


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of tracker.

    `opened` makes its side for a folder: the repository itself where issues lie `in_tree`, else the bare repository
    that the documents' host keeps.
    """

    name: str
    publishers: tuple[str, ...]
    opened: Callable[[Path], AbstractContextManager[Side]]
    in_tree: bool = False


REGISTRY = (
    Kind("folder", ("none", "worktree", "commit"), folder.opened, in_tree=True),
    Kind("github", ("none", "worktree", "commit", "pull-request", "api"), github.opened),
    Kind("forgejo", ("none", "worktree", "commit"), forgejo.opened),
    Kind("plane", ("none", "worktree", "commit"), plane.opened),
    Kind("gitlab", ("worktree", "commit"), gitlab.opened),
)
PAIRS = tuple((kind, publisher) for kind in REGISTRY for publisher in kind.publishers)


def named(name: str) -> Kind:
    return next(kind for kind in REGISTRY if kind.name == name)
