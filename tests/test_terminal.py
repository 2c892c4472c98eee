"""What is shown: nothing that a terminal or a CI log takes for a command; colours and bars on a terminal only."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closeout.cli.terminal import printable
from worlds import TABLE

CLOSEOUT = [sys.executable, "-m", "closeout"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("a\rb", "a\\rb"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("a\u2028::error::b", "a\\u2028::error::b"),
        ("::error::no", "\\::error::no"),
        ("  ::set-output name=a::b", "  \\::set-output name=a::b"),
        ("fine\n##[group]x", "fine\n\\##[group]x"),
        ("a::b, 监控 ✅", "a::b, 监控 ✅"),
    ],
)
def test_commands_in_a_text_are_spelt_out(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_no_text_moves_the_cursor(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", printable(text))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "postmortems/a.md").write_text(TABLE.replace("Add an alert", "Add an \x1b[31malert"), encoding="utf-8")
    return tmp_path


def on_a_terminal(where: Path, *arguments: str) -> str:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    with subprocess.Popen([*CLOSEOUT, *arguments], cwd=where, env=environment, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        told = b""
        while True:
            try:
                piece = os.read(ours, 65_536)
            except OSError:  # Linux says so when the other end is closed
                break
            if not piece:
                break
            told += piece
        process.wait()
    os.close(ours)
    return told.decode()


@pytest.mark.parametrize("arguments", [("plan",), ("list", "postmortems")])
def test_colours_on_a_terminal_only(repository: Path, arguments: tuple[str, ...]) -> None:
    shown = on_a_terminal(repository, *arguments)
    assert "\x1b[" in shown
    assert "Add an \\x1b[31malert" in re.sub(r"\x1b\[[0-9;]*m", "", shown)
    piped = subprocess.run([*CLOSEOUT, *arguments], cwd=repository, capture_output=True, text=True, check=True)
    assert "\x1b" not in piped.stdout + piped.stderr
    assert "\\x1b" in piped.stdout


def test_bars_on_long_work_on_a_terminal_only(repository: Path) -> None:
    for number in range(60):
        (repository / f"postmortems/{number}.md").write_text(TABLE, encoding="utf-8")
    assert "reading documents" in on_a_terminal(repository, "plan")
    assert "reading documents" not in on_a_terminal(repository, "plan", "--quiet")
    piped = subprocess.run([*CLOSEOUT, "plan"], cwd=repository, capture_output=True, text=True, check=True)
    assert "reading documents" not in piped.stderr


def test_a_reader_that_went_away_is_no_error(repository: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m closeout list postmortems --format json | head -c 5; exit ${{PIPESTATUS[0]}}",
        cwd=repository,
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_completion_is_there_for_the_shell(repository: Path) -> None:
    environment = {**os.environ, "_CLOSEOUT_COMPLETE": "complete_bash", "COMP_WORDS": "closeout pl", "COMP_CWORD": "1"}
    command = [str(Path(sys.executable).with_name("closeout"))]
    done = subprocess.run(command, env=environment, cwd=repository, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["plan"]
