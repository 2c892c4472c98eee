"""Summarise: all rows of one day to the summary that every form of a report is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from closeout.domain.item import Status
from closeout.domain.policy import DEFAULT_POLICY, Policy, severity_key
from closeout.domain.report import figures
from closeout.domain.report.rows import Case, Rows, Tracked
from closeout.domain.report.scope import Period, Scope
from closeout.domain.report.summary import Counts, Late, Summary
from closeout.domain.report.themes import themes

_DAY = 24  # hours


def summarise(
    rows: Rows,
    scope: Scope,
    before: Rows | None = None,
    policy: Policy = DEFAULT_POLICY,
    common: frozenset[str] = frozenset(),
) -> Summary:
    """Return the summary of what is in `scope`; `before` is what stood on the day before the period began, `common` are
    the words of titles that tell no theme.
    """
    as_of, period = rows.as_of, scope.period
    items = narrowed(rows, scope)
    ended = figures.closed_in(items, period, as_of)
    closed = frozenset(id(item) for item in ended)
    left = figures.oldest_first(items)
    cases = _cases(rows, scope, items)
    return Summary(
        as_of=as_of,
        scope=scope,
        repository=rows.repository,
        tracked=rows.tracked,
        counts=figures.counts(items, as_of),
        before=_before(before, scope),
        buckets=figures.buckets(items, as_of),
        ages=figures.spread(item.age(as_of) for item in left),
        to_close=figures.spread(item.age(as_of) for item in ended),
        open=left,
        done=tuple(item for item in ended if item.status is Status.DONE),
        declined=tuple(item for item in ended if item.status is Status.WONT_DO),
        undated=sum(not item.open and item.closed is None for item in items),
        teams=figures.groups(items, lambda item: item.teams, closed, as_of),
        owners=figures.groups(items, lambda item: item.owners, closed, as_of),
        severities=figures.groups(items, figures.severity_names(rows.cases), closed, as_of),
        incidents=figures.incidents(items, rows.cases, closed, as_of),
        months=figures.by_month(items, period, as_of),
        themes=themes(items, common),
        cases=rows.cases,
        late=tuple(late for number in cases if (late := _late(number, rows.cases[number], period, policy))),
        without_items=() if scope.team or scope.owner else _without_items(rows, cases, period),
        waiting=rows.waiting,
        notes=rows.notes,
    )


def narrowed(rows: Rows, scope: Scope) -> tuple[Tracked, ...]:
    """Return the items of a team, of an owner (a name or an account) and of incidents of a severity."""
    team, owner, severity = figures.alike(scope.team), figures.alike(scope.owner), severity_key(scope.severity)
    return tuple(
        item
        for item in rows.items
        if (not team or team in map(figures.alike, item.teams))
        and (not owner or owner in map(figures.alike, (*item.owners, *item.logins)))
        and (not severity or severity == severity_key(rows.cases[item.case].severity))
    )


def _before(before: Rows | None, scope: Scope) -> Counts | None:
    return None if before is None else figures.counts(narrowed(before, scope), before.as_of)


def _cases(rows: Rows, scope: Scope, items: Sequence[Tracked]) -> tuple[int, ...]:
    """The incidents that are in scope: those of the severity, and, where somebody's items are asked for, of these."""
    severity = severity_key(scope.severity)
    of_them = {item.case for item in items}
    return tuple(
        number
        for number, case in enumerate(rows.cases)
        if (not severity or severity == severity_key(case.severity))
        and (number in of_them or not (scope.team or scope.owner))
    )


def _late(number: int, case: Case, period: Period, policy: Policy) -> Late | None:
    """Only days are known: a postmortem is late on the first day on which it surely is."""
    if case.day is None or case.published is None or not _within(case, period):
        return None
    allowed, took = policy.allowed(case.severity), (case.published - case.day).days
    return Late(number, allowed, took) if (took - 1) * _DAY >= allowed else None


def _without_items(rows: Rows, cases: Sequence[int], period: Period) -> tuple[int, ...]:
    return tuple(number for number in cases if not rows.cases[number].items and _within(rows.cases[number], period))


def _within(case: Case, period: Period) -> bool:
    """Whether an incident, or the publication of its postmortem, falls in a period."""
    return any(day is not None and period.first <= day <= period.last for day in (case.day, case.published))


def day_before(period: Period) -> date:
    """Return the day whose counts those of a report are compared with."""
    return period.first - timedelta(days=1)
