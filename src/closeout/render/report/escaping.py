"""Texts and addresses of others in Markdown: what they say is shown, and none of it acts.

A text becomes no markup, HTML, mention, reference, link or command of a host, in a line as in a table's cell, and
within HTML tags as well. A link to an issue leaves no trace in that issue.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

from closeout.domain.item import JOINER, shortened, visible

_ENTITIES = str.maketrans(
    {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "\\": "&bsol;", "|": "&vert;", "$": "&dollar;"}
)
_MARKS = re.compile(r"[`*\[\]~]|(?<![^\W_])_|_(?![^\W_])")  # an underscore within a word is none
_REFERS = re.compile(
    r"@|[#!%&~$](?=\w)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=gh-)(?=\d)|:(?=[\w+-]+(?::|$))|(?<=mailto)(?=:)|(?<=xmpp)(?=:)",
    re.I,
)
_COMMIT = re.compile(r"[0-9a-f]{7,}", re.I)
_STARTS = re.compile(r"^(?:[-+=#:/]|\d+(?=[.)]))")
_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+")
_REFERRED = re.compile(r"/(?:issues|pulls?|merge_requests|work_items|epics|discussions|commits?)/", re.I)
_LONG = 200


@lru_cache(maxsize=1 << 14)  # a report says the same names and titles in several places
def escaped(text: str, limit: int = _LONG) -> str:
    """Return a text of others as Markdown that shows it, on one line, in at most `limit` of its characters."""
    plain = shortened(visible(text), limit)
    plain = _REFERS.sub(lambda found: found[0] + JOINER, plain)
    plain = _COMMIT.sub(lambda found: re.sub(r"....(?=.)", rf"\g<0>{JOINER}", found[0]), plain)
    started = _STARTS.match(plain)
    plain = _MARKS.sub(r"\\\g<0>", plain.translate(_ENTITIES))
    if not started:
        return plain
    return f"{started[0]}\\{plain[len(started[0]) :]}" if started[0].isdigit() else f"\\{plain}"


@lru_cache(maxsize=1 << 14)
def quiet(address: str) -> str:
    """Return an address of the web so that a link to it is no reference; empty for any other address.

    GitHub names redirect.github.com for that. Forgejo, Gitea and GitLab take for their own what begins with their
    address as it is configured, so that its default port, which browsers drop, makes it another's; where it has a
    port, the slash at its end does so for Forgejo and Gitea. Plane refers by a mention of its own alone.
    """
    try:
        parts = urlsplit(visible(address))
        port, host = parts.port, parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in {"https", "http"} or not _HOST.fullmatch(host or "") or parts.username is not None:
        return ""
    host = f"[{host}]" if ":" in str(host) else str(host)
    path = parts.path
    refers = _REFERRED.search(path) and host != "redirect.github.com"
    if refers and host in {"github.com", "www.github.com"}:
        host = "redirect.github.com"
    elif refers and port is not None:
        path = f"{path.rstrip('/')}/"
    elif refers:
        port = 443 if parts.scheme == "https" else 80
    host = f"{host}:{port}" if port is not None else host
    rest = path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return f"{parts.scheme}://{host}{quote(rest, safe='/?#%=&;:@!$,+~-._')}"


def linked(text: str, address: str) -> str:
    """Return a link on an escaped text; the text alone where the address is none."""
    there = quiet(address)
    return f"[{text}](<{there}>)" if there else text
