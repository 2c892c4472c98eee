"""The rules for one field: what was seen and what is there, to what is remembered, sent and told."""

from __future__ import annotations

from typing import NamedTuple

from closeout.domain.item import Field
from closeout.domain.sync.merge import Rule
from model.fields import CLOSED, same


class Seen(NamedTuple):
    """What the ledger holds of a field: the word seen in the cell, the value seen in the issue, the value that the cell
    should show and does not yet, and the words that closeout wrote and nobody has seen in the document since.
    """

    document: str | None = None
    tracker: str | None = None
    want: str | None = None
    proposed: frozenset[str] = frozenset()


class Verdict(NamedTuple):
    seen: Seen
    send: str | None = None
    told: str = ""


class Case(NamedTuple):
    """One field as a run finds it: `here` is what `word` means (None: nobody knows), `there` what the issue says.

    `ours` is false for an issue that is only read; `unsettled` says that a run died while it wrote, and that neither
    its old nor its new value is there now.
    """

    what: Field
    seen: Seen
    word: str
    here: str | None
    there: str
    rule: Rule
    ours: bool = True
    unsettled: bool = False

    @property
    def equal(self) -> bool:
        return self.here is not None and same(self.what, self.here, self.there)


def judge(case: Case) -> Verdict:
    """Decide one field; by `document-only` nothing is wanted, and what would have been is told."""
    only = case.rule is Rule.DOCUMENT_ONLY
    if case.what is Field.STATUS and case.here == "" and (case.seen.document or only):
        case = case._replace(here=None)  # a status that was wiped out, or is never filled, says nothing
    if not only:
        return decided(case)
    verdict = decided(case._replace(seen=case.seen._replace(want=None)))
    if verdict.seen.want is None:
        return verdict
    return verdict._replace(seen=verdict.seen._replace(want=None), told=verdict.told or differs(case))


def decided(case: Case) -> Verdict:
    """The rules in their order."""
    seen, there = case.seen, case.there
    if seen.document is None or seen.tracker is None:
        return first_contact(case)
    landed = case.word in seen.proposed
    if landed:  # our own word reached the head: seen, not a person's change
        seen = seen._replace(document=case.word, proposed=seen.proposed - {case.word})
    here_changed = case.unsettled or case.word != seen.document
    there_changed = case.unsettled or not same(case.what, there, seen.tracker or "")
    both = seen._replace(document=case.word, tracker=there, want=None)
    if not here_changed and not there_changed:
        return rest(case, seen, landed=landed)
    if case.equal:
        return Verdict(both)
    if not here_changed:
        return tracker_alone(case, seen)
    if case.here is None:
        changed = there if gives_way(case, seen) else None
        wanted = changed if there_changed else seen.want
        return Verdict(both._replace(want=wanted), told="unreadable")
    if not case.ours:
        return Verdict(both._replace(want=there), told="clash") if there_changed else Verdict(both, told=differs(case))
    if there_changed or seen.want is not None:
        return clash(case, seen, both)
    return Verdict(seen._replace(want=None), send=case.here)


def rest(case: Case, seen: Seen, *, landed: bool) -> Verdict:
    """Nobody changed anything."""
    shown = seen.want is not None and case.here is not None and same(case.what, case.here, seen.want)
    if seen.want is not None and not shown:
        return Verdict(seen)  # it waits to be merged
    seen = seen._replace(want=None)
    if case.here is None or case.equal:
        return Verdict(seen)
    if landed:  # what landed is stale
        return Verdict(seen._replace(want=case.there))
    return Verdict(seen, told=differs(case))  # never silent


def tracker_alone(case: Case, seen: Seen) -> Verdict:
    after = seen._replace(tracker=case.there)
    if case.here is None and not gives_way(case, seen):
        return Verdict(after._replace(want=None))
    return Verdict(after._replace(want=case.there))


def clash(case: Case, seen: Seen, both: Seen) -> Verdict:
    """Somebody's value is lost, or people decide."""
    if case.rule is Rule.ASK:
        return Verdict(both, told="clash")
    if case.rule is Rule.TRACKER:
        return Verdict(both._replace(want=case.there), told="clash")
    return Verdict(seen._replace(want=None), send=case.here, told="clash")


def first_contact(case: Case) -> Verdict:
    """One side at least was never seen: an empty one is filled, two values are left to people."""
    before, both = case.seen, Seen(case.word, case.there)
    known_open = before.tracker is not None and before.tracker not in CLOSED
    if case.what is Field.STATUS and known_open and case.there in CLOSED and case.here not in {*CLOSED, "", None}:
        return tracker_alone(case, Seen(case.word, before.tracker))  # it was made open, so the issue changed
    if case.here is None or case.equal:
        return Verdict(both)
    if case.here == "":
        return Verdict(both._replace(want=case.there))
    if case.there == "" and case.ours:
        return Verdict(before, send=case.here)
    return Verdict(both, told=differs(case))


def gives_way(case: Case, seen: Seen) -> bool:
    """Whether a word that nobody understands gives way: a status to a close or reopen, anything else to any value."""
    if case.what is not Field.STATUS:
        return case.there != ""
    return (case.there in CLOSED) != ((seen.tracker or "todo") in CLOSED)


def differs(case: Case) -> str:
    return "retitled" if case.what is Field.TITLE else "differs"
