"""A place meant for follow-ups, as the entries in it know it."""

from __future__ import annotations

from dataclasses import dataclass

from closeout.domain.item import Status


@dataclass(frozen=True, slots=True)
class Region:
    """A place meant for follow-ups: the heading or label that says so, and what the nearest ones give its entries.

    `explicit` tells a place that can mean nothing else, or one within it;
    `perhaps` one that may well mean something else. `label` is the bold line or colon line right above, if any; `status` what a heading says of all that is below it.
    """

    name: str
    explicit: bool = False
    perhaps: bool = False
    label: str = ""
    status: Status | None = None
    status_text: str = ""
