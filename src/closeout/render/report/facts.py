"""The facts of a report: what it says, whatever the day. Ages grow by themselves, and nobody needs to be told."""

from __future__ import annotations

import json
from collections.abc import Iterator

from closeout.domain.report.period import last_days
from closeout.domain.report.rows import Tracked
from closeout.domain.report.summary import Summary
from closeout.render.report.lists import lists
from closeout.render.report.markdown import Told


def facts(summary: Summary, told: Told) -> str:
    """Return what is the same as long as a report in these words says the same but for the day and what follows from it
    alone.
    """
    scope, named = summary.scope, lists(summary)
    pressing = {*named["overdue"], *named["soon"]}
    return json.dumps(
        [
            summary.repository,
            [_period(summary), scope.team, scope.owner, scope.severity],
            [[str(one) for one in _item(item)] + [item in pressing] for item in sorted(summary.open, key=_place)],
            [[_place(item) for item in sorted(some, key=_place)] for some in (summary.done, summary.declined)],
            [summary.cases[late.case].path for late in summary.late],
            [summary.cases[case].path for case in summary.without_items],
            [one.address for one in summary.waiting],
            sorted(code for code, _ in summary.notes),
            [[*(item.title for item in one.items), *(cause.text for cause in one.causes)] for one in summary.themes],
            [told.words.language, sorted(told.templates.own.items())],
        ],
        ensure_ascii=False,
    )


def _period(summary: Summary) -> str:
    """The period; that of the last days goes with the day."""
    period = summary.scope.period
    return "" if period == last_days(summary.as_of) else period.name


def _place(item: Tracked) -> tuple[str, str, int]:
    return item.path, item.title, item.line


def _item(item: Tracked) -> Iterator[object]:
    yield from (item.path, item.title, item.status, item.due, item.ticket, item.priority)
    yield from (",".join(item.owners), ",".join(sorted(item.marks)))
