"""What a document says is shown in an issue as it is said there, and nothing of it acts; markdown-it-py is the oracle."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from closeout.render import issue
from closeout.render.issue import defused
from test_github_end_to_end import Team, team

__all__ = ["team"]

READER = MarkdownIt("commonmark").enable("table")
AROUND = ("- **Action item**: {}", "| a |\n|---|\n| {} |", "[{}](<https://e.example/x>)", "### {}")
TEXTS = st.text("ab1 \\*_`[]()<>|!#@&;:/.-~", max_size=24)


def seen(text: str) -> tuple[list[str], str]:
    """The elements of a text, and what a reader sees of it but for what nobody sees."""
    inner = [one for token in READER.parse(text) for one in (token, *(token.children or ()))]
    told = "".join(one.content for one in inner if one.type in {"text", "text_special"})
    return [one.type for one in inner if not one.type.startswith("text")], told.replace("\u2060", "")


def before(text: str, limit: int = 500) -> str:
    """What `defused` was in 0.1.0."""
    plain = " ".join(text.split())[:limit].replace("<!--", "<! --")
    plain = plain.replace("@", "@\u2060").replace("#", "#\u2060").replace("://", ":\u2060//")
    return re.sub(r"([\[\]<>|`*_])", r"\\\1", plain)


@given(TEXTS, st.sampled_from(AROUND))
@example(r"\*bold\*", AROUND[0])
@example(r"a\|b", AROUND[1])
@example("a\\", AROUND[2])
@example(r"\\\[x](y)", AROUND[0])
def test_a_text_is_shown_as_it_is_and_is_no_markup(text: str, around: str) -> None:
    told = " ".join(text.replace("&", "").split()).replace("<!--", "<! --")
    plain, shown = around.format("x"), around.format(f"x{defused(told)}x")
    assert seen(shown) == (seen(plain)[0], seen(plain)[1].replace("x", f"x{told}x"))


@pytest.mark.parametrize(
    "text",
    ["&commat;ann", "&#64;ann", "&#x40;ann", "&num;12", "&amp;commat;ann", "https&colon;//e.example", "acme/pm&num;1"],
)
def test_what_is_written_as_an_entity_acts_no_more_than_what_is_not(text: str) -> None:
    told = "".join(token.content for token in READER.parseInline(defused(text))[0].children or ())
    assert not re.search(r"@\w|#\d|://", told)


@pytest.mark.parametrize(
    "text", ["A &amp; B", "a &lt; b", "R&D; more", r"C:\temp\new", "50 % & 3/4: ~5 min!", "x &vert; y", "AT&T", "don't"]
)
def test_plain_texts_stand_there_to_the_letter(text: str) -> None:
    assert defused(text) == text


def test_bodies_that_were_written_before_are_no_change(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    team.text = team.text.replace("Add a connection alert", r"Grep for \\\*bold\\\* and &commat;ann  ")
    with monkeypatch.context() as old:
        old.setattr(issue, "defused", before)
        assert team.run("sync", "--yes")[0] == 0
    bodies = [one.body for one in team.repo.issues.values()]
    assert r"\\*bold\\*" in "".join(map(str, bodies))
    team.push("Write-backs")
    team.asked()
    for _ in range(2):
        assert team.run("sync")[0] == 0
    assert [one for one in team.asked() if not one.startswith("GET")] == []
    assert [one.body for one in team.repo.issues.values()] == bodies
