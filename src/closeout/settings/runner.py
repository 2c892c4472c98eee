"""What a runner of GitHub Actions, or of Forgejo's, says of itself in its variables."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Runner:
    """`kind` is whose runner it is; `repository` is owner/name, `branch` the one that was checked out; all are empty outside of a runner."""

    active: bool = False
    kind: str = ""
    repository: str = ""
    server: str = ""
    api: str = ""
    branch: str = ""
    default_branch: str = ""
    token: str = field(default="", repr=False)


def runner() -> Runner:
    """Read the variables (https://docs.github.com/actions/reference/workflows-and-actions/variables)."""
    told = os.environ  # noqa: TID251 - settings alone read the environment
    kinds = [kind for kind in ("forgejo", "gitea", "github") if told.get(f"{kind.upper()}_ACTIONS") == "true"]
    return Runner(
        kind=kinds[0] if kinds else "",
        active=told.get("GITHUB_ACTIONS") == "true",
        repository=told.get("GITHUB_REPOSITORY", ""),
        server=told.get("GITHUB_SERVER_URL", ""),
        api=told.get("GITHUB_API_URL", ""),
        branch=told.get("GITHUB_REF_NAME", ""),
        default_branch=_default_branch(told.get("GITHUB_EVENT_PATH", "")),
        token=told.get("GITHUB_TOKEN", ""),
    )


def _default_branch(event: str) -> str:
    """The event's own word for it; a shallow check-out knows no other."""
    try:
        return str(json.loads(Path(event).read_bytes())["repository"]["default_branch"]) if event else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""
