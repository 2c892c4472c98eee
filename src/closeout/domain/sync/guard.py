"""Guards: they hold the changes they object to, and let the rest go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from closeout.domain.item import Field, Status
from closeout.domain.plan import Change, Create, Held, Show, Update


@dataclass(frozen=True, slots=True)
class Limits:
    """How many changes of a kind one run makes; None for as many as there are."""

    max_creates: int | None = None
    max_closes: int | None = None
    max_edits: int | None = None

    def after(self, done: Sequence[Change]) -> Limits:
        """Return what is left for a run that has made these changes."""
        count = Counter(_cap(change) for change in done)

        def left(cap: int | None, name: str) -> int | None:
            return None if cap is None else max(cap - count[name], 0)

        return Limits(
            left(self.max_creates, "max-creates"),
            left(self.max_closes, "max-closes"),
            left(self.max_edits, "max-edits"),
        )


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where and how a run is made.

    `copied` is the repository whose ledger a mirrored copy of it has; `consent` that a first run was agreed to; `branch`
    is the branch it is on if that is not the default one, else empty; `behind` the revision that the ledger knows and that did not lead to this one, which `any_branch` lets go;
    `audience` says by tracker why creates wait: who can see the project may not see the documents; `paused` that nothing is to be
    written; `since` (YYYY-MM-DD) leaves the items of older and undated incidents alone, empty for none.
    """

    consent: bool = True
    branch: str = ""
    audience: Mapping[str, str] = field(default_factory=dict)
    paused: bool = False
    since: str = ""
    behind: str = ""
    any_branch: bool = False
    copied: str = ""

    def plans_only(self, *, first: bool) -> str:
        """Return why nothing at all is written by this run; empty if it may write."""
        if self.paused:
            return "paused: `paused = false` lets it go"
        if self.copied:
            return f"this is a copy of {self.copied}, and so is its ledger: `closeout init --here` says that this one goes on"
        if self.branch:
            return f"this is branch {self.branch}, not the default one: `--any-branch` lets it go"
        if self.behind and not self.any_branch:
            return (
                f"the documents were seen at {self.behind[:12]}, which what is read now did not come of: bring this clone "
                "up to date, push from the one that is ahead, or, if history was rewritten on purpose, `--any-branch`"
            )
        if first and not self.consent:
            return "the first run: look at the plan, then `closeout sync --yes`"
        return ""


def guard(
    changes: Sequence[Change], limits: Limits, circumstances: Circumstances, *, first: bool
) -> tuple[tuple[Change, ...], tuple[Held, ...]]:
    """Return the changes that go, in order, and those that are held or wait; `first` that there is no ledger yet."""
    stop = circumstances.plans_only(first=first)
    if stop:
        return (), tuple(Held(change, stop) for change in changes)
    caps = {"max-creates": limits.max_creates, "max-closes": limits.max_closes, "max-edits": limits.max_edits}
    going: list[Change] = []
    held: list[Held] = []
    count: Counter[str] = Counter()
    for change in changes:
        if isinstance(change, Create) and (why := circumstances.audience.get(change.tracker)):
            held.append(Held(change, why))
            continue
        name = _cap(change)
        cap = caps.get(name)
        count[name] += 1
        if cap is not None and count[name] > cap:
            held.append(Held(change, f"cap {name} = {cap}", later=True))
        else:
            going.append(change)
    return tuple(going), tuple(held)


def _cap(change: Change) -> str:
    match change:
        case Create():
            return "max-creates"
        case Update(values=values) if Field.STATUS in values and Status(values[Field.STATUS][1]).closed:
            return "max-closes"
        case Update():
            return "max-edits"
        case Show():
            return ""
