"""Decide: fit and merge for one row, to what it will be remembered as and what is to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from closeout.domain.issue import Issue
from closeout.domain.item import Field, Item, Stated, Status
from closeout.domain.ledger import Entry, Memory
from closeout.domain.sync.fit import Fitting, fit_to_box, project
from closeout.domain.sync.merge import Rule, merge

MERGED = (Field.TITLE, Field.STATUS, Field.OWNERS, Field.DUE, Field.PRIORITY)


@dataclass(frozen=True, slots=True)
class Decision:
    """The entry as it stands before any effect, (old, new) values to send per field, and what to tell."""

    entry: Entry
    send: Mapping[Field, tuple[str, str]] = field(default_factory=dict)
    told: tuple[tuple[str, str], ...] = ()


def decide(
    item: Item,
    entry: Entry,
    issue: Issue,
    fitting: Fitting,
    rules: Mapping[Field, Rule],
    unsettled: frozenset[Field] = frozenset(),
) -> Decision:
    """Merge every field of an item and its issue.

    An issue that is only read, and one that belongs to another row, gives its status and nothing else.
    """
    managed = entry.owned and entry.holder
    memory, send, told = dict(entry.memory), {}, []
    for what in MERGED if managed else (Field.STATUS,):
        if what not in fitting.capabilities.fields:
            continue
        stated, theirs = fitting.stated(item, what), issue.values.get(what)
        if stated is None and what not in memory:
            continue  # there was never a place for it
        seen = memory.get(what, Memory())
        if what is Field.STATUS:
            made = managed and not entry.adopted and seen.tracker is None
            known = Status.TODO if made else seen.tracker  # an issue of ours was made open
            if managed and known:  # it may tell fewer apart now
                known = project(known, fitting.capabilities)
            seen = replace(seen, tracker=known)
            stated = _spoken(stated, seen, rules[what])
        if stated is not None and stated.box and theirs is not None:
            theirs = fit_to_box(theirs, stated)
        verdict = merge(what, seen, stated, theirs, rules[what], writable=managed, unsettled=what in unsettled)
        memory[what] = verdict.memory
        if verdict.send is not None:
            send[what] = (issue.values.get(what, ""), verdict.send)
        if verdict.told and not (what is Field.OWNERS and entry.unassigned and theirs == ""):
            told.append(verdict.told)
    version = issue.version if memory != entry.memory else entry.version
    after = replace(entry, memory=memory, closed=issue.closed, opened=issue.opened or entry.opened, version=version)
    return Decision(_with_unassigned(after, entry, send), send, tuple(told))


def _with_unassigned(after: Entry, before: Entry, send: Mapping[Field, tuple[str, str]]) -> Entry:
    """Forget that an issue was made without owners once somebody changes them."""
    changed = Field.OWNERS in send or after.memory.get(Field.OWNERS) != before.memory.get(Field.OWNERS)
    return replace(after, unassigned=False) if changed and after.unassigned else after


def _spoken(stated: Stated | None, seen: Memory, rule: Rule) -> Stated | None:
    """Return a status as far as it says something: an empty one that was wiped out, or is never filled, does not."""
    silent = seen.document or rule is Rule.DOCUMENT_ONLY
    return replace(stated, value=None) if stated and stated.value == "" and silent else stated
