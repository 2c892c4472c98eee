"""What becomes of the made-up team's summary: every form of the report that is text."""

from __future__ import annotations

from pathlib import Path

from closeout.render.report.data import as_csv, as_json
from closeout.render.report.markdown import Told, as_markdown, fitted
from closeout.render.report.screen import Screen
from closeout.render.report.terminal import lines
from closeout.render.report.words import words
from made_summary import made_summary

FOLDER = Path(__file__).resolve().parent / "golden_report"
LANGUAGES = ("en", "de")
SHORT = 2_000
MENTIONED = frozenset({"bob", "ann-k"})


def outcome() -> dict[str, bytes]:
    """Return the content of each file of the folder."""
    summary = made_summary()
    made = {"report.json": as_json(summary), "report.csv": as_csv(summary)}
    for language in LANGUAGES:
        told = Told(words(language), mentions=MENTIONED, place="https://reports.example/2026-W46")
        made[f"report.{language}.md"] = as_markdown(summary, told)
        made[f"short.{language}.md"] = fitted(summary, told, SHORT)
        for name, screen in (("txt", Screen(80)), ("ascii.txt", Screen(60, ascii=True))):
            shown = lines(summary, words(language), screen)
            made[f"report.{language}.{name}"] = "".join("".join(p.text for p in line).rstrip() + "\n" for line in shown)
    return {name: text.encode() for name, text in made.items()}
