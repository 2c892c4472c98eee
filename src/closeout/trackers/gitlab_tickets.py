"""Tickets of a GitLab, where projects lie in groups, which lie in groups."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from closeout.trackers.tickets import NUMBER, Place

_STEP = r"[A-Za-z0-9_][\w.-]{0,254}"
_SHORT = re.compile(rf"((?:{_STEP}/){{0,30}}{_STEP})?#{NUMBER}", re.ASCII)
_PATH = re.compile(
    rf"/((?:{_STEP}/){{1,30}}{_STEP})/(?:-/)?(?:issues(?:/incident)?|work_items)/{NUMBER}(?:/.*)?", re.ASCII
)


def read_ticket(ticket: str, web: str, group: str) -> Place | None:
    """Return what a ticket names: `#12`, `name#12` of `group`, `group/sub/name#12`, an address below `web`. A merge request
    is none: it has numbers of its own.
    """
    ticket = ticket.strip()[:1000]
    if match := _SHORT.fullmatch(ticket):
        path = match[1] or ""
        if not path or "/" in path:
            return Place(path, int(match[2]))
        return Place(f"{group}/{path}", int(match[2])) if group else None
    try:
        there, here = urlsplit(ticket), urlsplit(web)
    except ValueError:
        return None
    if there.scheme not in {"https", "http"} or there.netloc.lower() != here.netloc.lower():
        return None
    path = unquote(there.path)
    match = _PATH.fullmatch(path.removeprefix(here.path)) if path.startswith(f"{here.path}/") else None
    return Place(match[1], int(match[2])) if match else None
