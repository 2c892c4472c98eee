"""The house rules that a linter does not hold: sizes, docstrings, documented codes, an example that loads."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from closeout import settings
from closeout.errors import CloseoutError, Exit, worst

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
SIZES = tomllib.loads((ROOT / "tests/meta/sizes.toml").read_text("utf-8"))

CONFIGURATION = (ROOT / "docs/reference/configuration.md").read_text("utf-8")
VARIABLES = {
    "_REPOSITORIES": '[{"url": "https://git.example.com/ops/reviews"}]',
    "DAEMON__URL": "https://git.example.com/ops/reviews",
    "DAEMON__SCHEDULE": "0 * * * *",
    "DAEMON__REPORT": "0 7 * * mon",
    "DAEMON__TIMEZONE": "Europe/Berlin",
    "DAEMON__CACHE": "/var/lib/closeout",
    "DAEMON__AT_ONCE": "4",
    "DAEMON__TIME_LIMIT": "60",
    "DAEMON__GRACE": "1",
    "DAEMON__LISTEN": "0.0.0.0:9464",
    "DAEMON__LOG": "json",
    "_ROUTES": '[{"private": true, "tracker": "github"}]',
    "_PATHS": "a/**\nb/**",
    "_TRACKER": "folder",
    "_PUBLISH": "none",
    "_SOURCE": "api",
    "_REPOSITORY": "acme/pm",
    "READING__TICKETS": '["INC"]',
    "__HEADINGS": '["Nachbereitung"]',
    "READING__COLUMNS": '{"due": ["Zieltermin"]}',
    "READING__STATUS": '{"done": ["abgehakt"]}',
    "__ADD_COLUMNS": "true",
    "_CREATES": "1",
    "_CLOSES": "1",
    "_EDITS": "1",
    "_WAIT": "1",
    "_SHARE": "1",
    "_FROM": "1",
    "_LEASE": "1",
    "_SINCE": "2026-08-01",
    "_PAUSED": "true",
    "_PEOPLE": '{"Maxime": {"github": "max42"}}',
    "_LEDGER": "refs/other",
    "_EVERY": "PT6H",
    "_BRANCH": "bot/write-backs",
    "_PER": "services/*",
    "_AUTHOR": "Ann Lee <ann@example.com>",
    "__CHANNELS": '["env:CHAT_URL"]',
    "__DIGEST": '{"Maxime": "env:MAXIME_MAIL"}',
    "__POST": "issue",
    "__MENTIONS": "true",
    "__ENCODINGS": '["utf-16"]',
    "__TEAMS": '{"Payments": ["ann"]}',
    "__HOURS": "24",
    "_BY_SEVERITY": '{"SEV1": 24}',
    "": "ask",
}


def functions() -> dict[str, int]:
    found = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                name = f"{path.relative_to(ROOT / 'src').as_posix()}:{node.name}"
                found[name] = (node.end_lineno or node.lineno) - node.lineno + 1
    return found


def test_what_is_large_says_why() -> None:
    files = {path.relative_to(ROOT / "src").as_posix(): len(path.read_text("utf-8").split("\n")) for path in SOURCES}
    assert {name for name, lines in files.items() if lines > 251} == set(SIZES["files"])
    assert {name for name, lines in functions().items() if lines > 40} == set(SIZES["functions"])
    assert len(SIZES["files"]) + len(SIZES["functions"]) <= 8


def test_every_module_says_in_one_line_what_lives_there() -> None:
    for path in SOURCES:
        told = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        assert told.split("\n")[0].endswith((".", ":", ",", "?")), path


def test_the_example_configuration_loads() -> None:
    settings.load(ROOT, {}, ROOT / "config.example.toml")


@pytest.mark.parametrize("name", re.findall(r"`(CLOSEOUT_\w+)`", CONFIGURATION))
def test_every_variable_of_the_reference_has_an_effect(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value = next(value for end, value in VARIABLES.items() if name.endswith(end))
    monkeypatch.setenv(name, value)
    assert settings.load(ROOT, {}) != settings.Settings()


def test_every_error_has_a_code_of_its_own_and_every_code_a_meaning() -> None:
    codes = [kind.exit for kind in CloseoutError.__subclasses__()]
    assert len(codes) == len(set(codes))
    assert all(code.meaning for code in Exit)


def test_the_worst_of_several_codes_is_the_documented_one() -> None:
    assert worst(set()) is Exit.DONE
    assert worst({Exit.LATER, Exit.TRACKER, Exit.DOCUMENTS}) is Exit.TRACKER
    assert worst(set(Exit)) is Exit.VERIFICATION


def test_no_file_names_a_registry_or_a_machine() -> None:
    hosts = re.compile(r"pypi\.(org|python)|files\.pythonhosted|registry\.npm|/home/\w|/root/|/Users/\w")
    for path in [*SOURCES, *ROOT.glob("*.*"), *(ROOT / "tools").glob("*"), *(ROOT / "docs").rglob("*.md")]:
        if path.is_file():
            assert not hosts.search(path.read_text("utf-8")), path


def test_constraints_are_sorted_pins_without_addresses() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert lines == sorted(lines)
    for line in lines:
        assert re.fullmatch(r"[a-z0-9.-]+==[\w.]+( ; [a-z_]+ .+)?", line), line
    assert "hatchling" in {line.partition("==")[0] for line in lines}
