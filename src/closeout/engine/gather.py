"""Gather: what documents state and what is known of their issues, to the rows of a report; nothing is asked here."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from urllib.parse import quote

from closeout.domain.document import Document, Incident
from closeout.domain.issue import Capabilities
from closeout.domain.item import Field, Item, Stated, Status, names, shortened, visible
from closeout.domain.people import People
from closeout.domain.report.figures import alike
from closeout.domain.report.rows import Case, Mark, Tracked
from closeout.domain.sync.fit import project

_LONGEST = 300  # characters of a title or a reason
_NAME = 100
_MOST_NAMES = 20
_WHY = re.compile(r"(?:[:(–—]|\s-)\s*(.+?)\)?\s*$", re.DOTALL)
_SIGN = re.compile(r"[^\w\s:(]+\s+")
_ASIDE = re.compile(r"\s*[(（,;]|\s[—–-]+\s(?!\d)|[:：]\s(?!\d)")  # SEV2 (one region), P1 — nobody could log in
_TICKET_ADDRESS = re.compile(r"https?://\S+")
_EVERYTHING = Capabilities("")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the issue of one row, as it is or as it was last seen.

    `issue` is (tracker, reference): rows of one issue count once, and the one that is its `holder` is the one that counts;
    `values` are by field, in the tracker's terms; `opened`, `closed` and `first_seen` are YYYY-MM-DD or empty.
    """

    issue: tuple[str, str] = ("", "")
    holder: bool = True
    values: Mapping[Field, str] = field(default_factory=dict)
    capabilities: Capabilities = _EVERYTHING
    opened: str = ""
    closed: str = ""
    first_seen: str = ""
    ticket: str = ""
    address: str = ""
    marks: frozenset[Mark] = frozenset()


NOTHING = Known()
Knows = Callable[[str, int], Known]  # of a document's path and the number of its item


@dataclass(frozen=True, slots=True)
class About:
    """What a report is told besides: who is who, the members of teams by the teams' names, the address that a path is put
    behind (empty for none), and the days on which documents were first published, by path.
    """

    people: People = People()
    teams: Mapping[str, Sequence[str]] = field(default_factory=dict)
    place: str = ""
    published: Mapping[str, date] = field(default_factory=dict)


class _Who:
    """Who is who, looked up once for each name."""

    def __init__(self, about: About) -> None:
        self.place = about.place
        self.published = about.published
        self.is_team = cache(lambda name: about.people.has_team(Stated(name, name)))
        self.accounts = cache(lambda text, value, tracker: names(about.people.accounts(Stated(text, value), tracker)))
        self.written = cache(lambda logins, tracker: names(about.people.written(logins, Stated("", ""), tracker)))
        self.member_of: dict[str, list[str]] = defaultdict(list)
        for team, members in about.teams.items():
            for name in {alike(member) for member in (*members, team)}:
                self.member_of[name].append(team)


def gather(documents: Iterable[Document], knows: Knows, about: About) -> tuple[tuple[Tracked, ...], tuple[Case, ...]]:
    """Return every item once, and every incident; forms to be filled in are left out."""
    who = _Who(about)
    cases: list[Case] = []
    found: list[tuple[Tracked, Known, tuple[str, str]]] = []
    for document in documents:
        if document.template:
            continue
        numbers: dict[int, int] = {}
        for order, incident in _incidents(document):
            numbers[order] = len(cases)
            cases.append(_case(document, incident, who))
        for order, item in enumerate(document.items):
            known = knows(document.path, order)
            case = numbers[item.incident or 0]
            found.append((_tracked(document, item, case, cases[case], known, who), known, _identity(item, known)))
    count = Counter(
        item.case for item, _, _ in found
    )  # rows that follow, too: an incident that has them is not without
    return _once(found), tuple(replace(case, items=count[number]) for number, case in enumerate(cases))


def _incidents(document: Document) -> Iterable[tuple[int, Incident]]:
    """The incidents of a document, with their numbers there; what tells nothing of an incident and has no items is none."""
    named = {item.incident or 0 for item in document.items}
    for number, incident in enumerate(document.incidents or (Incident(document.title),)):
        told = bool(incident.date or incident.id or incident.severity)
        if number in named or (told and (number or len(document.incidents) == 1)):
            yield number, incident


def _case(document: Document, incident: Incident, who: _Who) -> Case:
    return Case(
        path=document.path,
        title=_bounded(incident.title or document.title or document.path),
        id=_bounded(incident.id, _NAME),
        day=_day(incident.date),
        severity=_bounded(_ASIDE.split(incident.severity, maxsplit=1)[0] or incident.severity, _NAME),
        published=who.published.get(document.path),
        address=f"{who.place}{quote(document.path)}" if who.place else "",
        private=document.private,
        causes=tuple(filter(None, map(_bounded, incident.causes))),
    )


def _identity(item: Item, known: Known) -> tuple[str, str]:
    """What makes two rows one item: their issue, else the ticket of a tracker that nobody looked at."""
    if known.issue[1]:
        return known.issue
    return ("", item.tickets[0].casefold()) if item.tickets else ("", "")


def _once(found: Sequence[tuple[Tracked, Known, tuple[str, str]]]) -> tuple[Tracked, ...]:
    """Return each item once: its holder's row, else the first that names its ticket."""
    held = {identity for _, known, identity in found if identity[1] and known.issue[1] and known.holder}
    seen: set[tuple[str, str]] = set()
    items = []
    for item, known, identity in found:
        if identity[1] and (identity in seen or (identity in held and not known.holder)):
            continue
        seen.add(identity)
        items.append(item)
    return tuple(items)


def _tracked(document: Document, item: Item, case: int, its: Case, known: Known, who: _Who) -> Tracked:
    status, marks = _status(item, known)
    closed = status is not None and status.closed
    owners, logins = _owners(item, known, who), _logins(item, known, who)
    since = its.day or _day(known.opened) or _day(known.first_seen) or its.published
    ticket = known.ticket or next(iter(item.tickets), "")
    return Tracked(
        title=_bounded(item.title),
        path=document.path,
        line=item.line,
        case=case,
        owners=owners,
        teams=_teams(item, owners, logins, who),
        logins=logins,
        status=status,
        due=_day(item.due or "") or _day(known.values.get(Field.DUE, "")),
        priority=_bounded(item.priority or known.values.get(Field.PRIORITY, ""), _NAME),
        ticket=_bounded(ticket, _NAME),
        address=_address(known.address) or _address(ticket),
        since=since,
        closed=_day(known.closed) if closed else None,
        reason=_reason(item.status_text) if status is Status.WONT_DO and item.status is Status.WONT_DO else "",
        marks=marks,
    )


def _status(item: Item, known: Known) -> tuple[Status | None, frozenset[Mark]]:
    """The issue's status where it is known, in the document's finer word where the tracker has no other; and what differs."""
    theirs = known.values.get(Field.STATUS)
    if not theirs:
        return item.status, known.marks
    status = Status(theirs)
    if item.status is None or Field.STATUS not in item.stated:
        return status, known.marks
    if project(item.status, known.capabilities) == status:
        return item.status, known.marks
    drift = {(True, False): Mark.DONE_HERE, (False, True): Mark.DONE_THERE}.get((item.status.closed, status.closed))
    return status, known.marks | ({drift} if drift else frozenset())


def _owners(item: Item, known: Known, who: _Who) -> tuple[str, ...]:
    """The names in the document, else those of the accounts that the issue is assigned to."""
    if item.owners:
        return _bounded_names(item.owners)
    assigned = known.values.get(Field.OWNERS, "")
    return _bounded_names(who.written(assigned, known.issue[0])) if assigned else ()


def _logins(item: Item, known: Known, who: _Who) -> tuple[str, ...]:
    """The accounts that the issue is assigned to, else those of the owners that the document names."""
    if assigned := names(known.values.get(Field.OWNERS, "")):
        return _bounded_names(assigned)
    stated = item.stated.get(Field.OWNERS)
    return _bounded_names(who.accounts(stated.text, stated.value, known.issue[0])) if stated and known.issue[0] else ()


def _teams(item: Item, owners: Sequence[str], logins: Sequence[str], who: _Who) -> tuple[str, ...]:
    """The teams that an owner's cell names, and those that its owners are members of."""
    named = [name for name in owners if who.is_team(name)] if item.owners else []
    of = [team for name in (*owners, *logins) for team in who.member_of.get(alike(name), ())]
    return tuple({alike(name): name for name in (*named, *of)}.values())


def _reason(text: str) -> str:
    """What a status says behind its word or its sign: `Won't do: too dear`, `❌ too dear`, `wontfix (too dear)`."""
    bare = _SIGN.sub("", text.strip(), count=1) if _SIGN.match(text.strip()) else ""
    told = _WHY.search(text)
    return _bounded(told[1] if told else bare)


def _bounded_names(found: Sequence[str]) -> tuple[str, ...]:
    shown = (_bounded(name, _NAME) for name in found[:_MOST_NAMES])
    return tuple(dict.fromkeys(name for name in shown if name))


def _bounded(text: str, longest: int = _LONGEST) -> str:
    return shortened(visible(text[: longest * 4]), longest)


def _address(text: str) -> str:
    return text if len(text) <= _LONGEST * 4 and _TICKET_ADDRESS.fullmatch(text) else ""


def _day(text: str) -> date | None:
    """A day as it is kept; None for less than a day, or nothing."""
    try:
        return date.fromisoformat(text[:10]) if len(text) >= 10 else None
    except ValueError:
        return None
