"""The key and the due date in a body: only the exact lines count, and only the date is ever replaced."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closeout.trackers.issue_body import due_of, has_block, key_of, made, with_due

WHOLE = made("v1:abc", "2026-06-15", "- **Owner**: ann\n- **Due**: Jun 15\n")
DATES = st.dates().map(lambda day: day.isoformat()) | st.just("")
PIECES = st.lists(
    st.sampled_from(
        [
            "Due: 2026-01-01",
            "Due: soon",
            "due: 2026-01-01",
            "<!-- closeout:begin -->",
            "<!-- closeout:end -->",
            "é\u2028x",
        ]
    )
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    max_size=8,
)
BODIES = st.tuples(PIECES, st.sampled_from(["\n", "\r\n"])).map(lambda told: told[1].join(told[0]))


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (WHOLE, "v1:abc"),
        (WHOLE.replace("\n", "\r\n"), "v1:abc"),
        ("A person wrote above.\n\n" + WHOLE, "v1:abc"),
        (WHOLE + WHOLE, "v1:abc"),
        (WHOLE + "<!-- closeout: key=v1:abd -->\n", ""),
        ("> <!-- closeout: key=v1:abc -->", ""),
        ("see <!-- closeout: key=v1:abc -->", ""),
        ("<!-- closeout: key=v1:abc --> here", ""),
        ("<!--closeout: key=v1:abc-->", ""),
        ("<!-- closeout: key=v1:a b -->", ""),
        ("<! -- closeout: key=v1:abc -->", ""),
        ("", ""),
    ],
)
def test_keys(body: str, key: str) -> None:
    assert key_of(body) == key


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("Due: 2026-06-15", "2026-06-15"),
        ("Due:2026-06-15  ", "2026-06-15"),
        ("Due: none", ""),
        ("Due:", ""),
        ("", ""),
        ("Due: 2026-02-30", None),
        ("Due: June 15", None),
        ("Due: 15/06/2026", None),
        ("Due: 2026-06-15\nDue: 2026-06-16", None),
    ],
)
def test_due_lines(line: str, due: str | None) -> None:
    assert due_of(WHOLE.replace("Due: 2026-06-15", line)) == due


def test_what_was_said_of_an_unknown_date_stays_in_the_text() -> None:
    body = made("v1:abc", None, "- **Due**: after the audit\n")
    assert "- **Due**: after the audit" in body
    assert due_of(body) == ""
    assert due_of(with_due(body, "2026-06-15")) == "2026-06-15"


@given(BODIES, DATES, DATES)
def test_a_date_is_replaced_and_nothing_else(around: str, before: str, after: str) -> None:
    body = made("v1:abc", before, "- **Owner**: ann\n") + around
    changed = with_due(body, after)
    assert changed == body.replace(f"Due: {before or 'none'}\n", f"Due: {after or 'none'}\n", 1)
    assert (due_of(changed), key_of(changed)) == (after, "v1:abc")


@given(BODIES, DATES)
def test_any_body_holds_a_date_that_it_is_given(body: str, due: str) -> None:
    readable = not has_block(body) or due_of(body) is not None
    changed = with_due(body, due)
    assert changed != body or due_of(body) == due
    assert due_of(changed) == due or not readable
    assert with_due(changed, due) == changed


@pytest.mark.parametrize(
    "piece", ["<!-- closeout:begin -->\n", "Due: a" + " " * 40 + "b", "Due:\n", "<!-- closeout: key="]
)
def test_a_hostile_body_is_read_in_no_time(piece: str) -> None:
    body = (piece * 70_000)[:65_536]
    for text in (
        body,
        made("v1:abc", "", body),
        "<!-- closeout:begin -->\nDue: x" + " " * 65_000 + "y\n<!-- closeout:end -->",
    ):
        key_of(text)
        due_of(text)
        with_due(text, "2026-06-15")
