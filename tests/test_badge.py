"""Badges: what is open, in a colour that says whether it is late, as a picture and for shields.io."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closeout.domain.report.summary import Counts
from closeout.render.report.badge import as_badge, as_badge_json
from closeout.render.report.words import languages, words
from made_summary import made_summary

_SVG = "{http://www.w3.org/2000/svg}"


def made(open_: int, overdue: int, language: str = "en") -> tuple[ElementTree.Element, dict[str, object]]:
    summary = replace(made_summary(), counts=Counts(open=open_, overdue=overdue))
    picture = ElementTree.fromstring(as_badge(summary, words(language)))
    return picture, json.loads(as_badge_json(summary, words(language)))


@pytest.mark.parametrize(
    ("open_", "overdue", "message", "colour"),
    [
        (0, 0, "0", "brightgreen"),
        (12, 0, "12", "brightgreen"),
        (12, 3, "12, 3 overdue", "orange"),
        (12, 4, "12, 4 overdue", "red"),
        (1200, 1200, "1,200, 1,200 overdue", "red"),
    ],
)
def test_both_badges_say_the_same(open_: int, overdue: int, message: str, colour: str) -> None:
    picture, told = made(open_, overdue)
    assert told == {"schemaVersion": 1, "label": "open action items", "message": message, "color": colour}
    assert picture.attrib["aria-label"] == f"open action items: {message}"
    assert picture.attrib["role"] == "img"
    assert [one.text for one in picture.iter(f"{_SVG}text")] == ["open action items", message]


def test_each_colour_of_the_picture_can_be_read_behind_white() -> None:
    for open_, overdue in ((12, 0), (12, 3), (12, 4)):
        picture, _ = made(open_, overdue)
        colours = {one.attrib["fill"] for one in picture.iter() if "fill" in one.attrib} - {"#fff"}
        assert len(colours) == 2
        assert all(1.05 / (_light(colour) + 0.05) >= 4.5 for colour in colours)


def _light(colour: str) -> float:
    """The relative luminance of WCAG."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(languages()))
def test_the_picture_needs_nothing_else_and_its_words_have_room(open_: int, overdue: int, language: str) -> None:
    picture, told = made(open_, overdue, language)
    assert {one.tag.removeprefix(_SVG) for one in picture.iter()} == {"svg", "title", "rect", "path", "g", "text"}
    assert not [name for one in picture.iter() for name in one.attrib if name in {"style", "href", "id", "onload"}]
    width, words_ = float(picture.attrib["width"]), f"{told['label']}{told['message']}"
    assert width >= 7 * len(words_)
