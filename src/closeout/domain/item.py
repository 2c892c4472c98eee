"""The item: one action item as a document states it, each field with its own words and its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

_UNSEEN = re.compile(
    r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)


JOINER = "\u2060"  # seen by nobody; what stands on either side of it belongs to no one word


class Field(StrEnum):
    """The fields of an item that a tracker may hold too."""

    TITLE = "title"
    STATUS = "status"
    OWNERS = "owners"
    DUE = "due"
    PRIORITY = "priority"
    TICKET = "ticket"

    __hash__ = str.__hash__  # fields are looked up all the time, and an Enum's own hash is a call of Python


class Status(StrEnum):
    """What has come of an item."""

    TODO = "todo"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    WONT_DO = "wont_do"

    @property
    def closed(self) -> bool:
        """Whether nothing is left to be done."""
        return self in {Status.DONE, Status.WONT_DO}


@dataclass(frozen=True, slots=True)
class Room:
    """The blanks in front of and behind a cell's text; `side` is where the column has its text: `<`, `>` or `^`."""

    side: str
    lead: int
    behind: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new value of a field goes: text[start:end] of the document, which must hold `text`.

    `before` and `after` are written around the value; `cell` says that pipes must be escaped; `room` are the blanks
    around the text of a cell in an aligned column, which shrink or grow with the value.
    """

    start: int
    end: int
    text: str
    before: str = ""
    after: str = ""
    cell: bool = False
    room: Room | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """One field as a document states it.

    `text` is what stands there, in the document's own words; `value` what it means: a status, a date as YYYY-MM-DD,
    names joined by ", ", a priority, a title; "" where it is empty, None where it is not understood. `place` is None
    where nothing can be written. `reason` says how it was read; `box` that it is a check box, which can only tell open
    from done.
    """

    text: str
    value: str | None
    place: Place | None = None
    reason: str = ""
    box: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One action item. `line` counts from 1; `incident` is an index into the document's incidents."""

    title: str
    line: int
    owners: tuple[str, ...] = ()
    due: str | None = None
    due_text: str = ""
    status: Status | None = None
    status_text: str = ""
    priority: str | None = None
    tickets: tuple[str, ...] = ()
    incident: int | None = None
    stated: Mapping[Field, Stated] = field(default_factory=dict)

    @property
    def closed(self) -> bool:
        """Whether the document says that it is done, or that nobody will do it; an unknown status is open."""
        return self.status is not None and self.status.closed


def stated_item(stated: Mapping[Field, Stated], line: int, incident: int | None = None) -> Item:
    """Return the item that states these fields; `line` counts from 0, `incident` is an index into the document's."""
    due, status = stated.get(Field.DUE), stated.get(Field.STATUS)
    priority = stated.get(Field.PRIORITY)
    refs = stated[Field.TICKET].value or ""
    names = stated[Field.OWNERS].value if Field.OWNERS in stated else ""
    return Item(
        title=stated[Field.TITLE].value or "",
        line=line + 1,
        owners=tuple(name for name in (names or "").split(", ") if name),
        due=(due.value or None) if due else None,
        due_text=due.text if due else "",
        status=Status(status.value) if status and status.value else None,
        status_text=status.text if status else "",
        priority=(priority.value or None) if priority else None,
        tickets=tuple(ref for ref in refs.split(", ") if ref),
        incident=incident,
        stated=stated,
    )


def visible(text: str) -> str:
    """Return a text without characters that cannot be seen (controls, zero widths, directions), on one line."""
    return " ".join(_UNSEEN.sub("", text).split())


def shortened(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters, the last of which tells that it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


@lru_cache(maxsize=1 << 16)  # matching asks for each title several times
def folded(title: str) -> str:
    """Return a title as it is compared: letters and digits only, without case, width and accents' encoding."""
    text = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"[\W_]+", " ", text).strip()


def names(value: str) -> tuple[str, ...]:
    """Return the names in an owners value."""
    return tuple(name for part in value.split(",") if (name := part.strip()))


def quoted(value: str | None) -> str:
    """Return a value as a message tells it: in quotes, which nothing does not have."""
    return repr(value) if value else "nothing"


def same(what: Field, one: str, other: str) -> bool:
    """Tell whether two values of a field mean the same; what cannot be seen makes no difference."""
    if what is Field.OWNERS:
        return {visible(name).casefold() for name in names(one)} == {visible(name).casefold() for name in names(other)}
    if what is Field.TITLE:
        return visible(one) == visible(other)
    return visible(one).casefold() == visible(other).casefold()
