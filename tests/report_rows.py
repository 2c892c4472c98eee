"""Rows of a report, as a person would type them, and as no person would."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from closeout.domain.item import Status
from closeout.domain.report.period import parse
from closeout.domain.report.rows import Case, Mark, Rows, Tracked
from closeout.domain.report.scope import Scope

TODAY = date(2026, 11, 21)
WEEK = "2026-11-15/2026-11-21"

_DAYS = st.none() | st.integers(-900, 20).map(lambda days: TODAY + timedelta(days=days))
_NAMES = st.lists(st.sampled_from(("Max", "max", "@Ann", "sre", "Zoë")), max_size=3, unique=True).map(tuple)
_CASES = st.builds(
    Case,
    path=st.sampled_from(("a.md", "b.md", "c.md")),
    title=st.sampled_from(("Checkout down", "DNS", "")),
    day=_DAYS,
    severity=st.sampled_from(("SEV-1", "sev1", "SEV2", "", "critical")),
    published=_DAYS,
    items=st.integers(0, 2),
)


def scope(period: str = WEEK, *, team: str = "", owner: str = "", severity: str = "") -> Scope:
    """Return a scope on TODAY."""
    return Scope(parse(period, TODAY), team, owner, severity)


@st.composite
def rows(draw: st.DrawFn) -> Rows:
    """Any rows on TODAY."""
    cases = tuple(draw(st.lists(_CASES, min_size=1, max_size=4)))
    items = st.builds(
        Tracked,
        title=st.sampled_from(("Add an alert on lag", "Alert on lag", "Rotate the key", "")),
        path=st.sampled_from(("a.md", "b.md")),
        line=st.integers(1, 50),
        case=st.integers(0, len(cases) - 1),
        owners=_NAMES,
        teams=_NAMES,
        status=st.none() | st.sampled_from(Status),
        due=_DAYS,
        since=_DAYS,
        closed=_DAYS,
        marks=st.frozensets(st.sampled_from(Mark), max_size=2),
    )
    return Rows(TODAY, tuple(draw(st.lists(items, max_size=7))), cases)
