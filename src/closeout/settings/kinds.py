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
    is named; `project` is how a project is written; `code` is what stands between a repository and a branch in
    the address of a file, empty for a host that keeps none, and `documents` the module by which
    documents there are reached other than by git (see `closeout.compose.hosting`), empty for none; `issues` is what stands
    between a project and a number in the address of an issue, empty where more than the number is needed; `desk` opens where
    reports hang there (see `closeout.trackers.walls`); `per_minute` is how many requests it takes, 0 for any number.
    """

    opens: str
    hosts: tuple[str, ...]
    token_env: str
    project: str
    code: str = ""
    documents: str = ""
    issues: str = ""
    per_minute: int = 0
    desk: str = ""


KINDS: Mapping[str, Kind] = {
    "github": Kind(
        "closeout.trackers.github:opened",
        ("github.com",),
        "GITHUB_TOKEN",
        "owner/name",
        code="blob",
        documents="closeout.compose.github",
        issues="issues",
        desk="closeout.trackers.github_desk:opened",
    ),
    "forgejo": Kind(
        "closeout.trackers.forgejo:opened",
        ("codeberg.org",),
        "FORGEJO_TOKEN",
        "owner/name",
        code="src/branch",
        documents="closeout.compose.forgejo",
        issues="issues",
        desk="closeout.trackers.forgejo_desk:opened",
    ),
    "gitea": Kind(
        "closeout.trackers.forgejo:opened",
        ("gitea.com",),
        "GITEA_TOKEN",
        "owner/name",
        code="src/branch",
        documents="closeout.compose.forgejo",
        issues="issues",
        desk="closeout.trackers.forgejo_desk:opened",
    ),
    "gitlab": Kind(
        "closeout.trackers.gitlab:opened",
        ("gitlab.com",),
        "GITLAB_TOKEN",
        "group/name",
        code="-/blob",
        issues="-/issues",
        desk="closeout.trackers.gitlab_desk:opened",
    ),
    "plane": Kind(
        "closeout.trackers.plane:opened",
        ("app.plane.so",),
        "PLANE_TOKEN",
        "workspace/IDENTIFIER",
        per_minute=60,
        desk="closeout.trackers.plane_desk:opened",
    ),
}
NAMES = (FOLDER, *KINDS)


def kind_of(host: str) -> str:
    """Return the kind of a shared host; empty for any other."""
    return next((name for name, kind in KINDS.items() if host in kind.hosts), "")
