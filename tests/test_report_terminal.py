"""The report on a terminal: as wide as it is, in characters that it has, and understood without colours."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from any_summary import summaries
from closeout.cli.terminal import printable
from closeout.domain.report.period import last_days
from closeout.domain.report.rows import Rows
from closeout.domain.report.scope import Scope
from closeout.domain.report.summarise import summarise
from closeout.domain.report.summary import Group, Summary
from closeout.engine.gather import NOTHING, About, gather
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped
from closeout.render.report.screen import Screen, bar, cut, width, wrapped
from closeout.render.report.terminal import lines
from closeout.render.report.words import languages, words
from made_summary import made_summary


def shown(summary: Summary, screen: Screen, language: str = "en") -> list[str]:
    return ["".join(piece.text for piece in line) for line in lines(summary, words(language), screen)]


@given(summaries(), st.integers(1, 200))
@settings(max_examples=15)
def test_no_line_is_wider_than_the_screen_and_none_moves_the_cursor(summary: Summary, cells: int) -> None:
    screen = Screen(cells)
    for line in shown(summary, screen):
        assert width(line) <= max(40, min(cells, 120))
        assert printable(line).replace("\\", "") == line.replace("\\", "")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("cells", [40, 80, 120])
def test_every_number_is_there_in_words_on_any_width(language: str, cells: int) -> None:
    text = "\n".join(shown(made_summary(), Screen(cells), language))
    for name, count in (("open", 19), ("overdue", 5), ("without-date", 8)):
        label = words(language).say(f"labels.{name}")
        assert any(line.split()[: len(label.split()) + 1] == [*label.split(), str(count)] for line in text.splitlines())


def test_a_screen_without_unicode_gets_none_of_ours() -> None:
    text = "\n".join(shown(made_summary(), Screen(80, ascii=True)))
    assert text.isascii(), [line for line in text.splitlines() if not line.isascii()]
    assert "#####" in text


def test_bars_are_as_long_as_they_say_and_anything_but_nothing_is_seen() -> None:
    assert [bar(count, 8, 4) for count in (0, 1, 2, 3, 8)] == ["", "▌", "█", "█▌", "████"]
    assert bar(1, 1000, 4) == "▏"
    assert [bar(count, 8, 4, ascii_=True) for count in (0, 1, 2, 8)] == ["", "#", "#", "####"]


@given(st.text(max_size=20), st.integers(1, 20))
def test_a_cut_text_has_room(text: str, cells: int) -> None:
    assert width(cut(text, cells)) <= cells or width(text) <= cells


@given(st.text(alphabet="ab 障害\u0301", max_size=40), st.integers(2, 12))
def test_a_wrapped_sentence_says_all_of_it(text: str, cells: int) -> None:
    parts = wrapped(text, cells)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(width(part) <= cells for part in parts)


@pytest.mark.parametrize(("encoding", "expected"), [("utf-8", "█"), ("ascii", "####"), ("latin-1", "####")])
def test_a_stream_gets_what_it_can_encode(encoding: str, expected: str) -> None:
    program = (
        "from made_summary import made_summary\n"
        "from closeout.cli.report_text import screen, show\n"
        "from closeout.render.report.terminal import lines\n"
        "from closeout.render.report.words import words\n"
        "show(lines(made_summary(), words('ja'), screen()))"
    )
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": os.path.dirname(__file__)}  # noqa: PTH120
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    text = done.stdout.decode(encoding)
    assert expected in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("#12", "#12"),
        ("OPS-12", "OPS-12"),
        ("https://github.com/acme/shop/issues/12", "shop#12"),
        ("https://gitlab.example/a/b/shop/-/issues/12", "shop#12"),
        ("https://acme.example/browse/OPS-12/", "OPS-12"),
    ],
)
def test_a_ticket_is_called_in_few_characters(written: str, told: str) -> None:
    one = made_summary()
    item = replace(one.open[0], ticket=written, address="")
    made = list(lines(replace(one, open=(item,)), words(), Screen(80)))
    line = next(line for line in made if any(piece.text == item.title for piece in line))
    assert line[-1].text == told
    assert line[-1].link == (written if "://" in written else "")


def test_groups_of_none_alone_are_no_section() -> None:
    one = replace(made_summary(), teams=(Group("", 19),))
    assert "By team" not in shown(one, Screen(80))
    assert "By owner" in shown(one, Screen(80))


def test_a_team_that_writes_no_dates_and_owners_sees_its_items_and_no_empty_section() -> None:
    page = "# Outage\n\n## Action items\n\n- [ ] Add an alert\n- [ ] Write the runbook\n"
    items, cases = gather([read("postmortems/a.md", page, shipped())], lambda path, order: NOTHING, About())
    rows = Rows(date(2026, 11, 21), items, cases)
    told = shown(summarise(rows, Scope(last_days(rows.as_of))), Screen(80))
    heads = [line for line in told if line and not line.startswith(" ")]
    assert heads[2:] == ["All open items (2)", "By incident"]
    assert "  Write the runbook" in told
    assert len(told) < 20
