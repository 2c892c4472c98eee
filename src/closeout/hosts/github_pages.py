"""The pages of a list on GitHub: which one comes next."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from requests.utils import parse_header_links

from closeout.hosts.pacing import Reply


def next_page(reply: Reply, asked: Mapping[str, str], *, full: bool) -> dict[str, str] | None:
    """Return the query of the next page; None at the last. Of a link nothing but its query is taken: it may name any host.

    Without links, which a proxy may have taken away, a full page is not believed to be the last; one that a link with
    a cursor led to is: links come through, and the cursor with another number would give the same page again.
    """
    told = reply.headers.get("link", "")
    if not told:
        return {**asked, "page": str(int(asked.get("page", "1")) + 1)} if full and "after" not in asked else None
    for link in parse_header_links(told):
        if link.get("rel") == "next":
            return {**asked, **dict(parse_qsl(urlsplit(link.get("url", "")).query))}
    return None
