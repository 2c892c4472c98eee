"""A report as one comment on an issue that people named: written once, then changed in place."""

from __future__ import annotations

from dataclasses import replace

from closeout.channels.hanging import Hanging, Place, digest, hang, mark, remembered
from closeout.domain.ledger import Report
from closeout.ports.channel import Posted, Posting, Told, Wall


def sticky(wall: Wall) -> Hanging:
    """Return the comments of an issue as the place of a report."""
    return Hanging(wall, _post)


def _post(wall: Wall, posting: Posting, known: Report, told: Told) -> Posted:
    here = (known.tracker, known.issue) == (wall.tracker, wall.ticket) and not known.period
    before = known if here else Report(wall.tracker, wall.ticket, mentioned=known.mentioned)
    now = digest(posting, wall)
    if before.comment and not before.announced and before.digest == now:
        return Posted(before)
    hung = hang(Place(wall, mark(posting, told, wall.ticket), before, before.comment), posting, told)
    after = replace(remembered(before, hung, now, told.now), comment=hung.note.id)
    return Posted(after, hung.note.address, hung.changed, (*hung.remarks, *_left(known, here=here)))


def _left(known: Report, *, here: bool) -> tuple[str, ...]:
    """What stays where the report was posted until now."""
    if here or not known.issue:
        return ()
    return (f"what was posted before stays as it is, in issue {known.issue} of {known.tracker}",)
