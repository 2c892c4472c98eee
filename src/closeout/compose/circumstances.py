"""Where and how a run is made: its branch, what it agreed to, how far back it goes."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from closeout.compose.choice import Choice
from closeout.compose.site import Site
from closeout.domain.sync.guard import Circumstances, Limits
from closeout.domain.sync.share import Share
from closeout.settings import Settings

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


def circumstances(where: Site, settings: Settings, choice: Choice, consent: Consent, today: str) -> Circumstances:
    """Return the circumstances; a tracker in the tree has no guards but the pause and what is configured."""
    since = settings.since.isoformat() if settings.since else ""
    if choice.kind == "folder":
        return Circumstances(paused=settings.paused, since=since, approve=consent.approve)
    day = datetime.date.fromisoformat(today)
    return Circumstances(
        consent=consent.first_run,
        branch="" if consent.any_branch else where.other,
        approve=consent.approve,
        paused=settings.paused,
        since=since or (day - _BACK).isoformat(),
        assigned_since="" if consent.assign else (day - _ASSIGNED_BACK).isoformat(),
    )


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
