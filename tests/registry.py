"""Every kind of tracker, its versions and the publishers that serve it: what tests of all kinds take their trackers from.

A new kind is done when the laws of the port and the sweeps pass over its line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sides import Side, Subject, folder, forgejo, github, gitlab, live, memory, plane

Opened = Callable[[Path], AbstractContextManager[Subject]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of tracker.

    `opened` makes its side for a folder: the repository itself where issues lie `in_tree`, else the bare repository
    that the documents' host keeps. `others` are other versions and real servers by name, for the laws alone. `lags`:
    whether lists lag.
    """

    name: str
    publishers: tuple[str, ...]
    opened: Callable[[Path], AbstractContextManager[Side]]
    others: Mapping[str, Opened] = field(default_factory=dict)
    in_tree: bool = False
    lags: bool = False


REGISTRY = (
    Kind("folder", ("none", "worktree", "commit"), folder.opened, in_tree=True),
    Kind(
        "github",
        ("none", "worktree", "commit", "pull-request", "api"),
        github.opened,
        {"github organisation": partial(github.opened, organisation=True), "live github": live.github},
        lags=True,
    ),
    Kind(
        "forgejo",
        ("none", "worktree", "commit", "pull-request", "api"),
        forgejo.opened,
        {"forgejo 1.21": partial(forgejo.opened, flavour="forgejo 1.21"), "live forgejo": live.forgejo},
    ),
    Kind(
        "gitea",
        ("api",),
        partial(forgejo.opened, flavour="gitea"),
        {name: partial(forgejo.opened, flavour=name) for name in ("gitea 1.24", "gitea 1.17")}
        | {"live gitea": live.gitea},
    ),
    Kind("plane", ("none", "worktree", "commit"), plane.opened, {"live plane": live.plane}, lags=True),
    Kind("gitlab", ("worktree", "commit"), gitlab.opened, {"live gitlab": live.gitlab}),  # documents there: not built
)
PAIRS = tuple((kind, publisher) for kind in REGISTRY for publisher in kind.publishers)
SUBJECTS: dict[str, Opened] = {"memory": memory.opened}
for one in REGISTRY:
    SUBJECTS |= {one.name: one.opened, **one.others}


def named(name: str) -> Kind:
    return next(kind for kind in REGISTRY if kind.name == name)
