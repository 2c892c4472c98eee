"""What a page's layout means: regions, entries, fields, and why a line is no item. Every page is of our own making."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from closeout.cli.app import app
from closeout.domain.document import Document
from closeout.domain.item import Field
from closeout.reading.document import read, understand
from closeout.reading.explain import explain
from closeout.reading.vocabulary import shipped


def page(text: str, path: str = "postmortems/2025-12-09-a.md") -> Document:
    return read(path, text, shipped())


def titles(text: str) -> list[str]:
    return [item.title for item in page(text).items]


@pytest.mark.parametrize(
    "heading",
    [
        "## 6. Action Items", "## 🛠️ Follow-ups", "### Next technical steps", "**Action items:**", "**TODO**", "Next steps:",
        "## What we will do to prevent this", "## Remediation plan (Q3)", "## How we'll stop it happening again",
        "## Lessons learned and action items", "## Corrective & preventive actions", "Action items\n------------",
    ],
)  # fmt: skip
def test_what_opens_a_region(heading: str) -> None:
    assert titles(f"# Outage\n\n## Impact\n\nNone.\n\n{heading}\n\n- Add a check\n") == ["Add a check"]


@pytest.mark.parametrize(
    "heading",
    [
        "## Timeline", "## Resolution", "## Actions taken", "## Lessons learned", "## Root cause analysis", "## Meeting agenda",
        "## Preventive measures now in place", "## Follow-up meeting", "**Timeline:**", "## What could be improved", "## Links",
        "## Pre-deploy checklist", "Currently the only safe way to do this would be:",
    ],
)  # fmt: skip
def test_what_does_not(heading: str) -> None:
    assert titles(f"# Outage\n\n## Impact\n\nNone.\n\n{heading}\n\n- Add a check\n") == []


def test_groups_below_a_region_stay_in_it() -> None:
    text = "# O\n\n## Action items\n\n### Detection\n\n- a\n\n### Process changes\n\n- b\n\n**Short term:**\n\n- c\n\n### Timeline\n\n- no\n"
    assert titles(text) == ["a", "b", "c"]


def test_a_section_of_done_items_gives_them_their_state() -> None:
    found = page("# O\n\n## Impact\n\n## Actions\n\n### Immediate (done)\n\n- a\n\n### Later\n\n- b\n").items
    assert [item.status for item in found] == ["done", None]


def test_a_list_that_explains_the_table_below_is_none() -> None:
    text = "# O\n\n## Action items\n\n- P0 - now\n- P1 - soon\n\n| Action | Owner | Priority |\n|---|---|---|\n| a | Ann | P0 |\n"
    assert titles(text) == ["a"]


def test_advice_yields_where_the_follow_ups_are_named() -> None:
    advice = "## Recommendations\n\n- Be careful\n"
    account = "# O\n\n## Root cause\n\nx\n\n"
    assert titles(account + advice) == ["Be careful"]
    assert titles(f"# O\n\n{advice}") == []
    assert titles(f"{account}## Action items\n\n- a\n\n{advice}") == ["a"]


def test_a_table_of_actions_speaks_for_itself_and_one_of_incidents_does_not() -> None:
    actions = "| Action | Prevents | Status |\n|---|---|---|\n| a | b | Done |\n"
    incidents = "| Date | Summary | Action items |\n|---|---|---|\n| 2026-05-01 | x | 6 of 8 done |\n"
    steps = "| Time | Action | Status |\n|---|---|---|\n| 10:02 | Restart | Done |\n"
    assert titles(f"# O\n\n## Systems\n\n{actions}") == ["a"]
    assert titles(f"# O\n\n## Systems\n\n{incidents}\n## Events\n\n{steps}") == []


@pytest.mark.parametrize(
    ("entry", "field", "value"),
    [
        ("[Ann] Add a check", Field.OWNERS, "Ann"),
        ("Ann + Bob: Add a check", Field.OWNERS, "Ann, Bob"),
        ("Add a check [Bob]", Field.OWNERS, "Bob"),
        ("Add a check `@ann`", Field.OWNERS, "ann"),
        ("Add a check - Owner: Ann - Due: 2026-06-15", Field.DUE, "2026-06-15"),
        ("Add a check - Owner: Ann - Completed: 2026-06-15", Field.STATUS, "done"),
        ("Done: Add a check", Field.STATUS, "done"),
        ("**WIP:** Add a check", Field.STATUS, "in_progress"),
        ("~~Add a check~~", Field.STATUS, "done"),
        ("#12: Add a check", Field.TICKET, "#12"),
        ("Add a check ([#12](https://github.com/a/b/issues/12))", Field.TICKET, "#12"),
        ("Add a check (OPS-7)", Field.TICKET, "OPS-7"),
        ("Add a check（担当: Ann、期限: 2026-06-15）", Field.DUE, "2026-06-15"),
    ],
)
def test_what_stands_around_a_title(entry: str, field: Field, value: str) -> None:
    (item,) = page(f"# O\n\nAuthors: Ann, Bob\n\n## Action items\n\n- {entry}\n").items
    assert item.title == "Add a check"
    assert item.stated[field].value == value


def test_a_word_before_a_colon_is_no_name_unless_it_is_known() -> None:
    (item,) = page("# O\n\n## Action items\n\n- Monitoring: add a check\n").items
    assert (item.title, item.owners) == ("Monitoring: add a check", ())


def test_columns_by_what_stands_in_them() -> None:
    text = "# O\n\n## Action items\n\n| Action | Kind | Bug |\n|---|---|---|\n| a | [PR](https://github.com/a/b/pull/8) | DONE |\n"
    (item,) = page(text).items
    assert (item.status, item.tickets) == ("done", ("https://github.com/a/b/pull/8",))


def test_a_column_that_is_not_read_is_told() -> None:
    text = "# O\n\n## Action items\n\n| # | Action | Owner | Blast radius |\n|---|---|---|---|\n| 1 | a | Ann | all |\n"
    assert [(one.line, one.code) for one in page(text).findings] == [(5, "unread-column")]
    assert "Blast radius" in page(text).findings[0].message


@pytest.mark.parametrize(
    ("before", "due", "expected"),
    [
        ("", "03/04/2026", None), ("on 25/12/2025", "03/04/2026", "2026-04-03"), ("on 12/25/2025", "03/04/2026", "2026-03-04"),
        ("25/12/2025 and 12/25/2025", "03/04/2026", None), ("", "25/03/2026", "2026-03-25"), ("", "2026-W20", None),
        ("", "Q3 2026", None), ("", "+2w", None), ("", "31.12.2026", "2026-12-31"), ("", "12월 31일", "2025-12-31"),
    ],
)  # fmt: skip
def test_a_day_is_never_guessed(before: str, due: str, expected: str | None) -> None:
    (item,) = page(f"# O\n\n{before}\n\n## Action items\n\n| Action | Due |\n|---|---|\n| a | {due} |\n").items
    assert (item.due, item.due_text) == (expected, due)


def test_html_is_read_and_never_written() -> None:
    rows = "<tr><th>Action</th><th>Owner</th></tr>\n<tr><td>Add a <b>check</b></td><td>Ann &amp; Bob</td></tr>"
    (item,) = page(f"# O\n\n<details><summary>Action items</summary>\n<table>\n{rows}\n</table>\n</details>\n").items
    assert (item.title, item.owners, item.line) == ("Add a check", ("Ann", "Bob"), 6)
    assert all(stated.place is None for stated in item.stated.values())


def test_a_form_yields_nothing_until_it_is_filled_in() -> None:
    form = "# Postmortem: {}\n\n**Date**: {}\n**Author**: {}\n\n## Action items\n\n| Action | Owner |\n|---|---|\n| {} | {} |\n"
    assert titles(form.format("<title>", "YYYY-MM-DD", "[name]", "[Specific action]", "[Name]")) == []
    assert titles(form.format("Pool", "2026-05-01", "Ann", "Add a check", "Bob")) == ["Add a check"]


@pytest.mark.parametrize("front", ["closeout: false", "status: draft"])
def test_front_matter_can_say_no(front: str) -> None:
    found = page(f"---\n{front}\n---\n# O\n\n## Action items\n\n- a\n")
    assert (found.items, [one.code for one in found.findings]) == ((), ["left-out"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (5, "'Timeline' above is not meant for follow-ups"), (9, "it is an item"), (10, "a detail of the entry above"),
        (14, "other parts name the follow-ups"), (1, "it is no list entry"), (18, "no heading or label above"),
    ],
)  # fmt: skip
def test_why_a_line_is_an_item_or_none(line: int, said: str) -> None:
    text = (
        "# O\n\n## Timeline\n\n- 10:02 it broke\n\n## Action items\n\n- a\n  - Owner: Ann\n\n## Prevention\n\n- be careful\n"
        "\n## Zig\n\n- zag\n"
    )
    assert said in "\n".join(explain(understand("a.md", text, shipped()), line))


def test_the_reasons_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text("# O\n\n## Action items\n\n- a (Owner: Ann)\n", encoding="utf-8")
    told = CliRunner().invoke(app, ["explain", "a.md:5"])
    assert told.exit_code == 0
    assert "region: 'Action items'" in told.output
    assert "owners: 'Ann' from 'Ann'" in told.output
    assert CliRunner().invoke(app, ["explain", "a.md"]).exit_code != 0


@pytest.mark.parametrize(
    "line", ["- " * 3000 + "x", "| " * 30_000, "[" * 30_000, "**" * 20_000, "- a " + "(" * 30_000, "- a" + " - b" * 9_000, "@a " * 9_000,
     "- Owner: a" + " " * 90_000 + "b", "- a" + " " * 90_000 + "- b", "- a" + "\u3000" * 90_000 + "b", "- " + "(a " * 30_000,
     "| Action | Owner | Due | Status |\n|---|---|---|---|\n| a | b" + " " * 90_000 + "c | 6" + " " * 90_000 + "x | o" + " " * 90_000 + "p |",
     "**Date**: 1" + " " * 90_000 + "x", "- a [" + "[a](" * 9_000, "| a |\n\n" * 3_000, "\\# a\n\n" * 3_000, "1/" * 40_000, "- " + "a#1 " * 12_000, "- a " + "(#1) " * 9_000, "- a " + "— @x " * 9_000]
)  # fmt: skip
def test_a_hostile_line_is_only_a_line(line: str) -> None:
    assert len(page(f"# O\n\n## Action items\n\n{line}\n\n- a\n").items) < 10_000


def test_a_status_beside_a_ticket_leaves_the_ticket() -> None:
    text = "# O\n\n## Action items\n\n| Action | Status |\n|---|---|\n| a | Open (#12) |\n"
    (item,) = page(text).items
    place = item.stated[Field.STATUS].place
    assert (item.status, item.tickets) == ("todo", ("#12",))
    assert place is not None
    assert text[place.start : place.end] == "Open"


@pytest.mark.parametrize(
    "entry", ["None", "No further action required.", "TBD", "特になし", "N/A", "[Specific action item]", "..."]
)
def test_a_left_over_of_the_form_is_no_item(entry: str) -> None:
    assert titles(f"# O\n\n## Action items\n\n- {entry}\n- a\n") == ["a"]


@pytest.mark.parametrize(
    "before", ["- Short term\n\n  ", "1. Short term\n\n   ", "- a group\n  - inner\n\n    ", "> - quoted\n>\n>   "]
)
def test_a_table_in_a_list_is_read(before: str) -> None:
    lead = before.rpartition("\n")[2]
    rows = f"\n{lead}".join(["| Action | Owner |", "|---|---|", "| Add a check | Ann |"])
    found = page(f"# O\n\n## Action items\n\n{before}{rows}\n").items
    assert [(item.title, item.owners) for item in found] == [("Add a check", ("Ann",))]
    assert all(stated.place for what, stated in found[0].stated.items() if what is Field.OWNERS)


@pytest.mark.parametrize("codec", ["latin-1", "cp1252", "mac_roman"])
def test_damage_in_headings_and_labels_is_seen_through(codec: str) -> None:
    text = "# Ausfall\n\n## Maßnahmen\n\n| Maßnahme | Fällig | Zuständig |\n|---|---|---|\n| Höhe prüfen | 1. März 2027 | Jörg |\n"
    damaged = "".join(
        part.encode().decode(codec) if not part.isascii() else part for part in re.split(r"([^\x00-\x7f]+)", text)
    )
    assert damaged != text
    (item,) = page(damaged).items
    assert (item.title, item.due, item.owners) == ("Höhe prüfen", "2027-03-01", ("Jörg",))


def test_clean_text_in_any_language_is_not_taken_for_damage() -> None:
    from closeout.reading.repair import repaired

    for text in (
        "été », n’a pas",
        "NÃO AMANHÃ",
        "Größe – 5 €",
        "«Понял…»",
        "“naïve” — café",
        "Łódź",
        "监控 ✅",
        "ã ã",
        "√2 ¬ p",
    ):
        assert repaired(text) == text


def test_a_table_with_empty_lines_between_its_rows_is_one() -> None:
    table = "| Action | Owner |\n\n|---|---|\n\n| a | Ann |\n\n| b \\| c | Bob |\n"
    found = page(f"# O\n\n## Action items\n\n{table}\nAnd so on.\n").items
    assert [(item.title, item.owners) for item in found] == [("a", ("Ann",)), ("b | c", ("Bob",))]
    assert found[1].line == 11


@pytest.mark.parametrize(
    "text", ["| a | b |\n\n| c | d |\n", "| a |\n\n|---|---|\n\n| c | d |\n", "|---|\n\n| a |\n\n| b |\n"]
)
def test_lines_with_pipes_are_no_table_without_header_and_delimiter(text: str) -> None:
    assert titles(f"# O\n\n## Action items\n\n{text}") == []


def test_escaped_headings_and_lists_count_on_a_page_that_has_no_others() -> None:
    text = "\\# O\n\n\\## Timeline\n\n\\- 10:02 it broke\n\n\\## Action items\n\n\\- Add a check (@ann)\n"
    assert titles(text) == ["Add a check"]
    assert titles(text.replace("\\# O", "# O")) == []


def test_the_column_that_names_the_follow_ups_is_the_title() -> None:
    for head in ("Finding | Corrective action", "Corrective action | Finding", "Description | Action item"):
        wanted = "b" if head.endswith(("action", "item")) else "a"
        assert titles(f"# O\n\n## Action items\n\n| {head} | Status |\n|---|---|---|\n| a | b | Open |\n") == [wanted]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (5, "`closeout: ignore` leaves it out"), (6, "it is a placeholder"), (7, "the name of a group"), (8, "it is an item"),
        (10, "the header of a table"), (12, "its title is empty, or a placeholder"), (13, "`closeout: ignore` leaves it out"),
        (17, "a comment `closeout: ignore` leaves out its section"),
    ],
)  # fmt: skip
def test_what_keeps_a_line_of_a_region_from_being_an_item(line: int, said: str) -> None:
    text = (
        "# O\n\n## Action items\n\n- a <!-- closeout: ignore -->\n- [Specific action]\n- Short term:\n  - b\n\n"
        "| Action | Owner |\n|---|---|\n| TBD | Ann |\n| c <!-- closeout: ignore --> | Ann |\n\n"
        "## Next steps\n<!-- closeout: ignore -->\n- d\n"
    )
    assert said in "\n".join(explain(understand("a.md", text, shipped()), line))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!-- closeout: ignore -->\n\n# O\n\n## Action items\n\n- a\n\n## Next steps\n\n- b\n", []),
        ("# O\n\n## Action items\n\n<!-- closeout: ignore -->\n\n- a\n\n### Short term\n\n- b\n\n## Next steps\n\n- c\n", ["c"]),
        ("# O\n\n## Action items\n\n- a\n- b <!-- CLOSEOUT:ignore -->\n  - c\n", ["a"]),
        ("# O\n\n## Action items\n\n| Action | Owner |\n|---|---|\n| a | x |\n| b | y <!-- closeout: ignore --> |\n", ["a"]),
        ("# O\n\n## Impact\n\n<!-- closeout: items -->\n\n- a\n\n## Timeline\n\n- no\n", ["a"]),
        ('+++\ncloseout = false\n+++\n# O\n\n## Action items\n\n- a\n', []),
        ("---\nstatus: Draft\n---\n# O\n\n## Action items\n\n- a\n", []),
        ("---\nstatus: final\n---\n# O\n\n## Action items\n\n- a\n", ["a"]),
    ],
)  # fmt: skip
def test_what_a_person_says_by_hand_is_followed(text: str, expected: list[str]) -> None:
    assert titles(text) == expected


@pytest.mark.parametrize("front", ["---\na: {}\n---\n", "+++\na = {}\n+++\n"])
def test_front_matter_that_is_nested_without_end_is_told_and_the_page_is_read(front: str) -> None:
    found = page(front.format("[" * 30_000) + "# O\n\n## Action items\n\n- a\n")
    assert [item.title for item in found.items] == ["a"]
    assert [one.code for one in found.findings] == ["front-matter"]
