"""A made-up team's summary, from a few incidents and their items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import ceil

from closeout.domain.item import Status
from closeout.domain.report.rows import Case, Mark, Tracked, Waiting
from closeout.domain.report.scope import Period, Scope
from closeout.domain.report.summary import (
    AGES,
    DUE_SOON,
    Bucket,
    Cause,
    Counts,
    Group,
    Late,
    Month,
    Of,
    Spread,
    Summary,
    Theme,
)

TODAY = date(2026, 11, 16)
WEEK = Period("2026-W46", date(2026, 11, 9), date(2026, 11, 15))
PAGES = "https://github.com/acme/postmortems/blob/main/"
ISSUES = "https://github.com/acme/shop/issues/"


def _case(name: str, title: str, id_: str, day: str, severity: str, published: str, items: int) -> Case:
    path = f"postmortems/{name}.md"
    came = date.fromisoformat(published) if published else None
    return Case(path, title, id_, date.fromisoformat(day), severity, came, PAGES + path if came else "", items)


CASES = (
    _case("checkout-down", "Checkout down for 47 minutes", "INC-2041", "2026-11-03", "SEV1", "2026-11-05", 5),
    _case(
        "certificate", "Card payments declined: certificate expired", "INC-2017", "2026-08-19", "SEV1", "2026-08-21", 4
    ),
    _case("search-stale", "Search index 3 h behind", "INC-2029", "2026-10-06", "SEV3", "2026-10-08", 4),
    _case("order-mails", "Order mails sent twice", "INC-1988", "2026-05-12", "SEV3", "2026-05-19", 3),
    _case(
        "failover",
        "Failover of the primary database took 21 minutes",
        "INC-1942",
        "2026-02-10",
        "SEV2",
        "2026-02-12",
        4,
    ),
    _case("login-slow", "Logins slow after a cache flush", "INC-2035", "2026-10-27", "SEV2", "2026-11-02", 4),
    _case("status-page", "Status page stale while the CDN was down", "INC-2044", "2026-11-11", "SEV2", "", 0),
    _case("export-twice", "Nightly export ran twice", "INC-2042", "2026-11-05", "SEV3", "2026-11-06", 0),
)
_TEAMS = {"Ann Kowalski": "Payments", "bob": "Payments", "Carla": "Platform", "Dinesh": "Platform", "Eve": "Search"}
_LOGINS = {"Ann Kowalski": "ann-k", "bob": "bob", "Carla": "carla", "Dinesh": "dinesh-p"}
_STATUS = {"t": Status.TODO, "p": Status.IN_PROGRESS, "d": Status.DONE, "w": Status.WONT_DO, "?": None}
# case, line, title, owners, status, due, number of its issue, marks or the day on which it was closed
_TOLD: Sequence[tuple[int, int, str, str, str, str, int, str]] = (
    (4, 31, "Rehearse the failover twice a year", "Carla", "t", "2026-04-30", 611, ""),
    (4, 32, "Alert when replicas lag for more than 30 seconds", "", "t", "", 612, ""),
    (4, 33, "Write down who may start a failover", "Dinesh", "p", "2026-11-20", 613, ""),
    (4, 34, "Shorten the DNS time to live to 60 seconds", "Carla", "d", "", 614, "2026-11-12"),
    (3, 22, "Send mails with an idempotency key", "bob", "t", "2026-07-01", 655, "clash"),
    (3, 23, "Count mails per order, alert above one", "", "t", "", 656, ""),
    (3, 24, "Ask customers who got two mails", "Ann Kowalski", "w", "", 657, "2026-11-10"),
    (1, 40, "Alert 30 days before a certificate expires", "Ann Kowalski", "p", "2026-10-01", 702, ""),
    (1, 41, "Renew certificates by ACME", "Carla, Dinesh", "t", "2026-11-18", 703, ""),
    (1, 42, "Own the list of certificates", "", "?", "", 704, ""),
    (1, 43, "Show expiry on the payments dashboard", "bob", "d", "2026-11-13", 705, "2026-11-13"),
    (2, 18, "Alert when the index is more than 15 minutes behind", "Eve", "t", "2026-11-06", 731, ""),
    (2, 19, "Show the age of the index in the search page's footer", "Eve", "t", "", 732, "done-here"),
    (2, 20, "Rebuild the index without downtime", "", "t", "", 733, "held"),
    (2, 21, "Remove the old indexer", "Eve", "d", "2026-11-01", 734, "2026-11-09"),
    (5, 27, "Warm the cache before taking traffic", "Dinesh", "p", "2026-11-27", 748, ""),
    (5, 28, "Alert on login latency above 2 s | p95", "", "t", "", 749, ""),
    (5, 29, "Say in the runbook of `flush` what it costs", "Carla", "t", "2026-11-23", 750, ""),
    (5, 30, "Limit flushes to one shard at a time", "Dinesh", "t", "", 751, "done-there"),
    (0, 51, "Roll back by one command", "bob", "p", "2026-11-17", 761, ""),
    (0, 52, "Test payment providers' timeouts in staging", "Ann Kowalski", "t", "2026-12-04", 762, ""),
    (0, 53, "Alert when no order came for 5 minutes", "bob, Ann Kowalski", "t", "2026-11-14", 763, ""),
    (0, 54, "Split the checkout's connection pool", "", "t", "", 0, "unsent"),
    (0, 55, "Raise the pool's size", "bob", "d", "2026-11-06", 765, "2026-11-11"),
)


def _item(case: int, line: int, title: str, owners: str, status: str, due: str, number: int, more: str) -> Tracked:
    names = tuple(filter(None, owners.split(", ")))
    closed = status in "dw"
    path = CASES[case].path
    return Tracked(
        title,
        path,
        line,
        case,
        owners=names,
        teams=tuple(dict.fromkeys(_TEAMS[name] for name in names)),
        logins=tuple(_LOGINS[name] for name in names if name in _LOGINS),
        status=_STATUS[status],
        due=date.fromisoformat(due) if due else None,
        ticket=f"#{number}" if number else "",
        address=f"{ISSUES}{number}" if number else "",
        since=CASES[case].day,
        closed=date.fromisoformat(more) if closed else None,
        reason="Legal says no: it would tell them about each other" if status == "w" else "",
        by="Ann Kowalski" if status == "w" else "",
        marks=frozenset({Mark(more)} if more and not closed else ()),
    )


ITEMS = tuple(_item(*told) for told in _TOLD)


def _counts(items: Iterable[Tracked]) -> Counts:
    found = list(items)
    soon = TODAY + timedelta(DUE_SOON)
    return Counts(
        open=len(found),
        overdue=sum(one.due is not None and one.due < TODAY for one in found),
        due_soon=sum(one.due is not None and TODAY <= one.due <= soon for one in found),
        without_owner=sum(not one.owners for one in found),
        without_date=sum(one.due is None for one in found),
        status_unknown=sum(one.status is None for one in found),
        held=sum(Mark.HELD in one.marks for one in found),
        clashing=sum(Mark.CLASH in one.marks for one in found),
        drifting=sum(bool({Mark.DONE_HERE, Mark.DONE_THERE} & one.marks) for one in found),
    )


def _spread(days: Iterable[int | None]) -> Spread:
    known = sorted(day for day in days if day is not None)
    if not known:
        return Spread()
    return Spread(len(known), known[ceil(len(known) / 2) - 1], known[ceil(len(known) * 0.9) - 1])


def _group(name: str, items: Sequence[Tracked], case: int | None = None) -> Group:
    left = [one for one in items if one.open]
    ages = [age for one in left if (age := one.age(TODAY)) is not None]
    return Group(
        name,
        len(left),
        _counts(left).overdue,
        sum(one.status is Status.DONE for one in items),
        sum(one.status is Status.WONT_DO for one in items),
        max(ages, default=None),
        case,
    )


def _groups(names: Iterable[tuple[str, Tracked]]) -> tuple[Group, ...]:
    by: dict[str, list[Tracked]] = {}
    for name, item in names:
        by.setdefault(name, []).append(item)
    return tuple(sorted((_group(*one) for one in by.items()), key=lambda one: (-one.open, not one.name, one.name)))


CAUSES = (
    Cause(0, "The checkout's connection pool was used up by calls that wait for the payment provider"),
    Cause(5, "Slow logins: `flush` emptied the pool of | every connection"),
)


def made_summary() -> Summary:
    """Return the summary of the made-up team on a Monday, for the week before."""
    left = tuple(sorted((one for one in ITEMS if one.open), key=lambda one: one.since or date.max))
    closed = sorted((one for one in ITEMS if not one.open), key=lambda one: one.closed or date.min, reverse=True)
    ages = [one.age(TODAY) for one in left]
    edges = [(first + 1, last) for first, last in zip((-1, *AGES), AGES, strict=False)]
    cases = [(number, [one for one in ITEMS if one.case == number]) for number in range(len(CASES))]
    incidents = [_group(CASES[number].title, found, number) for number, found in cases if found]
    alerts = tuple(one for one in left if one.title.startswith("Alert "))
    return Summary(
        as_of=TODAY,
        scope=Scope(WEEK),
        repository="acme/postmortems",
        tracked=True,
        counts=_counts(left),
        before=Counts(
            open=21,
            overdue=4,
            due_soon=4,
            without_owner=6,
            without_date=12,
            status_unknown=1,
            held=2,
            clashing=1,
            drifting=2,
        ),
        buckets=(
            *(
                Bucket(first, last, sum(age is not None and first <= age <= last for age in ages))
                for first, last in edges
            ),
            Bucket(AGES[-1] + 1, None, 0),
            Bucket(None, None, 0),
        ),
        ages=_spread(ages),
        to_close=_spread(one.age(TODAY) for one in closed),
        open=left,
        done=tuple(one for one in closed if one.status is Status.DONE),
        declined=tuple(one for one in closed if one.status is Status.WONT_DO),
        undated=2,
        teams=_groups((name, one) for one in ITEMS for name in one.teams or ("",)),
        owners=_groups((name, one) for one in ITEMS for name in one.owners or ("",)),
        severities=_groups((CASES[one.case].severity, one) for one in ITEMS),
        incidents=tuple(sorted(incidents, key=lambda one: -one.open)),
        months=(
            Month("2026-08", opened=4, closed=5, open=14, completed=1, due=3, on_time=1),
            Month("2026-09", opened=0, closed=3, open=11, due=2, on_time=2),
            Month("2026-10", opened=8, closed=2, open=17, completed=1, due=4, on_time=1),
            Month("2026-11", opened=5, closed=5, open=19, completed=1, due=5, on_time=1),
        ),
        themes=(
            Theme(("alert",), alerts, tuple(dict.fromkeys(one.case for one in alerts)), 71),
            Theme(("connection", "pool"), (), tuple(one.case for one in CAUSES), 58, Of.CAUSES, CAUSES),
        ),
        cases=CASES,
        late=(Late(6, 48, 5), Late(5, 72, 6)),
        without_items=(7,),
        waiting=(Waiting("https://github.com/acme/postmortems/pull/88", date(2026, 11, 10)),),
        notes=(("partly-seen", "acme/infra could not be asked: its items are as they were seen on 2026-11-13"),),
    )
