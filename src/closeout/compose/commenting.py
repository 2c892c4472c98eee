"""The comment of a pull request: one, kept up to date, known by its mark and its author; no ledger knows of it."""

from __future__ import annotations

from closeout.channels.hanging import Place, mark
from closeout.channels.sticky import sticky
from closeout.compose import Run
from closeout.compose.reporting import desk_of
from closeout.domain.ledger import Report
from closeout.ports.channel import Posted, Posting, Told
from closeout.trackers.walls import Comments

_NAME = "closeout-plan"
_EVER = "1970-01-01T00:00:00+00:00"  # what carries our mark and a job's account is ours, whenever it was written


def comment(made: Run, number: int, page: str, line: str = "") -> Posted | None:
    """Let a pull request of the documents' repository have a page as its one comment; None where there is nothing to do.

    A `line` takes the place of the page where a comment is there already, and is no reason to write one. Raises
    TrackerError and LaterError where it cannot be written.
    """
    trackers = made.world.trackers
    home = trackers.by_name.get(trackers.home)
    if home is None:
        return None
    wall = Comments(desk_of(home), str(number), pulls=True)
    known = Report(wall.tracker, wall.ticket, announced=_EVER)
    posting = Posting(_NAME, "", "", lambda limit: _within(line or page, limit))
    told = Told(made.options.now, made.options.repository, lambda: False, lambda report: None, lambda: None)
    if line and not Place(wall, mark(posting, told, wall.ticket), known).listed()[0]:
        return None
    return sticky(wall).post(posting, known, told)


def _within(text: str, limit: int) -> str:
    """The lines of a text that have room."""
    while len(text) > limit:
        text = text.rpartition("\n")[0]
        if not text:
            message = "it has no room"
            raise ValueError(message)
    return text
