"""Guards: they hold the changes they object to, and let the rest go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from closeout.domain.item import Field, Status
from closeout.domain.plan import Change, Create, Held, Nest, Show, Update
from closeout.domain.sync.approval import Line, digest
from closeout.domain.sync.share import Seen, Share


@dataclass(frozen=True, slots=True)
class Limits:
    """How many changes of a kind one run makes, None for as many as there are; and how much at once is an accident."""

    max_creates: int | None = None
    max_closes: int | None = None
    max_edits: int | None = None
    share: Share = Share()

    def after(self, done: Sequence[Change]) -> Limits:
        """Return what is left for a run that has made these changes."""
        count = Counter(_cap(change) for change in done)

        def left(cap: int | None, name: str) -> int | None:
            return None if cap is None else max(cap - count[name], 0)

        return Limits(
            left(self.max_creates, "max-creates"),
            left(self.max_closes, "max-closes"),
            left(self.max_edits, "max-edits"),
            self.share,
        )

    def of(self, cap: str) -> int | None:
        """Return how many changes of a kind go; None for as many as there are."""
        return {"max-creates": self.max_creates, "max-closes": self.max_closes, "max-edits": self.max_edits}.get(cap)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where and how a run is made.

    `copied` is the repository whose ledger a mirrored copy of it has; `consent` that a first run was agreed to; `branch`
    is the branch it is on if that is not the default one, else empty; `behind` the revision that the ledger knows and
    that did not lead to this one; `approve` the name of the held set that a person lets go;
    `audience` says by tracker why creates wait: who can see the project may not see the documents; `paused` that nothing
    is to be written; `since` (YYYY-MM-DD) leaves the items of older and undated incidents alone, empty for none; `assigned_since`
    likewise makes the issues of older ones without assignees.
    """

    consent: bool = True
    branch: str = ""
    audience: Mapping[str, str] = field(default_factory=dict)
    paused: bool = False
    since: str = ""
    behind: str = ""
    approve: str = ""
    copied: str = ""
    assigned_since: str = ""

    def forbids(self) -> str:
        """Return why nothing at all is written by this run, whatever is approved; empty if it may be."""
        if self.paused:
            return "paused: `paused = false` lets it go"
        if self.copied:
            return f"this is a copy of {self.copied}, and so is its ledger: `closeout init --here` says that this one goes on"
        if self.branch:
            return f"this is branch {self.branch}, not the default one: `--any-branch` lets it go"
        return ""

    def asks(self, *, first: bool) -> str:
        """Return why nothing is written until a person approves of it; empty if it may be."""
        if self.behind:
            return (
                f"the documents were seen at {self.behind[:12]}, which what is read now did not come of: bring this clone "
                "up to date, push from the one that is ahead, or, if history was rewritten on purpose, approve of that: "
                "`closeout plan` says how"
            )
        if first and not self.consent:
            return "the first run: look at the plan, then `closeout sync --yes`"
        return ""

    def plans_only(self, *, first: bool) -> str:
        """Return why nothing is written by this run as it stands; empty if it may write."""
        return self.forbids() or self.asks(first=first)


@dataclass(frozen=True, slots=True)
class Guarded:
    """The changes that go, in order, and those that are held or wait.

    `stop` says why nothing at all is written, `digest` names what `--approve` would let go, empty for nothing; `stale`
    tells that another set was approved, `missing` that rows count as vanished until somebody says that they may be gone,
    and `approved` that somebody just said so.
    """

    going: tuple[Change, ...] = ()
    held: tuple[Held, ...] = ()
    stop: str = ""
    digest: str = ""
    stale: bool = False
    missing: bool = False
    approved: bool = False


def guard(
    changes: Sequence[Change],
    limits: Limits,
    circumstances: Circumstances,
    seen: Seen,
    *,
    first: bool,
) -> Guarded:
    """Return what goes and what is held; `first` that there is no ledger yet."""
    if stop := circumstances.forbids():
        return Guarded(held=_all(changes, stop), stop=stop)
    asks, vanished = circumstances.asks(first=first), limits.share.vanished(seen)
    judged = list(_judged(changes, limits, circumstances, asks=asks, vanished=vanished, seen=seen))
    others = [*_emptied(seen), *(("vanished", key, "", "", "") for key in seen.gone if vanished)]
    others += [("history", "", "revision", circumstances.behind, "")] if circumstances.behind else []
    name = digest((change for change, held in judged if held and held.approvable), others)
    if circumstances.approve and name and circumstances.approve != name:
        told = (
            f"what is held is not what was approved ({circumstances.approve}), so nothing was done: look at the plan, then "
            f"`closeout sync --approve {name}`"
        )
        return Guarded(held=_all(changes, told), stop=told, digest=name, stale=True)
    if circumstances.approve and name:
        going = tuple(change for change, held in judged if held is None or held.approvable)
        return Guarded(going, tuple(held for _, held in judged if held and not held.approvable), approved=True)
    going = tuple(change for change, held in judged if held is None)
    return Guarded(going, tuple(held for _, held in judged if held), asks, name, missing=bool(vanished))


def _judged(
    changes: Sequence[Change], limits: Limits, circumstances: Circumstances, *, asks: str, vanished: str, seen: Seen
) -> Iterator[tuple[Change, Held | None]]:
    """Yield each change with what holds it. Closes and edits that wait for approval do not count for the caps: they
    go together, or not at all.
    """
    changed = limits.share.changed(changes, seen)
    count: Counter[str] = Counter()
    for change in changes:
        cap, held = _cap(change), None
        if isinstance(change, Create) and (wider := circumstances.audience.get(change.tracker)):
            held = Held(change, wider)
        elif isinstance(change, Update) and (why := asks or vanished or changed):
            held = Held(change, why, approvable=True)
        else:
            count[cap] += 1
            most = limits.of(cap)
            if most is not None and count[cap] > most:
                held = Held(change, f"cap {cap} = {most}", later=True)
            elif why := asks or (vanished if isinstance(change, Create | Nest) else ""):
                held = Held(change, why, approvable=True)
        yield change, held


def _emptied(seen: Seen) -> Iterator[Line]:
    for document, keys in seen.emptied.items():
        yield "emptied", document, "", "", ""
        yield from (("emptied", key, "", "", "") for key in keys)


def _all(changes: Sequence[Change], why: str) -> tuple[Held, ...]:
    return tuple(Held(change, why) for change in changes)


def _cap(change: Change) -> str:
    match change:
        case Create():
            return "max-creates"
        case Update(values=values) if Field.STATUS in values and Status(values[Field.STATUS][1]).closed:
            return "max-closes"
        case Update() | Nest():
            return "max-edits"
        case Show():
            return ""
