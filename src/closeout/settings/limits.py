"""The keys of `[limits]`."""

from __future__ import annotations

from pydantic import Field

from closeout.settings.table import Table


class Caps(Table):
    """`[limits]`: how much one run changes."""

    max_creates: int | None = Field(
        None, ge=0, description="Issues made by one run; default: 25 on a host, no limit for the folder.", examples=[25]
    )
    max_closes: int | None = Field(
        None,
        ge=0,
        description="Issues closed by one run; default: 10 on a host, no limit for the folder.",
        examples=[10],
    )
    max_edits: int | None = Field(
        None,
        ge=0,
        description="Issues changed otherwise, or put below their incident's own; default: 50 on a host, no limit for the folder.",
        examples=[50],
    )
    max_wait: int = Field(
        120, ge=0, description="Seconds to wait for a host's rate limit; a longer wait ends the run with exit 9."
    )
    lease_wait: int = Field(
        60,
        ge=0,
        description="Seconds to wait for another run to come to its end; a longer wait ends this one with exit 6.",
    )
    lease: int = Field(
        600,
        ge=1,
        description="Seconds for which a run has the ledger for itself, from each push of it on; longer than any one write "
        "may take. The folder's ledger is locked by the system instead.",
    )
    share: int | None = Field(
        None,
        ge=0,
        le=100,
        description="Percent: if more of the issues would be closed or edited because of documents, or more of the items "
        "vanished from them, these changes wait until they are approved; default: 30 on a host, no limit for the folder.",
        examples=[30],
    )
    share_from: int = Field(10, ge=1, description="So many rows with issues must be known before `share` counts.")
