"""What messages and pages tell people to type exists: every command and every flag of it."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from closeout.cli.app import COMMANDS, app
from closeout.domain.finding import READING, SYNCING

ROOT = Path(__file__).resolve().parent.parent
GROUP: Any = typer.main.get_command(app)
FLAGS = {
    name: {
        "--help",
        *(flag for one in GROUP.get_command(None, name).params for flag in (*one.opts, *one.secondary_opts)),
    }
    for name in COMMANDS
}
PAGES = ["README.md", "CHANGELOG.md", *(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))]
FOREIGN = {"--all", "--git-path"}  # flags of other programs


def spans(text: str) -> Iterator[str]:
    """What stands between back ticks, on one line."""
    for match in re.finditer(r"`([^`]+)`", text):
        yield " ".join(match[1].split())


def told(text: str) -> Iterator[str]:
    """The commands and flags of closeout that a text tells somebody to type."""
    for span in spans(text):
        if re.match(r"closeout \w|--\w", span) or (span.partition(" ")[0] in FLAGS and " --" in span):
            yield span
    yield from re.findall(r"(?<=[ (])--[a-z][a-z-]+(?= [a-z]+ )", re.sub(r"`[^`]*`|(?m:^    .*$)", "", text))


def wrong(span: str) -> str:
    """Why what is told cannot be typed; empty if it can."""
    words = shlex.split(span.replace("'", ""))
    words = words[1:] if words[0] == "closeout" else words
    flags = {word.partition("=")[0] for word in words if word.startswith("--")}
    if words[0].startswith("--"):
        known = set.union(*FLAGS.values()) | FOREIGN
    elif words[0] in FLAGS:
        known = FLAGS[words[0]]
    else:
        return f"no command {words[0]}"
    return f"no {flags - known}" if flags - known else ""


def messages() -> Iterator[tuple[str, str]]:
    """Every string of the sources with its file, those with values in them as one."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path.name, node.value
            elif isinstance(node, ast.JoinedStr):
                parts = (part.value if isinstance(part, ast.Constant) else "VALUE" for part in node.values)
                yield path.name, "".join(map(str, parts))


def test_every_command_and_flag_that_a_message_names_exists() -> None:
    found = {(name, span) for name, text in messages() for span in told(text)}
    assert {(name, span, why) for name, span in found if (why := wrong(span))} == set()
    assert {"closeout adopt VALUE TICKET", "closeout sync --new VALUE", "closeout unlink VALUE"} <= {
        span for _, span in found
    }


def test_every_command_that_a_message_names_has_all_its_arguments() -> None:
    """`closeout adopt` alone is nothing that a person could type"""
    docstring = re.compile(r"^`closeout|Example:")  # what a command is may be told without its arguments
    for name, text in messages():
        if docstring.search(text):
            continue
        for words in (shlex.split(span)[1:] for span in told(text) if span.startswith("closeout ")):
            needed = [one for one in GROUP.get_command(None, words[0]).params if one.required]
            given = [word for word in words[1:] if not word.startswith("--")]
            assert len(given) >= len(needed), (name, words)


def test_what_a_message_says_is_next_exists() -> None:
    found = {word for _, text in messages() for word in re.findall(r"Next: closeout (\w+)", text)}
    assert found
    assert found <= set(FLAGS)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_flag_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    typed = [line.strip() for line in text.split("\n") if line.strip().startswith("closeout ")]
    named = [*told(text), *(line.partition("  #")[0] for line in typed if line.split()[1] in FLAGS)]
    assert {(span, why) for span in named if (why := wrong(span))} == set()


@pytest.mark.parametrize(
    ("span", "why"),
    [
        ("closeout adopt a.md:9 #12", ""),
        ("closeout adpot a.md:9", "no command adpot"),
        ("closeout plan --yes", "no {'--yes'}"),
        ("--yes", ""),
        ("--no-such", "no {'--no-such'}"),
    ],
)
def test_what_cannot_be_typed_is_found(span: str, why: str) -> None:
    assert wrong(span) == why


HOW_TO = "docs/how-to/unclear-rows.md"


def codes() -> Iterator[str]:
    """The codes that findings are made with, where they are made."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                constants = [one.value for one in node.args if isinstance(one, ast.Constant)]
                yield from (str(one) for one in constants if re.fullmatch(r"[a-z]+(-[a-z]+)*", str(one)))


def test_every_code_that_a_finding_is_made_with_is_in_the_table() -> None:
    found = set(codes())
    assert {"double-issue", "gave-way"} <= found
    assert found - {*READING, *SYNCING} == set()


def test_every_finding_has_its_answer_on_the_page_for_it() -> None:
    told = set(re.findall(r"^\| `([a-z-]+)` ", (ROOT / HOW_TO).read_text("utf-8"), re.MULTILINE))
    assert told == {*READING, *SYNCING}
