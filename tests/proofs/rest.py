"""What must hold at rest: all write-backs have landed, and runs find nothing left to do."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from closeout.domain.finding import Finding
from closeout.domain.item import Field
from closeout.domain.ledger import UNLINKED
from proofs.book import PEOPLES, items
from proofs.rows import Row
from proofs.team import Team

WAITS = {
    "perhaps-reworded", "perhaps-moved", "ambiguous", "no-issue", "deleted-issue", "hidden-issue", "ignored", "no-place",
    "unknown-mark", "unvouched-marker", "unknown-ticket", "other-issue", "follower", "moved-issue",
}  # fmt: skip
TELLS = {
    "clash", "differs", "retitled", "unreadable", "no-words", "refused", "unreadable-issue", "follower", *WAITS
}  # fmt: skip


def wrong(team: Team, told: tuple[Finding, ...]) -> Iterator[str]:
    """Yield each promise that is broken; `told` are the findings of the last run."""
    yield from _quiet(team)
    lines: dict[tuple[str, int], list[Finding]] = defaultdict(list)
    for finding in told:
        lines[finding.path, finding.line].append(finding)
    found = {row.tag: lines[row.path, row.number + 1] for row in team.rows}
    paths = {row.path for row in team.rows}
    for finding in told:  # of what a dead run was about to make not the row is known, but its document, by path or id
        if finding.code == "unvouched-marker" and not finding.line:
            for row in (row for row in team.rows if finding.path == row.path or finding.path not in paths):
                found[row.tag] = [*found[row.tag], finding]
    yield from _one_issue_each(team, found)
    yield from _no_orphans(team, told, found)
    yield from _alike(team, found)
    yield from (f"an edit was lost: {told}" for told in team.book.lost())


def _quiet(team: Team) -> Iterator[str]:
    """Nothing is planned, and a run writes nothing: not to the tracker, not to documents, not to the ledger."""
    planned = team.plan().plan
    if not planned.empty:
        yield f"not at rest: {planned.changes} {planned.held}"
    before = len(team.desk.sent), team.documents.written, team.ledger.saves, len(team.documents.past)
    team.run()
    if (len(team.desk.sent), team.documents.written, team.ledger.saves, len(team.documents.past)) != before:
        yield "a run without changes writes"


def _one_issue_each(team: Team, found: dict[str, list[Finding]]) -> Iterator[str]:
    """An open row has one issue, or a finding says why not, or a person let it go; a ticket has one row, or followers."""
    ledger = team.remembered
    at = {row.tag: key for key, row in items(team.documents.main).items()}
    naming: dict[str, list[Row]] = defaultdict(list)
    for row in team.rows:
        codes = {finding.code for finding in found[row.tag]}
        for ticket in row.tickets:
            if "follower" not in codes and not any(one.tag == row.tag for one in naming[ticket]):
                naming[ticket].append(row)
        let_go = any(
            entry.no == UNLINKED and (entry.document, entry.title) == (at[row.tag][0], at[row.tag][2])
            for entry in ledger.entries.values()
            if row.tag in at
        )
        if row.tag not in at or row.closed or row.tickets or codes & WAITS or let_go:
            continue
        yield f"row {row.tag} is open, has no ticket, and nobody is told: {dict(row.cells)}"
    for ticket, rows in naming.items():
        own = [row for row in rows if (one := team.book.managed(row.tag, ledger)) and one.issue == ticket]
        if len(own) > 1:
            yield f"issue {ticket} is the own one of {[row.tag for row in own]}"
    for row in team.rows:
        entry = team.book.managed(row.tag, ledger)
        codes = {finding.code for finding in found[row.tag]}
        if entry and entry.issue not in row.tickets and not codes & WAITS and entry.gave_way not in row.tickets:
            yield f"row {row.tag} has issue {entry.issue}, and does not show it: {dict(row.cells)}"


def _no_orphans(team: Team, told: tuple[Finding, ...], found: dict[str, list[Finding]]) -> Iterator[str]:
    """Every issue that closeout made is remembered; an open one has its row, or somebody is told why it has none."""
    ledger, issues = team.remembered, team.desk.issues
    known = {entry.issue: entry for entry in sorted(ledger.entries.values(), key=lambda entry: entry.holder)}
    said = {
        ref
        for finding in told
        for refs in re.findall(r"issue ([\d, ]+)", finding.message)
        for ref in re.findall(r"\d+", refs)
    }
    for row in team.rows:  # nobody can tell whose it is: all rows that name it follow, and are told
        if any(finding.code == "follower" for finding in found[row.tag]):
            said.update(row.tickets)
    with_row = {entry.key for tag in {row.tag for row in team.rows} if (entry := team.book.entry(tag, ledger))}
    for ref, issue in issues.items():
        if issue.author != "closeout" or ref in team.foreign:
            continue
        if ref not in known:
            yield f"issue {ref} is forgotten"
        elif issue.open and known[ref].key not in with_row and not known[ref].no and ref not in said:
            yield f"issue {ref} is open, has no row, and nobody is told"


def _alike(team: Team, found: dict[str, list[Finding]]) -> Iterator[str]:
    """Both sides of an item say the same, or a finding says that they do not."""
    ledger = team.remembered
    for row in team.rows:
        entry = team.book.managed(row.tag, ledger)
        issue = team.desk.issues.get(entry.issue) if entry else None
        if entry is None or issue is None or {finding.code for finding in found[row.tag]} & WAITS:
            continue
        for what in PEOPLES:
            here, there = row.value(what), issue.values.get(what, "")
            if here == there or (what is Field.STATUS and what not in entry.memory):
                continue
            if not any(finding.code in TELLS and _names(what, finding) for finding in found[row.tag]):
                yield f"{what} of {row.tag} is {here!r} here and {there!r} in issue {entry.issue}, and nobody is told"


def _names(what: Field, finding: Finding) -> bool:
    return str(what) in finding.message
