"""Tickets of hosts where issues have numbers and lie in repositories: what one names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_OWNER, _NAME, NUMBER = r"[A-Za-z0-9][\w.-]{0,99}", r"(?!\.{1,2}(?:[#/]|$))[\w.-]{1,100}", r"([1-9]\d{0,9})"
_SHORT = re.compile(rf"(?:(?:({_OWNER})/)?({_NAME}))?#{NUMBER}", re.ASCII)
_PATH = re.compile(rf"/({_OWNER})/({_NAME})/(?:issues|pulls?)/{NUMBER}(?:/.*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an issue is: its repository as `owner/name`, empty for the one that is spoken in, and its number."""

    repository: str
    number: int


def read_ticket(ticket: str, web: str, owner: str) -> Place | None:
    """Return what a ticket names: `#12`, `name#12` of `owner`, `owner/name#12`, an address below `web`."""
    ticket = ticket.strip()[:500]
    match = _SHORT.fullmatch(ticket)
    if match and (match[1] or owner or not match[2]):
        return Place(f"{match[1] or owner}/{match[2]}" if match[2] else "", int(match[3]))
    try:
        there, here = urlsplit(ticket), urlsplit(web)
    except ValueError:
        return None
    if there.scheme not in {"https", "http"} or there.netloc.lower().removeprefix("www.") != here.netloc.lower():
        return None
    path = unquote(there.path)
    match = _PATH.fullmatch(path.removeprefix(here.path)) if path.startswith(f"{here.path}/") else None
    return Place(f"{match[1]}/{match[2]}", int(match[3])) if match else None
