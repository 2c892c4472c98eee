"""What a job did, for the page that a person reads in ten seconds: what was done, what waits, what needs someone."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from closeout.domain.finding import Finding
from closeout.domain.outcome import Outcome
from closeout.domain.plan import Change, Held, Show
from closeout.domain.result import Result
from closeout.errors import Exit
from closeout.render.issue import defused
from closeout.render.outcome import ISSUES, kind
from closeout.render.plan import left_out, many, sentence

MARK = "closeout"
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")  # a terminal may show the file that a page is kept in
_MOST = 10  # lines of a section; the log has all
_EACH = 3  # findings of a kind
_LONG = 300
_SHOWN = 3  # of what a guard holds
_OF_BRANCH = frozenset({"waits", "declined", "branch-conflict"})  # what is said of a branch; its name is no file's
_PULL = re.compile(r"https?://[^\s<>\"']+/(?:pull|pulls|merge_requests)/[0-9]+")


@dataclass(frozen=True, slots=True)
class Around:
    """What a run's page leads to: `place` is what a document's path is put behind, `issues` by tracker what a number is put
    behind, `let_go` how to let go what is held; `proposal` is the number of the pull request that was planned, 0 for none, and
    `remarks` are sentences of ours.
    """

    place: str = ""
    issues: Mapping[str, str] = field(default_factory=dict)
    let_go: str = ""
    proposal: int = 0
    remarks: tuple[str, ...] = ()


def outputs(ran: Outcome) -> Mapping[str, str]:
    """Return what other steps of a job may want to know; of a plan, what would be done."""
    changes = [result.change for result in ran.results if not result.error] if ran.done else list(ran.plan.changes)
    count = Counter(map(kind, changes))
    later = sum(held.later for held in ran.plan.held)
    something = any(count[what] for what in ISSUES) or ran.written
    found = _PULL.search("\n".join((*ran.places, *(one.message for one in _waiting(ran)))))
    return {
        **{what: str(count[what]) for what in ISSUES},
        "held": str(len(ran.plan.held) - later),
        "remaining": str(later),
        "open": str(ran.plan.open),
        "overdue": str(ran.plan.overdue),
        "changed": str(bool(something) or (not ran.done and bool(count))).lower(),
        "pull-request": found[0] if found else "",
    }


def summary(ran: Outcome, around: Around) -> str:
    """Return the page as Markdown; everything from documents and issues is defused."""
    parts = [f"### {_headline(ran, around)}", *around.remarks]
    parts += _section("Done" if ran.done else "Would be done", list(_done(ran, around)))
    parts += _section("Waits", list(_waits(ran, around)))
    parts += _section("Needs someone", [*_failed(ran), *_told(_others(ran), around)])
    notes = [_plain(told.removeprefix("note: ")) for told in left_out(replace(ran.plan, digest=""))]
    if not around.proposal:
        parts += _section("Left out", notes)
    return "\n\n".join(parts) + "\n"


def checked(findings: Sequence[Finding], errors: Sequence[Finding], documents: int, around: Around) -> str:
    """Return the page of a check as Markdown."""
    told = many(len(findings), "finding") if findings else "no findings"
    head = f"### {MARK}: {told} in {many(documents, 'document')}"
    unread = [_plain(one.message) for one in errors]
    parts = [head, *around.remarks, *_section("Needs someone", [*unread, *_told(findings, around)])]
    return "\n\n".join(parts) + "\n"


def failed(message: str) -> str:
    """Return the page of a run that could not begin."""
    return f"### {MARK}: nothing was done\n\n{_plain(message, 2_000)}\n"


def _headline(ran: Outcome, around: Around) -> str:
    told = outputs(ran)
    parts = [f"{many(int(told[what]), 'issue')} {what}" for what in ISSUES if told[what] != "0"]
    if not ran.done:
        parts = [part.rpartition(" ")[0] + " to be " + part.rpartition(" ")[2] for part in parts]
        shows = sum(isinstance(change, Show) for change in ran.plan.changes)
        parts += [f"{many(shows, 'value')} to write into documents"] if shows else []
    parts += [f"{told['held']} held"] if told["held"] != "0" else []
    written = [path for path in ran.written if path not in ran.offered]
    parts += [f"{many(len(written), 'document')} changed"] if written else []
    parts += [f"{many(len(ran.offered), 'document')} to be merged"] if ran.offered else []
    parts += [f"{told['remaining']} more with the next runs"] if told["remaining"] != "0" else []
    parts += [many(len(ran.errors), "error")] if ran.errors else []
    others = _others(ran)
    parts += [many(len(others), "finding")] if others else []
    what = "this pull request: " if around.proposal else ""
    looked = f"nothing to do ({many(ran.plan.items, 'item')} in {many(ran.plan.documents, 'document')})"
    return f"{MARK}: {what}{', '.join(parts) or ('nothing to do' if around.proposal else looked)}"


def _section(title: str, rows: Sequence[str]) -> list[str]:
    if not rows:
        return []
    more = [f"- and {len(rows) - _MOST} more, in the log"] if len(rows) > _MOST else []
    return [f"**{title}**", "\n".join([*(f"- {row}" for row in rows[:_MOST]), *more])]


def _done(ran: Outcome, around: Around) -> Iterator[str]:
    if not ran.done:
        for change in ran.plan.changes:
            yield f"{_item(change, around)}: {_plain(sentence(change, several=ran.plan.several))}"
        return
    for result in ran.results:
        if not result.error and result.ref and not isinstance(result.change, Show):
            yield f"{_issue(result, around)} {kind(result.change)}: {_item(result.change, around)}"
    for path in ran.written:
        if path not in ran.offered:
            yield f"{_link(path, 0, around)}: new values"
    yield from (_plain(told) for told in ran.places if not _PULL.search(told))


def _waits(ran: Outcome, around: Around) -> Iterator[str]:
    held = _grouped(ran.plan.held)
    for guard, ones in held[False].items():
        yield f"{many(len(ones), 'change')} held: {_plain(guard)}{_which(ones, around)}"
    if ran.plan.digest and around.let_go:
        yield f"to let go exactly what is held: {around.let_go}"
    yield from (f"new values in documents: {_address(told)}" for told in ran.places if _PULL.search(told))
    if not any(map(_PULL.search, ran.places)):  # else it is said already
        for one in _waiting(ran):
            whose = "" if _PULL.search(one.message) else f"{_plain(one.path, 120)}: "
            yield f"new values in documents: {whose}{_address(one.message)}"
    for guard, ones in held[True].items():
        yield f"{many(len(ones), 'change')} with the next runs: {_plain(guard)}"
    for code, message in ran.errors:
        if code is Exit.LATER:
            yield _plain(message)


def _grouped(held: Sequence[Held]) -> Mapping[bool, Mapping[str, Sequence[Change]]]:
    """What is held, by guard: apart what the next runs take up by themselves."""
    found: dict[bool, dict[str, list[Change]]] = {False: {}, True: {}}
    for one in held:
        found[one.later].setdefault(one.guard, []).append(one.change)
    return found


def _which(held: Sequence[Change], around: Around) -> str:
    """A few of what is held, as who is to let it go asks for."""
    more = f" and {len(held) - _SHOWN} more" if len(held) > _SHOWN else ""
    return f": {', '.join(_item(one, around) for one in held[:_SHOWN])}{more}"


def _waiting(ran: Outcome) -> Sequence[Finding]:
    """What is said of write-backs that wait to be merged: they wait, and are nothing that was found."""
    return [one for one in ran.findings if one.code == "waits"]


def _others(ran: Outcome) -> Sequence[Finding]:
    return [one for one in ran.findings if one.code != "waits"]


def _failed(ran: Outcome) -> Iterator[str]:
    for code, message in ran.errors:
        if code is not Exit.LATER:
            yield f"{_plain(message)} (exit {int(code)})"


def _told(findings: Sequence[Finding], around: Around) -> Iterator[str]:
    """Findings, of each kind a few, so that many of one hide no other."""
    count = Counter(one.code for one in findings)
    shown: Counter[str] = Counter()
    for one in findings:
        shown[one.code] += 1
        if shown[one.code] <= _EACH:
            yield _found(one, around)
    yield from (f"{found - _EACH} more of {code}, in the log" for code, found in count.items() if found > _EACH)


def _found(finding: Finding, around: Around) -> str:
    if finding.code in _OF_BRANCH:
        return f"{_plain(finding.path, 120)}: {_address(finding.message)} ({finding.code})"
    there = around if finding.line or finding.code != "left" else replace(around, place="")  # it may be gone
    return f"{_link(finding.path, finding.line, there)}: {_plain(finding.message)} ({finding.code})"


def _issue(result: Result, around: Around) -> str:
    change = result.change
    before = "" if isinstance(change, Show) else around.issues.get(change.tracker, "")
    if before and result.ref.isdecimal():
        return f"[#{result.ref}](<{before}{quote(result.ref)}>)"
    return f"issue {_plain(result.ref, 80)}"


def _item(change: Change, around: Around) -> str:
    return f"{_plain(change.where.title, 120)} ({_link(change.where.path, change.where.line, around)})"


def _link(path: str, line: int, around: Around) -> str:
    told = _plain(posixpath.basename(path) + (f":{line}" if line else ""), 120)
    return f"[{told}](<{around.place}{quote(path)}{f'#L{line}' if line else ''}>)" if around.place else told


def _address(told: str) -> str:
    """A place as a person is told of it; the address of a pull request stays one."""
    found = _PULL.search(told)
    if not found:
        return _plain(told)
    before, after = told[: found.start()], told[found.end() :]
    return f"{_plain(before)}{' ' * before.endswith(' ')}{found[0]}{' ' * after.startswith(' ')}{_plain(after)}"


def _plain(text: str, limit: int = _LONG) -> str:
    """A text without any meaning to Markdown, to the host, or to people who might be called."""
    return defused(_CONTROL.sub("", text[:limit]).replace("\\", "\\\\"), 2 * limit)
