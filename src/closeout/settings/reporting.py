"""The keys of `[report]`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from closeout.settings.table import Table

Hours = Annotated[int, Field(ge=1, le=8760)]


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
