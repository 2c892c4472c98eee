"""Which issues are named? References as written, with the span of the whole link or word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_REFERENCE = re.compile(
    r"""
    (?<![\w/#&.-])(?:
      (?P<number>(?:[\w.-]+/){0,5}(?:[\w.-]*\w)?\#\d+)       # #12, repo#12, owner/repo#12, group/team/repo#12
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
    r"/(?:issues|issue|pull|pulls|pull-requests|merge_requests|work-items|work_items|epics|browse|tickets?|bugs?)/"
    r"(?:[A-Za-z]+[A-Za-z0-9]*-)?\d+|/issues/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # Plane's own ids
    r"|[?&]selectedIssue=[A-Z][A-Z0-9]+-\d|/queues/[\w/]{0,60}/[A-Z][A-Z0-9]+-\d"  # Jira's boards and desks
    r"|://app\.asana\.com/(?:0/\d+/\d+|1/\d+/(?:[a-z]+/\d+/)?task/\d+)|://trello\.com/c/[0-9A-Za-z]{8}(?![0-9A-Za-z])"
    r"|://app\.clickup\.com/t/[\w/-]*\w|://app\.shortcut\.com/[\w-]+/story/\d+|/_workitems/edit/\d+"
    r"|://(?:www\.)?pivotaltracker\.com/(?:story/show|n/projects/\d+/stories)/\d+"
    r"|/show_bug\.cgi\?id=\d+|/browse/[A-Z][A-Z0-9]+-\d+|\.closeout/issues/\d+[^/]*\.md"
)
_NOT_TICKETS = frozenset(
    {
        "UTF", "UCS", "ISO", "IEC", "SHA", "CVE", "CWE", "RFC", "PEP", "TLS", "SSL", "HTTP", "HTTPS", "SEV", "INC", "COVID",
        "GPT", "AES", "RSA", "MD", "PM", "ECMA", "IEEE", "WCAG", "CRC", "ASCII", "UTC", "GMT", "TCP", "UDP", "ANSI", "NIST",
        "FIPS", "GDPR",
    }
)  # fmt: skip
# what is a key elsewhere: `BASE-64` is an encoding, `BASE-12` may be a ticket
_NOT_A_TICKET = re.compile(
    r"BASE-(?:16|32|58|62|64|85)|(?:ARM|AMD|X86|WIN|INT|UINT|FLOAT)-(?:8|16|32|64)|IPV-[46]|MP-[34]|SOC-[123]|EC-2"
    r"|(?:Q[1-4]|H[12]|FY)-(?:20)?\d\d|(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|SEPT|OCT|NOV|DEC)-(?:[0-3]?\d|20\d\d)"
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """One reference: `ref` as written (the address for a link whose label is no reference), and its span."""

    ref: str
    start: int
    end: int
    address: str = ""


def find(text: str, own: frozenset[str] = frozenset()) -> list[Ticket]:
    """Return every reference in a text, in order; `own` are the prefixes of a team's tickets, besides those that look so."""
    return sorted(_all(text, own), key=lambda ticket: ticket.start)


def is_reference(text: str, own: frozenset[str] = frozenset()) -> bool:
    """Tell whether a text is one reference and nothing else."""
    match = _REFERENCE.fullmatch(text.strip())
    return (bool(match) and not _ordinary(match)) or bool(own and _told(own).fullmatch(text.strip()))


def is_address(url: str) -> bool:
    """Tell whether an address is that of a ticket."""
    return bool(_TRACKER_PATH.search(url))


def _ordinary(match: re.Match[str] | None) -> bool:
    key = match["prefixed"] if match else None
    return bool(key and (key.split("-")[0] in _NOT_TICKETS or _NOT_A_TICKET.fullmatch(key)))


@cache
def _told(own: frozenset[str]) -> re.Pattern[str]:
    """The references with a prefix that a team named, as they spell it."""
    prefixes = "|".join(map(re.escape, sorted(own)))
    return re.compile(rf"(?<![\w/#&.-])(?:{prefixes})-\d+(?![\w-])")


def _all(text: str, own: frozenset[str]) -> Iterator[Ticket]:
    taken = []
    for match in _LINK.finditer(text) if "](" in text or "][" in text else ():
        taken.append(match.span())
        label, address = match[1].strip("`* "), match[2] or ""
        if is_reference(label, own):
            yield Ticket(label, *match.span(), address=address)
        elif _TRACKER_PATH.search(address):
            yield Ticket(address, *match.span(), address=address)
    for match in _URL.finditer(text) if "://" in text else ():
        if not _inside(match.start(), taken) and _TRACKER_PATH.search(match[1]):
            taken.append(match.span())
            yield Ticket(match[1].rstrip(".,;"), match.start(), match.end(), address=match[1])
    for match in _REFERENCE.finditer(text) if _COUNTED.search(text) else ():
        if not _inside(match.start(), taken) and not _ordinary(match):
            taken.append(match.span())
            yield Ticket(match.group(), *match.span())
    for match in _told(own).finditer(text) if own else ():
        if not _inside(match.start(), taken):
            yield Ticket(match.group(), *match.span())


def _inside(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)
