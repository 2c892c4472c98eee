"""The body of an issue: written once, in our own block, with everything that came from a document defused."""

from __future__ import annotations

import posixpath
import re
from html import unescape
from urllib.parse import quote

from closeout.domain.document import Incident
from closeout.domain.item import Item

BEGIN, END = "<!-- closeout:begin -->", "<!-- closeout:end -->"
DUE = "- **Due**: "
_HIDDEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ENTITY = re.compile(r"&(?=([A-Za-z]+);)")
_ACTS = frozenset("@#:/!$%")  # what hosts act on in what a reader sees, however it was written
_ESCAPES = re.compile(r"\\(?=[!-/:-@\[-`{-~]|\Z)")  # anywhere else a backslash is one as it stands


def defused(text: str, limit: int = 500) -> str:
    """Return a document's text so that it notifies nobody, closes nothing and marks nothing, on one line."""
    plain = _HIDDEN.sub("", " ".join(text.split()))[:limit]
    plain = plain.replace("<!--", "<! --").replace("@", "@\u2060").replace("#", "#\u2060").replace("://", ":\u2060//")
    plain = re.sub(r"\b(GH-)(?=\d)", "\\1\u2060", plain, flags=re.I)
    plain = _ENTITY.sub(lambda match: "&\u2060" if unescape(f"&{match[1]};") in _ACTS else "&", plain)
    return re.sub(r"([\[\]<>|`*_])", r"\\\1", _ESCAPES.sub(r"\\\\", plain))


def _target(path: str) -> str:
    """A path within the angle brackets of a link: what would end the link, or the line, is quoted."""
    return re.sub(r"[<>\\\x00-\x1f\x7f]", lambda match: quote(match[0]), path)


def body(item: Item, incident: Incident, path: str, place: str, folder: str, version: str) -> str:
    """Return the body of an item's issue.

    The link to the document is the address `place` with the path behind it, else relative to the `folder` that the
    issue's own file lies in.
    """
    link = place + quote(path) if place else _target(posixpath.relpath(path, folder or "."))
    told = [
        ("Action item", defused(item.title)),
        ("Owner", defused(", ".join(item.owners)) or "none stated"),
        ("Due", defused(item.due_text or item.due or "") or "none stated"),
        ("Priority", defused(item.priority or "")),
        ("Incident", defused(" · ".join(part for part in (incident.title, incident.date, incident.severity) if part))),
        ("Document", f"[{defused(path)}](<{link}#L{item.line}>)"),
    ]
    lines = [f"- **{label}**: {text}" for label, text in told if text]
    return "\n".join([BEGIN, *lines, "", f"Made by closeout {version}.", END, ""])
