"""Moves: entries follow a document to its new name, and rows that may have been moved or reworded are held."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from closeout.domain.ledger import Entry
from closeout.domain.sync.claims import Claims


def follow_documents(claims: Claims) -> tuple[Entry, ...]:
    """Take the entries of a document that is gone to the one that all its known rows are in now, and return them."""
    there = {seat.document for seat in claims.seats}
    went: dict[str, set[str]] = defaultdict(set)
    for index, entry in claims.of.items():
        went[entry.document].add(claims.seats[index].document)
    now = {old: new for old, (new, *others) in went.items() if old not in there and not others}
    followed = [replace(entry, document=now[entry.document]) for entry in claims.free() if entry.document in now]
    claims.entries.update({entry.key: entry for entry in followed})
    for index, entry in claims.of.items():
        claims.of[index] = replace(entry, document=now.get(entry.document, entry.document))
    return tuple(followed)


def hold_doubtful(claims: Claims) -> None:
    """Hold the new rows that may be those of entries whose ticket never stood in a document."""
    _perhaps_moved(claims)
    _perhaps_reworded(claims)


def _perhaps_moved(claims: Claims) -> None:
    """Hold new rows with the title of a lost entry, wherever they are; an unread document may still hold its row."""
    lost = {
        entry.title: entry
        for entry in claims.entries.values()
        if entry.key not in claims.used and entry.holder and not entry.landed
    }
    for index in claims.new():
        if claims.seats[index].title in lost:
            entry = lost[claims.seats[index].title]
            page = entry.document or "another page"
            told = f"perhaps {_name(entry)} of {page} moved here; {_ways(claims, index, entry)}"
            _hold(claims, index, "perhaps-moved", told)


def _perhaps_reworded(claims: Claims) -> None:
    """Hold new rows of a document that lost an entry."""
    lost = {entry.document: entry for entry in claims.free() if not entry.landed and not entry.no}
    for index in claims.new():
        if claims.seats[index].document in lost:
            entry = lost[claims.seats[index].document]
            told = f"perhaps {_name(entry)} ({entry.title!r}) reworded; {_ways(claims, index, entry)}"
            _hold(claims, index, "perhaps-reworded", told)


def _hold(claims: Claims, index: int, code: str, told: str) -> None:
    if index not in claims.blocked and not claims.seats[index].item.closed:
        claims.blocked.add(index)
        claims.tell(index, code, told)


def _ways(claims: Claims, index: int, entry: Entry) -> str:
    here = claims.place(index)
    is_it = f"if it is, write its ticket into this row (or `closeout adopt {here} TICKET`); " if entry.issue else ""
    return f"{is_it}if this is another item, `closeout sync --new {here}`"


def _name(entry: Entry) -> str:
    if entry.no and not entry.issue:
        return "an item that gets no issue"
    return f"issue {entry.issue}" if entry.issue else "an issue that was about to be made"
