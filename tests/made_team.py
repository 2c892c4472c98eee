"""A made-up team's rows: so many incidents over two years, with what came of their action items. Alike for alike seeds."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from closeout.domain.item import Status
from closeout.domain.report.rows import Case, Mark, Rows, Tracked, Waiting

TODAY = date(2026, 11, 16)
_PAGES = "https://github.com/acme/postmortems/blob/main/"
_ISSUES = "https://github.com/acme/shop/issues/"
_PEOPLE = {
    "Ann Kowalski": "Payments",
    "bob": "Payments",
    "Carla Núñez": "Platform",
    "Dinesh P.": "Platform",
    "Eve": "Search",
    "Farid Haddad": "Search",
    "Gergő": "Storefront",
    "Hana Ito": "Storefront",
    "Ines": "Data",
    "Jo": "Data",
}
_WHAT = ("Checkout", "Search", "Login", "Order mails", "The status page", "Nightly export", "Card payments", "The CDN")
_HOW = (
    "down for {} minutes",
    "slow for {} minutes after a deploy",
    "failing for one customer in {}",
    "wrong for {} minutes after a failover",
)
_DO = (
    "Alert when {} is slower than 2 s for five minutes",
    "Write a runbook for {}",
    "Rehearse the failover of {} twice a year",
    "Remove the manual step from the deploy of {}",
    "Add a canary for {}",
    "Set a time limit and a budget of retries for calls to {}",
    "Show the error rate of {} on the team's dashboard",
    "Renew the certificates of {} by ACME",
    "Test the backup of {} by restoring it",
    "Say on the status page within ten minutes when {} is down",
    "Load-test {} before the sales week",
    "Agree who is called at night about {}",
)


def made_rows(incidents: int = 60, each: tuple[int, int] = (2, 8), done: float = 0.75, seed: int = 10) -> Rows:
    """Return the rows: `each` is the least and most items of an incident, `done` the share that old ones close."""
    random = Random(seed)
    cases: list[Case] = []
    items: list[Tracked] = []
    for number in range(incidents):
        day = TODAY - timedelta(days=730 - round(number * 728 / incidents))
        what = random.choice(_WHAT)
        count = random.randint(*each) if random.random() > 0.05 else 0
        title = f"{what} {random.choice(_HOW).format(random.randrange(5, 95))}"
        late = timedelta(days=random.choice((1, 1, 2, 2, 2, 3, 6, 11)))
        path = f"postmortems/{day:%Y}/{day}-{what.lower().replace(' ', '-')}-{number}.md"
        severity = random.choice(("SEV1", "SEV2", "SEV2", "SEV3", "SEV3", "SEV3"))
        published = day + late if day + late <= TODAY else None
        cases.append(Case(path, title, f"INC-{1800 + number * 3}", day, severity, published, _PAGES + path, count))
        items.extend(_item(random, number, day, path, what, line, done) for line in range(count))
    return Rows(
        as_of=TODAY,
        items=tuple(items),
        cases=tuple(cases),
        waiting=(Waiting("https://github.com/acme/postmortems/pull/188", TODAY - timedelta(days=6)),),
        notes=(("partly-seen", "acme/infra could not be asked: its items are as they were seen on 2026-11-13"),),
        repository="acme/postmortems",
        tracked=True,
    )


def _item(random: Random, case: int, day: date, path: str, what: str, line: int, done: float) -> Tracked:
    title = random.choice(_DO).format(what[0].lower() + what[1:])
    owners = tuple(random.sample(sorted(_PEOPLE), random.choice((0, 1, 1, 1, 1, 1, 2))))
    due = day + timedelta(days=random.choice((7, 14, 30, 60, 90))) if random.random() < 0.7 else None
    took = timedelta(days=min(round(random.expovariate(1 / 45)) + 1, 600))
    closed = day + took if random.random() < done and day + took <= TODAY else None
    status = random.choice((Status.TODO, Status.TODO, Status.TODO, Status.IN_PROGRESS, None))
    declined = closed is not None and random.random() < 0.12
    if closed is not None:
        status = Status.WONT_DO if declined else Status.DONE
    marks = {random.choice(tuple(Mark))} if closed is None and random.random() < 0.12 else set()
    number = random.randrange(1000, 9999)
    return Tracked(
        title,
        path,
        line + 20,
        case,
        owners=owners,
        teams=tuple(dict.fromkeys(_PEOPLE[name] for name in owners)),
        status=status,
        due=due,
        ticket="" if Mark.UNSENT in marks else f"#{number}",
        address="" if Mark.UNSENT in marks else f"{_ISSUES}{number}",
        since=day,
        closed=closed,
        reason="Costs more than the outage did" if declined else "",
        by="Ann Kowalski" if declined else "",
        marks=frozenset(marks),
    )
