"""The inline pass: a block's raw text to what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import mistune
from mistune.plugins.formatting import strikethrough

_MARKUP = re.compile(r"[*_`\[<~\\&\n]")
_MARKDOWN = mistune.Markdown(renderer=None, plugins=[strikethrough])


@dataclass(frozen=True, slots=True)
class Inline:
    """What a reader sees of a text: its plain form, whether all of it is struck out, its links as (label, address)."""

    plain: str
    struck: bool
    links: tuple[tuple[str, str], ...]


def read(raw: str, links: Mapping[str, Any]) -> Inline:
    """Read one block's raw text; `links` is the document's link definitions as `parse` returned them."""
    if not _MARKUP.search(raw):
        return Inline(raw.strip(), struck=False, links=())
    tokens = _MARKDOWN.inline(raw, dict(links))
    found: list[tuple[str, str]] = []
    plain = "".join(_plain(tokens, found))
    visible = (token for token in tokens if "".join(_plain([token], [])).strip())
    out = "~~" in raw and next(visible, {"type": ""})["type"] == "strikethrough"
    return Inline(" ".join(plain.split()), out, tuple(found))


def struck(raw: str, links: Mapping[str, Any]) -> bool:
    """Tell whether all of a text is struck out."""
    return "~~" in raw and read(raw, links).struck


def _plain(tokens: Iterable[dict[str, Any]], links: list[tuple[str, str]]) -> Iterable[str]:
    for token in tokens:
        match token["type"]:
            case "softbreak" | "linebreak":
                yield " "
            case "inline_html":
                yield " " if token["raw"].lower().startswith("<br") else ""
            case "link":
                label = "".join(_plain(token["children"], links))
                links.append((label, token["attrs"]["url"]))
                yield label
            case _ if "children" in token:
                yield from _plain(token["children"], links)
            case _:
                yield str(token.get("raw", ""))
