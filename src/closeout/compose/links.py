"""Where the page of a job leads to: issues, and the button or command by which a person lets go what is held."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from closeout.engine.boards import Trackers
from closeout.settings.kinds import KINDS
from closeout.settings.runner import Runner
from closeout.settings.tracking import Tracker

_CODE = {"github": "blob", "forgejo": "src/commit", "gitea": "src/commit"}  # what stands before a commit


def issues(trackers: Trackers, described: Mapping[str, Tracker]) -> Mapping[str, str]:
    """Return by tracker the address that an issue's number is put behind; none for a kind that needs more than that."""
    kinds = {one.name: described[one.name].kind if one.name in described else "" for one in trackers}
    named = {name: KINDS.get(kind or name) for name, kind in kinds.items()}
    return {one.name: f"{one.address}/{kind.issues}/" for one in trackers if (kind := named[one.name]) and kind.issues}


def at_head(told: Runner) -> str:
    """Return the address that a document's path is put behind, as it is at the head of the proposed pull request; empty for
    no such thing.
    """
    if told.proposed is None or not told.proposed.head or told.kind not in _CODE:
        return ""
    return f"{told.server}/{told.repository}/{_CODE[told.kind]}/{told.proposed.head}/"


def let_go(told: Runner, digest: str) -> str:
    """Return how to let go what a digest names, as Markdown: the ready command where a host has one."""
    file = PurePosixPath(told.workflow).name
    if not digest or not told.server or not told.repository:
        return f"`closeout sync --approve {digest}`" if digest else ""
    page = f"{told.server}/{told.repository}/actions"
    if told.kind != "github" or not file:  # older Forgejos do not tell their runners the file
        page += f"?workflow={quote(file)}" if file else ""
        return f"[run the workflow](<{page}>) with approve = `{digest}`"
    host = urlsplit(told.server).netloc
    name = told.repository if host == "github.com" else f"{host}/{told.repository}"
    command = f"gh workflow run {quote(file)} --repo {name} -f approve={digest}"
    return f"`{command}`, or [run the workflow](<{page}/workflows/{quote(file)}>) with approve = `{digest}`"
