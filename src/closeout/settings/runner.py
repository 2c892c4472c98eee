"""What a runner of GitHub Actions, or of Forgejo's, says of itself in its variables."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_SHA = re.compile(r"[0-9a-f]{40,64}")
_MOST_EVENT = 32_000_000  # bytes; hosts send far less


@dataclass(frozen=True, slots=True)
class Proposed:
    """The pull request that an event is about: its number, the branch that it goes to, the commits at its head and at
    the base's, where both parted if the host tells, and whether it comes from a fork.
    """

    number: int
    branch: str
    head: str
    base: str
    parted: str = ""
    fork: bool = False


@dataclass(frozen=True, slots=True)
class Runner:
    """`kind` is whose runner it is; `repository` is owner/name, `branch` the one that was checked out; all are empty outside of a runner.

    `event` is what started the job, `commit` the one that it is about, `workflow` the path of its file where the host
    tells it, and `proposed` the pull request. `app` is a GitHub App's id and private key for its host, `own_token` the
    job's own token, whatever was handed over instead; `outputs` and `summary` are the files that the runner reads
    afterwards, and `own` is a folder for the job's own files.
    """

    active: bool = False
    kind: str = ""
    repository: str = ""
    server: str = ""
    api: str = ""
    branch: str = ""
    default_branch: str = ""
    token: str = field(default="", repr=False)
    app: tuple[str, str] | None = field(default=None, repr=False)
    own_token: str = field(default="", repr=False)
    event: str = ""
    commit: str = ""
    workflow: str = ""
    proposed: Proposed | None = None
    outputs: str = ""
    summary: str = ""
    own: str = ""

    def is_other(self, token: str) -> bool:
        """Whether a token is another than the job's own, as far as that one is known."""
        return bool(token and self.own_token) and token != self.own_token


def runner() -> Runner:
    """Read the variables (https://docs.github.com/actions/reference/workflows-and-actions/variables)."""
    told = os.environ  # noqa: TID251 - settings alone read the environment
    kinds = [kind for kind in ("forgejo", "gitea", "github") if told.get(f"{kind.upper()}_ACTIONS") == "true"]
    event = _event(told.get("GITHUB_EVENT_PATH", ""))
    name, server = told.get("GITHUB_REPOSITORY", ""), told.get("GITHUB_SERVER_URL", "").rstrip("/")
    return Runner(
        kind=kinds[0] if kinds else "",
        active=bool(kinds),
        repository=name,
        server=server,
        api=told.get("GITHUB_API_URL", "").rstrip("/"),
        branch=told.get("GITHUB_REF_NAME", ""),
        default_branch=_default_branch(event, told),
        token=told.get("GITHUB_TOKEN", ""),
        own_token=told.get("ACTION_TOKEN", ""),
        event=told.get("GITHUB_EVENT_NAME", ""),
        commit=told.get("GITHUB_SHA", ""),
        workflow=_workflow(told.get("GITHUB_WORKFLOW_REF", ""), name),
        proposed=_proposed(event),
        outputs=told.get("GITHUB_OUTPUT", ""),
        summary=told.get("GITHUB_STEP_SUMMARY", ""),
        own=told.get("RUNNER_TEMP", ""),
    )


def _event(path: str) -> object:
    """What the host says of the event; None where nothing can be read."""
    try:
        return json.loads(Path(path).read_bytes()[:_MOST_EVENT]) if path else None
    except (OSError, ValueError, RecursionError):
        return None


def _at(told: object, *names: str) -> object:
    """What stands at a place in the event; None where there is nothing."""
    for name in names:
        told = told.get(name) if isinstance(told, dict) else None
    return told


def _text(told: object, *names: str) -> str:
    found = _at(told, *names)
    return found if isinstance(found, str) else ""


def _default_branch(event: object, told: Mapping[str, str]) -> str:
    """The event's own word for it, since a shallow check-out knows no other; schedules run on it only."""
    scheduled = told.get("GITHUB_REF_NAME", "") if told.get("GITHUB_EVENT_NAME") == "schedule" else ""
    return _text(event, "repository", "default_branch") or scheduled


def _workflow(ref: str, repository: str) -> str:
    """The path of `owner/name/.github/workflows/a.yml@refs/heads/main` within its repository."""
    path = ref.partition("@")[0]
    return path.removeprefix(f"{repository}/") if path.startswith(f"{repository}/") else ""


def _proposed(event: object) -> Proposed | None:
    pull = _at(event, "pull_request")
    number = _at(pull, "number")
    if not isinstance(number, int):
        return None
    here, there = (_at(pull, side, "repo", "id") for side in ("base", "head"))
    return Proposed(
        number,
        _text(pull, "base", "ref"),
        _sha(_text(pull, "head", "sha")),
        _sha(_text(pull, "base", "sha")),
        _sha(_text(pull, "merge_base")),
        fork=here is None or here != there,
    )


def _sha(told: str) -> str:
    return told if _SHA.fullmatch(told) else ""
