"""The keys of `[report]` that say whom it is told to: chats, and the mail or chat of owners."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from closeout.settings.table import Table

_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:[^\x00-\x1f\x7f]+")


def _leads_to_a_secret(value: str) -> str:
    """Refuse everything else, without a word of it: it may be an address with its token."""
    if not _REFERENCE.fullmatch(value):
        message = (
            "an address lets whoever reads it write there, so none is written here: put it into a variable or a file, and "
            'say "env:CHAT_URL" or "file:/run/secrets/chat"'
        )
        raise ValueError(message)
    return value


Reference = Annotated[str, AfterValidator(_leads_to_a_secret)]


class Telling(Table):
    """`[report]`: who is told of it."""

    channels: tuple[Reference, ...] = Field(
        (),
        description="Where a short message of what changed goes, at most once a week: variables (`env:`) and files "
        "(`file:`), each with one address of Apprise's.",
        examples=[["env:CHAT_URL", "file:/run/secrets/chat"]],
    )
    digest: Mapping[str, Reference] = Field(
        default_factory=dict,
        description="Where an owner, or a team, gets what is overdue of theirs, at most once a week; `*` is everybody else "
        "in [people], and the address then has `{login}` where the account goes.",
        examples=[{"Maxime": "env:MAXIME_MAIL", "*": "env:DIGEST_MAIL"}],
    )
