"""What Plane takes as text: HTML, in which nothing is hidden, nobody is mentioned by a name, and no link refers to anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

import mistune

_LINE = "Posted by closeout. What is written below this line is kept."
_ABOVE = re.compile(rf".*?<p[^<>]*>(?:<[^<>]+>)*{re.escape(_LINE)}(?:</[a-z]+>)*</p>\s*", re.DOTALL)
_AROUND = re.compile(r"<(div|span)>(.*)</\1>", re.DOTALL)  # what Plane puts around what is no one element
_TAG = re.compile(r"<(/?)([a-z]+)>|[<>]")
# tags that a report has, and what Plane's editor shows instead
_SHOWN = {
    "br": ("<br>", ""),
    "summary": ("<p><strong>", "</strong></p>"),
    "details": ("", ""),
    "sub": ("", ""),
    "sup": ("", ""),
    "del": ("<s>", "</s>"),
}


class _Renderer(mistune.HTMLRenderer):
    """HTML of Markdown, in which all other markup of its text is text."""

    def inline_html(self, html: str) -> str:
        """Return what is shown for a tag."""
        return _TAG.sub(_shown, html)

    def block_html(self, html: str) -> str:
        """Return what is shown for lines of markup."""
        return f"{_TAG.sub(_shown, html)}\n"


_html = mistune.create_markdown(renderer=_Renderer(escape=False), plugins=["table", "strikethrough"])


@dataclass(frozen=True, slots=True)
class Html:
    """Plane's texts, where a line that people see ends what is ours."""

    limit: int = 500_000

    def size(self, body: str) -> int:
        """Count bytes."""
        return len(body.encode())

    def body(self, text: str, mark: str, aloud: frozenset[str], there: str = "") -> str:  # noqa: ARG002
        """Return the text as HTML, with what people wrote below ours."""
        return f"<div>{str(_html(text)).strip()}<p><em>{_LINE}</em></p>{_below(there)}</div>"

    def emptied(self, line: str, there: str) -> str:
        """Return a line, and what people wrote below ours."""
        return f"<div><p>{escape(line)}</p>{_below(there) if _LINE in there else ''}</div>"


def _below(there: str) -> str:
    """What people wrote below ours; all of it where our line is gone."""
    whole = _AROUND.fullmatch(there.strip())
    return _ABOVE.sub("", whole[2] if whole else there, count=1)


def _shown(match: re.Match[str]) -> str:
    if match[2] in _SHOWN:
        return _SHOWN[match[2]][bool(match[1])]
    return escape(match[0])
