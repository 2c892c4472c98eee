"""A badge that says how many action items are open: as a picture, and as what shields.io draws one from."""

from __future__ import annotations

import json

from markupsafe import Markup
from wcwidth import wcswidth

from closeout.domain.report.summary import Counts, Summary
from closeout.render.report.words import Words

_LETTER = 7  # pixels of one in a badge's font, on the safe side
_PADDING = 10
_COLOURS = {"brightgreen": "#2e7d32", "orange": "#b35900", "red": "#c62828"}  # white on them is readable
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" viewBox="0 0 {width} 20" role="img" '
    'aria-label="{label}: {message}"><title>{label}: {message}</title>'
    '<rect width="{width}" height="20" rx="3" fill="#4a4f57"/>'
    '<path d="M{left} 0h{short}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{short}z" fill="{colour}"/>'
    '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
    '<text x="{first}" y="14">{label}</text><text x="{second}" y="14">{message}</text></g></svg>\n'
)


def as_badge(summary: Summary, words: Words) -> str:
    """Return the badge as an SVG that needs nothing else."""
    label, message = _told(summary.counts, words)
    left, right = _width(label), _width(message)
    svg = Markup(_SVG).format(  # noqa: S704 - the pattern is ours, what is put into it is escaped
        width=left + right,
        left=left,
        short=right - 3,
        colour=_COLOURS[_colour(summary.counts)],
        first=left / 2,
        second=left + right / 2,
        label=label,
        message=message,
    )
    return str(svg)


def as_badge_json(summary: Summary, words: Words) -> str:
    """Return the same for the endpoint badge of shields.io."""
    label, message = _told(summary.counts, words)
    told = {"schemaVersion": 1, "label": label, "message": message, "color": _colour(summary.counts)}
    return json.dumps(told, ensure_ascii=False) + "\n"


def _told(counts: Counts, words: Words) -> tuple[str, str]:
    message = words.number(counts.open)
    if counts.overdue:
        message = words.listed((message, words.say("figures.overdue", count=counts.overdue)))
    return words.say("badge.label"), message


def _colour(counts: Counts) -> str:
    """Green where nothing is overdue, red where more than a quarter is."""
    if not counts.overdue:
        return "brightgreen"
    return "orange" if counts.overdue * 4 <= counts.open else "red"


def _width(text: str) -> int:
    return max(wcswidth(text), len(text)) * _LETTER + _PADDING
