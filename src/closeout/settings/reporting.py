"""The keys of `[report]`."""

from __future__ import annotations

from pydantic import Field

from closeout.settings.table import Table


class Report(Table):
    """`[report]`: where the report goes, and how."""

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
