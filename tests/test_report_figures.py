"""What a report counts: totals equal their parts, every open item is in one age bucket, filters only narrow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closeout.domain.item import Status
from closeout.domain.policy import Policy
from closeout.domain.report.figures import spread
from closeout.domain.report.period import last_days, parse
from closeout.domain.report.rows import Case, Mark, Rows, Tracked
from closeout.domain.report.summarise import summarise
from closeout.domain.report.summary import Group, Spread, Summary
from report_rows import TODAY, rows, scope

CASE = Case("a.md", "Checkout down", day=date(2026, 11, 2), severity="SEV1")


def item(title: str = "Do it", **told: object) -> Tracked:
    return replace(Tracked(title, "a.md", 1, 0), **told)  # type: ignore[arg-type]


def report(*items: Tracked, period: str = "2026-11", cases: tuple[Case, ...] = (CASE,)) -> Summary:
    return summarise(Rows(TODAY, items, cases), scope(period))


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@given(rows())
def test_every_open_item_is_in_exactly_one_age_bucket(found: Rows) -> None:
    made = summarise(found, scope())
    assert sum(bucket.open for bucket in made.buckets) == made.counts.open
    for one in made.open:
        age = one.age(TODAY)
        fits = [
            bucket
            for bucket in made.buckets
            if (bucket.first is None and age is None)
            or (
                bucket.first is not None
                and age is not None
                and bucket.first <= age
                and (bucket.last is None or age <= bucket.last)
            )
        ]
        assert len(fits) == 1
        assert fits[0].open > 0


@given(rows())
def test_totals_equal_their_parts(found: Rows) -> None:
    made = summarise(found, scope())
    assert made.counts.open == len(made.open) == sum(one.open for one in found.items)
    for parts in (made.severities, made.incidents):  # an item has one of each
        assert sum(group.open for group in parts) == made.counts.open
        assert sum(group.overdue for group in parts) == made.counts.overdue == len(made.overdue())
        assert sum(group.done for group in parts) == len(made.done)
        assert sum(group.declined for group in parts) == len(made.declined)
    for parts in (made.owners, made.teams):  # it may have several of these
        assert sum(group.open for group in parts) >= made.counts.open
        assert len({group.name for group in parts}) == len(parts)
    nobody = [group.open for group in made.owners if not group.name]
    assert sum(nobody) == made.counts.without_owner
    aged = made.counts.open - made.buckets[-1].open
    assert made.ages.count == aged
    assert made.counts.without_date + sum(one.due is not None for one in made.open) == made.counts.open


@given(rows())
def test_a_month_begins_with_what_the_one_before_left(found: Rows) -> None:
    known = replace(found, items=tuple(one for one in found.items if one.open or one.closed is not None))
    months = summarise(known, scope("2023")).months
    for before, month in pairwise(months):
        assert month.open == before.open + month.opened - month.closed
        assert month.completed + month.declined <= month.opened
        assert month.on_time <= month.due
    left = len([one for one in known.items if one.open])
    assert (months[-1].name, months[-1].open) == ("2026-11", left) if months else not left


@given(rows(), st.sampled_from(("Max", "ann", "SRE", "nobody")), st.sampled_from(("sev1", "SEV 2", "x")))
def test_filters_only_narrow(found: Rows, name: str, severity: str) -> None:
    whole = {id(one) for one in summarise(found, scope()).open}
    for asked in (scope(owner=name), scope(team=name), scope(severity=severity)):
        made = summarise(found, asked)
        assert {id(one) for one in made.open} <= whole
        both = summarise(found, replace(asked, owner=name, severity=severity))
        assert {id(one) for one in both.open} <= {id(one) for one in made.open}


@given(rows(), st.integers(0, 400))
def test_open_items_only_grow_older(found: Rows, days: int) -> None:
    later = summarise(replace(found, as_of=TODAY + timedelta(days=days)), scope())
    now = summarise(found, scope())
    assert later.open == now.open
    assert later.counts.overdue >= now.counts.overdue
    assert (later.ages.median or 0) >= (now.ages.median or 0)


@given(rows())
def test_the_order_of_the_rows_changes_no_number(found: Rows) -> None:
    back = replace(found, items=found.items[::-1])
    one, other = summarise(found, scope()), summarise(back, scope())
    assert (one.counts, one.buckets, one.ages, one.to_close, one.owners, one.teams, one.severities, one.months) == (
        other.counts, other.buckets, other.ages, other.to_close, other.owners, other.teams, other.severities, other.months
    )  # fmt: skip


def test_due_today_is_due_soon_and_not_overdue() -> None:
    made = report(*(item(due=TODAY + timedelta(days=days)) for days in (-1, 0, 7, 8)))
    assert (made.counts.overdue, made.counts.due_soon, made.counts.without_date) == (1, 2, 0)


def test_an_unknown_status_is_open() -> None:
    made = report(item(), item(status=Status.DONE))
    assert (made.counts.open, made.counts.status_unknown, made.undated) == (1, 1, 1)


def test_an_item_of_two_owners_is_in_both_groups_and_counts_once() -> None:
    made = report(item(owners=("Ann", "Max")), item(owners=("@ann",)), item())
    assert made.counts.open == 3
    assert [(group.name, group.open) for group in made.owners] == [("@ann", 2), ("", 1), ("Max", 1)]


def test_one_owner_named_twice_in_a_cell_is_one() -> None:
    assert report(item(owners=("Ann", "@ann"))).owners == (Group("@ann", open=1),)


def test_done_and_declined_are_those_closed_in_the_period_the_latest_first() -> None:
    done = [item(str(days), status=Status.DONE, closed=ago(days)) for days in (5, 1, 30)]
    no = item("no", status=Status.WONT_DO, closed=ago(2), reason="superseded", by="Ann")
    made = report(*done, no)
    assert [one.title for one in made.done] == ["1", "5"]
    assert made.declined == (no,)
    assert made.severities == (Group("SEV1", done=2, declined=1),)


def test_marks_count_open_items_only() -> None:
    made = report(
        item(marks=frozenset({Mark.HELD, Mark.DONE_HERE})),
        item(marks=frozenset({Mark.CLASH})),
        item(status=Status.DONE, marks=frozenset({Mark.DONE_THERE, Mark.CLASH})),
    )
    assert (made.counts.held, made.counts.clashing, made.counts.drifting) == (1, 1, 1)


def test_median_and_p90_are_days_that_some_item_has() -> None:
    assert spread([None]) == Spread()
    assert spread([3, 1, None, 2]) == Spread(3, 2, 3)
    assert spread(range(1, 11)) == Spread(10, 5, 9)


def test_time_to_close_is_of_those_closed_in_the_period() -> None:
    made = report(item(status=Status.DONE, since=ago(30), closed=ago(10)), item(status=Status.DONE, since=ago(300)))
    assert made.to_close == Spread(1, 20, 20)


def test_on_time_is_of_what_was_due_and_is_known() -> None:
    made = report(
        item(status=Status.DONE, due=ago(5), closed=ago(5)),
        item(status=Status.DONE, due=ago(5), closed=ago(4)),
        item(status=Status.DONE, due=ago(5)),  # nobody knows when
        item(status=Status.WONT_DO, due=ago(5), closed=ago(6)),
        item(due=ago(5)),
        item(due=TODAY),  # may still be done
    )
    assert (made.months[-1].due, made.months[-1].on_time) == (3, 1)


def test_completion_is_of_what_began_in_a_month() -> None:
    made = report(
        item(status=Status.DONE, since=date(2026, 9, 3), closed=ago(1)),
        item(status=Status.WONT_DO, since=date(2026, 9, 3)),
        item(since=date(2026, 9, 30)),
        period="2026-W47",
    )
    september = next(month for month in made.months if month.name == "2026-09")
    assert (september.opened, september.completed, september.declined, september.open) == (3, 1, 1, 2)
    assert [month.name for month in made.months] == ["2026-09", "2026-10", "2026-11"]


def test_a_period_further_back_than_a_year_brings_its_months() -> None:
    old = item(since=date(2024, 2, 1))
    assert report(old, period="2024").months[0].name == "2024-02"
    assert report(old, period="2026-W47").months[0].name == "2025-12"


@pytest.mark.parametrize(
    ("severity", "took", "late"),
    [
        ("SEV1", 2, False),
        ("SEV1", 3, True),
        ("SEV2", 3, False),
        ("SEV2", 4, True),
        ("", 4, True),
        ("critical", 3, True),
    ],
)
def test_a_postmortem_is_late_when_it_surely_is(severity: str, took: int, late: bool) -> None:
    case = replace(CASE, severity=severity, day=date(2026, 11, 2), published=date(2026, 11, 2 + took))
    made = report(cases=(case,))
    assert bool(made.late) is late


def test_a_team_s_own_hours_win() -> None:
    case = replace(CASE, published=date(2026, 11, 4))
    made = summarise(Rows(TODAY, (), (case,)), scope("2026-11"), policy=Policy(by_severity={"sev1": 24}))
    assert [(late.allowed, late.took) for late in made.late] == [(24, 2)]


def test_incidents_without_items_are_those_of_the_period() -> None:
    old = replace(CASE, day=date(2025, 1, 1))
    assert report(cases=(CASE, old, replace(CASE, items=1))).without_items == (0,)
    assert report(cases=(replace(old, published=ago(1)),)).without_items == (0,)


def test_what_was_open_before_the_period_and_is_closed_now_was_closed_in_it_though_nobody_knows_when() -> None:
    done, old = item("Done", status=Status.DONE, since=ago(30)), item("Old", status=Status.DONE)
    before = Rows(ago(7), (item("Done "), item("Twin"), replace(item("Twin"), status=Status.DONE), old), (CASE,))
    rows_now = Rows(TODAY, (done, item("Twin", status=Status.DONE), old, item("New", status=Status.DONE)), (CASE,))
    made = summarise(rows_now, scope(), before)
    assert (made.done, made.undated, made.to_close) == ((done,), 4, Spread())
    assert made.severities == (Group("SEV1", done=1),)
    assert summarise(rows_now, scope("2026-10"), before).done == ()  # it may have been later


def test_what_stood_before_the_period_is_counted_on_its_own_day() -> None:
    before = Rows(ago(7), (item(due=ago(7)), item(due=ago(9))), (CASE,))
    made = summarise(Rows(TODAY, (item(due=ago(7)),), (CASE,)), scope(), before)
    assert made.before is not None
    assert (made.before.open, made.before.overdue, made.counts.overdue) == (2, 1, 1)
    assert report().before is None


@pytest.mark.parametrize(
    ("text", "name", "first", "last"),
    [
        ("2026", "2026", "2026-01-01", "2026-12-31"),
        ("2026-q1", "2026-Q1", "2026-01-01", "2026-03-31"),
        ("2024-02", "2024-02", "2024-02-01", "2024-02-29"),
        ("2026-w01", "2026-W01", "2025-12-29", "2026-01-04"),
        ("week", "2026-W47", "2026-11-16", "2026-11-22"),
        ("Month", "2026-11", "2026-11-01", "2026-11-30"),
        ("quarter", "2026-Q4", "2026-10-01", "2026-12-31"),
        ("year", "2026", "2026-01-01", "2026-12-31"),
        ("2026-11-01/2026-11-15", "2026-11-01/2026-11-15", "2026-11-01", "2026-11-15"),
    ],
)
def test_periods_are_read_as_people_write_them(text: str, name: str, first: str, last: str) -> None:
    found = parse(text, TODAY)
    assert (found.name, str(found.first), str(found.last)) == (name, first, last)


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-W54", "2026-Q5", "0000", "2026-11-15/2026-11-01", "last", "٢٠٢٦"]
)
def test_what_is_no_period_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="2026-W47"):
        parse(text, TODAY)


def test_unasked_it_is_the_seven_days_that_end_today() -> None:
    found = last_days(TODAY)
    assert (str(found.first), str(found.last)) == ("2026-11-15", "2026-11-21")
    assert parse(found.name, TODAY) == found
