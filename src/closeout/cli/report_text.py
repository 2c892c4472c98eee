"""A report's lines on stdout: colours and links on a terminal only, and no character that it cannot show."""

from __future__ import annotations

from collections.abc import Iterable

from closeout.cli.terminal import out, printable
from closeout.domain.report.summary import Summary
from closeout.render.report.screen import Line, Screen, Tone
from closeout.render.report.terminal import lines
from closeout.render.report.words import Words

STYLES = {
    Tone.TITLE: "bold",
    Tone.HEADING: "bold cyan",
    Tone.STRONG: "bold",
    Tone.LATE: "red",
    Tone.DONE: "green",
    Tone.BAR: "cyan",
    Tone.DIM: "dim",
    Tone.PLAIN: "",
}


def screen() -> Screen:
    """Return what stdout has room for; what is no terminal is as wide as a page of text."""
    console = out()
    return Screen(console.width if console.is_terminal else 100, ascii=not console.encoding.startswith("utf"))


def plain(summary: Summary, words: Words) -> str:
    """Return the report as lines without colours, for a file."""
    return "".join(f"{''.join(piece.text for piece in line)}\n" for line in lines(summary, words, Screen(100)))


def show(told: Iterable[Line]) -> None:
    """Print lines."""
    from rich.style import Style  # noqa: PLC0415 - what prints nothing for people needs none
    from rich.text import Text  # noqa: PLC0415

    console = out()
    for line in told:
        text = Text()
        for piece in line:
            shown = printable(piece.text).encode(console.encoding, "replace").decode(console.encoding)
            text.append(shown, Style.parse(STYLES[piece.tone] or "none") + Style(link=piece.link or None))
        console.print(text)
