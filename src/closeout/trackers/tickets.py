"""Tickets of hosts where issues have numbers and lie in repositories: what one names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from closeout.domain.issue import Issue

_OWNER, _NAME, NUMBER = r"[A-Za-z0-9][\w.-]{0,99}", r"(?!\.{1,2}(?:[#/]|$))[\w.-]{1,100}", r"([1-9]\d{0,9})"
_SHORT = re.compile(rf"(?:(?:({_OWNER})/)?({_NAME}))?#{NUMBER}", re.ASCII)
_PATH = re.compile(rf"/({_OWNER})/({_NAME})/(?:issues|pulls?)/{NUMBER}(?:/.*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an issue is: its repository as `owner/name`, empty for the one that is spoken in, and its number."""

    repository: str
    number: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """How the issues of the repository `project` are referred to: by number alone, others of its host as `owner/name#12`.

    `home` is the documents' repository where it is on the same host: there a bare `#12` is an issue of its own. `now` is
    what the host calls the project, as far as it was asked.
    """

    project: str
    home: str = ""
    now: str = ""

    def ours(self, repository: str) -> bool:
        """Whether a repository is the project, under either name."""
        return repository.lower() in {self.project.lower(), *([self.now.lower()] if self.now else [])}

    def ref(self, repository: str, number: int) -> str:
        """Return what the ledger calls an issue."""
        return str(number) if self.ours(repository) else f"{repository.lower()}#{number}"

    def named(self, place: Place | None) -> str | None:
        """Return what the ledger calls the issue that a ticket names; None for a ticket that names none."""
        return self.ref(place.repository or self.home or self.project, place.number) if place else None

    def spell(self, issue: Issue) -> tuple[str, str]:
        """Spell a ticket as `#12` where the documents lie beside the issues, else with its repository."""
        if not issue.ref.isdecimal():
            return issue.ref, issue.address
        return (f"#{issue.ref}" if self.ours(self.home) else f"{self.project}#{issue.ref}"), issue.address


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
