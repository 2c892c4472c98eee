"""Drafting: what the issue of a row is made of, in the terms of its tracker."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from closeout.domain.document import Document
from closeout.domain.finding import Finding
from closeout.domain.issue import Draft
from closeout.domain.item import Field, Item, Status
from closeout.domain.ledger import Entry
from closeout.domain.people import restricted
from closeout.domain.sync.claims import Seat
from closeout.domain.sync.decide import MERGED
from closeout.domain.sync.fit import Fitting, fit
from closeout.engine.world import Options
from closeout.render.issue import body


def draft(
    key: str,
    seat: Seat,
    document: Document,
    options: Options,
    fitting: Fitting,
    address: str,
    assignable: Callable[[], frozenset[str] | None],
) -> tuple[Draft, tuple[Finding, ...]]:
    """Return the issue to be made for a row, and what of it the tracker will not take.

    `address` is where the tracker is; `assignable` is asked only if somebody is to be assigned. An issue of an old
    incident is made without owners: its text names them, and nobody is notified.
    """
    item, capabilities = seat.item, fitting.capabilities
    said = {what: stated.value or "" for what in MERGED if (stated := fitting.stated(item, what)) is not None}
    values = fit({**said, Field.STATUS: item.status or Status.TODO, Field.TITLE: item.title}, capabilities)
    findings: tuple[Finding, ...] = ()
    if unassigned(seat, document, options, fitting):
        del values[Field.OWNERS]
    if values.get(Field.OWNERS):
        values[Field.OWNERS], refused = restricted(values[Field.OWNERS], assignable())
        findings = tuple(_not_assignable(login, seat, address) for login in refused)
    folder = address if capabilities.in_tree else ""
    text = body(item, document.incidents[item.incident or 0], seat.path, options.place, folder, options.version)
    owners = item.stated.get(Field.OWNERS)
    labels = options.people.labels(owners) if owners else frozenset()
    return Draft(
        key, {what: value for what, value in values.items() if value}, text, labels, document.private
    ), findings


def older(item: Item, document: Document, since: str) -> bool:
    """Whether an item's incident is from before a day, or undated; False for no day."""
    return bool(since) and (document.incidents[item.incident or 0].date or "0000") < since


def unassigned(seat: Seat, document: Document, options: Options, fitting: Fitting) -> bool:
    """Whether nobody is assigned to the issue of a row that names somebody, because its incident is old."""
    stated = fitting.stated(seat.item, Field.OWNERS)
    named = stated is not None and bool(stated.value) and Field.OWNERS in fitting.capabilities.fields
    return named and older(seat.item, document, options.circumstances.assigned_since)


def made_quietly(seat: Seat, entry: Entry, document: Document, options: Options, fitting: Fitting) -> bool:
    """Whether an issue of ours, whose maker died or whose ledger was lost, was made without assignees."""
    ours = entry.owned and entry.holder and not entry.adopted and (entry.unassigned or not entry.memory)
    return ours and unassigned(seat, document, options, fitting)


def _not_assignable(login: str, seat: Seat, address: str) -> Finding:
    told = f"{login} cannot be assigned in {address}; the issue goes without. Give them access, or name another"
    return Finding(seat.path, seat.item.line, "not-assignable", told)


def unknown_owners(seat: Seat, options: Options, fitting: Fitting) -> Iterator[Finding]:
    """Yield the names of an open row that are nobody's account where owners must be accounts."""
    stated = seat.item.stated.get(Field.OWNERS)
    if not fitting.capabilities.logins or stated is None or seat.item.closed:
        return
    for name in options.people.unknown(stated, fitting.tracker):
        told = f"{name} is no account of {fitting.tracker}: write @login, or add the name to [people]"
        yield Finding(seat.path, seat.item.line, "unknown-owner", told)
