"""What GitLab would act on in a text: commands, mentions and references, which notify people and link what they name.

It acts on titles as on texts. `render.issue` has defused what every host acts on; here is what only GitLab does.
"""

from __future__ import annotations

import re

from closeout.domain.item import JOINER

TITLE_LIMIT = 255  # characters
_MARKED = re.compile(r'[!$%~&^](?=[\w"\\])')  # !1, $1, %v1, ~label, &1, ^alert#1
_NAMED = re.compile(r"\[(?=\w{1,40}:)|\*(?=iteration:)|\bGL-(?=\d)", re.IGNORECASE)  # [issue:1], *iteration:1, GL-1
_COMMIT = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{7,64}(?![0-9A-Za-z])")
_SIX = re.compile(r".{6}(?=.)")  # less than a commit's name can be short
_COMMAND = re.compile(r"^([ \t\r]*)(?=/)", re.MULTILINE)
_EVERYWHERE = re.compile(r"[@#](?=[\w\"\\])|:(?=[/\\])")  # @ann, #1, an address
_LINK = re.compile(r"(\]\(<[^<>\n]*>\))")  # where a link of ours leads


def defused(body: str) -> str:
    """Return a text in which nothing is a command, and no name of GitLab's own kinds is one; links lead where they did."""
    parts = _LINK.split(body)
    return uncommanded("".join(broken(part) if i % 2 == 0 else part for i, part in enumerate(parts)))


def uncommanded(body: str) -> str:
    """Return a text in which no line is a command."""
    return _COMMAND.sub(rf"\1{JOINER}", body)


def commands(body: str) -> str:
    """Return the first line of a text that may be a command, which GitLab does when the text is written; else empty."""
    match = re.search(r"^[ \t\r]*(/[A-Za-z_]+)(?=\s|$)", body, re.MULTILINE)
    return match[1] if match else ""


def title_sent(title: str) -> str:
    """Return a title that names nobody and nothing; shortened where that makes it too long."""
    told, kept = _harmless(title), title
    while len(told) > TITLE_LIMIT:
        kept = kept[:-1]
        told = _harmless(f"{kept.rstrip()}…")
    return told


def title_read(title: str) -> str:
    """Return a title as people read it."""
    return title.replace(JOINER, "")


def _harmless(text: str) -> str:
    return broken(_EVERYWHERE.sub(_after, title_read(text)))


def broken(text: str) -> str:
    """Return a text without an address in which nothing is a name of GitLab's own kinds."""
    for pattern in (_MARKED, _NAMED):
        text = pattern.sub(_after, text)
    return _COMMIT.sub(lambda match: _SIX.sub(_after, match[0]), text)


def _after(match: re.Match[str]) -> str:
    return f"{match[0]}{JOINER}"
