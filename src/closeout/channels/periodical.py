"""A report as an issue for each period: a new one closes that of the period before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from closeout.channels.hanging import Hanging, Place, digest, hang, mark, remembered, settled
from closeout.domain.ledger import Report
from closeout.domain.report.period import parse
from closeout.ports.channel import Posted, Posting, Told, Wall


def periodical(wall: Wall) -> Hanging:
    """Return the issues of a project as the place of a report."""
    return Hanging(wall, _post)


def _post(wall: Wall, posting: Posting, known: Report, told: Told) -> Posted:
    ours = known.tracker == wall.tracker and bool(known.period)
    if ours and _is_later(known.period, posting.period, told.now):
        return Posted(known, remarks=(f"the report of {known.period} is posted, so that of {posting.period} is not",))
    before = known if ours else Report(wall.tracker, period=posting.period, mentioned=known.mentioned)
    if before.period != posting.period:
        before = _turned(wall, before, posting, told)
    now = digest(posting, wall)
    if before.issue and not before.announced and before.digest == now:
        return _closed(wall, Posted(before), posting, told)
    search = not (ours and known.issue and told.shared()) or bool(before.announced)
    hung = hang(Place(wall, mark(posting, told, posting.period), before, before.issue), posting, told, search=search)
    after = replace(remembered(before, hung, now, told.now), issue=hung.note.id)
    closed = () if hung.note.open else (f"issue {hung.note.id} is closed; the report is there all the same",)
    return _closed(wall, Posted(after, hung.note.address, hung.changed, (*hung.remarks, *closed)), posting, told)


def _is_later(known: str, asked: str, now: str) -> bool:
    """Whether a period is not over before the one that is asked for: a week may follow a month, and a month a week."""
    if known == asked:
        return False
    day = date.fromisoformat(now[:10])
    try:
        return parse(known, day).last >= parse(asked, day).last
    except ValueError:  # nothing that we ever named so
        return known > asked


def _turned(wall: Wall, known: Report, posting: Posting, told: Told) -> Report:
    """What is known at the beginning of another period; what was announced in the last one is looked for first."""
    last = known.issue
    if known.announced:
        found, _ = settled(Place(wall, mark(posting, told, known.period), known), told)
        last = found[0].id if found else ""
    if known.former and known.former != last:
        _close(wall, known.former, posting, told)
    return Report(known.tracker, period=posting.period, author=known.author, mentioned=known.mentioned, former=last)


def _closed(wall: Wall, posted: Posted, posting: Posting, told: Told) -> Posted:
    """Close the issue of the period before, once it is remembered which is this period's."""
    if not posted.report.former:
        return posted
    told.announce(posted.report)
    changed = _close(wall, posted.report.former, posting, told)
    return replace(posted, report=replace(posted.report, former=""), changed=posted.changed or changed)


def _close(wall: Wall, name: str, posting: Posting, told: Told) -> bool:
    """Close an issue of ours that is open still; one whose mark a person took out is theirs."""
    note = wall.get(name)
    if note is None or not note.open or not note.mark.startswith(mark(posting, told, "")):
        return False
    told.hold()
    wall.close(note)
    return True
