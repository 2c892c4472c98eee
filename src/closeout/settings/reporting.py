"""The keys of `[report]`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from closeout.settings.table import Table

Hours = Annotated[int, Field(ge=1, le=8760)]


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


Reference = Annotated[
    str,
    AfterValidator(_leads_to_a_secret),
    WithJsonSchema({"type": "string", "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$"}),
]


class Report(Table):
    """`[report]`: what the report counts, where it goes, and how."""

    language: str = Field(
        "en", description="The language that the report is written in: de, en, es, fr or ja.", examples=["de"]
    )
    templates: str = Field(
        "",
        description="A folder of this repository with templates in place of the report's own, file by file.",
        examples=["docs/report"],
    )
    teams: Mapping[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Teams with their members, as documents or the tracker name them; an item belongs to the teams of its "
        "owners.",
        examples=[{"Payments": ["Maxime", "ann"]}],
    )
    hours: Hours = Field(
        72,
        description="Within how many hours after an incident its postmortem is due; 48 for the highest severity, unless "
        "this is less.",
        examples=[120],
    )
    hours_by_severity: Mapping[str, Hours] = Field(
        default_factory=dict,
        description="The same for single severities.",
        examples=[{"SEV1": 24, "SEV2": 48}],
    )
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
    post: str = Field(
        "",
        max_length=500,
        description='Where `report` may be posted: "issue" for an issue of its own for each period, or the ticket of an issue '
        "that gets it as one comment; default: nowhere.",
        examples=["issue"],
    )
    tracker: str = Field(
        "",
        description="The tracker that it is posted into, by its name; default: the one that new issues go to.",
        examples=["github"],
    )
    mentions: bool = Field(
        default=False,
        description="Mention the owners of overdue items in what is posted, once a week at most.",
        examples=[True],
    )
