"""The made-up team's report in every form that is text, byte for byte, and the same numbers in each of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from dataclasses import fields
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from any_summary import summaries
from closeout.domain.report.summary import Counts, Summary
from closeout.render.report.data import as_csv, as_json
from closeout.render.report.markdown import Told, as_markdown
from closeout.render.report.screen import Screen
from closeout.render.report.terminal import MOST, lines
from closeout.render.report.words import words
from golden_report import FOLDER, outcome
from made_summary import made_summary

ENGLISH = words()


def test_the_report_is_as_it_was_last_looked_at() -> None:
    made = outcome()
    assert {path.name for path in FOLDER.iterdir()} == set(made)
    for name, content in made.items():
        assert (FOLDER / name).read_bytes() == content, name


def markdown_numbers(text: str) -> dict[str, Any]:
    """The numbers of a report in English, read back from its Markdown."""
    told: dict[str, Any] = {}
    head = text.partition("\n###")[0].partition("<details>")[0]
    for name in (field.name for field in fields(Counts)):
        phrase = re.escape(ENGLISH.say(f"figures.{name.replace('_', '-')}", count=0)).replace("0", r"(\d+)", 1)
        found = re.search(rf"(?:^|· |\*\*){phrase}(?: \(| ·|\*\*|$)", head, re.M)
        told[name] = int(found[1]) if found else 0
    for name in ("incidents", "teams", "owners", "severities"):
        found = re.search(rf"<summary>{ENGLISH.say(f'headings.{name}')}</summary>\n\n\|.*\n\|.*\n((?:\|.*\n)*)", text)
        rows = [line.rsplit(" | ", 5) for line in (found[1].splitlines() if found else [])]
        told[name] = [
            [
                int(row[1]),
                int(row[2]),
                int(row[3].split()[0]) if row[3] else None,
                int(row[4]),
                int(row[5].rstrip(" |")),
            ]
            for row in rows
        ]
    found = re.search(rf"<summary>{ENGLISH.say('headings.months')}</summary>\n\n\|.*\n\|.*\n((?:\|.*\n)*)", text)
    rows = [line.strip("| ").split(" | ") for line in (found[1].splitlines() if found else [])]
    told["months"] = [[int(cell) for cell in row[1:4]] for row in rows]
    for name in ("overdue", "done", "declined"):
        found = re.search(rf"^### {ENGLISH.say(f'headings.{name}')} \((\d+)\)$", text, re.M)
        told[f"list of {name}"] = int(found[1]) if found else 0
    return told


def json_numbers(told: dict[str, Any]) -> dict[str, Any]:
    """The same, from the JSON."""
    groups = ("incidents", "teams", "owners", "severities")
    return {
        **told["counts"],
        **{
            name: [[one[key] for key in ("open", "overdue", "oldest", "done", "declined")] for one in told[name]]
            for name in groups
        },
        "months": [[one[key] for key in ("opened", "closed", "open")] for one in told["months"]],
        "list of overdue": sum(one["state"] == "overdue" for one in told["open"]),
        "list of done": len(told["done"]),
        "list of declined": len(told["declined"]),
    }


def same_in_every_form(summary: Summary) -> None:
    told = json.loads(as_json(summary))
    assert markdown_numbers(as_markdown(summary, Told(ENGLISH))) == json_numbers(told)
    rows = list(csv.DictReader(io.StringIO(as_csv(summary))))
    items = [*told["open"], *told["done"], *told["declined"]]
    assert [row["age"] for row in rows] == ["" if one["age"] is None else str(one["age"]) for one in items]
    assert Counter(row["state"] for row in rows) == Counter(one["state"] for one in items)
    shown = ["".join(piece.text for piece in line) for line in lines(summary, ENGLISH, Screen(120))]
    for name, count in told["counts"].items():
        label = ENGLISH.say(f"labels.{name.replace('_', '-')}")
        found = [line for line in shown if re.match(rf"  {label} +{count}(?!\d)", line)]
        assert found or not count, (name, count)
    for name in ("teams", "owners"):
        if told[name]:
            at = shown.index(ENGLISH.say(f"headings.{name}")) + 1
            counts = [re.match(r"  [\w ]*?\w  +(\d+)", line) for line in shown[at : at + len(told[name][:MOST])]]
            assert [int(one[1]) for one in counts if one] == [one["open"] for one in told[name][:MOST]]


def test_the_made_up_team_has_the_same_numbers_in_every_form() -> None:
    same_in_every_form(made_summary())


@given(summaries(st.sampled_from(["ann", "platform", "search"]), most=9))
@settings(max_examples=12)
def test_any_team_has_the_same_numbers_in_every_form(summary: Summary) -> None:
    same_in_every_form(summary)
