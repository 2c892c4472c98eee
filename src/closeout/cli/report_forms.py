"""The forms of a report: what each makes of a summary, loaded when it is asked for."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from closeout.compose.wording import page_templates, wording
from closeout.domain.report.summary import Summary
from closeout.render.report.markdown import as_markdown
from closeout.settings.reporting import Report


class Format(StrEnum):
    """How the report is made."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    BADGE = "badge"
    BADGE_JSON = "badge-json"


def made(form: Format, summary: Summary, root: Path, told: Report) -> str:
    """Return the report in a form. ConfigurationError: its language or templates cannot be used."""
    how = wording(root, told)
    match form:
        case Format.MARKDOWN:
            return as_markdown(summary, how)
        case Format.HTML:
            from closeout.render.report.page import as_html  # noqa: PLC0415 - its charts cost most of a second

            return as_html(summary, how.words, page_templates(root, told.templates))
        case Format.JSON | Format.CSV:
            from closeout.render.report import data  # noqa: PLC0415

            return data.as_json(summary) if form is Format.JSON else data.as_csv(summary)
        case Format.BADGE | Format.BADGE_JSON:
            from closeout.render.report import badge  # noqa: PLC0415

            return (badge.as_badge if form is Format.BADGE else badge.as_badge_json)(summary, how.words)
        case Format.TEXT:
            from closeout.cli.report_text import plain  # noqa: PLC0415

            return plain(summary, how.words)
