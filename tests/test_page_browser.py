"""The page in a real browser: sorted, filtered and read by mouse and keyboard, in both schemes, on phone, tablet and desk.

A machine without Chromium skips this; CI must have one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from closeout.render.report.page import as_html
from closeout.render.report.words import words
from made_summary import made_summary

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="there is no Chromium here")
OPEN = made_summary().open
ALIKE = {"exclude": [["tbody tr:nth-child(n+9)"]]}  # rows like those before them, which only cost time


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        running = started.chromium.launch(executable_path=CHROMIUM)
        yield running
        running.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(as_html(made_summary(), words()), "utf-8")
    return path.as_uri()


@dataclass
class Watched:
    """A page, and what it did that it should not: errors, and requests for anything but itself."""

    page: Page
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def seen(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1600, "height": 900}) as context:
        watched = Watched(context.new_page())
        watched.page.on("console", lambda one: watched.complaints.append(one.text))
        watched.page.on("pageerror", lambda one: watched.complaints.append(str(one)))
        watched.page.on(
            "request",
            lambda one: None if one.url.startswith((address, "data:,")) else watched.complaints.append(one.url),
        )
        watched.page.goto(address)
        yield watched.page
        assert not watched.complaints


def titles(page: Page) -> list[str]:
    rows = page.locator("#open-items tbody tr:visible")
    return [text.rsplit(" #", 1)[0] for text in rows.locator("th").all_inner_texts()]


def cells(page: Page, number: int) -> list[str]:
    return page.locator(f"#open-items tbody tr:visible > :nth-child({number})").all_inner_texts()


def chooser(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name, exact=True)


def head(page: Page, name: str) -> str | None:
    return page.locator(f"#open-items th[data-name={name}]").get_attribute("aria-sort")


def test_a_click_on_a_head_sorts_up_down_and_back(seen: Page) -> None:
    first = titles(seen)
    button = seen.locator("#open-items").get_by_role("columnheader", name="Due").get_by_role("button")
    button.click()
    dues = sorted(item.due.isoformat() for item in OPEN if item.due)
    up = seen.locator("#open-items tbody time").evaluate_all("all => all.map(one => one.dateTime)")
    assert up == dues
    assert head(seen, "due") == "ascending"
    assert cells(seen, 6)[len(dues) :] == ["–"] * (len(OPEN) - len(dues))
    button.click()
    assert seen.locator("#open-items tbody time").evaluate_all("all => all.map(one => one.dateTime)") == dues[::-1]
    assert cells(seen, 6)[-1] == "–"
    assert head(seen, "due") == "descending"
    button.click()
    assert titles(seen) == first
    assert head(seen, "due") is None


def test_numbers_sort_as_numbers_and_the_largest_comes_first(seen: Page) -> None:
    seen.locator("#open-items th[data-name=age] button").click()
    ages = [int(text) for text in cells(seen, 7)]
    assert ages == sorted(ages, reverse=True)
    assert len(set(ages)) > 3
    seen.locator("#owners-groups th[data-name=open] button").click()
    numbers = seen.locator("#owners-groups tbody td:nth-child(2)").all_inner_texts()
    assert numbers == sorted(numbers, key=int, reverse=True)


def test_every_filter_narrows_and_says_how_many_are_left(seen: Page) -> None:
    status = seen.get_by_role("status")
    expect(status).to_have_text(f"Shown: {len(OPEN)} of {len(OPEN)}")
    for name, value, fits in (
        ("Team", "Payments", [item for item in OPEN if "Payments" in item.teams]),
        ("Owner", "nobody", [item for item in OPEN if not item.owners]),
        ("Owner", "Ann Kowalski", [item for item in OPEN if "Ann Kowalski" in item.owners]),
        ("Severity", "SEV1", [item for item in OPEN if made_summary().cases[item.case].severity == "SEV1"]),
        ("State", "overdue", list(made_summary().overdue())),
    ):
        chooser(seen, name).select_option(value)
        assert sorted(titles(seen)) == sorted(item.title for item in fits)
        expect(status).to_have_text(f"Shown: {len(fits)} of {len(OPEN)}")
        seen.get_by_role("button", name="Clear").click()
        expect(status).to_have_text(f"Shown: {len(OPEN)} of {len(OPEN)}")
    seen.get_by_label("Text", exact=True).fill("ALERT inc-1988")
    assert titles(seen) == ["Count mails per order, alert above one"]
    chooser(seen, "Team").select_option("Search")
    expect(status).to_have_text(f"Shown: 0 of {len(OPEN)}")


def test_what_is_chosen_stands_in_the_address_and_comes_back_with_it(seen: Page, address: str) -> None:
    chooser(seen, "Team").select_option("Platform")
    seen.get_by_label("Text", exact=True).fill("a b&c=d")
    seen.get_by_label("Text", exact=True).fill("the")
    seen.locator("#open-items th[data-name=due] button").click()
    shown, there = titles(seen), seen.url
    assert 0 < len(shown) < len(OPEN)
    assert there == f"{address}#q=the&team=Platform&open-items=due"
    seen.goto("about:blank")
    seen.goto(there)
    assert titles(seen) == shown
    assert head(seen, "due") == "ascending"
    assert chooser(seen, "Team").input_value() == "Platform"
    seen.get_by_role("button", name="Clear").click()
    seen.locator("#open-items th[data-name=due] button").click(click_count=2)
    expect(seen).to_have_url(address)


def test_a_jump_within_the_page_keeps_what_is_chosen(seen: Page) -> None:
    chooser(seen, "Team").select_option("Platform")
    shown = titles(seen)
    seen.get_by_role("navigation").get_by_role("link", name="Done").click()
    assert titles(seen) == shown


def test_a_groups_name_shows_its_open_items(seen: Page) -> None:
    seen.locator("#owners-groups").get_by_role("link", name="Dinesh").click()
    expect(seen.get_by_role("status")).to_have_text(f"Shown: 4 of {len(OPEN)}")
    expect(seen.get_by_label("Text", exact=True)).to_be_focused()
    assert set(cells(seen, 3)) <= {"Dinesh", "Carla, Dinesh"}


def test_the_keyboard_alone_skips_sorts_and_filters(seen: Page) -> None:
    seen.keyboard.press("Tab")
    assert seen.evaluate("document.activeElement.className") == "skip"
    seen.keyboard.press("Enter")
    assert seen.evaluate("document.activeElement.id") == "content"
    seen.get_by_label("Text", exact=True).focus()
    seen.keyboard.type("mails")
    seen.keyboard.press("Enter")  # sends nothing
    assert len(titles(seen)) == 2
    for _ in range(5):
        seen.keyboard.press("Tab")
    assert seen.evaluate("document.activeElement.textContent") == "Clear"
    seen.keyboard.press("Enter")
    expect(seen.get_by_role("status")).to_have_text(f"Shown: {len(OPEN)} of {len(OPEN)}")
    seen.keyboard.press("Tab")
    assert seen.evaluate("document.activeElement.parentElement.dataset.name") == "item"
    seen.keyboard.press("Enter")
    assert titles(seen) == sorted(titles(seen), key=str.lower)
    seen.keyboard.press("Space")
    assert head(seen, "item") == "descending"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert seen.evaluate(outline) == "solid"


def test_without_scripts_all_is_there_and_nothing_pretends_to_act(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        assert page.locator("#open-items tbody tr:visible").count() == len(OPEN)
        assert page.locator("form:visible, button:visible, select:visible").count() == 0
        assert page.locator("svg.chart:visible").count() == 4
        page.locator("summary").first.click()
        assert page.locator("figure table:visible").count() == 1


@pytest.mark.parametrize("width", [360, 800, 1600])
def test_both_schemes_are_accessible_and_nothing_is_wider_than_the_screen(seen: Page, width: int) -> None:
    seen.set_viewport_size({"width": width, "height": 900})
    for scheme in ("light", "dark"):
        seen.emulate_media(color_scheme=scheme)
        found = Axe().run(seen, ALIKE, {"resultTypes": ["violations"]})
        assert not found.response["violations"], found.generate_report()
        assert seen.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert seen.evaluate("[...document.querySelectorAll('summary')].map(one => one.click()).length") == 4


def test_on_a_phone_each_value_says_what_it_is(seen: Page) -> None:
    seen.set_viewport_size({"width": 320, "height": 700})
    label = "cell => getComputedStyle(cell, '::before').content"
    first = seen.locator("#open-items tbody tr").first
    shown = [cell.evaluate(label).strip('"') for cell in first.locator("td").all()]
    assert shown == ["Incident", "Owner", "Team", "Severity", "Due", "Days open", "State"]
    assert seen.evaluate("document.documentElement.scrollWidth") <= 320
    assert all(box and box["width"] > 250 for box in [one.bounding_box() for one in seen.locator("svg.chart").all()])
    seen.locator("#open-items th[data-name=severity] button").click()
    assert cells(seen, 5) == sorted(cells(seen, 5))


def test_on_paper_are_all_rows_in_light_colours_and_no_controls(seen: Page) -> None:
    seen.set_viewport_size({"width": 718, "height": 1000})  # A4 without its margins
    seen.emulate_media(media="print", color_scheme="dark")
    assert seen.evaluate("document.documentElement.scrollWidth") <= 718
    assert seen.locator("form:visible, nav:visible").count() == 0
    assert seen.locator("#open-items tbody tr:visible").count() == len(OPEN)
    assert seen.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert (
        seen.evaluate("getComputedStyle(document.querySelector('#open-items thead')).display") == "table-header-group"
    )
    assert seen.pdf(format="A4").startswith(b"%PDF")
