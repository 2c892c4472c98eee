"""Texts and addresses of others in a chat or a mail: what they say is shown, and none of it acts.

A chat reads a plain text for mentions (`@channel`, `<!here>`, `<@123>`), links and marks of its own, each in its own way;
a backslash would be shown. So what would act is broken by a character that nobody sees.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from closeout.domain.item import JOINER, shortened, visible

_CALLS = re.compile(r"[@＠﹫<＜](?=.)|\](?=[(\[:])|([*_~|])(?=\1)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=mailto)(?=:)", re.I)
_CODE = str.maketrans({"`": "'"})  # one that is not closed would take in all that follows
_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+")


def shown(text: str, limit: int) -> str:
    """Return a text of others on one line, in at most `limit` of its characters."""
    plain = shortened(visible(text).translate(_CODE), limit)
    return _CALLS.sub(lambda found: found[0] + JOINER, plain)


def address(text: str) -> str:
    """Return an address of the web as one word that ends nothing; empty for any other address."""
    try:
        parts = urlsplit(visible(text))
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in {"https", "http"} or not _HOST.fullmatch(host) or parts.username is not None:
        return ""
    host = f"[{host}]" if ":" in host else host
    rest = parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{quote(rest, safe='/?#%=&;:!$,+~-._')}"
