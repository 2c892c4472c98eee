"""Documents whose UTF-8 was once decoded as something else: answered in their own damaged form, or refused."""

from __future__ import annotations

import pytest

from closeout.domain.item import Field, Status
from closeout.editing.splice import splice
from closeout.engine import show
from closeout.engine.read import read
from closeout.engine.world import Options
from golden_edits import FITTING, Pages
from golden_edits import NAME as PAGE

CODECS = ("cp1252", "latin-1", "mac_roman", "cp437", "cp1251")
STATUSES = (
    "✅ DONE", "🔲 TODO", "🔄 In progress", "🚫 Won't do", "✅", "❌", "⏳", "✔️ fertig", "Erledigt ✅", "**✅ Done**", "☐ offen",
    "Terminé", "À faire", "进行中", "済",
)  # fmt: skip


def said(what: Field, header: str, cell: str, value: str) -> str | None:
    """What is written in place of a cell, if anything is."""
    text = f"# Überblick\n\n## Action items\n\n| Action | {header} |\n|---|---|\n| Do it | {cell} |\n"
    library = read(Pages(text), Options())
    made = show.edit(PAGE, 0, what, value, library, Options(), FITTING)
    if made is not None:
        assert splice(text, [made.edit]) == text.replace(cell, made.edit.value)
    return None if made is None else made.edit.value


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("status", STATUSES)
def test_a_damaged_status_is_answered_in_its_damage_or_refused(status: str, codec: str) -> None:
    try:
        damaged = status.encode().decode(codec)
    except UnicodeDecodeError:
        return  # nobody can have damaged it in that way
    for value in Status:
        answer = said(Field.STATUS, "Status", damaged, value)
        # a part of it whole, a part damaged: that would not be a text of any encoding
        assert answer is None or answer.isascii() or any(_undone(answer, one) for one in CODECS), f"{value}: {answer!r}"


def _undone(text: str, codec: str) -> str:
    """What a text was before it was damaged; empty if it was not damaged in that way."""
    try:
        return text.encode(codec).decode()
    except UnicodeError:
        return ""


def test_most_damaged_statuses_are_answered() -> None:
    asked = [(said(Field.STATUS, "Status", "âœ… DONE", value), value) for value in Status]
    assert [_undone(answer or "", "cp1252") for answer, _ in asked] == [
        "🔲 OPEN",
        "🔄 IN PROGRESS",
        "✅ DONE",
        "🚫 WON'T DO",
    ]


@pytest.mark.parametrize(
    ("cell", "names", "answer"),
    [
        ("JosÃ©", "José, Zoë", "JosÃ©, ZoÃ«"),
        ("JosÃ©", "Ann", "Ann"),
        ("JosÃ©", "山", "å±±"),
        ("JosÃ©, Ann", "Ann, José", "Ann, JosÃ©"),
        ("Ann", "Zoë", "Zoë"),
        ("Jos\u251c\u2310", "山", None),  # by a code page of which only the reading is known
    ],
)
def test_a_damaged_owner_is_answered_in_its_damage_or_refused(cell: str, names: str, answer: str | None) -> None:
    assert said(Field.OWNERS, "Owner", cell, names) == answer


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("15 MÃ¤rz 2026", "20 MÃ¤rz 2026"),
        ("2026-06-15 (spÃ¤ter)", "2026-03-20 (spÃ¤ter)"),
        ("15 M\u251c\u00f1rz 2026", "2026-03-20"),
        ("1er février 2026", "20 mars 2026"),
    ],
)
def test_a_damaged_date_is_answered_in_its_damage_or_as_iso(cell: str, answer: str) -> None:
    assert said(Field.DUE, "Due", cell, "2026-03-20") == answer
