"""A place meant for follow-ups, as the entries in it know it, and the pieces of a page that may hold items."""

from __future__ import annotations

from dataclasses import dataclass

from closeout.domain.item import Status
from closeout.markdown.blocks import Block, Entry, Heading, Table


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


@dataclass(frozen=True, slots=True)
class Section:
    """A heading that may be an item itself, and the blocks down to the next heading."""

    heading: Heading
    below: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A list entry, a table or a section, with the region it stands in.

    `region` is None outside of them; `barred` is the heading or label there that speaks against it; `section` counts
    the headings above; `silent` tells that a comment leaves it out.
    """

    block: Entry | Table | Section
    region: Region | None
    incident: int | None
    barred: str = ""
    section: int = 0
    silent: bool = False

    @property
    def line(self) -> int:
        """The line on which it begins, counted from 0."""
        return self.block.heading.line if isinstance(self.block, Section) else self.block.line
