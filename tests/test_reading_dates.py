"""When is it due: every form that names one day is read, and no other; what is not said is not filled in."""

from __future__ import annotations

import pytest

from closeout.reading.document import read as read_page
from closeout.reading.fields.dates import Order, read
from closeout.reading.vocabulary import shipped

INCIDENT = "2026-05-03"
DAY = """
2026-06-15 | 2026/6/15 | 2026.06.15 | 2026-06-15T10:00:00Z | by 2026-06-15 | ~~2026-06-01~~ 2026-06-15 | 2026. 6. 15.
June 15 | 15 June | Jun-15 | June 15th | Mon, Jun 15 | 15 Jun 2026 | June 15th, 2026 | 15-Jun-2026 | Mon, 15 Jun 2026
15.06.2026 | 15. 6. 2026 | 15.06. | 15/06/2026 | 06/15/2026 | 15-06-2026 | 2026-06-15, then 2026-06-15
2026年6月15日 | 6月15日 | 2026 年 6 月 15 日 | 令和8年6月15日 | ２０２６年６月１５日（月） | 2026년 6월 15일 | 6월 15일
15. Juni 2026 | 15 juin 2026 | 15 de junio de 2026 | 15 czerwca 2026 r. | 15 июня 2026 г. | 15 червня 2026 | 15 Haziran 2026
ngày 15 tháng 6 năm 2026 | 15 tháng 6, năm 2026 | 15 tháng 6
"""
NO_DAY = """
2026-W25 | 2026-W25-1 | W25 | week 25 | Q3 2026 | 2026 Q3 | H2 2026 | June | June 2026 | 2026-06 | 2026年6月 | 6月末 | end of month
EOM | end of June | +2w | +10d | 2 weeks | in 2 weeks | next week | Friday | tomorrow | ASAP | now | ongoing | Sprint 12 | 24/7 | v1.2
P1 | 12 | 03/04/2026 | 2026-02-30 | 30 Feb 2026 | 2026-13-01 | 15 June - 20 June 2026 | 2026-06-15 - 2026-06-20
2026-06-15 (was 2026-06-01) | 15.6.26 | 15-Jun-26 | 8年6月15日 | 昭和60年6月15日 | 20260615 | 12月32日 | 00.00.
"""


def parts(table: str) -> list[str]:
    return [part.strip() for line in table.strip().split("\n") for part in line.split("|")]


@pytest.mark.parametrize("text", parts(DAY))
def test_every_form_of_one_day_is_read(text: str) -> None:
    assert read(text, shipped(), INCIDENT)[0] == "2026-06-15"


@pytest.mark.parametrize("text", parts(NO_DAY))
def test_what_names_no_day_or_several_is_none(text: str) -> None:
    value, reason = read(text, shipped(), INCIDENT)
    assert value is None
    assert reason


@pytest.mark.parametrize(
    ("incident", "expected"),
    [
        ("2025-12-09", "2026-01-03"),
        ("2026-01-20", "2026-01-03"),
        ("2026-02-20", "2027-01-03"),
        ("", None),
        ("2026", None),
    ],
)
def test_a_day_without_a_year_is_the_first_after_the_incident(incident: str, expected: str | None) -> None:
    assert read("Jan 3", shipped(), incident)[0] == expected


def due(heading: str, head: str, before: str = "") -> str | None:
    text = f"# O\n\n{before}\n\n## {heading}\n\n| {head} | Due |\n|---|---|\n| a | 03/04/2026 |\n"
    (item,) = read_page("a.md", text, shipped()).items
    return item.due


@pytest.mark.parametrize(
    ("heading", "head", "before", "expected"),
    [
        ("Action items", "Action", "", None),  # Americans and Britons write English
        ("3. Folgemaßnahmen", "Maßnahme", "", "2026-04-03"),
        ("Acciones correctivas", "Acción", "", "2026-04-03"),
        ("План действий", "Действие", "", "2026-04-03"),
        ("再発防止策", "対策", "", None),
        ("Folgemaßnahmen", "Maßnahme", "on 12/25/2025", "2026-03-04"),  # its own dates come first
        ("Folgemaßnahmen", "Maßnahme", "12/25/2025 and 25/12/2025", None),
        ("Action items", "Action", "on 25/12/2025", "2026-04-03"),
    ],
)
def test_the_pages_other_dates_tell_the_order_and_then_its_language(
    heading: str, head: str, before: str, expected: str | None
) -> None:
    assert due(heading, head, before) == expected


def test_the_text_of_a_date_is_kept_as_it_is_written() -> None:
    text = "# O\n\n## Action items\n\n- a (Owner: Ann, Due: end of month)\n- b (@bob, due June 15, 2026)\n- c (@bob, by 2026-06-15)\n"
    found = read_page("a.md", text, shipped()).items
    assert [(item.title, item.due, item.due_text) for item in found] == [
        ("a", None, "end of month"), ("b", "2026-06-15", "June 15, 2026"), ("c", "2026-06-15", "2026-06-15")
    ]  # fmt: skip


def test_an_incident_of_several_days_began_on_the_first() -> None:
    text = "# O\n\n**Date**: 2026-05-03 to 2026-05-04\n\n## Action items\n\n- [ ] a\n"
    assert read_page("a.md", text, shipped()).incidents[0].date == "2026-05-03"


def test_an_order_that_is_known_settles_a_date_of_either() -> None:
    assert read("03/04/2026", shipped(), "", Order.DAY)[0] == "2026-04-03"
    assert read("03/04/2026", shipped(), "", Order.MONTH)[0] == "2026-03-04"
    assert read("13/14/2026", shipped(), "", Order.DAY)[0] is None
