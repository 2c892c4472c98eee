"""What a job's runner reads of us: commands in the log, outputs, and the page of the step."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from closeout.cli.terminal import printable
from closeout.domain.finding import Finding
from closeout.render.findings import annotation
from closeout.settings.runner import Runner

_MOST = 10  # a host shows no more of a kind for a step
_PAGE = 1_000_000  # bytes of a page that a host takes


def error(message: str) -> None:
    """Show an error with the job."""
    sys.stdout.write(f"{annotation('error', message, title='closeout')}\n")


def warning(message: str) -> None:
    """Show a warning with the job."""
    sys.stdout.write(f"{annotation('warning', message, title='closeout')}\n")


def notices(findings: Iterable[Finding]) -> None:
    """Show findings at their lines, as many as a host takes."""
    for one in [one for one in findings if one.line][:_MOST]:
        told = annotation("notice", one.message, file=one.path, line=str(one.line), title=one.code)
        sys.stdout.write(f"{told}\n")


def outputs(runner: Runner, values: Mapping[str, str]) -> None:
    """Hand values to the steps that follow, each on one line."""
    rows = "".join(f"{name}={' '.join(value.split())}\n" for name, value in values.items())
    _added(runner.outputs, rows)


def page(runner: Runner, markdown: str) -> None:
    """Show the page with the job, and in the log, since not every host shows it."""
    text = markdown.encode("utf-8", "backslashreplace")[:_PAGE].decode("utf-8", "ignore")
    _added(runner.summary, text)
    sys.stdout.write(printable(text))
    sys.stdout.flush()


def kept(runner: Runner, name: str, text: str) -> str:
    """Keep a text in a file of the job's own, and return its path; empty where there is no place for it."""
    if not runner.own:
        return ""
    path = Path(runner.own) / name
    path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    return str(path)


def _added(name: str, text: str) -> None:
    if name:
        with Path(name).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
