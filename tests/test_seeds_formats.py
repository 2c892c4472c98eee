"""The formats of the first teams, in documents of our own."""

from __future__ import annotations

import pytest

from closeout.domain.item import Item
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped


def items(text: str, path: str = "postmortems/2025-12-09-a.md") -> tuple[Item, ...]:
    return read(path, text, shipped()).items


def test_a_label_followed_by_ticked_bullets() -> None:
    found = items("Headline: x\nAction items:\n- ✅ Add a checker\n- ✅ Add a linter\nLessons: none\n")
    assert [(item.title, item.status) for item in found] == [("Add a checker", "done"), ("Add a linter", "done")]


def test_a_checklist_with_labelled_brackets() -> None:
    (found,) = items("## Action items\n- [ ] Add a check (Owner: @x, Due: 2026-06-15, Issue: basecamp#412)\n")
    assert (found.title, found.owners, found.due, found.tickets) == (
        "Add a check",
        ("x",),
        "2026-06-15",
        ("basecamp#412",),
    )


def test_a_checklist_with_name_and_date() -> None:
    (found,) = items("## Short-term improvements\n- [ ] Validate the config (Maxime, 2025-11-15)\n")
    assert (found.title, found.owners, found.due) == ("Validate the config", ("Maxime",), "2025-11-15")


@pytest.mark.parametrize("codec", ["mac_roman", "cp1252", None])
def test_damaged_statuses_are_read_as_they_were_meant(codec: str | None) -> None:
    status = "🔲 TODO" if codec == "mac_roman" else "✅ DONE"
    said = status.encode().decode(codec) if codec == "mac_roman" else "âœ… DONE" if codec else status
    (found,) = items(f"## Action items\n\n| Action | Status |\n|---|---|\n| Do it | {said} |\n")
    assert found.status == ("todo" if codec == "mac_roman" else "done")
    assert found.status_text == said


def test_a_day_without_a_year_is_the_incidents() -> None:
    found = items(
        "## Action items\n\n| Action | Due | Ticket |\n|---|---|---|\n| A | Dec 16 | SRE-123 |\n| B | Jan 3 | TBD |\n"
    )
    assert [(item.due, item.tickets) for item in found] == [("2025-12-16", ("SRE-123",)), ("2026-01-03", ())]


def test_a_fence_and_placeholders_yield_nothing() -> None:
    text = (
        "## Action items\n\n```\n- [ ] No\n```\n\n| Action | Owner |\n|---|---|\n| [Specific action item] | [Name] |\n"
    )
    assert items(text) == ()
