"""Settle: what came of the writes that a crashed run had announced. They only decide what was seen."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from closeout.domain.finding import Finding
from closeout.domain.issue import Issue
from closeout.domain.item import Field, same
from closeout.domain.ledger import Entry, Intent, Ledger, Memory
from closeout.ports.tracker import TrackerReader

LAG = datetime.timedelta(minutes=15)
RUNNER = "github-actions[bot]"


@dataclass(frozen=True, slots=True)
class Settled:
    """The ledger with its intents settled, the fields by key where both sides count as changed, the keys whose create
    is still open because the listing may lag, and what a person should look at.
    """

    ledger: Ledger
    unsettled: Mapping[str, frozenset[Field]] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()

    def and_then(self, later: Settled) -> Settled:
        """Return this with what was settled after it, of another tracker."""
        unsettled, waiting = {**self.unsettled, **later.unsettled}, self.waiting | later.waiting
        return Settled(later.ledger, unsettled, waiting, (*self.findings, *later.findings))


def settle(ledger: Ledger, tracker: TrackerReader, listed: Sequence[Issue], now: str) -> Settled:
    """Look up every announced write of a run that did not come to its end; `now` is UTC, ISO 8601 to the second.

    `listed` is a full listing wherever a create is open. A create that no listing shows is given up when it was announced a quarter of an hour ago: so long may lists lag.
    """
    unsettled: dict[str, frozenset[Field]] = {}
    waiting: set[str] = set()
    findings: list[Finding] = []
    announced = [(entry, entry.intent) for entry in ledger.of(tracker.name) if entry.intent is not None]
    if not announced:
        return Settled(ledger)
    ours = accounts(tracker, ledger)
    known = by_key(listed, ours)
    entries = dict(ledger.entries)
    for entry, intent in announced:
        if entry.issue:
            after, fields = _update(entry, intent, tracker)
            unsettled[entry.key] = fields
            entries[entry.key] = after
            continue
        found = known.get(entry.key)
        if found is not None and vouched(found, ours):
            made = intent.when if tracker.capabilities.lists_lag else ""
            entries[entry.key] = replace(_created(entry, intent, found), made=made)
        elif found is not None:
            waiting.add(entry.key)
            told = f"issue {found.ref} carries our mark, but {found.author} made it; remove the mark there, or use it by its ticket"
            findings.append(Finding(entry.document, 0, "unvouched-marker", told))
        elif tracker.capabilities.lists_lag and lately(intent.when, now):
            waiting.add(entry.key)
        else:
            del entries[entry.key]
    return Settled(replace(ledger, entries=entries), unsettled, frozenset(waiting), tuple(findings))


def accounts(tracker: TrackerReader, ledger: Ledger) -> frozenset[str]:
    """Return the accounts that our marks can come from, in lower case.

    Some tokens do not tell whose they are: then they are the authors of what we are known to have made, and before the
    first of these the account that runners write as.
    """
    if me := tracker.whoami():
        return frozenset({me.casefold()})
    known = {entry.author.casefold() for entry in ledger.of(tracker.name) if entry.author and entry.owned}
    return frozenset(known or {RUNNER})


def vouched(issue: Issue, ours: frozenset[str]) -> bool:
    """Whether a mark is ours: one of our accounts made the issue, where the tracker tells at all."""
    return not issue.author or issue.author.casefold() in ours


def by_key(listed: Sequence[Issue], ours: frozenset[str]) -> dict[str, Issue]:
    """Return the issue of each key: of several the first that is ours, as people copy bodies, and our mark with them."""
    found: dict[str, Issue] = {}
    for issue in listed:
        if issue.key not in found or (vouched(issue, ours) and not vouched(found[issue.key], ours)):
            found[issue.key] = issue
    return found


def lately(when: str, now: str) -> bool:
    """Whether `when` is so short ago that a list may not show what was made then; unknown times count as now."""
    if not when or not now:
        return True
    return datetime.datetime.fromisoformat(now) - datetime.datetime.fromisoformat(when) < LAG


def _created(entry: Entry, intent: Intent, found: Issue) -> Entry:
    memory = {what: Memory(text, _taken(new, found.values.get(what))) for what, (_, new, text) in intent.values.items()}
    status = memory.get(Field.STATUS)
    if status is not None and not status.document:  # an empty cell is filled, as when the reply comes
        memory[Field.STATUS] = replace(status, want=status.tracker)
    return replace(entry.remember(memory), issue=found.ref, opened=found.opened, author=found.author, intent=None)


def _taken(sent: str, now: str | None) -> str:
    """What was seen of a value when its issue was made: one that is not there was refused, and nobody took it out."""
    return "" if now == "" else sent


def _update(entry: Entry, intent: Intent, tracker: TrackerReader) -> tuple[Entry, frozenset[Field]]:
    found = tracker.get(entry.issue)
    if not isinstance(found, Issue):
        return entry, frozenset()
    memory, unsettled = {}, set()
    for what, (old, new, text) in intent.values.items():
        now = found.values.get(what, "")
        if same(what, now, new):
            known = entry.memory.get(what, Memory())
            memory[what] = Memory(text, now, None, known.proposed)
        elif not (same(what, now, old) and found.version == intent.version):
            unsettled.add(what)
    return replace(entry.remember(memory), intent=None), frozenset(unsettled)
