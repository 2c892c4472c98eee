"""`closeout check`: what reading found, at file and line, in four forms that no document can break out of."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

from closeout.cli.app import app
from closeout.domain.finding import READING, SYNCING, Finding
from closeout.render import findings as render
from closeout.render.sarif import as_sarif

SOURCES = Path(__file__).resolve().parent.parent / "src"
ODD = "---\na: [\n---\n# O\n\n## Action items\n\n| Action | Due | Zig |\n|---|---|---|\n| a | someday | z |\n"
CLEAN = "# O\n\n## Action items\n\n| Action | Due | Status |\n|---|---|---|\n| a | 2026-06-15 | Done |\n"
Schema = dict[str, Any]
# what code scanning asks of a file, of SARIF 2.1.0 (3.13, 3.14, 3.27, 3.28, 3.30, 3.49, 3.58)
MESSAGE: Schema = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
PLACE: Schema = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {
                    "required": ["uri"],
                    "properties": {"uri": {"pattern": r"^[A-Za-z0-9\-._~/%:]+$"}, "uriBaseId": {"const": "%SRCROOT%"}},
                    "additionalProperties": False,
                },
                "region": {
                    "properties": {"startLine": {"type": "integer", "minimum": 1}},
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        }
    },
    "additionalProperties": False,
}
RULE: Schema = {"required": ["id", "shortDescription"], "properties": {"shortDescription": MESSAGE}}
TOLD: Schema = {
    "required": ["level", "message", "locations"],
    "properties": {
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": MESSAGE,
        "locations": {"type": "array", "minItems": 1, "maxItems": 1, "items": PLACE},
        "ruleId": {"enum": sorted(READING)},
        "ruleIndex": {"type": "integer", "minimum": 0},
    },
    "additionalProperties": False,
}
SARIF: Schema = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "properties": {"driver": {"required": ["name"], "properties": {"rules": {"items": RULE}}}}
                    },
                    "results": {"items": TOLD},
                    "invocations": {
                        "items": {
                            "required": ["executionSuccessful"],
                            "properties": {"toolExecutionNotifications": {"items": TOLD}},
                        }
                    },
                },
            },
        },
    },
}
Checked = Callable[..., Result]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checked:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    subprocess.run(["git", "init", "-q"], check=True)
    write("postmortems/a.md", ODD)
    write("postmortems/clean.md", CLEAN)
    return lambda *arguments: CliRunner().invoke(app, ["check", *arguments])


def write(name: str, text: str | bytes) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def test_findings_are_told_at_file_and_line_and_are_exit_8(check: Checked) -> None:
    done = check()
    places = [line.split(" ")[0] for line in done.stdout.splitlines()]
    assert done.exit_code == 8
    assert places[:3] == ["postmortems/a.md:1:", "postmortems/a.md:8:", "postmortems/a.md:10:"]
    assert "3 findings in 1 of 2 documents (exit 8)" in done.stdout


def test_a_clean_document_is_exit_0(check: Checked) -> None:
    done = check("postmortems/clean.md")
    assert (done.exit_code, done.stdout) == (0, "no findings in 1 document\n")
    assert check("--quiet", "postmortems/clean.md").output == ""


def test_a_document_that_cannot_be_read_is_exit_3_and_both_are_told(check: Checked) -> None:
    write("postmortems/z.md", b"a\0")
    for form in ("text", "json", "sarif", "annotations"):
        done = check("--format", form)
        assert done.exit_code == 3, form
        assert "(exit 8)" in done.output
        assert "(exit 3)" in done.stderr
        assert "unread-column" in done.stdout
    assert json.loads(check("--format", "json").stdout)["errors"][0]["path"] == "postmortems/z.md"
    (run,) = json.loads(check("--format", "sarif").stdout)["runs"]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["invocations"][0]["exitCode"] == 3


def test_what_was_said_by_hand_asks_nobody_to_look(check: Checked) -> None:
    form = (
        "# Postmortem: [title]\n\n**Date**: YYYY-MM-DD\n**By**: [name]\n\n## Action items\n\n- [ ] Fill the form in\n"
    )
    write("postmortems/template.md", form)
    assert "[template]" in check("postmortems/template.md").stdout
    write("postmortems/template.md", f"---\ncloseout: false\n---\n{form}")
    assert check("postmortems/template.md").exit_code == 8
    write("postmortems/draft.md", "---\nstatus: draft\n---\n# O\n\n## Action items\n\n- a\n")
    assert check("postmortems/draft.md").exit_code == 0


def test_json_holds_every_finding(check: Checked) -> None:
    told = json.loads(check("--format", "json").stdout)
    assert [(one["line"], one["code"]) for one in told["findings"]] == [
        (1, "front-matter"), (8, "unread-column"), (10, "unreadable-due")
    ]  # fmt: skip
    assert told["errors"] == []


def test_sarif_names_paths_from_the_repositorys_root_and_a_rule_for_every_code(
    check: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("postmortems")
    told = json.loads(check("a.md", "--format", "sarif").stdout)
    Draft202012Validator(SARIF).validate(told)
    (run,) = told["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(READING) - {"left-out"})
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "postmortems/a.md"


def test_annotations_stand_at_the_documents_line(check: Checked) -> None:
    lines = check("--format", "annotations").stdout.splitlines()
    assert [line.split("::")[1] for line in lines] == [
        "notice file=postmortems/a.md,line=1,title=front-matter",
        "notice file=postmortems/a.md,line=8,title=unread-column",
        "notice file=postmortems/a.md,line=10,title=unreadable-due",
    ]


def commands(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Read workflow commands as a runner does: line by line, at a line's start, properties cut at commas."""
    for line in re.split("\r\n|\r|\n", text):
        if match := re.match(r"::([a-z-]+) ?(.*?)::(.*)$", line):
            pairs = (pair.partition("=") for pair in match[2].split(","))
            yield match[1], {name: unquote(value) for name, _, value in pairs}, unquote(match[3])
        else:
            assert not line, line


HOSTILE = [
    "100% ::error::x",
    "a\n::set-env name=X::y",
    "a\r::stop-commands::t",
    "x,line=9,title=y::z",
    "%0A::error::q",
    "\x1b[31m",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_ends_its_annotation(text: str) -> None:
    shown = "\n".join(render.as_annotations([Finding(text, 3, "clash", text)], []))
    ((command, properties, message),) = commands(shown)
    spelt = text.replace("\x1b", "\\x1b")
    assert (command, properties, message) == ("notice", {"file": spelt, "line": "3", "title": "clash"}, spelt)


NAMES = st.text(st.characters(codec="utf-8") | st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF))  # any bytes


@given(NAMES, NAMES)
def test_any_text_is_one_annotation_and_one_result(path: str, text: str) -> None:
    finding = Finding(path or "a.md", 0, "encoding", text or "-")
    shown = "\n".join(render.as_annotations([finding], []))
    assert len(list(commands(shown))) == 1
    shown.encode()
    told = json.loads(as_sarif([finding], [finding], READING, "1", code=8))
    Draft202012Validator(SARIF).validate(told)
    assert not re.search(r"(?<!{){\d", told["runs"][0]["results"][0]["message"]["text"])
    assert json.loads(render.as_json([finding], []).encode())["findings"]


def test_a_link_in_a_document_is_none_in_sarif() -> None:
    finding = Finding("a.md", 1, "encoding", "[click](http://evil.example) {0}")
    (run,) = json.loads(as_sarif([finding], [], READING, "1", code=8))["runs"]
    assert run["results"][0]["message"]["text"] == "[click] (http://evil.example) {{0}}"


def codes(tree: ast.AST) -> Iterator[str]:
    """Every code that a source gives to a finding: Finding(…, code, …), tell(…, code, …), ("code", f"…")."""
    at = {"Finding": 2, "tell": 1, "_hold": 2}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            given = node.args[at[name] :][:1] if name in at else []
        else:
            pair = node.elts if isinstance(node, ast.Tuple) and len(node.elts) == 2 else []
            given = pair[:1] if pair and isinstance(pair[1], ast.JoinedStr) else []
        found = given[0] if given else None
        if (
            isinstance(found, ast.Constant)
            and isinstance(found.value, str)
            and re.fullmatch("[a-z]+(-[a-z]+)*", found.value)
        ):
            yield found.value


def test_every_code_stands_in_the_table_and_every_code_of_the_table_is_used() -> None:
    texts = {path: path.read_text("utf-8") for path in SOURCES.rglob("*.py")}
    assert {code for text in texts.values() for code in codes(ast.parse(text))} <= {*READING, *SYNCING}
    said = "".join(text for path, text in texts.items() if path.name != "finding.py")
    assert [code for code in (*READING, *SYNCING) if f'"{code}"' not in said] == []
    assert not {*READING} & {*SYNCING}
    assert all(told.endswith(".") and "\n" not in told for told in (*READING.values(), *SYNCING.values()))
