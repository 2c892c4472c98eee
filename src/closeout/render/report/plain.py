"""Texts and addresses of others, as a page can show them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from closeout.domain.item import shortened, visible

_NEVER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # no character of HTML or XML


def short(text: str, limit: int) -> str:
    """Return what people see of a text, in at most `limit` characters."""
    return shortened(possible(visible(text)), limit)


def possible(text: str) -> str:
    """Return the text with the sign for a damaged character in place of those that no page may hold."""
    return _NEVER.sub("\ufffd", text)


def web(address: str) -> str:
    """Return an address of the web; empty for any other, and for one that holds a name or password."""
    shown = possible(visible(address))
    try:
        parts = urlsplit(shown)
    except ValueError:
        return ""
    return shown if parts.scheme in {"http", "https"} and parts.hostname and parts.username is None else ""
