"""The words of a report: the same in every language, and a team's own templates in place of ours."""

from __future__ import annotations

import re
import string
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from babel import Locale

from closeout.compose.wording import templates, wording
from closeout.domain.report.scope import Period
from closeout.errors import ConfigurationError
from closeout.render.report.markdown import Told, as_markdown, variables
from closeout.render.report.templating import Templates, shipped
from closeout.render.report.view import View
from closeout.render.report.words import Words, languages, words
from closeout.settings.reporting import Report
from made_summary import made_summary

ENGLISH = words("en")


def texts(told: str | Mapping[str, str]) -> Iterator[str]:
    yield from (told,) if isinstance(told, str) else told.values()


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", languages())
def test_every_language_says_the_same_with_the_same_values(language: str) -> None:
    theirs = words(language)
    assert theirs.told.keys() == ENGLISH.told.keys()
    for key, told in ENGLISH.told.items():
        assert isinstance(theirs.told[key], str) == isinstance(told, str), key
        for text in texts(theirs.told[key]):
            assert text.strip(), key
            assert not set("<>[]*`@#|\\") & set(text), key  # it is put into Markdown and HTML as it is
            assert names(text) == names(next(iter(texts(told)))), key


@pytest.mark.parametrize("language", languages())
def test_every_plural_form_of_a_language_is_there(language: str) -> None:
    forms = Locale.parse(language).plural_form.tags | {"other"}
    for key, told in words(language).told.items():
        assert isinstance(told, str) or told.keys() == forms, key


def test_the_languages_that_there_are() -> None:
    assert languages() == ("de", "en", "es", "fr", "ja")
    assert words("de-AT").language == words("DE").language == "de"
    with pytest.raises(ConfigurationError, match=r"could not write in 'tlh'.*Name one of de, en, es, fr, ja"):
        words("tlh")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["1,234 open", "Nov 3, 2026", "Nov 9 – 15, 2026", "November 2026", "41 days", "9 months", "33%", "−2", "Q4 2026"]),
        ("de", ["1.234 offen", "03.11.2026", "9.–15. Nov. 2026", "November 2026", "41 Tage", "9 Monate", "33 %", "−2", "Q4 2026"]),
        ("fr", ["1 234 ouvertes", "3 nov. 2026", "9–15 nov. 2026", "novembre 2026", "41 jours", "9 mois", "33 %", "−2", "T4 2026"]),
        ("ja", ["未完了 1,234 件", "2026/11/03", "2026年11月9日～15日", "2026年11月", "41 日", "9 か月", "33%", "−2", "2026/Q4"]),
    ],
)  # fmt: skip
def test_dates_numbers_and_spans_are_written_as_people_there_do(language: str, told: list[str]) -> None:
    one = words(language)
    first, last = date(2026, 11, 9), date(2026, 11, 15)
    said = [
        one.say("figures.open", count=1234), one.day(date(2026, 11, 3)), one.period(Period("2026-W46", first, last)),
        one.period(Period("2026-11", date(2026, 11, 1), date(2026, 11, 30))), one.days(41), one.age(279), one.share(1, 3),
        one.change(-2), one.period(Period("2026-Q4", date(2026, 10, 1), date(2026, 12, 31))),
    ]  # fmt: skip
    assert [" ".join(text.split()) for text in said] == told


def test_only_all_of_it_is_a_hundred_percent() -> None:
    assert [ENGLISH.share(part, 1000) for part in (0, 1, 999, 1000)] == ["0%", "0%", "99%", "100%"]
    assert ENGLISH.share(0, 0) == "–"
    assert [ENGLISH.change(value) for value in (3, 0, -3)] == ["+3", "±0", "−3"]


# --- templates


def told(own: Mapping[str, str], language: Words = ENGLISH) -> str:
    return as_markdown(made_summary(), Told(language, Templates(own, "docs/templates")))


def test_a_team_replaces_a_template_by_its_name() -> None:
    text = told({"head.md.j2": '# Ours: {{ t("figures.overdue", count=counts.overdue) }}, {{ days(ages.median) }}\n'})
    assert text.startswith("# Ours: 5 overdue, 41 days\n\n>")
    assert "### Done (4)" in text
    assert "### Done" not in told({"done.md.j2": ""})


def test_a_template_may_include_ours_and_parts_of_its_own() -> None:
    text = told(
        {
            "overdue.md.j2": '{% include "_hello.md.j2" %}\n\n{% include "closeout/overdue.md.j2" %}',
            "_hello.md.j2": "Hello",
        }
    )
    assert "Hello\n### Overdue (5)\n\n- [Rehearse" in text


def test_an_author_of_a_template_cannot_forget_to_escape() -> None:
    text = told({"odd.md.j2": "{% for row in rows %}{{ row.title }} {{ row.title ~ row.owners }}\n{% endfor %}"})
    assert r"\`flush\`" in told({"soon.md.j2": "{% for row in rows %}{{ row.title }}\n{% endfor %}"})
    assert "`flush`" not in text.replace("\\`", "")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("done.md.j2", "a\n{% for x %}", r"docs/templates/done\.md\.j2:2: could not make the report: "),
        ("done.md.j2", "a\n\n{{ nothing }}", r"docs/templates/done\.md\.j2:3: could not make the report: 'nothing' is undefined"),
        ("done.md.j2", "{{ rows[0].nothing }}", r"docs/templates/done\.md\.j2:1: .*no attribute 'nothing'"),
        ("done.md.j2", "\n{{ t('nothing') }}", r"docs/templates/done\.md\.j2:2: could not make the report: 'nothing'"),
        ("done.md.j2", "\n{{ 1 / 0 }}", r"docs/templates/done\.md\.j2:2: .*division by zero"),
        ("done.md.j2", "\n{% include 'gone.md.j2' %}", r"docs/templates/done\.md\.j2:2: could not make the report: gone\.md\.j2"),
        ("done.md.j2", "{{ t.__self__ }}", r"docs/templates/done\.md\.j2:1: .*unsafe"),
        ("done.md.j2", "{{ rows.__class__.__mro__ }}", r"docs/templates/done\.md\.j2:1: .*unsafe"),
        ("dnoe.md.j2", "", r"docs/templates/dnoe\.md\.j2: could not be used as a template: none has this name\. Call it .*done\.md\.j2"),
    ],
)  # fmt: skip
def test_errors_in_a_template_name_its_file_and_line(name: str, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        told({name: text})


def test_every_template_is_one_that_is_used() -> None:
    ours = {name for name in shipped() if not name.startswith("_")}
    text = told({name: f"<{name}>" for name in ours})
    assert text.count("<head.md.j2>") == 1
    assert {name for name in ours if text.count(f"<{name}>") == 1} == ours


def test_the_reference_page_names_all_that_a_template_can_use() -> None:
    page = (Path(__file__).parent.parent / "docs/reference/report-formats.md").read_text("utf-8")
    for name in variables(View(made_summary(), ENGLISH)):
        assert re.search(rf"^\| `{name}[`(]", page, re.M), name


def test_the_examples_of_the_how_to_are_good() -> None:
    page = (Path(__file__).parent.parent / "docs/how-to/weekly-report.md").read_text("utf-8")
    examples = re.findall(r"`docs/report/(\w+\.md\.j2)`\n\n  ```jinja\n(.*?)\n  ```", page, re.S)
    assert [name for name, _ in examples] == ["head.md.j2", "overdue.md.j2", "done.md.j2"]
    text = told({name: textwrap.dedent(example) for name, example in examples})
    assert text.startswith("## Monday's list, Nov 9 – 15, 2026\n\n19 open, 5 overdue.\nQuestions?")
    assert "\n\n- [Rehearse" in text
    assert "An owner who cannot get to it" in text
    assert "### Thank you!\n\n- [Show expiry" in text


# --- a team's folder


def test_a_folder_of_templates_replaces_ours(tmp_path: Path) -> None:
    folder = tmp_path / "docs/report"
    folder.mkdir(parents=True)
    (folder / "head.md.j2").write_text("# {{ period }}", encoding="utf-8")
    (folder / "README.md").write_text("about these", encoding="utf-8")
    one = wording(tmp_path, Report(language="de", templates="docs/report"), place="https://e.example")
    assert as_markdown(made_summary(), one).startswith("# 9.–15. Nov. 2026\n\n> **Nicht gesehen**")
    assert wording(tmp_path, Report()).templates.own == {}


@pytest.mark.parametrize("folder", ["nothing", "..", "/", "../other"])
def test_a_folder_that_is_not_the_repository_s_is_refused(tmp_path: Path, folder: str) -> None:
    (tmp_path / "here").mkdir()
    with pytest.raises(ConfigurationError, match=r"\[report\]: could not use the templates in "):
        templates(tmp_path / "here", folder)


def test_templates_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    path = tmp_path / "here/head.md.j2"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match=r"here/head\.md\.j2: could not be read as a template: .* UTF-8"):
        templates(tmp_path, "here/")
    path.write_bytes(b"x" * 100_001)
    with pytest.raises(ConfigurationError, match=r"here/head\.md\.j2: .*: it has 100001 bytes"):
        templates(tmp_path, "here")
    path.unlink()
    (tmp_path / "secret").write_text("word", encoding="utf-8")
    (tmp_path / "root/here").mkdir(parents=True)
    (tmp_path / "root/here/head.md.j2").symlink_to(tmp_path / "secret")
    with pytest.raises(ConfigurationError, match=r"here/head\.md\.j2: .* leads out of the repository"):
        templates(tmp_path / "root", "here")
    (tmp_path / "here/head.md.j2").write_text("a\n{% if %}", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"here/head\.md\.j2:2: could not make the report"):
        templates(tmp_path, "here")
