"""What hosts take as Markdown: how much, how they count it, and what they would act on in it.

| host | limit | source |
|---|---|---|
| GitHub | 65,536 characters | its refusal: "body is too long (maximum is 65536 characters)" |
| GitLab | 1,000,000 characters | docs.gitlab.com, application limits: "~1 million characters / ~1 MB", so both are kept |
| Forgejo, Gitea | 500,000 bytes | none of its own (LONGTEXT); half of the megabyte that a proxy before it takes unless told otherwise |
| Plane | 500,000 bytes of HTML | none of its own below 5 MiB a request; as for Forgejo |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from closeout.render import posting
from closeout.trackers import gitlab_text

_GITHUB, _REDIRECT = "github.com", "redirect.github.com"
_GITHUB_PAGE = re.compile(r"/[^/]+/[^/]+/(issues|pull|pulls|discussions|commit)/[^/]+", re.IGNORECASE)
_FORGEJO_PAGE = re.compile(r"(/[^/?#]+/[^/?#]+/(?:issues|pulls)/\d+)(?=[?#.,;:!]|$)")
_PORT = re.compile(r":(?:80|443)$")  # which a browser drops
_ENTITY = re.compile(r"(&[A-Za-z]{2,12};)")
_FORGEJO_PULL = re.compile(r"!(?=\d)")


@dataclass(frozen=True, slots=True)
class Markdown:
    """A host's Markdown. `elsewhere` gives an address of a page of the host that refers to nothing, empty where there is
    none; `more` breaks what only this host acts on, outside of addresses; `last` what it acts on in a whole text.
    """

    limit: int
    elsewhere: Callable[[str], str]
    more: Callable[[str], str] = lambda text: text
    last: Callable[[str], str] = lambda text: text
    size: Callable[[str], int] = len

    def body(self, text: str, mark: str, aloud: frozenset[str], there: str = "") -> str:
        """Return a body in which our block holds the text, made harmless."""
        told = self.last(posting.harmless(text, aloud, self.elsewhere, self.more))
        return posting.block(told, mark, there)

    def emptied(self, line: str, there: str) -> str:
        """Return a body without our block."""
        return posting.emptied(line, there)


def github(web: str) -> Markdown:
    """Return GitHub's. On github.com an address by way of `redirect.github.com` makes no link back, as its documentation
    says; other GitHubs have no such host, so that an address of an issue there is no link.
    """
    here = urlsplit(web).netloc.lower()

    def elsewhere(url: str) -> str:
        parts = urlsplit(url)
        ours = _PORT.sub("", parts.netloc.lower().removeprefix("www.")) == here
        if not ours or not _GITHUB_PAGE.match(parts.path):
            return url
        return parts._replace(scheme="https", netloc=_REDIRECT).geturl() if here == _GITHUB else ""

    return Markdown(65_536, elsewhere)


def forgejo(web: str) -> Markdown:
    """Return Forgejo's: an address that ends with a slash leads to the same page, and is none of those that it looks for."""
    here = urlsplit(web).netloc.lower()

    def elsewhere(url: str) -> str:
        parts = urlsplit(url)
        return url if parts.netloc.lower() != here else _FORGEJO_PAGE.sub(r"\1/", url, count=1)

    return Markdown(
        500_000,
        elsewhere,
        lambda text: _FORGEJO_PULL.sub("!\u2060", text),
        size=lambda body: len(body.encode()),
    )


def gitlab(web: str) -> Markdown:
    """Return GitLab's: it looks for its own address to the letter, and the name of a host is the same in capitals."""
    here = urlsplit(web).netloc

    def elsewhere(url: str) -> str:
        parts = urlsplit(url)
        if parts.netloc.lower() != here.lower():
            return url
        first = re.search(r"[a-z]", here)
        if first is None:
            return ""
        at = first.start()
        return parts._replace(netloc=f"{here[:at]}{here[at].upper()}{here[at + 1 :]}").geturl()

    return Markdown(1_000_000, elsewhere, _unnamed, gitlab_text.uncommanded, size=lambda body: len(body.encode()))


def _unnamed(text: str) -> str:
    """A text without names of GitLab's own kinds; an entity of HTML is none."""
    parts = _ENTITY.split(text)
    return "".join(gitlab_text.broken(part) if number % 2 == 0 else part for number, part in enumerate(parts))
