"""Why did it happen: what a report reads of it, and how causes that come back are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closeout.domain.report.rows import Case, Rows, Tracked, without_private
from closeout.domain.report.scope import Scope
from closeout.domain.report.summarise import summarise
from closeout.domain.report.summary import Cause, Of
from closeout.domain.report.themes import CAUSES_ALIKE, themes
from closeout.engine.gather import NOTHING, About, gather
from closeout.reading.causes import LONGEST, MOST
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped
from made_summary import TODAY, WEEK

COMMON = shipped().common


def causes(text: str) -> list[tuple[str, ...]]:
    """The causes of each of a page's incidents, the page's own first."""
    return [one.causes for one in read("a.md", text, shipped(), causes=True).incidents]


@pytest.mark.parametrize(
    "text",
    [
        "## Root cause\n\nThe pool ran dry.\n\nMore is told.\n",
        "## 3. Root Cause Analysis (RCA)\n\nThe pool ran dry.\n",
        "## Root cause: The pool ran dry.\n\nMore is told.\n",
        "## Root causes\n\n- The pool ran dry.\n\n## Impact\n\n- All of it\n",
        "## Why did it happen?\n\nIn short:\n\n1. The pool ran dry.\n",
        "## Contributing factors\n\n### Factor 1: The pool ran dry.\n\nMore is told.\n",
        "## Root cause\n\n### In short\n\nThe pool ran dry.\n\n### Timeline\n\nAt noon it broke.\n",
        "**Root cause:** The pool ran dry.\n",
        "**Date:** 2026-01-02\n**Root cause:** The pool\nran dry.\n**Impact:** all of it\n",
        "**Root cause**\n\nThe pool ran dry.\n\n**Impact**\n\nAll of it.\n",
        "- **Severity**: SEV1\n- **Root cause**: The pool ran dry.\n",
        "| Field | Value |\n|---|---|\n| Root cause | The pool ran dry. |\n",
        "---\nroot_cause: The pool ran dry.\n---\n",
        "---\ncauses:\n  - The pool ran dry.\n---\n",
        "## Ursache\n\nThe pool ran dry.\n",
        "## Causa raíz\n\nThe pool ran dry.\n",
        "## 根本原因\n\nThe pool ran dry.\n",
        "## Root cause\n\n**The** [pool](https://e.example) `ran` dry.\n",
    ],
)
def test_a_stated_cause_is_read_as_plain_text(text: str) -> None:
    assert causes(f"{text}\n## Action items\n\n- [ ] Mend it\n" if text[0] != "-" or text[1] == " " else text) == [
        ("The pool ran dry.",)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "# Root cause analysis: checkout down\n\nOn Monday nobody could pay.\n",
        "## Impact\n\nThe pool ran dry.\n",
        "## Root cause\n\nTBD\n",
        "## Root cause\n\n[Describe the root cause]\n",
        "## Root cause\n\n_What made it break?_\n",
        "## Root cause\n\n> Tell what made it break.\n",
        "## Root cause\n\nUnknown\n",
        "## Root cause\n\n```\nThe pool ran dry.\n```\n",
        "## Root cause\n\n~~The pool ran dry.~~\n",
        "## Root cause\n\n## Impact\n\nAll of it broke.\n",
        "## Root cause action items\n\n- [ ] Mend the pool\n",
    ],
)
def test_what_states_no_cause_gives_none(text: str) -> None:
    assert causes(text) == [()]


def test_each_incident_of_a_page_has_its_own_causes() -> None:
    one = "\n## {}\n\n### Root cause\n\n{}\n\n### Action items\n\n- [ ] Mend it\n"
    page = "# Incidents\n" + one.format("2026-01-02: Checkout down", "The pool ran dry.")
    page += one.format("2026-02-03: Search down", "The disk was full.")
    assert causes(page) == [(), ("The pool ran dry.",), ("The disk was full.",)]


def test_no_more_is_kept_than_a_report_has_room_for() -> None:
    text = "## Root causes\n\n" + "".join(f"- Reason {number} {'x' * 400}\n" for number in range(MOST + 3))
    (found,) = causes(text)
    assert len(found) == MOST
    assert all(len(cause) == LONGEST for cause in found)


def test_causes_are_read_only_where_they_are_asked_for() -> None:
    page = "## Root cause\n\nThe pool ran dry.\n"
    assert read("a.md", page, shipped()).incidents[0].causes == ()


@given(
    st.lists(
        st.sampled_from(
            [
                "# Root cause\n",
                "**Root cause:** ",
                "a b\n",
                "\n",
                "- ",
                "> ",
                "| Cause | x y |\n",
                "|-|-|\n",
                "1. ",
                "## x\n",
                "**",
                ":",
            ]
        )
    )
)
def test_any_page_can_be_read_with_its_causes(parts: list[str]) -> None:
    for one in causes("".join(parts)):
        assert len(one) <= MOST
        assert all(len(cause) <= LONGEST for cause in one)


def stated(*texts: str) -> list[Cause]:
    return [Cause(number, text) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    "texts",
    [
        (
            "A TLS certificate expired on the load balancer and nobody was alerted",
            "The certificate of the payment gateway expired",
        ),
        (
            "Connection pool exhausted by slow queries",
            "The database connection pool was exhausted after a traffic spike",
        ),
        (
            "Das Zertifikat des Lastverteilers war abgelaufen",
            "Ein Zertifikat der Zahlungsschnittstelle ist abgelaufen",
        ),
        ("証明書の期限切れに気付かなかった", "証明書が期限切れになっていた"),
    ],
)
def test_causes_that_come_back_in_other_sentences_are_one_theme(texts: tuple[str, ...]) -> None:
    (found,) = themes((), stated(*texts, "The cache was flushed by hand"), common=COMMON)
    assert found.of is Of.CAUSES
    assert {cause.text for cause in found.causes} == set(texts)
    assert (found.items, found.cases) == ((), tuple(range(len(texts))))
    assert CAUSES_ALIKE <= found.likeness <= 100


@pytest.mark.parametrize(
    "texts",
    [
        ("The database ran out of disk", "The database was upgraded without a rehearsal"),
        ("The root cause was a bad deploy", "The root cause was a full queue"),
        ("Storage was slow in one zone", "The path of storage was wrong"),
    ],
)
def test_causes_that_share_one_word_are_none(texts: tuple[str, ...]) -> None:
    assert themes((), stated(*texts), common=COMMON) == ()


def test_a_theme_of_causes_is_no_chain() -> None:
    chain = ("alpha beta gamma", "beta gamma delta", "gamma delta epsilon")
    (found,) = themes((), stated(*chain))
    assert len(found.causes) == 2


def test_items_and_causes_come_by_turns() -> None:
    some = [f"Thing{number} breaks{number} often{number}" for number in range(3) for _ in range(2)]
    items = [Tracked(text, "a.md", 1, number) for number, text in enumerate(some)]
    found = themes(items, stated(*some))
    assert [one.of for one in found] == [Of.ITEMS, Of.CAUSES] * 3


def test_a_report_compares_the_causes_of_what_is_in_scope_and_of_no_private_page() -> None:
    told = ("The connection pool ran dry", "A connection pool ran dry again")
    cases = tuple(
        Case(f"{number}.md", "Outage", severity="SEV1", causes=(text,), private=number == 1)
        for number, text in enumerate(told)
    )
    rows = Rows(TODAY, cases=cases)
    (found,) = summarise(rows, Scope(WEEK), common=COMMON).themes
    assert [cause.case for cause in found.causes] == [0, 1]
    assert summarise(rows, Scope(WEEK, severity="SEV2"), common=COMMON).themes == ()
    assert summarise(without_private(rows), Scope(WEEK), common=COMMON).themes == ()


def test_causes_reach_the_rows_of_a_report() -> None:
    page = "# Outage\n\n**Date:** 2026-01-02\n\n## Root cause\n\nThe pool\u202e ran dry.\n"
    _, (case,) = gather([read("a.md", page, shipped(), causes=True)], lambda *_: NOTHING, About())
    assert case.causes == ("The pool ran dry.",)
