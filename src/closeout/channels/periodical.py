"""A report as an issue for each period: a new one closes that of the period before."""

from __future__ import annotations

from dataclasses import dataclass, replace

from closeout.channels.hanging import Place, account, digest, hang, mark, settled
from closeout.domain.ledger import Report
from closeout.ports.channel import Posted, Posting, Told, Wall


@dataclass(frozen=True, slots=True)
class Periodical:
    """The issues of a project as the place of a report."""

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
        """Tell whether our issues are known by their author."""
        return bool(account(self.wall))

    def post(self, posting: Posting, known: Report, told: Told) -> Posted:
        """Post a report, or bring its issue up to date; then close the issue of the period before."""
        ours = known.tracker == self.wall.tracker and bool(known.period)
        if ours and known.period > posting.period:
            return Posted(
                known, remarks=(f"the report of {known.period} is posted, so that of {posting.period} is not",)
            )
        before = known if ours else Report(self.wall.tracker, period=posting.period, mentioned=known.mentioned)
        if before.period != posting.period:
            before = self._turned(before, posting, told)
        now = digest(posting, self.wall)
        if before.issue and not before.announced and before.digest == now:
            return Posted(before) if not before.former else self._closed(Posted(before), posting, told)
        search = not (ours and known.issue and told.shared()) or bool(before.announced)
        place = Place(self.wall, mark(posting, told, posting.period), before, before.issue)
        hung = hang(place, posting, told, search=search)
        after = replace(
            before,
            issue=hung.note.id,
            digest=now,
            when=told.now,
            author=hung.note.author,
            mentioned=hung.mentioned,
            announced="",
        )
        closed = () if hung.note.open else (f"issue {hung.note.id} is closed; the report is there all the same",)
        posted = Posted(after, hung.note.address, hung.changed, (*hung.remarks, *closed))
        return self._closed(posted, posting, told) if after.former else posted

    def _turned(self, known: Report, posting: Posting, told: Told) -> Report:
        """What is known at the beginning of another period; what was announced in the last one is looked for first."""
        last = known.issue
        if known.announced:
            found, _ = settled(Place(self.wall, mark(posting, told, known.period), known), told)
            last = found[0].id if found else ""
        if known.former and known.former != last:
            self._close(known.former, posting, told)
        return Report(known.tracker, period=posting.period, author=known.author, mentioned=known.mentioned, former=last)

    def _closed(self, posted: Posted, posting: Posting, told: Told) -> Posted:
        """Close the issue of the period before, once it is remembered which is this period's."""
        told.announce(posted.report)
        changed = self._close(posted.report.former, posting, told)
        return replace(posted, report=replace(posted.report, former=""), changed=posted.changed or changed)

    def _close(self, name: str, posting: Posting, told: Told) -> bool:
        """Close an issue of ours that is open still; one whose mark a person took out is theirs."""
        note = self.wall.get(name)
        if note is None or not note.open or not note.mark.startswith(mark(posting, told, "")):
            return False
        told.hold()
        self.wall.close(note)
        return True
