"""The report for programs: a schema that it keeps to, and a sheet that runs nothing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from jsonschema import Draft202012Validator

from any_summary import summaries
from closeout.domain.report.summary import Summary
from closeout.render.report.data import COLUMNS, as_csv, as_json
from made_summary import made_summary

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "docs/reference/report.schema.json").read_text("utf-8")
)


def closed(schema: Any) -> Any:
    """The schema with no names but those that it tells of."""
    if isinstance(schema, dict):
        told = {name: closed(value) for name, value in schema.items()}
        return {**told, "additionalProperties": False} if schema.get("type") == "object" else told
    return [closed(one) for one in schema] if isinstance(schema, list) else schema


EXACT = Draft202012Validator(closed(SCHEMA))


def test_the_made_up_team_keeps_to_the_schema_to_the_last_name() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    EXACT.validate(json.loads(as_json(made_summary())))


@given(summaries())
@settings(max_examples=15)
def test_any_report_keeps_to_the_schema_and_its_sheet_runs_nothing(summary: Summary) -> None:
    EXACT.validate(json.loads(as_json(summary).encode()))
    rows = list(csv.reader(io.StringIO(as_csv(summary))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 1 + len(summary.open) + len(summary.done) + len(summary.declined)
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    assert all(len(row) == len(COLUMNS) for row in rows)
