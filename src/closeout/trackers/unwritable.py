"""Why an issue that was to be written cannot be, on a host that other people work on too."""

from __future__ import annotations

from closeout.domain.issue import Gone, Hidden, Moved, Sight


def unwritable(sight: Sight) -> str:
    """Return why, and what to do."""
    match sight:
        case Moved():
            return f"it was moved to {sight.address}. Run again, so that the new place is noted"
        case Gone():
            return "it was deleted. Clear the ticket in the document, or name another issue"
        case Hidden():
            return "it cannot be seen. Check that the token may read and write this repository's issues"
        case _ if not sight.pull_request:
            return "it carries another item's key. Take that line out of its text"
        case _:
            return "it is a pull request, which closeout only reads. Name an issue instead"
