"""A plan as text and Markdown: the same changes, in the same order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import Enum

from closeout.domain.finding import Finding
from closeout.domain.item import Field
from closeout.domain.plan import Change, Create, Nest, Plan, Show, Update
from closeout.domain.result import Result

# what a tracker may lack, and what its rows then keep to themselves
_UNHELD = {
    "owners": ("owners", "owners"),
    "due": ("due date", "due dates"),
    "priority": ("priority", "priorities"),
    "level": ("priority of those words", "priorities"),
    "in_progress": ("status in_progress", "statuses"),
    "wont_do": ("status wont_do", "statuses"),
}


class Tone(Enum):
    """What kind of line it is, for whoever gives it a colour."""

    PATH = "path"
    CREATE = "create"
    UPDATE = "update"
    NEST = "nest"
    SHOW = "show"
    HELD = "held"
    NOTE = "note"
    PLAIN = "plain"


def sentence(change: Change, *, several: bool = False) -> str:
    """Return what a change does, in one line; with its tracker where there are `several`."""
    match change:
        case Create():
            left_out = {Field.TITLE, Field.STATUS}
            told = ", ".join(f"{what} {value}" for what, value in change.draft.values.items() if what not in left_out)
            below = f" below issue {change.parent}" if change.parent else ""
            return f"create an issue{_of(change, several)}{below}{f' ({told})' if told else ''}"
        case Update():
            told = ", ".join(f"{what} {_pair(old, new)}" for what, (old, new) in change.values.items())
            return f"update issue {change.ref}{_of(change, several)}: {told}"
        case Nest():
            return f"put issue {change.ref}{_of(change, several)} below issue {change.parent}"
        case Show(what=Field.TICKET):
            return f"write ticket {change.value} into the document"
        case Show():
            return f"write {change.what} into the document: {_pair(change.before, change.value)}"


def _of(change: Create | Update | Nest, several: bool) -> str:  # noqa: FBT001 - as it was asked for
    return f" of {change.tracker}" if several else ""


def _pair(old: str, new: str) -> str:
    return f"{old or 'nothing'} → {new or 'nothing'}"


TONES = {Create: Tone.CREATE, Update: Tone.UPDATE, Nest: Tone.NEST, Show: Tone.SHOW}


def done(result: Result, *, several: bool = False) -> str:
    """Return what was done, in a few words; with its tracker where there are `several`."""
    match result.change:
        case Create() as change:
            return f"issue {result.ref}{_of(change, several)} created"
        case Update(values=values) as change:
            return f"issue {result.ref}{_of(change, several)} updated ({', '.join(values)})"
        case Nest() as change:
            return f"issue {result.ref}{_of(change, several)} put below issue {change.parent}"
        case Show():
            return "written"


def note(finding: Finding) -> str:
    """Return a finding in one line."""
    where = f"{finding.path}:{finding.line}" if finding.line else finding.path
    return f"note: {where}: {finding.message} [{finding.code}]"


def left_out(plan: Plan) -> Iterator[str]:
    """Yield what is counted and not done, and what to do about it."""
    if not plan.documents:
        yield (
            "note: no document was found in a folder that is called like postmortems, incidents or rca; "
            'name them with `paths = ["docs/**/*.md"]` in closeout.toml'
        )
    if plan.note:
        yield f"note: {plan.note}"
    if plan.digest:
        yield f"note: `closeout sync --approve {plan.digest}` lets go exactly what is held"
    if plan.without_place:
        yield (
            f"note: {plan.without_place} items have no place for a status in their document; "
            "`add-columns = true` below [fields] gives those in tables one"
        )
    if plan.old:
        yield (
            f"note: {plan.old} items get no issue: their incidents are older than {plan.since}, or undated; "
            "`--since DATE` takes them in"
        )
    if plan.unassigned:
        yield (
            f"note: {many(plan.unassigned, 'issue')} made without assignees, so that nobody is notified: their incidents "
            "are older than 30 days, or undated, and their texts name the owners; `--assign` assigns them"
        )
    for tracker, counts in plan.unheld.items():
        lacks = ", ".join(f"no {_UNHELD[what][0]}" for what in counts)
        rows = ", ".join(f"{_rows(count)} {_UNHELD[what][1]}" for what, count in counts.items())
        yield f"note: {tracker} holds {lacks}: {rows} stay in the documents"


def _rows(count: int) -> str:
    return "1 row's" if count == 1 else f"{count} rows'"


def held_back(plan: Plan) -> Iterator[str]:
    """Yield in a line for each guard how much it holds, and how much comes later by itself."""
    for (guard, later), count in Counter((held.guard, held.later) for held in plan.held).items():
        told = f"later: {count} more with the next runs" if later else f"held: {many(count, 'change')}"
        yield f"{told}: {guard}"


def many(count: int, thing: str) -> str:
    """Return a count with the word for what is counted."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def counted(plan: Plan) -> str:
    """Return how much there is to do, in one line."""
    if plan.empty:
        return f"nothing to do ({many(plan.items, 'item')} in {many(plan.documents, 'document')})"
    count = Counter(TONES[type(change)] for change in plan.changes)
    told = [
        f"{count[Tone.CREATE]} to create",
        f"{count[Tone.UPDATE]} to update",
        f"{count[Tone.SHOW]} values to write into documents",
    ]
    if count[Tone.NEST]:
        told.append(f"{count[Tone.NEST]} to put below their incident's")
    if plan.boxes:
        told.append(f"{sum(plan.boxes.values())} check boxes to add")
    if plan.realigned:
        told.append(f"{sum(plan.realigned.values())} tables to realign")
    later = sum(held.later for held in plan.held)
    if len(plan.held) > later:
        told.append(f"{len(plan.held) - later} held")
    if later:
        told.append(f"{later} more with the next runs")
    return "; ".join(told)


def lines(plan: Plan) -> Iterator[tuple[str, Tone]]:
    """Yield the plan line by line for a person at a terminal."""
    path = ""
    going = ((change, "") for change in plan.changes)
    held = ((held.change, f"  [{'later' if held.later else 'held'}: {held.guard}]") for held in plan.held)
    for change, waits in (*going, *held):
        if change.where.path != path:
            path = change.where.path
            yield path, Tone.PATH
        yield f"  {change.where.line}: {change.where.title}", Tone.PLAIN
        yield (
            f"      {sentence(change, several=plan.several)}: {change.reason}{waits}",
            Tone.HELD if waits else TONES[type(change)],
        )
    for told in _notes(plan):
        yield told, Tone.NOTE
    yield counted(plan), Tone.PLAIN


def _notes(plan: Plan) -> Iterator[str]:
    yield from map(note, plan.findings)
    for path, count in plan.columns.items():
        yield f"note: {path}: new columns for {count} of its tables, once a value is written there"
    for path, count in plan.boxes.items():
        yield f"note: {path}: new check boxes for {count} of its entries"
    for path, count in plan.realigned.items():
        yield f"note: {path}: new padding for {count} of its tables"
    yield from left_out(plan)


def as_markdown(plan: Plan) -> str:
    """Return the plan as a Markdown table, for a summary page."""
    changes = [(change, "") for change in plan.changes]
    changes += [(held.change, f" ({'later' if held.later else 'held'}: {held.guard})") for held in plan.held]
    rows = [
        f"| {_cell(change.where.path)}:{change.where.line} | {_cell(change.where.title)} "
        f"| {_cell(sentence(change, several=plan.several))} | {_cell(change.reason + waits)} |"
        for change, waits in changes
    ]
    table = ["| where | item | what | why |", "|---|---|---|---|", *rows, ""] if rows else []
    told = [f"- {_cell(line)}" for line in _notes(plan)]
    return "\n".join([*table, *told, *([""] if told else []), counted(plan), ""])


def _cell(text: str) -> str:
    plain = " ".join(text.split())
    for character in "\\`*_[]<>|@#":
        plain = plain.replace(character, f"\\{character}")
    return plain
