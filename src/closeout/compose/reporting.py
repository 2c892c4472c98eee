"""Where a report goes: settings to a channel."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import cast

from closeout.channels.periodical import periodical
from closeout.channels.sticky import sticky
from closeout.compose import Run
from closeout.errors import ConfigurationError
from closeout.ports.channel import Channel
from closeout.ports.tracker import Tracker
from closeout.settings import Settings
from closeout.settings.kinds import FOLDER, KINDS
from closeout.trackers.walls import Comments, Desk, Issues

ISSUE = "issue"


def channel(made: Run, settings: Settings) -> Channel | None:
    """Return where the report is posted; None where nobody said that it should be.

    Raises ConfigurationError for a tracker that has no place for it, and for what names none of its issues.
    """
    told = settings.report.post.strip()
    if not told:
        return None
    tracker = _tracker(made, settings)
    desk = desk_of(tracker)
    if told.casefold() == ISSUE:
        return periodical(Issues(desk))
    return sticky(Comments(desk, _ticket(tracker, told)))


def desk_of(tracker: Tracker) -> Desk:
    """Open what hangs on a tracker's host."""
    opens, _, name = KINDS[tracker.capabilities.kind].desk.partition(":")
    return cast("Callable[[Tracker], Desk]", getattr(import_module(opens), name))(tracker)


def _tracker(made: Run, settings: Settings) -> Tracker:
    name = settings.report.tracker or made.choice.name
    if FOLDER in {name, made.choice.name}:
        message = (
            "[report] post: could not be used with the folder tracker: nobody is told of a comment in a file. Name a "
            "tracker on a host with `tracker` below [report], or take `post` out"
        )
        raise ConfigurationError(message)
    found = made.world.trackers.by_name.get(name)
    if found is None:
        message = (
            f'[report] tracker = "{name}": could not be used: it is not open. Describe it below [trackers.{name}], and give it '
            "its token"
        )
        raise ConfigurationError(message)
    return found


def _ticket(tracker: Tracker, told: str) -> str:
    """What the tracker calls the issue that a person named; a bare number is one of its own."""
    bare = re.fullmatch(r"#?([1-9]\d{0,9})", told)
    ref = bare[1] if bare else tracker.ref(told, "") or ""
    if not ref.isdecimal():
        message = (
            f'[report] post = "{told[:100]}": could not be used: it names no issue of {tracker.address}. Write "{ISSUE}", a '
            "number as in `#12`, or name with `tracker` below [report] the tracker whose ticket it is"
        )
        raise ConfigurationError(message)
    return ref
