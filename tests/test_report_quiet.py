"""What a report leaves out because nobody knows it, in every form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from closeout.domain.report.summary import Summary
from closeout.engine.gather import NOTHING, About, gather
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped
from closeout.render.report.markdown import Told, as_markdown
from closeout.render.report.page import as_html
from closeout.render.report.screen import Screen
from closeout.render.report.sections import leading
from closeout.render.report.terminal import lines
from closeout.render.report.words import words
from made_summary import made_summary


def months(summary: Summary) -> list[str]:
    """What stands below the months in each form."""
    text = "\n".join("".join(piece.text for piece in line) for line in lines(summary, words(), Screen(80)))
    markdown, page = as_markdown(summary, Told(words())), as_html(summary, words())
    return [
        text.partition("By month")[2].partition("Themes")[0],
        markdown.partition("By month")[2].partition("</details>")[0],
        page.partition('id="months-table"')[2].partition("</table>")[0],
    ]


def test_no_form_shows_closings_that_nobody_knows() -> None:
    one = made_summary()
    alone = replace(one, tracked=False, months=tuple(replace(month, closed=0, on_time=0) for month in one.months))
    for told, without in zip(months(one), months(alone), strict=True):
        assert "Closed" in told
        assert "On time" in told
        assert "Completed" in without
        assert "Closed" not in without
        assert "On time" not in without
        assert "–" in told  # a rate of nothing


def test_the_tables_stay_tables_without_them() -> None:
    one = made_summary()
    alone = replace(one, tracked=False, months=tuple(replace(month, closed=0) for month in one.months))
    rows = [line for line in months(alone)[1].splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {5}
    assert len(rows) == len(one.months) + 2


def test_members_in_the_same_words_are_not_at_least_so_much_alike() -> None:
    one = made_summary()
    same = replace(one, themes=tuple(replace(theme, likeness=100) for theme in one.themes))
    text = "\n".join("".join(piece.text for piece in line) for line in lines(same, words(), Screen(80)))
    for told in (text, as_markdown(same, Told(words())), as_html(same, words())):
        assert "in the same words" in told
        assert "100% alike" not in told


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("SEV2 (one region)", "SEV2"),
        ("P1 — nobody could log in", "P1"),
        ("Critical: all of it", "Critical"),
        ("SEV - 1", "SEV - 1"),
        ("SEV-1", "SEV-1"),
        ("(high)", "(high)"),
    ],
)
def test_a_severity_is_told_without_its_aside(told: str, shown: str) -> None:
    page = f"# Outage\n\n**Date:** 2026-01-02\n**Severity:** {told}\n"
    _, (case,) = gather([read("a.md", page, shipped())], lambda *_: NOTHING, About())
    assert case.severity == shown


def test_the_page_says_nothing_of_what_was_closed_where_nobody_knows() -> None:
    one = made_summary()
    alone = replace(
        one, tracked=False, done=(), declined=(), months=tuple(replace(month, closed=0) for month in one.months)
    )
    known, unknown = as_html(one, words()), as_html(alone, words())
    for told in ("Done in ", "New and closed by month"):
        assert told in known
        assert told not in unknown


@pytest.mark.parametrize(("days", "told"), [(320, "11 months"), (604, "20 months"), (13, "13 days"), (45, "6 weeks")])
def test_an_age_is_in_a_unit_that_there_are_two_of(days: int, told: str) -> None:
    assert words().age(days) == told


def test_the_pages_oldest_are_not_those_overdue() -> None:
    one = made_summary()
    late, old = leading(one, words())
    assert {id(item) for item, _ in late.rows} <= set(map(id, one.overdue()))
    assert old.rows
    assert {id(item) for item, _ in old.rows}.isdisjoint(map(id, one.overdue()))


def test_groups_have_no_columns_of_nothing() -> None:
    one = made_summary()
    for shown, there in ((one, True), (replace(one, done=(), declined=()), False)):
        table = as_html(shown, words()).partition('id="owners-groups"')[2].partition("</table>")[0]
        assert ('data-name="done"' in table) is ('data-name="declined"' in table) is there
        head, *rows = table.split("<tr>")[1:]
        assert {row.count('class="n"') for row in rows} == {head.count('class="n"')} == {5 if there else 3}
