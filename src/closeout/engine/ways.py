"""Ways: what a row or an entry asks of a person, and what answers it, as (code, message)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from closeout.domain.issue import Gone, Issue, Moved
from closeout.domain.ledger import UNLINKED, Entry
from closeout.domain.sync.match import Row
from closeout.engine.boards import Board, sight
from closeout.engine.naming import typed

Told = tuple[str, str]


def unvouched(row: Row, entry: Entry) -> Told:
    """Another account made an issue that carries the row's mark."""
    here, told = typed(row), f"issue {entry.issue} carries this row's mark, but another account made it"
    way = f"`closeout adopt {here} TICKET` makes it this row's, `closeout unlink {here}` leaves the row without"
    return "unvouched-marker", f"{told}; {way}"


def no_issue(row: Row, entry: Entry, before: Entry | None) -> Told | None:
    """An open row without a ticket is left alone; one that a person unlinked is told only when it was reworded or moved."""
    if row.seat.item.tickets or row.seat.item.closed:
        return None
    here = typed(row)
    way = f"name another by its ticket, or `closeout adopt {here} TICKET`"
    if entry.no != UNLINKED:
        was = f"issue {entry.issue} was its own ({entry.no})"
        return "no-issue", f"no issue is made for this row: {was}; {way}"
    if before is None or before.place[:2] == (row.seat.document, row.seat.title):
        return None
    was = f"it seems to be {before.title!r}, which was unlinked"
    return "no-issue", f"no issue is made for this row: {was}; {way}, or `closeout sync --new {here}`"


def unknown_mark(row: Row, issue: Issue) -> Told:
    """An issue carries the key that a new row would get, and the ledger does not know it."""
    told = f"issue {issue.ref} carries this row's key, but the ledger does not know it; no other is made. "
    way = f"`closeout adopt {typed(row)} TICKET` if it is this row's, else remove the mark there"
    return "unknown-mark", f"{told}{way}, or look at `closeout plan --rebuild-ledger`"


def other_issue(row: Row, entry: Entry) -> Told:
    """The row's issue carries another key by now."""
    told = f"issue {entry.issue} now carries another item's key; the row is left as it is"
    return "other-issue", f"{told}. Mend the mark there, or `closeout unlink {typed(row)}`"


def ignored(row: Row, entry: Entry) -> Told:
    """A label asks to leave the issue alone."""
    told = f"issue {entry.issue} asks to be left alone; the row is left as it is from now on"
    return "ignored", f"{told}, until the label is gone and `closeout adopt {typed(row)} TICKET` says so"


def left(entry: Entry) -> Told:
    """The row of an issue is gone from every document."""
    told = f"issue {entry.issue} ({entry.title!r}) left the documents; it stays as it is"
    return "left", f"{told}. `closeout unlink {entry.key}` lets go of it; a row that is it takes its ticket"


def unseen(row: Row, places: Sequence[tuple[str, str]], boards: Mapping[str, Board]) -> tuple[Told, str]:
    """Return what to tell of issues that cannot be seen, and why nothing is to be done for the row any more, if so."""
    found = [(ref, sight(boards, (name, ref))) for name, ref in places]
    lost = [(ref, seen) for ref, seen in found if not isinstance(seen, Issue)]
    missing = ", ".join(ref for ref, _ in lost)
    if moved := next((seen for _, seen in lost if isinstance(seen, Moved)), None):
        told = f"issue {missing} was moved to {moved.address}; write that ticket into the row to follow it there"
        return ("moved-issue", told), ""
    if row.entry is None:
        return ("unknown-ticket", f"issue {missing} is not in the tracker; the row is left as it is"), ""
    if any(isinstance(seen, Gone) for _, seen in lost):
        way = f"Write another ticket into it, or none, and `closeout adopt {typed(row)} TICKET`"
        return ("deleted-issue", f"issue {missing} was deleted; no other is made for this row. {way}"), "deleted"
    return ("hidden-issue", f"issue {missing} cannot be seen or read now; the row is left as it is"), ""
