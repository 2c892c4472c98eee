"""Where and how a run is made: its branch, what it agreed to, how far back it goes."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from closeout import git
from closeout.compose.choice import Choice
from closeout.domain.sync.guard import Circumstances, Limits
from closeout.domain.sync.share import Share
from closeout.settings import Settings
from closeout.settings.runner import Runner

_BACK = datetime.timedelta(days=90)
_ASSIGNED_BACK = datetime.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person said with this run: `approve` names a held set, `assign` assigns people to the
    issues of old incidents, too.
    """

    first_run: bool = False
    any_branch: bool = False
    approve: str = ""
    assign: bool = False


def circumstances(
    root: Path, settings: Settings, choice: Choice, runner: Runner, consent: Consent, today: str
) -> Circumstances:
    """Return the circumstances; a tracker in the tree has no guards but the pause and what is configured."""
    since = settings.since.isoformat() if settings.since else ""
    if choice.kind == "folder":
        return Circumstances(paused=settings.paused, since=since, approve=consent.approve)
    day = datetime.date.fromisoformat(today)
    return Circumstances(
        consent=consent.first_run,
        branch="" if consent.any_branch else other_branch(root, runner, cloned=settings.source == "clone"),
        approve=consent.approve,
        paused=settings.paused,
        since=since or (day - _BACK).isoformat(),
        assigned_since="" if consent.assign else (day - _ASSIGNED_BACK).isoformat(),
    )


def other_branch(root: Path, runner: Runner, *, cloned: bool = True) -> str:
    """Return the branch that is checked out if it is not the default one; empty where nothing tells which that is.

    Without a clone it is the one that a runner was started for.
    """
    if not cloned:
        return runner.branch if runner.active and runner.default_branch not in {"", runner.branch} else ""
    default, current = _branches(root, runner)
    return current if default and current != default else ""


def shared_branch(root: Path, runner: Runner) -> str:
    """Return the branch whose head on the remote is what everybody shares; empty on any other branch, which stands for
    itself.
    """
    default, current = _branches(root, runner)
    return "" if default and current and current != default else default or current


def _branches(root: Path, runner: Runner) -> tuple[str, str]:
    """The default branch and the one that is checked out, each empty where nothing tells."""
    default = runner.default_branch or git.default_branch(root)
    return default, (runner.branch if runner.active else "") or git.branch(root)


def limits(settings: Settings, choice: Choice) -> Limits:
    """Return the caps and the share: those that are set, else a host's defaults, else none."""
    told = settings.limits
    host = Limits(25, 10, 50, Share(30)) if choice.kind != "folder" else Limits()
    return Limits(
        host.max_creates if told.max_creates is None else told.max_creates,
        host.max_closes if told.max_closes is None else told.max_closes,
        host.max_edits if told.max_edits is None else told.max_edits,
        Share(host.share.percent if told.share is None else told.share, told.share_from),
    )
