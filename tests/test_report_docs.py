"""The pages about reports: every number has its line, and what they show can be typed."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from closeout.cli import report
from closeout.cli.report_forms import Format
from closeout.domain.report.figures import spread
from closeout.domain.report.period import parse
from closeout.domain.report.rows import Case
from closeout.domain.report.summary import AGES, DUE_SOON, Bucket, Counts, Group, Late, Month, Spread, Summary, Theme
from closeout.domain.report.themes import ALIKE, MOST
from closeout.render.report.words import languages
from closeout.settings.keys import Settings

ROOT = Path(__file__).resolve().parent.parent
NUMBERS = (ROOT / "docs/reference/report-numbers.md").read_text("utf-8")
GUIDE = (ROOT / "docs/how-to/weekly-report.md").read_text("utf-8")


@pytest.mark.parametrize(
    "kind", [Summary, Counts, Bucket, Spread, Group, Month, Theme, Late], ids=lambda kind: kind.__name__
)
def test_every_number_has_its_line(kind: type) -> None:
    told = set(re.findall(r"^\| `(\w+)`", NUMBERS, re.MULTILINE))
    assert {one.name for one in fields(kind)} <= told


def test_no_line_is_of_a_number_that_is_not_there() -> None:
    kinds = (Summary, Counts, Bucket, Spread, Group, Month, Theme, Late, Case)
    known = {one.name for kind in kinds for one in fields(kind)}
    assert set(re.findall(r"^\| `(\w+)`", NUMBERS, re.MULTILINE)) <= known


def test_what_is_said_of_numbers_is_what_they_are() -> None:
    firsts = (0, *(last + 1 for last in AGES))
    spans = ", ".join(f"{first}–{last}" for first, last in zip(firsts, AGES, strict=False))
    assert f"{spans} days, more than {AGES[-1]} days, unknown" in NUMBERS
    assert DUE_SOON == 7
    assert f"at least {ALIKE} of 100" in NUMBERS
    assert MOST == 20
    assert spread((1, 2)).median == 1  # the nearest rank is one of them


def test_what_the_guide_shows_can_be_typed() -> None:
    typed = "".join(re.findall(r"closeout report.*", GUIDE))
    options = set(re.findall(r"(--[a-z-]+)", typed))
    assert options >= {"--format", "--output", "--post", "--lang", "--period", "--team", "--as-of", "--offline"}
    source = Path(report.__file__).read_text("utf-8")
    for option in options:
        assert option.removeprefix("--").replace("-", "_") in source, option
    for name in ("2026-Q4", "2026", "2026-11", "2026-W47", "week", "month", "quarter", "year", "2026-11-01/2026-11-15"):
        assert name in GUIDE
        assert parse(name, date(2026, 11, 21)).name
    first, *more = [Settings(**tomllib.loads(told)) for told in re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)]
    assert first.report.teams == {"Payments": ("Maxime", "ann")}
    assert {one.report.post for one in more} >= {"#12", "issue"}


def test_the_guide_names_every_form_and_every_language() -> None:
    table = GUIDE.partition("## Choose its form")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w[\w-]*)`", table, re.MULTILINE)) == {str(form) for form in Format}
    assert all(f"`{language}`" in GUIDE for language in languages())
