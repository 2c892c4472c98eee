"""Whole worlds: people edit documents and issues, runs die anywhere; at rest there is one open issue per open item.

In every other world what is written lies in a work tree, beside people's edits, until somebody pushes it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from closeout.domain.item import Field
from closeout.domain.sync.merge import DEFAULT_RULES, Rule
from worlds import TABLE, Small

PATH = "postmortems/a.md"
OTHER = "postmortems/b.md"


def play(seed: int) -> None:
    dice = random.Random(seed)
    small = Small({PATH: TABLE, OTHER: TABLE.replace("Add an", "Check the").replace("Write a", "Print the")})
    small.options = replace(small.options, rules={**DEFAULT_RULES, Field.TITLE: dice.choice(list(Rule))})
    acts = dict(ACTS)
    if seed % 2:
        small.documents.lands, small.documents.pushed = False, dict(small.texts)
        acts |= {"push": _push, "push again": _push, "throw away": _throw_away}
    events = []
    for _ in range(dice.randint(2, 12)):
        name, act = dice.choice(sorted(acts.items()))
        events.append(name)
        act(small, dice)
    for _ in range(4):
        _push(small, dice)
        small.sync()
    _push(small, dice)
    story = f"world {seed}: {', '.join(events)}"
    assert small.plan().plan.empty, f"{story}: not at rest: {small.plan().plan.changes}"
    keys = Counter(issue.key for issue in small.tracker.issues.values() if issue.key)
    assert max(keys.values(), default=0) <= 1, f"{story}: two issues of one key"
    rows = [line for text in small.texts.values() for line in text.split("\n") if line.startswith("| ")]
    tickets = Counter(part.partition("]")[0] for row in rows for part in row.split("[#")[1:])
    assert max(tickets.values(), default=0) <= 1, f"{story}: one ticket in two rows"
    owed = [row for row in rows if "TODO" in row and "[#" not in row]
    told = {finding.line for finding in small.plan().findings}
    assert not owed or told, f"{story}: {owed} has no issue, and nobody is told"
    # where no row says TODO any more, a reopened one gets the word of its language
    open_rows = [row for row in rows if any(word in row for word in ("TODO", "OPEN", "IN PROGRESS"))]
    open_issues = [issue for issue in small.tracker.issues.values() if issue.open]
    assert len(open_issues) <= len(open_rows) + removed(small), f"{story}: more open issues than items"


def removed(small: Small) -> int:
    """Open issues whose rows a person deleted: they stay, and are listed."""
    return sum(finding.code == "left" for finding in small.plan().findings)


def _die(small: Small, dice: random.Random) -> None:
    small.sync(dies_at=dice.randrange(25))


def _run(small: Small, dice: random.Random) -> None:
    small.sync()


def _push(small: Small, dice: random.Random) -> None:
    if small.documents.pushed is not None:
        small.documents.pushed = dict(small.texts)


def _throw_away(small: Small, dice: random.Random) -> None:
    small.texts.update(small.documents.pushed or {})


def _set_status(small: Small, dice: random.Random) -> None:
    _edit_issue(small, dice, Field.STATUS, dice.choice(["todo", "in_progress", "done"]))


def _set_due(small: Small, dice: random.Random) -> None:
    _edit_issue(small, dice, Field.DUE, f"2026-07-{dice.randint(10, 28)}")


def _retitle(small: Small, dice: random.Random) -> None:
    _edit_issue(small, dice, Field.TITLE, dice.choice([f"Then *this* {dice.randint(1, 9)}", "Add an alert", "#1"]))


def _edit_issue(small: Small, dice: random.Random, what: Field, value: str) -> None:
    if small.tracker.issues:
        small.tracker.edit(dice.choice(sorted(small.tracker.issues)), {what: value})


def _lose_reply(small: Small, dice: random.Random) -> None:
    small.tracker.faults = [dice.choice(["refused", "lost before", "lost after"])]
    small.sync()
    small.tracker.faults = []


def _reword(small: Small, dice: random.Random) -> None:
    _edit_row(small, dice, lambda row: row.replace("| ", f"| Now: {dice.randint(1, 9)} ", 1))


def _move_date(small: Small, dice: random.Random) -> None:
    _edit_row(small, dice, lambda row: row.replace("2026-06", "2026-08"))


def _close_row(small: Small, dice: random.Random) -> None:
    _edit_row(small, dice, lambda row: row.replace("🔲 TODO", "✅ DONE"))


def _reopen_row(small: Small, dice: random.Random) -> None:
    _edit_row(small, dice, lambda row: row.replace("✅ DONE", "🔲 TODO"))


def _delete_row(small: Small, dice: random.Random) -> None:
    _edit_row(small, dice, lambda row: None)


def _edit_row(small: Small, dice: random.Random, change: Callable[[str], str | None]) -> None:
    path = dice.choice([PATH, OTHER])
    lines = small.texts[path].split("\n")
    rows = [number for number, line in enumerate(lines) if line.startswith("| ") and "---" not in line][1:]
    if rows:
        number = dice.choice(rows)
        changed = change(lines[number])
        lines[number : number + 1] = [] if changed is None else [changed]
        small.texts[path] = "\n".join(lines)


def _reorder(small: Small, dice: random.Random) -> None:
    path = dice.choice([PATH, OTHER])
    lines = small.texts[path].split("\n")
    rows = [number for number, line in enumerate(lines) if line.startswith("| ") and "---" not in line][1:]
    if len(rows) > 1:
        one, other = dice.sample(rows, 2)
        lines[one], lines[other] = lines[other], lines[one]
        small.texts[path] = "\n".join(lines)


ACTS = {
    "run": _run,
    "run again": _run,
    "die": _die,
    "die again": _die,
    "lose a reply": _lose_reply,
    "set an issue's status": _set_status,
    "set an issue's date": _set_due,
    "retitle an issue": _retitle,
    "reword a row": _reword,
    "move a row's date": _move_date,
    "close a row": _close_row,
    "reopen a row": _reopen_row,
    "delete a row": _delete_row,
    "reorder rows": _reorder,
}
