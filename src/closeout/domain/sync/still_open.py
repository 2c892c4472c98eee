"""How many items are open, as their documents say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from closeout.domain.plan import Plan
from closeout.domain.sync.match import Row


def still_open(plan: Plan, rows: Iterable[Row], today: str) -> Plan:
    """Return the plan with how many items are open, and how many of these are due before `today` (YYYY-MM-DD); a
    follower is none.
    """
    found = [row.seat.item for row in rows if not row.follower and not row.seat.item.closed]
    return replace(plan, open=len(found), overdue=sum(bool(item.due and item.due < today) for item in found))
