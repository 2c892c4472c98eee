"""A report as one comment on an issue that people named: written once, then changed in place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from closeout.channels.hanging import Place, account, digest, hang, mark
from closeout.domain.ledger import Report
from closeout.ports.channel import Posted, Posting, Told, Wall


@dataclass(frozen=True, slots=True)
class Sticky:
    """The comments of an issue as the place of a report."""

    wall: Wall

    @property
    def tracker(self) -> str:
        """The name of the tracker."""
        return self.wall.tracker

    @property
    def write_seconds(self) -> float:
        """How long one write may take at most."""
        return self.wall.write_seconds

    def knows_us(self) -> bool:
        """Tell whether our comments are known by their author."""
        return bool(account(self.wall))

    def post(self, posting: Posting, known: Report, told: Told) -> Posted:
        """Post a report, or bring its comment up to date."""
        here = (known.tracker, known.issue) == (self.wall.tracker, self.wall.ticket) and not known.period
        start = Report(self.wall.tracker, self.wall.ticket, mentioned=known.mentioned)
        before, now = known if here else start, digest(posting, self.wall)
        if before.comment and not before.announced and before.digest == now:
            return Posted(before)
        place = Place(self.wall, mark(posting, told, self.wall.ticket), before, before.comment)
        hung = hang(place, posting, told)
        after = replace(
            before,
            comment=hung.note.id,
            digest=now,
            when=told.now,
            author=hung.note.author,
            mentioned=hung.mentioned,
            announced="",
        )
        return Posted(after, hung.note.address, hung.changed, (*hung.remarks, *_left(known, here=here)))


def _left(known: Report, *, here: bool) -> tuple[str, ...]:
    """What stays where the report was posted until now."""
    if here or not known.issue:
        return ()
    return (f"what was posted before stays as it is, in issue {known.issue} of {known.tracker}",)
