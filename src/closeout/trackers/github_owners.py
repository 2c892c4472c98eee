"""Owners whom GitHub refuses to assign: the issue goes without them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from closeout.hosts.github_refusals import Refused
from closeout.hosts.github_replies import RawIssue

_MOST_REFUSALS = 4


def assigned(send: Callable[[Sequence[str]], RawIssue], wanted: Sequence[str]) -> RawIssue:
    """Send with all who are wanted, then without those who are refused, at last with nobody: a refusal changes nothing,
    and an issue is worth more than its owners.
    """
    assignees = list(wanted)
    for attempt in range(_MOST_REFUSALS):
        try:
            return send(assignees)
        except Refused as refused:
            if refused.assignees is None or not assignees:
                raise
            kept = [login for login in assignees if login.lower() not in refused.assignees]
            assignees = kept if len(kept) < len(assignees) and attempt + 2 < _MOST_REFUSALS else []
    return send(assignees)
