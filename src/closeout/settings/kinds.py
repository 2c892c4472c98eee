"""The kinds of trackers on a host, a line each: where it is, what opens it, and how people name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of tracker on a host.

    `opens` is the function that opens one (`module:function`, see `closeout.trackers.opening`); `hosts` are the shared ones
    of this kind, the first of which is meant where none is named; `token_env` is the variable that holds the token if no other
    is named; `project` is how a project is written; `documents` is the module by which documents on such a host are
    reached (see `closeout.compose.hosting`), empty where it holds none.
    """

    opens: str
    hosts: tuple[str, ...]
    token_env: str
    project: str
    documents: str = ""


KINDS: Mapping[str, Kind] = {
    "github": Kind(
        "closeout.trackers.github:opened", ("github.com",), "GITHUB_TOKEN", "owner/name", "closeout.compose.github"
    ),
}
NAMES = (FOLDER, *KINDS)


def kind_of(host: str) -> str:
    """Return the kind of a shared host; empty for any other."""
    return next((name for name, kind in KINDS.items() if host in kind.hosts), "")
