"""What is posted mentions nobody and refers to nothing that was not asked for, and people's words around it stay."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closeout.render import posting
from closeout.render.report import escaping as markdown
from closeout.trackers import paper
from closeout.trackers.plane_paper import Html

NOBODY = frozenset[str]()
GITHUB = paper.github("https://github.com")
SERVER = paper.github("https://ghe.example.com")
FORGEJO = paper.forgejo("https://git.example.com")
GITLAB = paper.gitlab("https://gitlab.example.com")
ALL = {"github": GITHUB, "server": SERVER, "forgejo": FORGEJO, "gitlab": GITLAB}


def told(host: paper.Markdown, text: str, *aloud: str) -> str:
    body = host.body(text, "weekly.0a.12", frozenset(aloud))
    return body.removeprefix("<!-- closeout: report=weekly.0a.12 -->\n").removesuffix(
        "\n<!-- closeout: end of report -->\n"
    )


@pytest.mark.parametrize("host", ALL)
@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("@ann and @bob", "@ann and @\u2060bob"),
        ("`@bob`, (@bob), x@bob.com", "`@\u2060bob`, (@\u2060bob), x@\u2060bob.com"),
        ("@ann/team @ann.", "@\u2060ann/team @ann."),
        ("@annette", "@\u2060annette"),
        ("#12 and GH-12", "#\u206012 and GH-\u206012"),
        ("acme/pm#12", "acme/pm#\u206012"),
        ("&#64;bob &#x40;bob &commat;bob", "&#\u206064;bob &\u2060#x40;bob &\u2060commat;bob"),
        ("https://example.com/@bob", "https://example.com/%40bob"),
        ("<!-- closeout: report=weekly.0a.12 -->", "<! -- closeout: report=weekly.0a.12 -->"),
        ("# A heading\n\n- 12", "# A heading\n\n- 12"),
    ],
)
def test_only_who_may_be_is_mentioned_and_nothing_is_referred_to(host: str, text: str, after: str) -> None:
    assert told(ALL[host], text, "ann") == after


@pytest.mark.parametrize(
    ("host", "url", "after"),
    [
        ("github", "https://github.com/acme/pm/issues/12", "https://redirect.github.com/acme/pm/issues/12"),
        ("github", "http://www.github.com/acme/pm/pull/12#x", "https://redirect.github.com/acme/pm/pull/12#x"),
        ("github", "https://GitHub.com/acme/pm/commit/0a1b2c3", "https://redirect.github.com/acme/pm/commit/0a1b2c3"),
        ("github", "https://github.com/acme/pm/blob/main/a.md#L12", "https://github.com/acme/pm/blob/main/a.md#L12"),
        ("github", "https://git.example.com/acme/pm/issues/12", "https://git.example.com/acme/pm/issues/12"),
        ("forgejo", "https://git.example.com/acme/pm/issues/12", "https://git.example.com/acme/pm/issues/12/"),
        ("forgejo", "https://git.example.com/acme/pm/pulls/12#x", "https://git.example.com/acme/pm/pulls/12/#x"),
        ("forgejo", "https://github.com/acme/pm/issues/12", "https://github.com/acme/pm/issues/12"),
        ("gitlab", "https://gitlab.example.com/a/b/-/issues/12", "https://Gitlab.example.com/a/b/-/issues/12"),
        ("gitlab", "https://example.com/a/b/-/issues/12", "https://example.com/a/b/-/issues/12"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "<{}>", "[issue]({})", "[issue](<{}>)"])
def test_a_link_leads_where_it_did_and_makes_none_back(host: str, url: str, after: str, around: str) -> None:
    assert told(ALL[host], around.format(url)) == around.format(after)


def test_where_no_address_is_safe_it_is_no_link() -> None:
    url = "https://ghe.example.com/acme/pm/issues/12"
    assert told(SERVER, f"[#12]({url}) and {url}") == f"[#\u206012] `{url}` and `{url}`"
    report = markdown.linked("x", "https://ghe.example.com/acme/pm/issues/12")
    assert told(SERVER, report) == "[x] `https://ghe.example.com:443/acme/pm/issues/12`"
    assert told(paper.gitlab("http://127.0.0.1:8080"), "[a](http://127.0.0.1:8080/a/b/-/issues/1)") == (
        "[a] `http://127.0.0.1:8080/a/b/-/issues/1`"
    )


def test_gitlab_does_nothing_that_a_line_tells_it_to() -> None:
    assert told(GITLAB, "/close\n!12 ~bug $1 %2") == "\u2060/close\n!\u206012 ~\u2060bug $\u20601 %\u20602"


def test_forgejo_takes_no_number_for_a_pull_request() -> None:
    assert told(FORGEJO, "!12 done!") == "!\u206012 done!"


def test_people_who_were_mentioned_this_week_are_named_in_code() -> None:
    assert posting.in_code("@ann, @Bob and @cid", frozenset({"ann", "bob"})) == "`@ann`, `@Bob` and @cid"
    assert posting.mentions("of @Ann", frozenset({"ann"}))
    assert not posting.mentions("of `@ann` and x@ann", frozenset({"ann"}))


def test_our_block_takes_the_place_of_the_one_before_and_nothing_else_changes() -> None:
    before = f"Above\r\n\r\n{posting.block('one', 'weekly.0a.12')}\r\nBelow @ann #12"
    after = posting.block("two", "weekly.0a.12", before)
    assert after == before.replace("one", "two")
    assert posting.mark_of(after) == "weekly.0a.12"
    assert posting.mark_of(f"> {posting.block('one', 'weekly.0a.12')}") == ""


def test_where_somebody_took_our_marks_out_the_block_goes_below() -> None:
    assert posting.block("two", "weekly.0a.12", "Mine now\n").startswith("Mine now\n\n<!-- closeout: report=")


@given(st.text("@ann#1/`&;<!->()[] https:gitub.comisue\n\\", max_size=60))
def test_no_text_mentions_or_marks_anything(text: str) -> None:
    for host in ALL.values():
        body = told(host, text)
        assert not re.search(r"@\w|#\d|<!--", re.sub(r"https?://[^\s)>`\]]*", "", body)), body


def test_plane_keeps_what_is_below_the_line_and_shows_markup_as_text() -> None:
    html = Html()
    first = html.body("| a | b |\n|---|---|\n| <b>x</b> | y |", "m", NOBODY)
    assert "<table>" in first
    assert "&lt;b&gt;" in first
    second = html.body(
        "two", "m", NOBODY, first.replace("</div>", "<p>Ann looks.</p></div>").replace("<p><em>", '<p class="x"><em>')
    )
    assert second.startswith("<div><p>two</p>")
    assert second.endswith("<p>Ann looks.</p></div>")
    assert "table" not in second
    assert html.body("two", "m", NOBODY, "<p>Mine now</p>").endswith("<p>Mine now</p></div>")


def test_plane_shows_what_a_report_is_made_of_and_no_other_markup() -> None:
    text = "<details><summary>More &lt;b&gt;</summary>\n\n- one<br><sub>ann &amp; bob</sub> <img src=x onerror=y>\n\n</details>"
    body = Html().body(text, "m", NOBODY)
    assert "<p><strong>More &lt;b&gt;</strong></p>" in body
    assert "<li>one<br>ann &amp; bob &lt;img src=x onerror=y&gt;</li>" in body
    assert "details" not in body
    assert "<script" not in Html().body("<script>alert(1)</script>\n\n[x](javascript:alert(1))", "m", NOBODY)
    assert "javascript" not in Html().body("[x](javascript:alert(1))", "m", NOBODY)


def test_an_entity_is_no_name_on_gitlab() -> None:
    assert told(GITLAB, "a &lt;b&gt; &1 &amp; c") == "a &lt;b&gt; &\u20601 &amp; c"


@pytest.mark.parametrize("paper_", [GITHUB, Html()])
def test_a_double_is_emptied_and_what_people_wrote_there_stays(paper_: paper.Markdown | Html) -> None:
    there = paper_.body("The report", "weekly.0a.12", NOBODY).replace("</div>", "<p>Mine</p></div>")
    there = there if "Mine" in there else f"{there}\nMine"
    after = paper_.emptied("Superseded.", there)
    assert ("Superseded." in after, "Mine" in after, "The report" in after) == (True, True, False)
    assert posting.mark_of(after) == ""
    assert "Superseded." in paper_.emptied("Superseded.", "<p>no block of ours</p>")
