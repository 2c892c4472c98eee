"""Summarise: all rows of one day to the summary that every form of a report is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from closeout.domain.item import Status
from closeout.domain.policy import DEFAULT_POLICY, Policy, severity_key
from closeout.domain.report import figures
from closeout.domain.report.rows import Case, Rows, Tracked
from closeout.domain.report.scope import Period, Scope
from closeout.domain.report.summary import Cause, Late, Summary
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
    as_of, items = rows.as_of, narrowed(rows, scope)
    ended = figures.closed_in(items, scope.period, as_of, figures.open_places(before.items if before else ()))
    left, closed = figures.oldest_first(items), frozenset(id(item) for item in ended)
    return Summary(
        as_of=as_of,
        scope=scope,
        repository=rows.repository,
        tracked=rows.tracked,
        counts=figures.counts(items, as_of),
        before=None if before is None else figures.counts(narrowed(before, scope), before.as_of),
        buckets=figures.buckets(items, as_of),
        ages=figures.spread(item.age(as_of) for item in left),
        to_close=figures.spread(item.age(as_of) for item in ended if item.closed is not None),
        open=left,
        done=tuple(item for item in ended if item.status is Status.DONE),
        declined=tuple(item for item in ended if item.status is Status.WONT_DO),
        undated=sum(not item.open and item.closed is None for item in items),
        teams=figures.groups(items, lambda item: item.teams, closed, as_of),
        owners=figures.groups(items, lambda item: item.owners, closed, as_of),
        severities=figures.groups(items, figures.severity_names(rows.cases), closed, as_of),
        incidents=figures.incidents(items, rows.cases, closed, as_of),
        months=figures.by_month(items, scope.period, as_of),
        themes=themes(items, _causes(rows, scope, items), common),
        cases=rows.cases,
        late=_late(rows, _cases(rows, scope, items), scope.period, policy),
        without_items=_without_items(rows, scope),
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


def _causes(rows: Rows, scope: Scope, items: Sequence[Tracked]) -> list[Cause]:
    return [Cause(number, text) for number in _cases(rows, scope, items) for text in rows.cases[number].causes]


def _late(rows: Rows, cases: Sequence[int], period: Period, policy: Policy) -> tuple[Late, ...]:
    """Only days are known: a postmortem is late on the first day on which it surely is."""
    found = []
    for number in cases:
        case = rows.cases[number]
        if case.day is not None and case.published is not None and _within(case, period):
            late = Late(number, policy.allowed(case.severity), (case.published - case.day).days)
            found += [late] if (late.took - 1) * _DAY >= late.allowed else []
    return tuple(found)


def _without_items(rows: Rows, scope: Scope) -> tuple[int, ...]:
    """Those without items have no owner and no team either."""
    if scope.team or scope.owner:
        return ()
    found = _cases(rows, scope, ())
    return tuple(
        number for number in found if not rows.cases[number].items and _within(rows.cases[number], scope.period)
    )


def _within(case: Case, period: Period) -> bool:
    """Whether an incident, or the publication of its postmortem, falls in a period."""
    return any(day is not None and period.first <= day <= period.last for day in (case.day, case.published))


def day_before(period: Period) -> date:
    """Return the day whose counts those of a report are compared with."""
    return period.first - timedelta(days=1)
