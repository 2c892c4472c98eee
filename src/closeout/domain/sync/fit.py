"""Fit: drop what a tracker has no place for, so that it can never look like a change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from closeout.domain.issue import Capabilities
from closeout.domain.item import Field, Item, Stated, Status, shortened
from closeout.domain.people import People
from closeout.domain.priority import level


@dataclass(frozen=True, slots=True)
class Fitting:
    """What a tracker has room for, and who has an account there."""

    tracker: str
    capabilities: Capabilities
    people: People = People()

    def stated(self, item: Item, what: Field) -> Stated | None:
        """Return what an item states for a field, in the tracker's terms; None without a place for the field.

        Where owners must be accounts, a cell that names a team has no place for them: it is never expanded. One whose
        names are nobody's accounts is not understood, which is not the same as empty.
        """
        stated = item.stated.get(what)
        if stated is None or not stated.value:
            return stated
        if what is Field.OWNERS and self.capabilities.logins:
            if self.people.has_team(stated):
                return None
            return replace(stated, value=self.people.accounts(stated, self.tracker) or None)
        return replace(stated, value=fit({what: stated.value}, self.capabilities).get(what))

    def unheld(self, item: Item) -> Iterator[str]:
        """Yield what the tracker cannot hold of an item: names of fields, and a status that it does not tell apart."""
        for what in (Field.OWNERS, Field.DUE, Field.PRIORITY):
            stated = item.stated.get(what)
            if stated is not None and stated.value and what not in fit({what: stated.value}, self.capabilities):
                yield "level" if what in self.capabilities.fields else what.value
        if item.status and project(item.status, self.capabilities) != item.status:
            yield item.status.value


def fit(values: Mapping[Field, str], capabilities: Capabilities) -> dict[Field, str]:
    """Return the values as the tracker can hold them: unknown fields dropped, and priorities that mean none of its
    levels; statuses projected, titles cut.
    """
    fitted = {what: value for what, value in values.items() if what in capabilities.fields}
    if capabilities.levels and (said := fitted.pop(Field.PRIORITY, None)) is not None:
        known = level(said) if said else ""
        fitted |= {Field.PRIORITY: known} if known == "" or known in capabilities.levels else {}
    if status := fitted.get(Field.STATUS):
        fitted[Field.STATUS] = project(status, capabilities)
    if title := fitted.get(Field.TITLE):
        fitted[Field.TITLE] = _cut(title, capabilities)
    return fitted


def _cut(title: str, capabilities: Capabilities) -> str:
    """A title that is not too long, in characters and in bytes; the mark of what was cut is one and three of them."""
    limit, room = capabilities.title_limit, capabilities.title_bytes
    if limit:
        title = shortened(title, limit)
    if room and len(title.encode(errors="replace")) > room:
        title = title.encode(errors="replace")[: room - 3].decode(errors="ignore").rstrip() + "…"
    return title


def project(status: str, capabilities: Capabilities) -> str:
    """Return a status as the tracker can tell it apart: done or todo where it has no finer word."""
    known = Status(status)
    if known in capabilities.statuses:
        return known
    return Status.DONE if known.closed else Status.TODO


def fit_to_box(status: str, stated: Stated) -> str:
    """Return a status as a check box can show it; where the box says the same already, its own value."""
    closed = Status(status).closed
    if stated.value and Status(stated.value).closed == closed:
        return stated.value
    return Status.DONE if closed else Status.TODO
