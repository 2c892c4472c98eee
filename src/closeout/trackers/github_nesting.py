"""Sub-issues on GitHub: what is below which issue is looked at before and after, so that nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable

from closeout.domain.issue import Gone, Hidden, Moved, Nested
from closeout.errors import OutcomeUnknown, TrackerError
from closeout.hosts import github_nesting
from closeout.hosts.github import GitHub
from closeout.hosts.github_refusals import Refused
from closeout.hosts.github_replies import RawIssue
from closeout.trackers.tickets import Numbers

Look = Callable[[], RawIssue | Moved | Gone | Hidden]
_FOR_GOOD = {403, 404, 410, 422}


def put_below(host: GitHub, child: RawIssue, look: Look, numbers: Numbers) -> Nested:
    """Put an issue below the one that `look` finds, unless it is below any; return where it then is, or who refused.

    Raises OutcomeUnknown where it may have been done, and cannot be seen yet.
    """

    def below() -> str:
        found = github_nesting.parent(host, child.home, child.number)
        return numbers.ref(found.home, found.number) if found else ""

    if there := below():
        return Nested(there)
    above = look()
    if not isinstance(above, RawIssue) or above.pull_request is not None:
        return Nested(refused=_why(above))
    if child.id is None:
        raise TrackerError(
            f"{host.place(child.home)}: could not put issue {child.number} anywhere: its answer has no id"
        )
    try:
        github_nesting.add(host, above.home, above.number, child.id)
    except OutcomeUnknown:
        if not (there := below()):
            raise
        return Nested(there)
    except Refused as refused:
        if refused.status not in _FOR_GOOD or (refused.status == 403 and not _may_write(host, child.home)):
            raise  # a token that lost its rights is no word on sub-issues
        # both issues are there: so it is the host that knows no sub-issues
        everywhere = refused.status != 422 and numbers.ours(above.home)
        return Nested(below(), refused.said[:200] or f"it answered {refused.status}", everywhere)
    if not (there := below()):
        place = f"{host.place(child.home)}: could not tell whether issue {child.number} is below issue {above.number}"
        raise OutcomeUnknown(f"{place}: it cannot be read back yet. The next run looks")
    return Nested(there)


def _may_write(host: GitHub, repository: str) -> bool:
    found = host.repository(repository)
    return not found.archived and found.permissions is not None and found.permissions.push


def _why(above: RawIssue | Moved | Gone | Hidden) -> str:
    match above:
        case RawIssue():
            return "it is a pull request"
        case Moved(address=address):
            return f"it was moved to {address}"
        case Gone():
            return "it was deleted"
        case Hidden():
            return "it is not there, or cannot be seen"
