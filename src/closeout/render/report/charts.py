"""The four pictures of the page and the numbers in them: by age, by month opened and closed, by team, by completion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from closeout.domain.report.summary import Bucket, Month, Summary
from closeout.render.report.drawing import Plot, Series, svg
from closeout.render.report.lists import ages, span
from closeout.render.report.plain import short
from closeout.render.report.words import Words

_MONTHS = 24
_TEAMS = 10
_NAME = 18  # characters of a team's name that there is room for
_NAMED = 4  # about so many months are named below their bars


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, and the same numbers as a table: the names of its columns, and of each row its name and numbers."""

    plot: Plot
    svg: Markup
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def charts(summary: Summary, words: Words) -> tuple[Chart, ...]:
    """Return the charts that there is something to draw for."""
    return tuple(_charts(summary, words))


def _charts(summary: Summary, words: Words) -> Iterator[Chart]:
    months = summary.months[-_MONTHS:]
    if ages(summary):
        yield _by_age(summary.buckets, words)
    if summary.closings() and any(month.opened or month.closed for month in months):
        yield _by_month(months, words)
    if summary.open and any(group.name for group in summary.teams):
        yield _by_team(summary, words)
    if any(month.opened for month in months):
        yield _by_completion(months, words)


def _by_age(buckets: tuple[Bucket, ...], words: Words) -> Chart:
    names = tuple(span(one, words) for one in buckets)
    series = (Series(words.say("columns.open"), tuple(one.open for one in buckets), 0),)
    return _chart("by-age", words, words.say("columns.age"), names, series, flat=True)


def _by_month(months: tuple[Month, ...], words: Words) -> Chart:
    series = (
        Series(words.say("columns.opened"), tuple(one.opened for one in months), 1),
        Series(words.say("columns.closed"), tuple(one.closed for one in months), 0),
    )
    return _monthly("by-month", words, months, series)


def _by_completion(months: tuple[Month, ...], words: Words) -> Chart:
    series = (
        Series(words.say("columns.done"), tuple(one.completed for one in months), 0),
        Series(words.say("columns.declined"), tuple(one.declined for one in months), 2),
        Series(words.say("page.columns.still-open"), tuple(map(_left, months)), 1),
    )
    return _monthly("by-completion", words, months, series, stacked=True)


def _left(month: Month) -> int:
    return max(month.opened - month.completed - month.declined, 0)


def _monthly(
    key: str, words: Words, months: tuple[Month, ...], series: tuple[Series, ...], *, stacked: bool = False
) -> Chart:
    names = tuple(words.month(one.name) for one in months)
    shown = names[:: -max(-(-len(names) // _NAMED), 1)]
    return _chart(key, words, words.say("page.columns.month"), names, series, stacked=stacked, shown=shown)


def _by_team(summary: Summary, words: Words) -> Chart:
    """The teams with most open items, and all others as one bar; teams without open items are in no picture."""
    teams = [group for group in summary.teams if group.open]
    kept, others = (teams, []) if len(teams) <= _TEAMS else (teams[: _TEAMS - 1], teams[_TEAMS - 1 :])
    rows = [(group.name or words.say("page.no-team"), group.overdue, group.open) for group in kept]
    if others:
        told = words.say("page.other-teams", count=len(others))
        rows.append((told, sum(group.overdue for group in others), sum(group.open for group in others)))
    series = (
        Series(words.say("page.columns.not-overdue"), tuple(max(left - overdue, 0) for _, overdue, left in rows), 0),
        Series(words.say("columns.overdue"), tuple(overdue for _, overdue, _ in rows), 1),
    )
    names = tuple(short(name, 80) for name, _, _ in rows)
    return _chart("by-team", words, words.say("page.columns.team"), names, series, flat=True, stacked=True)


def _chart(
    key: str, words: Words, first: str, names: tuple[str, ...], series: tuple[Series, ...],
    *, flat: bool = False, stacked: bool = False, shown: tuple[str, ...] = (),
) -> Chart:  # fmt: skip
    drawn = tuple(short(name, _NAME) for name in names) if flat else names
    told = words.say("page.chart-told", columns=words.listed(one.name for one in series))
    plot = Plot(key, words.say(f"page.chart.{key}"), told, drawn, series, flat=flat, stacked=stacked, shown=shown)
    rows = tuple((name, tuple(words.number(one.numbers[at]) for one in series)) for at, name in enumerate(names))
    return Chart(plot, svg(plot), (first, *(one.name for one in series)), rows)
