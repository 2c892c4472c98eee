"""The report as Markdown: nothing in it acts, it fits wherever it goes, and what matters most is told last to go."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from any_summary import TEXTS, summaries
from closeout.domain.item import JOINER, visible
from closeout.domain.report.rows import Tracked
from closeout.domain.report.summary import Summary
from closeout.render.report.escaping import escaped, linked, quiet
from closeout.render.report.markdown import LEAST_FIRST, Told, as_markdown, fitted
from closeout.render.report.words import words
from made_summary import made_summary

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TOLD = Told(words())
# what hosts act on in what a reader sees: mentions, references, commits, addresses, emoji, commands
ACTS = re.compile(
    r"@\w|#\d|!\d|%\w|~\w|\$\d|&\d|\bGH-\d|://\w|www\.\w|(?<![0-9a-f\w])[0-9a-f]{7,40}(?!\w)|:[\w+-]+:|mailto:|xmpp:",
    re.I,
)
CONTEXTS = (
    "{}", "- {}", "1. {}", "> {}", "### {}", "**{}**", "[{}](<https://e.example/x>)", "- x<br><sub>{} · y</sub>",
    "| a | b |\n|---|---|\n| {} | c |\n", "<details><summary>{}</summary>\n\nx\n\n</details>", "x {} y", "x\n{}\ny",
)  # fmt: skip


def tokens(text: str) -> list[Token]:
    return [inner for token in READER.parse(text) for inner in (token, *(token.children or ()))]


def shape(text: str) -> list[tuple[str, str]]:
    """What elements there are; neighbouring texts are one."""
    found: list[tuple[str, str]] = []
    for token in tokens(text):
        kind = token.type if token.type not in {"text_special", "softbreak"} else "text"
        told = token.content if kind == "html_inline" else ""
        if (kind, told) != ("text", "") or not found or found[-1] != ("text", ""):
            found.append((kind, told))
    return found


def seen(text: str) -> str:
    """What a reader sees: texts only."""
    return "".join(token.content for token in tokens(text) if token.type in {"text", "text_special", "code_inline"})


@given(TEXTS, st.sampled_from(CONTEXTS))
@example("\\[x](https://e)", CONTEXTS[0])
@example("\\", CONTEXTS[8])
@example("a\\|b", CONTEXTS[8])
@example("0abcdef1", CONTEXTS[0])
@settings(max_examples=200)
def test_no_text_becomes_an_element(text: str, context: str) -> None:
    told = escaped(text)
    if told:
        assert shape(context.format(told)) == shape(context.format("word"))
        if "<summary>" not in context:
            plain = seen(context.format(told)).replace(JOINER, "")
            assert visible(text)[:199].rstrip() in plain or visible(text) in plain


@given(TEXTS | st.text(alphabet="@#!%~$&:/.-abcdef0123456789gh GHwx", max_size=40))
def test_no_text_is_acted_on_by_a_host(text: str) -> None:
    assert not ACTS.search(seen(f"x {escaped(text)} y"))


@given(summaries())
@settings(max_examples=25)
def test_nothing_in_a_report_acts(summary: Summary) -> None:
    text = as_markdown(summary, TOLD)
    for token in tokens(text):
        if token.type == "html_inline":
            assert token.content in {"<br>", "<sub>", "</sub>"}
        elif token.type == "html_block":
            assert re.fullmatch(r"<details><summary>[^<]*</summary>\s*|</details>\s*", token.content)
        elif token.type == "link_open":
            assert str(token.attrs["href"]).startswith("https://")
        else:
            assert token.type not in {"image", "code_inline", "code_block", "fence", "hr"}
            assert token.type != "text" or not ACTS.search(token.content), token.content


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://github.com/a/b/issues/1", "https://redirect.github.com/a/b/issues/1"),
        ("https://www.github.com/a/b/pull/1#x", "https://redirect.github.com/a/b/pull/1#x"),
        ("https://github.com/a/b/blob/main/c.md", "https://github.com/a/b/blob/main/c.md"),
        ("https://codeberg.org/a/b/issues/1", "https://codeberg.org:443/a/b/issues/1"),
        ("http://git.example/a/b/issues/1", "http://git.example:80/a/b/issues/1"),
        ("https://git.example:3000/a/b/issues/1", "https://git.example:3000/a/b/issues/1/"),
        ("https://gitlab.com/a/b/-/issues/1", "https://gitlab.com:443/a/b/-/issues/1"),
        ("https://e.example/a b>(c)", "https://e.example/a%20b%3E%28c%29"),
        ("https://[::1]/x", "https://[::1]/x"),
        ("javascript:alert(1)", ""),
        ("https://user:word@e.example/", ""),
        ("https://e<x>/", ""),
        ("https://[x/", ""),
        ("https://e:port/", ""),
        ("/a/b", ""),
        ("", ""),
    ],
)
def test_links_leave_no_trace_in_the_issue(address: str, link: str) -> None:
    assert quiet(address) == link
    assert linked("x", address) == (f"[x](<{link}>)" if link else "x")


def test_only_owners_of_overdue_items_are_mentioned_and_only_if_allowed() -> None:
    one = made_summary()
    everybody = frozenset({"ann-k", "bob", "carla", "dinesh-p"})
    assert not re.search(r"@\w", as_markdown(one, TOLD))
    text = as_markdown(one, replace(TOLD, mentions=everybody))
    owners = {login for item in one.overdue() for login in item.logins}
    assert set(re.findall(r"@([\w-]+)", text)) == owners
    assert "@bob" not in as_markdown(one, replace(TOLD, mentions=frozenset({"dinesh-p"})))
    hostile = replace(one.overdue()[0], logins=("x y", "org/team"))
    assert "@" not in as_markdown(replace(one, open=(hostile,)), replace(TOLD, mentions=frozenset({"x y", "org/team"})))


def test_an_empty_section_is_not_there() -> None:
    one = made_summary()
    bare = replace(
        one, open=(), done=(), declined=(), teams=(), owners=(), severities=(), incidents=(), months=(), themes=(), late=(),
        without_items=(), waiting=(), notes=(), buckets=(),
    )  # fmt: skip
    text = as_markdown(bare, TOLD)
    assert "###" not in text
    assert "<details>" not in text


# --- as much as fits

BYTES: Callable[[str], int] = lambda text: len(text.encode())  # noqa: E731
HEAD = "## Action items of postmortems, Nov 9 – 15, 2026\n\n**19 open**"
KINDS = re.compile(r"^- .*$|^\|.*\|$", re.M)


def many(count: int) -> Summary:
    """A team with much to do."""
    one = made_summary()
    items: list[Tracked] = [
        replace(item, title=f"{item.title} {number}", line=number)
        for number in range(count // len(one.open) + 1)
        for item in one.open
    ]
    return replace(one, open=tuple(items[:count]))


@pytest.mark.parametrize("measure", [len, BYTES])
@pytest.mark.parametrize("count", [19, 900])
def test_a_report_fits_wherever_it_goes(count: int, measure: Callable[[str], int]) -> None:
    summary = many(count)
    told = replace(TOLD, place="https://e.example/report")
    whole = as_markdown(summary, told)
    lines = set(whole.splitlines())
    before = 0
    for limit in (800, 1_000, 1_500, 2_000, 4_000, 10_000, 30_000, 65_536, 10_000_000):
        text = fitted(summary, told, limit, measure)
        assert measure(text) <= limit
        assert text.startswith(HEAD)
        assert text.count("<details>") == text.count("</details>")
        assert set(KINDS.findall(text)) <= lines  # no line is cut
        assert (text == whole) == (measure(whole) <= limit)
        assert ("https://e.example/report" in text) == (text != whole)
        assert len(KINDS.findall(text)) >= before  # the more room, the more is told
        before = len(KINDS.findall(text))


def test_what_is_left_out_is_named_and_goes_in_order_of_importance() -> None:
    summary = made_summary()
    sizes = range(700, len(as_markdown(summary, TOLD)) + 400, 400)
    gone: list[set[str]] = []
    for size in sizes:
        text = fitted(summary, TOLD, size)
        named = re.findall(r"^Left out here for lack of room: (.*)\.", text, re.M)
        gone.append(set(named[0].split(", ")) if named else set())
    order = [words().say(f"headings.{name}") for name in LEAST_FIRST]
    assert gone[-1] == set()
    for names in gone:
        assert names == set(order[: len(names)])
    assert all(less <= more for more, less in pairwise(gone))


def test_a_limit_below_the_head_is_refused() -> None:
    with pytest.raises(ValueError, match="takes"):
        fitted(made_summary(), TOLD, 50)
    head = fitted(made_summary(), TOLD, 600)
    assert head.startswith(HEAD)
    assert "- " not in head


@given(summaries(st.sampled_from(["a | b", "x" * 80, "障害対応", "<b>"])), st.integers(400, 9_000))
@settings(max_examples=25)
def test_any_report_fits(summary: Summary, limit: int) -> None:
    try:
        text = fitted(summary, TOLD, limit, BYTES)
    except ValueError:
        assert limit < 2_000
        return
    assert BYTES(text) <= limit
    assert text.count("<details>") == text.count("</details>")
