"""What the rows of a report say: of documents alone, of what was last seen, and of what a tracker says now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from closeout.domain.document import Document
from closeout.domain.issue import Capabilities
from closeout.domain.item import Field, Status
from closeout.domain.ledger import Ledger
from closeout.domain.people import People, Person
from closeout.domain.report.rows import Mark, Rows, Tracked, without_private
from closeout.domain.sync.guard import Limits
from closeout.domain.sync.share import Share
from closeout.engine.gather import NOTHING, About, Known, gather
from closeout.engine.report import Ground, Made, make
from closeout.errors import ConfigurationError, Exit
from closeout.reading.document import read
from closeout.reading.vocabulary import shipped
from worlds import TABLE, MemoryDocuments, Small

NOBODY = About()
DAY, BEFORE = date(2026, 5, 10), date(2026, 5, 3)


def document(text: str, path: str = "postmortems/a.md") -> Document:
    return read(path, text, shipped(), templates_too=False)


def rows(*texts: str, about: About = NOBODY, known: Known = NOTHING) -> tuple[Tracked, ...]:
    documents = [document(text, f"postmortems/{number}.md") for number, text in enumerate(texts)]
    return gather(documents, lambda path, order: known, about)[0]


def table(*cells: str, head: str = "Action | Owner | Due | Status | Ticket", day: str = "2026-05-01") -> str:
    bars = "|".join("---" for _ in head.split("|"))
    lines = "".join(f"| {row} |\n" for row in cells)
    return f"# Outage\n\n**Date**: {day}\n**Severity**: SEV-1\n\n## Action items\n\n| {head} |\n|{bars}|\n{lines}"


def made(small: Small, *, tracker: bool = True) -> Made:
    world = small.world
    ground = Ground(
        small.documents, small.options, About(), None, world.trackers, world if tracker else None, small.ledger.load
    )
    return make(ground, DAY, BEFORE)


def titled(found: Rows, start: str) -> Tracked:
    (one,) = [item for item in found.items if item.title.startswith(start)]
    return one


def synced() -> Small:
    small = Small()
    small.sync()
    small.options = replace(small.options, today=DAY.isoformat())
    return small


def test_documents_alone_say_what_they_say() -> None:
    alert, done = rows(table("Add an alert | @ann, Bob | 2026-06-15 | TODO | #3", "Raise the limit | | | done |"))
    assert (alert.owners, alert.due, alert.status) == (("ann", "Bob"), date(2026, 6, 15), Status.TODO)
    assert (alert.ticket, alert.since, alert.case, alert.line) == ("#3", date(2026, 5, 1), 0, 10)
    assert (done.open, done.closed, done.marks) == (False, None, frozenset())


def test_rows_of_one_ticket_count_once() -> None:
    found = rows(table("Add an alert | | | TODO | SRE-7"), table("Copied from the last one | | | TODO | SRE-7"))
    assert [item.title for item in found] == ["Add an alert"]


def test_the_holder_is_the_row_that_counts_whatever_stands_first() -> None:
    texts = [table("Copied | | | TODO | #7"), table("Its own | | | TODO | #7")]
    documents = [document(text, f"postmortems/{number}.md") for number, text in enumerate(texts)]

    def knows(path: str, order: int) -> Known:
        return Known(("github", "7"), holder=path.endswith("1.md"))

    items, cases = gather(documents, knows, About())
    assert [item.title for item in items] == ["Its own"]
    assert [case.items for case in cases] == [1, 1]  # an incident whose rows only follow is not without items


def test_what_tells_of_no_incident_and_has_no_items_is_none() -> None:
    index = "# How we write postmortems\n\nLook at the others.\n"
    bare = "# Outage\n\n**Date**: 2026-05-01\n\nNothing came of it.\n"
    items, cases = gather(
        [document(index), document(bare), document(table("Do it | | | |"))], lambda *_: NOTHING, About()
    )
    assert [(case.title, case.items) for case in cases] == [("Outage", 0), ("Outage", 1)]
    assert [item.case for item in items] == [1]


def test_each_item_belongs_to_the_incident_of_its_section() -> None:
    text = (
        "# Log\n\n## 2026-05-01: DNS\n\n### Action items\n\n- [ ] Add an alert on DNS\n\n"
        "## 2026-05-08: Mail\n\n### Action items\n\n- [ ] Add a queue to mail\n"
    )
    items, cases = gather([document(text)], lambda *_: NOTHING, About())
    assert [(item.title, cases[item.case].title) for item in items] == [
        ("Add an alert on DNS", "DNS"),
        ("Add a queue to mail", "Mail"),
    ]
    assert [item.since for item in items] == [date(2026, 5, 1), date(2026, 5, 8)]


def test_forms_to_be_filled_in_are_left_out() -> None:
    form = replace(document(table("Do it | | | |")), template=True)
    assert gather([form], lambda *_: NOTHING, About()) == ((), ())


def test_age_counts_from_the_incident_else_the_issue_else_the_first_sight_else_the_publication() -> None:
    about = About(published={"postmortems/0.md": date(2026, 5, 9)})
    undated = table("Do it | | | |", day="")
    seen = Known(first_seen="2026-05-08")
    opened = replace(seen, opened="2026-05-07")
    assert [rows(undated, about=about, known=known)[0].since for known in (NOTHING, seen, opened)] == [
        date(2026, 5, 9), date(2026, 5, 8), date(2026, 5, 7)
    ]  # fmt: skip
    assert rows(table("Do it | | | |"), about=about, known=opened)[0].since == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("said", "theirs", "shown", "mark"),
    [
        ("in progress", "todo", Status.IN_PROGRESS, None),  # a tracker that only knows open and closed
        ("won't do", "done", Status.WONT_DO, None),
        ("done", "todo", Status.TODO, Mark.DONE_HERE),
        ("TODO", "done", Status.DONE, Mark.DONE_THERE),
        ("", "done", Status.DONE, None),
        ("who knows", "todo", Status.TODO, None),
    ],
)
def test_the_status_is_the_issue_s_in_the_finer_word_of_the_document(
    said: str, theirs: str, shown: Status, mark: Mark | None
) -> None:
    coarse = Capabilities("coarse", statuses=frozenset({Status.TODO, Status.DONE}))
    known = Known(("coarse", "1"), values={Field.STATUS: theirs}, capabilities=coarse, closed="2026-05-05")
    (found,) = rows(table(f"Do it | | | {said} | #1"), known=known)
    assert (found.status, found.marks) == (shown, frozenset({mark} if mark else ()))
    assert found.closed == (None if found.open else date(2026, 5, 5))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Won't do: too dear", "too dear"),
        ("wontfix (duplicate of the other)", "duplicate of the other"),
        ("Cancelled – too dear", "too dear"),
        ("❌ not worth it", "not worth it"),
        ("won't do", ""),
    ],
)
def test_why_nobody_will_do_it_stands_behind_the_status(said: str, reason: str) -> None:
    (found,) = rows(table(f"Do it | | | {said} | #1"))
    assert (found.status, found.reason) == (Status.WONT_DO, reason)


def test_an_item_belongs_to_the_teams_that_it_names_and_to_those_of_its_owners() -> None:
    people = People((Person("SRE", team=True), Person("Maxime", {"github": "max42"})))
    about = About(people, {"Payments": ("max42", "Ann"), "Mail": ("Zoe",)})
    known = Known(("github", "1"), values={Field.OWNERS: "max42"})
    (found,) = rows(table("Do it | SRE, Maxime | | | #1"), about=about, known=known)
    assert (found.teams, found.owners, found.logins) == (("SRE", "Payments"), ("SRE", "Maxime"), ("max42",))
    (nobody,) = rows(table("Do it | | | | #1"), about=about, known=known)
    assert (nobody.owners, nobody.teams) == (("Maxime",), ("Payments",))  # whom the issue is assigned to


def test_what_is_hostile_or_endless_is_bounded_and_made_visible() -> None:
    (found,) = rows(table(f"Do\u202e it\x1b[2J {'x' * 5_000} | {', '.join(f'n{n}' for n in range(99))} | | |"))
    assert len(found.title) == 300
    assert "\u202e" not in found.title
    assert "\x1b" not in found.title
    assert len(found.owners) == 20


def test_a_first_report_counts_what_has_no_issue_yet() -> None:
    found = made(Small()).rows
    assert found.tracked
    assert [Mark.UNSENT in item.marks for item in found.items] == [True, True, False]


def test_at_rest_the_tracker_and_what_was_last_seen_say_the_same() -> None:
    small = synced()
    now, then = made(small).rows, made(small, tracker=False).rows
    assert [replace(item, ticket="", address="") for item in now.items] == [
        replace(item, ticket="", address="") for item in then.items
    ]
    assert titled(now, "Add an alert").ticket == "#1"
    assert all(not item.marks for item in now.items)


def test_what_was_closed_in_the_tracker_is_done_and_differs_from_its_document() -> None:
    small = synced()
    small.tracker.edit("1", {Field.STATUS: "done"})
    now = titled(made(small).rows, "Add an alert")
    assert (now.status, now.marks) == (Status.DONE, frozenset({Mark.DONE_THERE}))
    then = titled(made(small, tracker=False).rows, "Add an alert")
    assert (then.status, then.marks) == (Status.TODO, frozenset())  # nobody has seen it yet


def test_the_status_of_an_issue_that_is_only_named_is_told() -> None:
    small = synced()
    small.tracker.issues["9"] = replace(small.tracker.issues["1"], ref="9", key="", closed="2026-05-09")
    small.tracker.edit("9", {Field.STATUS: "done"})
    small.texts["postmortems/b.md"] = table("Ask the vendor | | | TODO | #9")
    found = titled(made(small).rows, "Ask the vendor")
    assert (found.status, found.closed, found.ticket) == (Status.DONE, date(2026, 5, 9), "#9")


def test_what_is_held_and_what_clashes_are_those_of_the_plan() -> None:
    small = synced()
    small.options = replace(small.options, limits=Limits(share=Share(10, 1)))
    small.text = small.text.replace("Write a runbook | @bob", "Write a runbook | @zoe")
    small.text = small.text.replace("2026-06-15", "2026-06-16")
    small.tracker.edit("1", {Field.DUE: "2026-06-17"})
    held = {one.change.where.title for one in small.plan().plan.held}
    found = made(small).rows
    assert held
    assert {item.title for item in found.items if Mark.HELD in item.marks} == held
    assert Mark.CLASH in titled(found, "Add an alert").marks
    assert Mark.CLASH not in titled(found, "Write a runbook").marks


def test_where_nothing_at_all_is_written_no_single_item_is_held() -> None:
    small = synced()
    small.options = replace(small.options, circumstances=replace(small.options.circumstances, paused=True))
    small.text = small.text.replace("@bob", "@zoe")
    assert small.plan().plan.held
    assert not any(item.marks for item in made(small).rows.items)


def test_a_report_writes_nothing() -> None:
    small = synced()
    small.text = small.text.replace("TODO", "DONE")
    before = (dict(small.texts), small.ledger.load(), dict(small.tracker.issues))
    made(small)
    assert (dict(small.texts), small.ledger.load(), dict(small.tracker.issues)) == before


def test_a_tracker_that_is_away_leaves_what_was_last_seen_a_note_and_an_error() -> None:
    small = synced()
    last = made(small, tracker=False).rows
    small.tracker.unreadable = True
    now = made(small)
    assert now.rows.items == last.items
    assert [code for code, _ in now.rows.notes] == ["tracker"]
    assert [code for code, _ in now.errors] == [Exit.TRACKER]


def test_a_document_that_cannot_be_read_is_told() -> None:
    small = Small({"postmortems/a.md": TABLE})
    page = small.documents.read().pages[0]
    small.documents.read = lambda: replace(  # type: ignore[method-assign]
        Small().documents.read(), pages=[page, replace(page, path="b.md", text="", error="b.md: could not be read: x")]
    )
    found = made(small, tracker=False)
    assert found.rows.notes == (("unreadable", "b.md: could not be read: x"),)
    assert found.errors == ((Exit.DOCUMENTS, "b.md: could not be read: x"),)
    posted = without_private(found.rows)
    assert [(code, told.partition(" ")[0], "b.md" in told) for code, told in posted.notes] == [
        ("unreadable", "1", False)
    ]


class Shelf:
    """An archive of one document, whose ledger cannot be read."""

    def documents(self, day: date) -> MemoryDocuments:
        return MemoryDocuments({"postmortems/a.md": TABLE})

    def ledger(self, day: date) -> Ledger:
        message = "0123abc: could not read the ledger there: it is damaged. Name an earlier commit, or a later one"
        raise ConfigurationError(message)

    def published(self, revision: str) -> dict[str, date]:
        return {}


def test_what_stood_before_is_told_as_far_as_it_can_be_read() -> None:
    small = synced()
    ground = Ground(small.documents, small.options, NOBODY, Shelf(), None)
    assert len((make(ground, DAY, BEFORE).before or Rows(DAY)).items) == 3
    assert make(ground, DAY, DAY).before is None  # a period that has not begun
    found = make(replace(ground, trackers=small.world.trackers, ledger=small.ledger.load), DAY, BEFORE)
    assert (found.before, [code for code, _ in found.rows.notes], found.errors) == (None, ["before"], ())
