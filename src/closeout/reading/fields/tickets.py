"""Which issues are named? References as written, with the span of the whole link or word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_REFERENCE = re.compile(
    r"""
    (?<![\w/#&.-])(?:
      (?P<number>(?:[\w.-]+/)?(?:[\w.-]*\w)?\#\d+)            # #12, repo#12, owner/repo#12
    | (?P<prefixed>[A-Z][A-Z0-9]{1,14}-\d+)                   # ROOSE-123
    )(?![\w-])
    """,
    re.X,
)
_COUNTED = re.compile(r"[#-]\d")  # in every reference
_LINK = re.compile(
    r"\[((?:[^\[\]\\]|\\.){0,300})\](?:\(\s*<?([^()\s<>]{0,2000})>?(?:\s+\"[^\"]*\")?\s*\)|\[([^\]]{1,100})\])"
)
_URL = re.compile(r"<?(https?://[^\s<>()|\"']{1,2000})>?")
_TRACKER_PATH = re.compile(
    r"/(?:issues|issue|pull|pulls|pull-requests|merge_requests|work-items|browse|tickets?|bugs?)/(?:[A-Za-z]+[A-Za-z0-9]*-)?\d+"
    r"|/show_bug\.cgi\?id=\d+|/browse/[A-Z][A-Z0-9]+-\d+|\.closeout/issues/\d+[^/]*\.md"
)
_NOT_TICKETS = frozenset(
    {"UTF", "ISO", "SHA", "CVE", "RFC", "TLS", "HTTP", "SEV", "INC", "COVID", "GPT", "AES", "RSA", "MD", "PM"}
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """One reference: `ref` as written (the address for a link whose label is no reference), and its span."""

    ref: str
    start: int
    end: int
    address: str = ""


def find(text: str) -> list[Ticket]:
    """Return every reference in a text, in order."""
    return sorted(_all(text), key=lambda ticket: ticket.start)


def is_reference(text: str) -> bool:
    """Tell whether a text is one reference and nothing else."""
    match = _REFERENCE.fullmatch(text.strip())
    return bool(match) and not _ordinary(match)


def _ordinary(match: re.Match[str] | None) -> bool:
    return bool(match and match["prefixed"] and match["prefixed"].split("-")[0] in _NOT_TICKETS)


def _all(text: str) -> Iterator[Ticket]:
    taken = []
    for match in _LINK.finditer(text) if "](" in text or "][" in text else ():
        taken.append(match.span())
        label, address = match[1].strip("`* "), match[2] or ""
        if is_reference(label):
            yield Ticket(label, *match.span(), address=address)
        elif _TRACKER_PATH.search(address):
            yield Ticket(address, *match.span(), address=address)
    for match in _URL.finditer(text) if "://" in text else ():
        if not _inside(match.start(), taken) and _TRACKER_PATH.search(match[1]):
            taken.append(match.span())
            yield Ticket(match[1].rstrip(".,;"), match.start(), match.end(), address=match[1])
    for match in _REFERENCE.finditer(text) if _COUNTED.search(text) else ():
        if not _inside(match.start(), taken) and not _ordinary(match):
            yield Ticket(match.group(), *match.span())


def _inside(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)
