"""The truth table of merging, one sentence a test: seen, waiting, document and issue, by field and by rule."""

from __future__ import annotations

import pytest

from closeout.domain.issue import Capabilities, Issue
from closeout.domain.item import Field, Item, Stated, quoted
from closeout.domain.ledger import Entry, Memory
from closeout.domain.sync.decide import Decision, decide
from closeout.domain.sync.fit import Fitting
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from merging import AXES, IMPOSSIBLE, ROWS, Combination, Row, among, combinations, decided

# As it was, as the issue was seen apart from it, as the issue says now, as the document says now, and where a status
# moves on to.
VALUES = {
    Field.TITLE: ("Add an alert", "Add alerts", "Raise the limit", "Write a runbook", ""),
    Field.STATUS: ("todo", "in_progress", "done", "wont_do", "in_progress"),
    Field.OWNERS: ("ann", "ann, bob", "bob", "cid", ""),
    Field.DUE: ("2026-06-15", "2026-06-16", "2026-06-17", "2026-06-18", ""),
    Field.PRIORITY: ("P1", "P2", "P3", "P4", ""),
}
OPAQUE = "whenever"


def played(one: Combination) -> tuple[Decision, Memory, Stated | None, str | None]:
    """What closeout decides, from what memory, and what stands in the document and the issue."""
    what = Field.STATUS if one.field == "linked" else Field(one.field)
    old, apart, theirs, ours, on = VALUES[what]
    known = apart if one.seen == "apart" else old
    there = {"same": known, "changed": theirs, "moved on": on, "emptied": ""}.get(one.issue)
    landed = known if one.waits else ours
    texts = {"same": old, "changed": ours, "alike": there, "landed": landed, "emptied": ""}
    text = texts.get(one.document, OPAQUE) or ""
    stated = None if one.document == "no place" else Stated(text, None if text == OPAQUE else text)
    if one.seen == "never":
        text = old if one.document == "changed" else text
        stated = None if stated is None else Stated(text, None if text == OPAQUE else text)
        before = Memory()
    else:
        seen = OPAQUE if one.document == "still unreadable" else old
        proposed = frozenset({landed} if one.document == "landed" else ())
        before = Memory(seen, known, apart if one.waits else None, proposed)
    entry = Entry("v1:a", "memory", "a", "a", 1, issue="1", owned=one.field != "linked")
    entry = entry if before == Memory() and stated is not None else entry.remember({what: before})
    item = Item("a", 1, stated={} if stated is None else {what: stated})
    issue = Issue("1", "v1:a", {} if there is None else {what: there})
    fitting = Fitting("memory", Capabilities("memory", frozenset({what})))
    rules = {**DEFAULT_RULES, what: Rule(one.rule)}
    return decide(item, entry, issue, fitting, rules), before, stated, there


CASES = decided()


@pytest.mark.parametrize(("one", "row"), [pytest.param(*case, id=case[0].sentence(case[1])) for case in CASES])
def test_merging(one: Combination, row: Row) -> None:
    decision, before, stated, there = played(one)
    (after,) = decision.entry.memory.values()
    text = stated.text if stated else None
    known = "todo" if one.seen == "never" and one.field == "status" else before.tracker  # what we made was made open
    expected = {
        "nothing": (
            text if row.get("remembers") else before.document,
            known,
            None if row.get("drops") else before.want,
        ),
        "seen": (text, there, None),
        "heard": (before.document, there, None),
        "send": (before.document, before.tracker, None),
        "show": (after.document, there, there),
    }[row["then"]]
    assert (after.document, after.tracker, after.want) == expected
    assert after.document in {before.document, text}
    sent = [new for _, new in decision.send.values()]
    assert sent == ([text] if row["then"] == "send" else [])
    assert [code for code, _ in decision.told] == ([row["told"]] if "told" in row else [])
    for code, message in decision.told:
        values = {"retitled": [there], "clash": [text, there], "differs": [text, there]}.get(code, [])
        assert [value for value in values if quoted(value) not in message] == []
        assert code == "retitled" or message.startswith((one.field.replace("linked", "status"), "the issue's"))


def test_every_combination_is_decided_or_impossible_for_a_reason() -> None:
    for one in combinations():
        assert any(one.fits(row) for row in (*IMPOSSIBLE, *ROWS)), one
    assert all(row["because"] for row in (*IMPOSSIBLE, *ROWS))
    assert len({one.sentence(row) for one, row in CASES}) == len(CASES)


def test_every_row_decides_something() -> None:
    used = [row for _, row in CASES]
    for row in ROWS:
        assert row in used, row
    for number, row in enumerate(IMPOSSIBLE):
        rest = (*IMPOSSIBLE[:number], *IMPOSSIBLE[number + 1 :])
        assert any(one.fits(row) and not any(one.fits(other) for other in rest) for one in combinations()), row


def test_the_table_says_nothing_that_is_no_word_of_it() -> None:
    for row in (*IMPOSSIBLE, *ROWS):
        for axis, values in AXES.items():
            assert set(among(row.get(axis, values[0]))) <= set(values), row
