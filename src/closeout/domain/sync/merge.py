"""Merge: per field, from what was seen on each side to what is sent, wanted, or left to people.

document  tracker   want of another value   what happens
same      same      -                       nothing; a difference that nobody made is a finding
same      changed   -                       the tracker's value is wanted
changed   same      no                      the document's value is sent
changed   same      yes                     the field's rule decides, the loser is shown as a clash
changed   changed   -                       equal: seen; else the field's rule decides, with a clash
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from closeout.domain.item import Field, Stated, Status, quoted, same
from closeout.domain.ledger import Memory


class Rule(StrEnum):
    """Who wins when both sides changed."""

    DOCUMENT = "document"
    TRACKER = "tracker"
    ASK = "ask"
    DOCUMENT_ONLY = "document-only"


DEFAULT_RULES = {
    Field.TITLE: Rule.DOCUMENT_ONLY,
    Field.STATUS: Rule.TRACKER,
    Field.OWNERS: Rule.DOCUMENT,
    Field.DUE: Rule.DOCUMENT,
    Field.PRIORITY: Rule.DOCUMENT,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to become of one field: its memory, the value to send if any, and what to tell (code, message)."""

    memory: Memory
    send: str | None = None
    told: tuple[str, str] | None = None


def merge(
    what: Field,
    memory: Memory,
    document: Stated | None,
    tracker: str | None,
    rule: Rule,
    *,
    writable: bool = True,
    unsettled: bool = False,
) -> Verdict:
    """Decide one field of one key.

    `document` is None where it has no place for the field, `tracker` None where the tracker has none or its value
    cannot be read; `writable` is False for an issue that is only read; `unsettled` means that an intent was left and
    something else was found, so both sides count as changed. `document-only` never wants anything: what would have been
    is told.
    """
    if rule is not Rule.DOCUMENT_ONLY:
        return _decided(what, memory, document, tracker, rule, writable=writable, unsettled=unsettled)
    before = replace(memory, want=None)
    verdict = _decided(what, before, document, tracker, rule, writable=writable, unsettled=unsettled)
    if verdict.memory.want is None or document is None or tracker is None:
        return verdict
    told = verdict.told or _differs(what, document, tracker)
    return Verdict(replace(verdict.memory, want=None), verdict.send, told)


def _decided(
    what: Field,
    memory: Memory,
    document: Stated | None,
    tracker: str | None,
    rule: Rule,
    *,
    writable: bool,
    unsettled: bool,
) -> Verdict:
    """The rules, of the design's "Merging", one branch a row."""
    if document is None:
        return Verdict(replace(memory, tracker=memory.tracker if tracker is None else tracker, want=None))
    if tracker is None:
        return Verdict(memory, told=None if memory.tracker is None else _cannot_be_read(what))
    if memory.document is None or memory.tracker is None:
        if what is Field.STATUS and _was_closed(memory, document, tracker):
            return _from_tracker(what, Memory(document.text, memory.tracker), document, tracker)
        return _first_contact(what, memory, document, tracker, writable=writable)
    landed = document.text in memory.proposed
    seen = replace(memory, document=document.text, proposed=memory.proposed - {document.text}) if landed else memory
    moved_here = unsettled or document.text != seen.document
    moved_there = unsettled or not same(what, tracker, seen.tracker or "")
    both = replace(seen, document=document.text, tracker=tracker, want=None)
    if not moved_here and not moved_there:
        return _at_rest(what, seen, document, tracker, landed=landed)
    if document.value is not None and same(what, document.value, tracker):
        return Verdict(both)
    if not moved_here:
        return _from_tracker(what, seen, document, tracker)
    if document.value is None:
        return _opaque(what, seen, document, tracker, moved_there=moved_there)
    if not writable:
        return _read_only(what, both, document, tracker, moved_there=moved_there)
    if moved_there or seen.want is not None:
        return _clash(what, seen, both, document, tracker, rule)
    return Verdict(replace(seen, want=None), send=document.value)


def _is(what: Field, document: Stated, value: str) -> bool:
    return document.value is not None and same(what, document.value, value)


def _was_closed(memory: Memory, document: Stated, tracker: str) -> bool:
    """Whether an issue that was seen open is closed by now, which its row does not say: the tracker changed."""
    here, before = document.value or Status.DONE, memory.tracker or Status.DONE
    return Status(tracker).closed and not Status(here).closed and not Status(before).closed


def _first_contact(what: Field, memory: Memory, document: Stated, tracker: str, *, writable: bool) -> Verdict:
    """Both sides are seen; an empty one is filled, a difference is left to people until one side changes.

    What is sent counts as seen with the reply only: else one that failed would never be sent again.
    """
    both = Memory(document.text, tracker)
    if document.value is None or same(what, document.value, tracker):
        return Verdict(both)
    if document.value == "":
        return Verdict(replace(both, want=tracker))
    if tracker == "" and writable:
        return Verdict(memory, send=document.value)
    return Verdict(both, told=_differs(what, document, tracker))


def _at_rest(what: Field, seen: Memory, document: Stated, tracker: str, *, landed: bool) -> Verdict:
    if seen.want is not None and not _is(what, document, seen.want):
        return Verdict(seen)
    seen = replace(seen, want=None)
    if document.value is None or same(what, document.value, tracker):
        return Verdict(seen)
    if landed:  # what landed is stale
        return Verdict(replace(seen, want=tracker))
    return Verdict(seen, told=_differs(what, document, tracker))


def _from_tracker(what: Field, before: Memory, document: Stated, tracker: str) -> Verdict:
    seen = replace(before, tracker=tracker)
    if document.value is None and not _replaces_opaque(what, before.tracker, tracker):
        return Verdict(replace(seen, want=None))
    return Verdict(replace(seen, want=tracker))


def _replaces_opaque(what: Field, before: str | None, tracker: str) -> bool:
    """Whether a text that is not understood gives way: a status to a close or a reopen, another field to any value."""
    if what is not Field.STATUS:
        return tracker != ""
    return Status(tracker).closed != Status(before or Status.TODO).closed


def _opaque(what: Field, seen: Memory, document: Stated, tracker: str, *, moved_there: bool) -> Verdict:
    """A text that is not understood never wins, and is never sent."""
    told = ("unreadable", f"{what} {document.text!r} is not understood; nothing was sent")
    replaced = tracker if _replaces_opaque(what, seen.tracker, tracker) else None
    want = replaced if moved_there else seen.want
    return Verdict(Memory(document.text, tracker, want, seen.proposed), told=told)


def _read_only(what: Field, both: Memory, document: Stated, tracker: str, *, moved_there: bool) -> Verdict:
    if moved_there:
        told = (
            "clash",
            f"{what} was {document.value!r} here and {tracker!r} in the issue, which wins: it is only read",
        )
        return Verdict(replace(both, want=tracker), told=told)
    return Verdict(both, told=_differs(what, document, tracker))


def _clash(what: Field, seen: Memory, both: Memory, document: Stated, tracker: str, rule: Rule) -> Verdict:
    values = f"{quoted(document.value)} in the document, {quoted(tracker)} in the issue"
    if rule is Rule.ASK:  # both are seen: whichever changes next is what a person decided
        return Verdict(both, told=("clash", f"{what} changed on both sides: {values}; change either to settle it"))
    if rule is Rule.TRACKER:
        told = ("clash", f"{what} changed on both sides: {values}; the tracker wins")
        return Verdict(replace(both, want=tracker, proposed=seen.proposed), told=told)
    told = ("clash", f"{what} changed on both sides: {values}; the document wins")
    return Verdict(replace(seen, want=None), send=document.value, told=told)


def _cannot_be_read(what: Field) -> tuple[str, str]:
    return "unreadable-issue", f"the issue's {what} cannot be read; nothing was changed, mend it there"


def _differs(what: Field, document: Stated, tracker: str) -> tuple[str, str]:
    here, there = quoted(document.text), quoted(tracker)
    if what is Field.TITLE:
        return "retitled", f"the issue's title is {there}; titles go from the document to the tracker only"
    return "differs", f"{what} is {here} here and {there} in the issue; change either side to settle it"
