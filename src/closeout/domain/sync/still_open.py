"""How many items are open, as their documents say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from closeout.domain.plan import Plan
from closeout.domain.sync.match import Row


def still_open(plan: Plan, rows: Sequence[Row], today: str) -> Plan:
    """Return the plan with how many items there are, how many are open, and how many of these are due before `today` (YYYY-MM-DD); a
    follower is none.
    """
    found = [row.seat.item for row in rows if not row.follower and not row.seat.item.closed]
    late = sum(bool(item.due and item.due < today) for item in found)
    return replace(plan, items=len(rows), open=len(found), overdue=late)
