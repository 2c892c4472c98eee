"""Titles that people change in the tracker: told, or taken up where the team says so and plain words stand."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from closeout.domain.item import Field, visible
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from closeout.engine import show
from closeout.engine.read import read
from closeout.engine.world import Options
from closeout.markdown import inline
from golden_edits import FITTING, Pages
from golden_edits import NAME as PAGE
from worlds import TABLE, Small

TITLE = st.text(
    st.one_of(
        st.sampled_from("abé監 `*_[]<>~!&#;:()-+=1.\\|@/\u200b\u202e\t\n👍"), st.characters(exclude_categories=["Cs"])
    ),
    max_size=20,
)


def retitled(*, rule: Rule = Rule.TRACKER, pushed: bool = True, page: str = TABLE) -> Small:
    """A world whose first issue got another title."""
    small = Small({"postmortems/a.md": page})
    small.options = replace(small.options, rules={**DEFAULT_RULES, Field.TITLE: rule})
    small.sync()
    if not pushed:
        small.documents.lands, small.documents.pushed = False, {"postmortems/a.md": page}
    small.tracker.edit("1", {Field.TITLE: "Add two alerts"})
    return small


def told(small: Small) -> list[tuple[int, str]]:
    outcome = small.sync()
    assert outcome is not None
    return [(finding.line, finding.code) for finding in outcome.findings]


def test_a_retitled_issue_is_a_finding_and_nothing_else() -> None:
    small = retitled(rule=Rule.DOCUMENT_ONLY)
    before = small.text
    assert told(small) == [(9, "retitled")]
    assert small.text == before
    assert small.tracker.issues["1"].values[Field.TITLE] == "Add two alerts"


@pytest.mark.parametrize("rule", [Rule.TRACKER, Rule.DOCUMENT, Rule.ASK])
def test_a_title_of_plain_words_takes_the_trackers_up_where_the_rule_says_so(rule: Rule) -> None:
    small = retitled(rule=rule)
    before = small.text
    assert told(small) == []
    assert small.text == before.replace("Add an alert", "Add two alerts")
    assert small.plan().plan.empty
    assert len(small.tracker.issues) == 2


def test_a_title_that_changed_on_both_sides_is_a_clash_that_the_rule_decides() -> None:
    small = retitled()
    small.text = small.text.replace("Add an alert", "Add an alarm")
    assert told(small) == [(9, "clash")]
    assert "| Add two alerts [#1](memory:/1) |" in small.text


def test_a_title_with_markup_is_never_traded_for_the_trackers() -> None:
    small = retitled(page=TABLE.replace("Add an alert", "Add **an** alert"))
    before = small.text
    assert told(small) == [(9, "retitled")]
    assert told(small) == [(9, "retitled")]
    assert small.text == before


def test_a_title_waits_until_its_ticket_is_pushed() -> None:
    small = retitled(pushed=False)
    before = small.text
    assert told(small) == [(9, "retitled")]
    assert small.text == before
    small.documents.pushed = dict(small.texts)
    assert told(small) == []
    assert "| Add two alerts [#1](memory:/1) |" in small.text


def test_a_title_that_was_thrown_away_is_written_again_and_makes_no_second_issue() -> None:
    small = retitled()
    before = small.text
    small.world = replace(small.world, publisher=replace(small.documents, lands=False))
    small.sync()
    after, small.text = small.text, before
    small.sync()
    assert small.text == after
    small.world = replace(small.world, publisher=small.documents)
    small.sync()
    assert small.plan().plan.empty
    assert len(small.tracker.issues) == 2


PAGES = (
    "## Action items\n\n| Action | Status |\n|---|---|\n| Do it #1 | open |\n| Do more #2 | open |\n",
    "## Action items\n\nAction|Status\n---|---\nDo it #1|open\nDo more #2|open\n",
    "## Action items\n\n- [ ] Do it (#1)\n- [ ] Do more (#2)\n",
    "## Action items\n\n1. Do it (#1)\n2. Do more (#2)\n",
)


KNOWN_WORDS = {  # unassigned, in progress: they say something else than what is to be done
    word.casefold() for path in files("closeout.reading.vocabulary").iterdir() if path.name.endswith(".toml")
    for word in re.findall(r'"([^"\n]+)"', path.read_text("utf-8"))
}  # fmt: skip


@given(TITLE, st.sampled_from(PAGES))
@example("\u202eAdd\u200b `a|b` <b>*x*", PAGES[0])
@example("# _1_ <!-- x -->\nmore", PAGES[2])
def test_a_title_from_a_tracker_reads_back_as_itself_on_one_line_or_is_told(title: str, text: str) -> None:
    library = read(Pages(text), Options())
    made = show.edit(PAGE, 0, Field.TITLE, title, library, Options(), FITTING)
    if made is None:
        # what is no title of any row: nothing, marks that are trimmed, a word for a state, a note, a ticket
        plain = re.fullmatch(r"[A-Za-zé監 ]*[A-Za-zé監]{6,}[A-Za-zé監 ]*", visible(title))
        plain = plain if visible(title).casefold() not in KNOWN_WORDS else None
        assert not plain
        return
    assert made.value == visible(title)
    assert not re.search(r"[\r\n\u200b\u202e]", made.edit.value)
    assert inline.read(made.edit.value, {}).plain == made.value


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Add two alerts", "Add two alerts"),
        ("a_b & c < d, 50% (soon)!", "a_b & c < d, 50% (soon)!"),
        ("_a_ `b` *c* ~~d~~", r"\_a\_ \`b\` \*c\* \~\~d\~\~"),
        ("<b>x</b> &lt; [y](z)", r"\<b>x\</b> \&lt; \[y\](z)"),
        ("1. Do it", r"1\. Do it"),
        ("Do\u200b it\n\u202eagain", "Do it again"),
        ("\ud800Do it", "Do it"),
    ],
)
def test_a_title_is_escaped_no_more_than_it_must_be(title: str, said: str) -> None:
    made = show.edit(PAGE, 0, Field.TITLE, title, read(Pages(PAGES[0]), Options()), Options(), FITTING)
    assert made is not None
    assert made.edit.value == said
