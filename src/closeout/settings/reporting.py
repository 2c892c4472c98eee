"""The keys of `[report]`."""

from __future__ import annotations

from pydantic import Field

from closeout.settings.table import Table


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
