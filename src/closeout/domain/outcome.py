"""The outcome: what one run did."""

from __future__ import annotations

from dataclasses import dataclass

from closeout.domain.finding import Finding
from closeout.domain.plan import Plan
from closeout.domain.result import Result
from closeout.errors import Exit


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: its plan, what came of each change, the documents written, findings, errors by exit code, the
    commits that hold what was written, for a person, and which of the documents wait to be merged (`offered`). It is `done`
    where it was carried out, else only planned.
    """

    plan: Plan
    results: tuple[Result, ...] = ()
    written: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    errors: tuple[tuple[Exit, str], ...] = ()
    places: tuple[str, ...] = ()
    offered: frozenset[str] = frozenset()
    done: bool = False

    @property
    def exits(self) -> set[Exit]:
        """The exit codes that apply."""
        codes = {code for code, _ in self.errors}
        if any(held.later for held in self.plan.held):
            codes.add(Exit.LATER)
        if self.plan.stale or any(not held.later for held in self.plan.held):
            codes.add(Exit.HELD)
        return codes
