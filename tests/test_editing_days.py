"""A day is said as the one that stood there, and reads back to itself for certain, else it is YYYY-MM-DD."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closeout.domain.item import Field
from closeout.engine import show
from closeout.engine.read import read
from closeout.engine.world import Options
from golden_edits import FITTING, Pages
from golden_edits import NAME as PAGE
from test_editing_damage import said

FORMS = [
    "15.06.2026", "15.6.2026", "5. 6. 2026", "25/12/2026", "12-25-2026", "2026年6月15日", "2026年06月05日（月）", "令和8年6月15日",
    "2026년 6월 15일", "2026. 6. 15.", "15 tháng 6, năm 2026", "15 tháng 6 năm 2026", "2026-06-15", "2026/6/5", "June 15, 2026",
    "15. Juni 2026", "Mon, 15 Jun 2026", "**15.06.2026**", "15.06.2026 (hard)",
]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "day", "answer"),
    [
        ("15.06.2026", "2026-07-01", "01.07.2026"),
        ("15.6.2026", "2026-07-01", "1.7.2026"),
        ("5. 6. 2026", "2026-12-24", "24. 12. 2026"),
        ("25/12/2026", "2026-12-31", "31/12/2026"),
        ("12/25/2026", "2026-12-31", "12/31/2026"),
        ("12-25-2026", "2027-01-31", "01-31-2027"),
        ("25/12/2026", "2027-04-03", "2027-04-03"),  # nobody could tell the day from the month
        ("2026年6月15日", "2026-12-04", "2026年12月4日"),
        ("2026年06月05日", "2026-07-01", "2026年07月01日"),
        ("2026年6月15日（月）", "2026-12-24", "2026年12月24日（木）"),
        ("令和8年6月15日", "2027-01-02", "令和9年1月2日"),
        ("2026년 6월 15일", "2026-07-01", "2026년 7월 1일"),
        ("2026. 6. 15.", "2026-07-01", "2026. 7. 1."),
        ("15 tháng 6 năm 2026", "2027-07-01", "1 tháng 7 năm 2027"),
        ("15.06.2026 (hard)", "2026-07-01", "01.07.2026 (hard)"),
        ("Mon, 15 Jun 2026", "2026-12-24", "Thu, 24 Dec 2026"),
        ("2026-06-15 (Monday)", "2026-12-24", "2026-12-24 (Thursday)"),
        ("15.6.", "2026-07-01", "2026-07-01"),  # without a year, and without the incident's date
    ],
)
def test_a_day_is_said_as_the_one_that_stood_there(cell: str, day: str, answer: str) -> None:
    assert said(Field.DUE, "Due", cell, day) == answer


@settings(max_examples=150)
@given(st.sampled_from(FORMS), st.dates(datetime.date(2020, 1, 1), datetime.date(2039, 12, 31)))
def test_a_day_that_is_written_reads_back_to_itself(cell: str, day: datetime.date) -> None:
    value = day.isoformat()
    answer = said(Field.DUE, "Due", cell, value)
    assert answer is not None
    page = f"# Ü\n\n## Action items\n\n| Action | Due |\n|---|---|\n| Do it | {answer} |\n"
    (item,) = read(Pages(page), Options()).documents[PAGE].items
    assert item.due == value


def test_a_date_that_would_tell_how_the_others_are_read_is_written_as_iso() -> None:
    """`31/12/2026` would say that 03/04/2026, which was no day until now, is in April"""
    text = "# O\n\n## Action items\n\n| Action | Due |\n|---|---|\n| a | 03/03/2026 |\n| b | 03/04/2026 |\n"

    made = show.edit(PAGE, 0, Field.DUE, "2026-12-31", read(Pages(text), Options()), Options(), FITTING)
    assert made is not None
    assert made.edit.value == "2026-12-31"
