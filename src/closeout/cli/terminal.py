"""What a command shows: lines on stdout, errors and progress on stderr; colours and bars on a terminal only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from closeout.errors import Exit, worst

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

    from closeout.engine.sync import Tick

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_COMMAND = re.compile(r"^([^\S\n]*)(?=::|##\[)", re.M)
_LONG = 50
_LEFT = {
    Exit.HELD: "Changes are held",
    Exit.LATER: "Not all was done: the rest comes with the next run",
}


def printable(text: str) -> str:
    """Return text that no terminal and no CI log takes for a command: control characters are spelt out, and a line
    that starts like a workflow command of a runner (`::error::`, `##[group]`) gets a backslash in front.
    """
    spelt = _CONTROL.sub(lambda match: match.group().encode("unicode_escape").decode(), text)
    return _COMMAND.sub(r"\1\\", spelt)


def out() -> Console:
    """Return stdout as a console; lines are never broken."""
    from rich.console import Console  # noqa: PLC0415 - what prints nothing for people needs none

    return Console(highlight=False, soft_wrap=True)


def err() -> Console:
    """Return stderr as a console."""
    from rich.console import Console  # noqa: PLC0415

    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str, style: str = "") -> None:
    """Print a line."""
    from rich.text import Text  # noqa: PLC0415

    out().print(Text(printable(text), style))


def warn(text: str, style: str = "") -> None:
    """Print a line to stderr."""
    from rich.text import Text  # noqa: PLC0415

    err().print(Text(printable(text), style))


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Tick]:
    """Show bars for steps of fifty and more, on a terminal only."""
    console = err()
    if quiet or not console.is_terminal:
        yield lambda step, done, total: None
        return
    from rich.progress import Progress  # noqa: PLC0415

    tasks: dict[str, TaskID] = {}
    with Progress(console=console, transient=True) as bar:

        def tick(step: str, done: int, total: int) -> None:
            if total >= _LONG:
                if step not in tasks:
                    tasks[step] = bar.add_task(step, total=total)
                bar.update(tasks[step], completed=done)

        yield tick


def leave(errors: Iterable[tuple[Exit, str]], codes: Iterable[Exit] = ()) -> None:
    """Print the errors and every code that applies, and end the command with the worst of them."""
    applying, errors = set(codes), list(errors)
    for code, message in errors:
        warn(f"error: {message} (exit {int(code)})", "red")
        applying.add(code)
    said = {code for code, _ in errors}
    for code in sorted(applying - said):
        if code in _LEFT or len(applying) > 1:
            warn(f"{_LEFT.get(code, code.meaning)} (exit {int(code)})", "yellow")
    if applying:
        raise typer.Exit(worst(applying))
